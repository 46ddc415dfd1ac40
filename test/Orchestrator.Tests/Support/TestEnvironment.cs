using Orchestrator.Hosting.Threading;

namespace Orchestrator.Tests.Support;

/// <summary>Execution environments of tests.</summary>
internal static class TestEnvironment
{
    /// <summary>With a clock of the test's own, and jitter that is always the same.</summary>
    public static ExecutionEnvironment On(TimeProvider time) => new(time, new Random(1), Guid.NewGuid, new HeartbeatThread());
}
