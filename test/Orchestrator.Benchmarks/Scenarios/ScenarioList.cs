namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>Every scenario, in the order in which `all` runs them.</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new AppendScenario(), new CatchUpScenario(), new UpsertScenario(), new LatencyScenario(), new ReadOnceScenario(), new TakeoverScenario(), new RescaleScenario(), new StrategiesScenario(),
        new RolloutScenario(), new ScaleScenario(), new IdleScenario(), new EffectsScenario(), new MetricsScenario(),
        new WorkflowScenario(), new GrowthScenario(),
    ];
}
