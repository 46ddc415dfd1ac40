namespace Orchestrator.ChaosTests.Workers;

/// <summary>Uses up this process's thread pool, as handlers do that wait for something without awaiting it.</summary>
internal static class Starvation
{
    private const int WaitsEachProcessor = 6;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    /// <summary>Fills the pool with waits, and waits itself. The pool adds threads only slowly.</summary>
    public static void Cause()
    {
        for (int i = 0; i < WaitsEachProcessor * Environment.ProcessorCount; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static _ => Block(), null);
        }

        Block();
    }

    private static void Block()
    {
        using var never = new ManualResetEventSlim();
        never.Wait(Wait);
    }
}
