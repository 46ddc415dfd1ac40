namespace Orchestrator.Hosting.Threading;

/// <summary>Arithmetic with monotonic timestamps.</summary>
internal static class TimeProviderExtensions
{
    /// <summary>The timestamp that will be reached in a while.</summary>
    public static long GetTimestampAfter(this TimeProvider time, TimeSpan pause) => time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
}
