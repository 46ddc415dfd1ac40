using System.Diagnostics.Metrics;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Workflows.Diagnostics;

/// <summary>Every instrument of workflows, on the orchestrator's meter, so that whoever listens to that hears these too. docs/workflows.md is checked against this file. Without a meter factory nothing is measured.</summary>
internal sealed class WorkflowMetrics
{
    private static readonly InstrumentAdvice<double> s_seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800] };

    private readonly TimeProvider _time;
    private readonly Histogram<double>? _runs;
    private readonly Histogram<double>? _attempts;
    private readonly Counter<long>? _claimsLost;

    public WorkflowMetrics(IMeterFactory? meters, TimeProvider time)
    {
        _time = time;
        Meter? meter = meters?.Create(OrchestratorTelemetry.MeterName);
        _runs = meter?.CreateHistogram("orchestrator.workflow.run.duration", "s", "Time for which this process worked on a run until it ended, by its end.", tags: null, s_seconds);
        _attempts = meter?.CreateHistogram("orchestrator.workflow.attempt.duration", "s", "Time of an attempt at a service, by its end.", tags: null, s_seconds);
        _claimsLost = meter?.CreateCounter<long>("orchestrator.workflow.claims_lost", "{claim}", "Runs that another host has taken over from this one.");
    }

    /// <summary>Now, to measure from.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>A run has ended.</summary>
    public void RunEnded(string workflow, bool succeeded, long begun) =>
        _runs?.Record(_time.GetElapsedTime(begun).TotalSeconds, new("workflow", workflow), new("outcome", succeeded ? "succeeded" : "failed"));

    /// <summary>An attempt has ended.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="service">The service.</param>
    /// <param name="outcome">How.</param>
    /// <param name="begun">What <see cref="Now"/> was when it began.</param>
    public void AttemptEnded(string workflow, string service, string outcome, long begun) =>
        _attempts?.Record(_time.GetElapsedTime(begun).TotalSeconds, new("workflow", workflow), new("service", service), new("outcome", outcome));

    /// <summary>A claim is over.</summary>
    public void ClaimLost(string workflow) => _claimsLost?.Add(1, new KeyValuePair<string, object?>("workflow", workflow));
}
