namespace QuickStart.Importing;

/// <summary>The log holds this history, or a part of it: importing it again would count it twice.</summary>
internal sealed class AlreadyImportedException(string path, Exception innerException)
    : Exception($"The log already holds events of the file '{path}'. Nothing more was imported: a history is imported once, into a log of its own.", innerException);
