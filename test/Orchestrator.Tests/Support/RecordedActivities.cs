using System.Collections.Concurrent;
using System.Diagnostics;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Tests.Support;

/// <summary>Listens to the orchestrator's activities, of every host in the process: a fixture that uses it runs alone.</summary>
internal sealed class RecordedActivities : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public RecordedActivities()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == OrchestratorTelemetry.ActivitySourceName,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Those that have ended.</summary>
    public IReadOnlyList<Activity> Ended => [.. _ended];

    /// <summary>Those of a name that have ended.</summary>
    public IReadOnlyList<Activity> Named(string name) => [.. _ended.Where(activity => activity.DisplayName == name)];

    public void Dispose() => _listener.Dispose();
}
