using Microsoft.Extensions.Logging;

namespace WithLogging;

/// <summary>The headings between the lines: logged too, so that they stay in their place.</summary>
internal static partial class Story
{
    [LoggerMessage(1, LogLevel.Information, "--- {What}")]
    public static partial void Tell(this ILogger logger, string what);
}
