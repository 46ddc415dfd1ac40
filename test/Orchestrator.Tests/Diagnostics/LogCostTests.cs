using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Tests.Diagnostics;

/// <summary>What is not logged costs nothing: the messages of the hot path leave no garbage.</summary>
public sealed class LogCostTests
{
    [Test]
    public void LogMethods_NobodyListens_AllocateNothing()
    {
        ILogger logger = NullLogger.Instance;
        Call(logger, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Call(logger, 1_000);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void Call(ILogger logger, int times)
    {
        for (int i = 0; i < times; i++)
        {
            logger.BatchCommitted("main", "totals", SlotRange.All, i, i, i);
            logger.ProjectionStarted("main", "totals", i, i, i);
        }
    }
}
