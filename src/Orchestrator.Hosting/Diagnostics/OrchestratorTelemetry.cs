namespace Orchestrator.Hosting.Diagnostics;

/// <summary>The names under which the orchestrator can be observed. docs/metrics.md lists the instruments, docs/tracing.md the activities.</summary>
public static class OrchestratorTelemetry
{
    /// <summary>The meter of every instrument: <c>metrics.AddMeter(OrchestratorTelemetry.MeterName)</c> with OpenTelemetry, <c>dotnet-counters monitor --counters Orchestrator.Hosting</c> on the command line.</summary>
    public const string MeterName = "Orchestrator.Hosting";

    /// <summary>The source of every activity: <c>tracing.AddSource(OrchestratorTelemetry.ActivitySourceName)</c> with OpenTelemetry.</summary>
    public const string ActivitySourceName = "Orchestrator.Hosting";
}
