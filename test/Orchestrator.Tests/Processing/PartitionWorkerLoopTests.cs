using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Threading;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PartitionWorkerLoopTests : IAsyncDisposable
{
    private readonly ProcessingBench _bench = new();
    private readonly CancellationTokenSource _stop = new();

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _stop.Dispose();
    }

    [Test]
    public async Task RunAsync_CheckpointsCannotBeRead_SaysSoOnceTriesAgainAndSaysWhenItIsOver()
    {
        await _bench.AppendAsync(3);
        await _bench.OwnAsync(["totals"], 0);
        int failures = 3;
        _bench.Checkpoints.BeforeLoad = () =>
        {
            if (failures-- > 0)
            {
                throw new InMemorySessionLostException();
            }
        };
        Task loop = Run(new LatestValue<Directive>(new Directive.Run(_bench.GenerationId)));
        await Eventually.HoldsAsync(() => Task.FromResult(_bench.Script.Applied().Count == 3));
        await _stop.CancelAsync();
        await loop.Soon();

        Assert.That(_bench.Loggers.With(2008).Select(entry => entry.Level), Is.EqualTo(new[] { LogLevel.Warning, LogLevel.Debug, LogLevel.Debug }));
        Assert.That(_bench.Loggers.With(2009).Single().Message, Does.Contain("failures: 3,"));
    }

    [Test]
    public async Task RunAsync_GenerationGoesOnWithoutTheWorker_SaysThatItsBatchesAreRolledBack()
    {
        await _bench.AppendAsync(3);
        await _bench.OwnAsync(["totals"], 0);
        var begun = new TaskCompletionSource();
        _bench.Script.OnEvent = async (_, _, token) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        };
        long generation = _bench.GenerationId;
        var directives = new LatestValue<Directive>(new Directive.Run(generation));
        Task loop = Run(directives);
        await begun.Task.Soon();
        directives.Publish(new Directive.Idle());
        await Eventually.HoldsAsync(() => Task.FromResult(_bench.Loggers.With(2012).Count == 1));
        await _stop.CancelAsync();
        await loop.Soon();

        Assert.That(_bench.Loggers.With(2012).Single().Message, Does.Contain($"generation {generation} "));
    }

    private Task Run(LatestValue<Directive> directives) => _bench.Loop(ProcessingBench.Define()).RunAsync(directives, new LatestValue<long>(0), _stop.Token, CancellationToken.None);
}
