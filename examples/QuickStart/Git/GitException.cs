namespace QuickStart.Git;

/// <summary>Git is not there, refused, or said something that it never should.</summary>
internal sealed class GitException(string message, Exception? innerException = null) : Exception(message, innerException);
