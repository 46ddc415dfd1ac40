using Microsoft.Extensions.Logging;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>
/// What keeps a loop from its work, from the first failure to the next success. Tries that fail for a reason that has just been said are logged for who looks closely only: an outage is a line where
/// it begins, one where its cause changes, one a minute and one where it ends. One owner.
/// </summary>
internal sealed class Stall(TimeProvider time)
{
    private RepeatFilter _said = new(time);
    private long _since;

    /// <summary>How many tries have failed in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>A try has failed.</summary>
    /// <param name="exception">Why.</param>
    /// <param name="level">How loudly a new cause is said.</param>
    /// <returns>At which level to log it: <paramref name="level"/>, or Debug where the same was said last, less than a minute ago.</returns>
    public LogLevel Fails(Exception exception, LogLevel level = LogLevel.Warning)
    {
        if (Failures++ == 0)
        {
            _since = time.GetTimestamp();
        }

        return _said.IsNews($"{exception.GetType().FullName}: {exception.Message}") ? level : LogLevel.Debug;
    }

    /// <summary>A try has succeeded.</summary>
    /// <returns>What is over by that, or null: nothing had failed.</returns>
    public (int Failures, TimeSpan Lasted)? Ends()
    {
        if (Failures == 0)
        {
            return null;
        }

        (int Failures, TimeSpan Lasted) over = (Failures, time.GetElapsedTime(_since));
        (Failures, _said) = (0, new RepeatFilter(time));
        return over;
    }
}
