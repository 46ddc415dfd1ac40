using System.Diagnostics.Metrics;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>Every instrument of the meter, named the OpenTelemetry way; docs/metrics.md is checked against this file. Who records asks first whether anybody listens, and takes no time otherwise.</summary>
internal sealed class OrchestratorMetrics
{
    private static readonly InstrumentAdvice<double> s_seconds = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };
    private static readonly InstrumentAdvice<int> s_events = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] };

    private readonly Meter _meter;

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">Owns the meter, so that two hosts in one process do not meet.</param>
    /// <param name="time">Measures durations.</param>
    public OrchestratorMetrics(IMeterFactory meters, TimeProvider time)
    {
        Time = time;
        _meter = meters.Create(OrchestratorTelemetry.MeterName);
        EventsProcessed = _meter.CreateCounter<long>("orchestrator.events.processed", "{event}", "Events that handlers have applied, once for each projection.");
        ProjectionErrors = _meter.CreateCounter<long>("orchestrator.projection.errors", "{error}", "Batches that failed in a handler.");
        Retries = _meter.CreateCounter<long>("orchestrator.retries", "{retry}", "Batches that are tried again, by cause.");
        FencedCommits = _meter.CreateCounter<long>("orchestrator.fenced_commits", "{batch}", "Batches that the fence refused because their slots have another owner.");
        BatchSize = _meter.CreateHistogram("orchestrator.batch_size", "{event}", "Events of a committed batch; batches without a wanted event are not counted.", tags: null, s_events);
        BatchDuration = _meter.CreateHistogram("orchestrator.event_processing.duration", "s", "Time from the beginning of a batch to its commit.", tags: null, s_seconds);
        WorkersRegistered = _meter.CreateCounter<long>("orchestrator.workers.registered", "{worker}", "Workers that this process has registered.");
        PartitionAssignments = _meter.CreateCounter<long>("orchestrator.partition_assignments", "{assignment}", "Partitions that were assigned to this process.");
        HeartbeatLatency = _meter.CreateHistogram("orchestrator.heartbeat.latency", "s", "Time from sending a heartbeat to its answer.", tags: null, s_seconds);
        PauseDuration = _meter.CreateHistogram("orchestrator.pause.duration", "s", "Time for which a worker ran nothing between two generations.", tags: null, s_seconds);
        Reconfigurations = _meter.CreateCounter<long>("orchestrator.reconfiguration", "{reconfiguration}", "Generations that this process has formed as the leader.");
        Generations = _meter.CreateCounter<long>("orchestrator.generations", "{generation}", "Generations that this process has activated as the leader.");
        CoordinationDuration = _meter.CreateHistogram("orchestrator.coordination.duration", "s", "Time from forming a generation to its activation.", tags: null, s_seconds);
        WorkersCleaned = _meter.CreateCounter<long>("orchestrator.stale_workers_cleaned", "{worker}", "Dead or stale workers that this process has taken off the roster as the leader.");
    }

    public TimeProvider Time { get; }

    public Counter<long> EventsProcessed { get; }

    public Counter<long> ProjectionErrors { get; }

    public Counter<long> Retries { get; }

    public Counter<long> FencedCommits { get; }

    public Histogram<int> BatchSize { get; }

    public Histogram<double> BatchDuration { get; }

    public Counter<long> WorkersRegistered { get; }

    public Counter<long> PartitionAssignments { get; }

    public Histogram<double> HeartbeatLatency { get; }

    public Histogram<double> PauseDuration { get; }

    public Counter<long> Reconfigurations { get; }

    public Counter<long> Generations { get; }

    public Histogram<double> CoordinationDuration { get; }

    public Counter<long> WorkersCleaned { get; }

    /// <summary>Creates the gauges, which are asked only when somebody looks.</summary>
    /// <param name="gauges">What is known then.</param>
    public void Observe(StatusGauges gauges)
    {
        _meter.CreateObservableGauge("orchestrator.projection.lag_events", gauges.LagEvents, "{event}", "Positions between a projection and the end of the log.");
        _meter.CreateObservableGauge("orchestrator.projection.lag", gauges.LagSeconds, "s", "Age of the oldest event that a projection has before it.");
        _meter.CreateObservableGauge("orchestrator.horizon.age", gauges.HorizonAge, "s", "For how long an open append has held projections back.");
        _meter.CreateObservableGauge("orchestrator.active_workers", gauges.ActiveWorkers, "{worker}", "Workers on the roster, as the leader sees it.");
        _meter.CreateObservableGauge("orchestrator.current_generation.partitions", gauges.Partitions, "{partition}", "Partitions of the active generation.");
        _meter.CreateObservableGauge("orchestrator.desired_workers", gauges.DesiredWorkers, "{worker}", "How many workers there should be, as this process sees it from its share.");
        _meter.CreateObservableGauge("orchestrator.worker.state", gauges.WorkerState, "{worker}", "1 for the state that this process's worker is in.");
    }
}
