namespace Orchestrator.Hosting.Diagnostics;

/// <summary>Tells what is worth saying again: what was not said last, or not for a minute. What is tried every few seconds, for hours, must not fill the log, and must not fall silent.</summary>
/// <param name="time">The clock.</param>
internal sealed class RepeatFilter(TimeProvider time)
{
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(1);

    private string? _said;
    private long _saidAt;

    /// <summary>Whether to say it; if so, it counts as said.</summary>
    /// <param name="message">What there is to say.</param>
    public bool IsNews(string message)
    {
        if (message == _said && time.GetElapsedTime(_saidAt) < s_again)
        {
            return false;
        }

        (_said, _saidAt) = (message, time.GetTimestamp());
        return true;
    }
}
