using System.Collections.Concurrent;
using Orchestrator.Events;
using Orchestrator.Hosting.Processing;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

/// <summary>Effects of one batch. In <c>"abca"</c>, each letter is an event of that aggregate; positions begin with 1.</summary>
internal sealed class EffectRunTests
{
    [Test]
    public async Task RunAsync_DifferentAggregates_RunAtTheSameTimeUpToTheLimit()
    {
        var partner = new Partner();
        Task<(int Done, HandlerFailedException? Failure)> run = partner.RunAsync("abcd", 3);
        await partner.HasBegunAsync(1, 2, 3);

        partner.Answer(2);
        await partner.HasBegunAsync(1, 2, 3, 4);
        partner.Answer(1, 3, 4);

        Assert.That(await run, Is.EqualTo((4, (HandlerFailedException?)null)));
    }

    [Test]
    public async Task RunAsync_SeveralOfOneAggregate_RunOneAfterAnotherBesideOthers()
    {
        var partner = new Partner();
        Task<(int Done, HandlerFailedException? Failure)> run = partner.RunAsync("aaba", 8);
        await partner.HasBegunAsync(1, 3);

        partner.Answer(3);
        partner.Answer(1);
        await partner.HasBegunAsync(1, 3, 2);
        partner.Answer(2);
        await partner.HasBegunAsync(1, 3, 2, 4);
        partner.Answer(4);

        Assert.That((await run).Done, Is.EqualTo(4));
    }

    [Test]
    public async Task RunAsync_OneFails_DoesWhatStandsBeforeItAndBeginsNothingBehindIt()
    {
        var partner = new Partner();
        Task<(int Done, HandlerFailedException? Failure)> run = partner.RunAsync("aabcd", 3);
        await partner.HasBegunAsync(1, 3, 4);

        partner.Fail(3);
        partner.Answer(4);
        partner.Answer(1);
        await partner.HasBegunAsync(1, 3, 4, 2);
        partner.Answer(2);

        (int done, HandlerFailedException? failure) = await run;
        Assert.That(done, Is.EqualTo(2));
        Assert.That(failure!.Culprit!.GlobalPosition, Is.EqualTo(3));
        Assert.That(partner.Begun, Does.Not.Contain(5));
    }

    [Test]
    public async Task RunAsync_SeveralFail_BlamesTheFirstOfThem()
    {
        var partner = new Partner();
        Task<(int Done, HandlerFailedException? Failure)> run = partner.RunAsync("abc", 3);
        await partner.HasBegunAsync(1, 2, 3);

        partner.Fail(3);
        partner.Fail(2);
        partner.Answer(1);

        (int done, HandlerFailedException? failure) = await run;
        Assert.That((done, failure!.Culprit!.GlobalPosition), Is.EqualTo((1, 2)));
    }

    // Else one that always fails late would be tried for ever.
    [Test]
    public async Task RunAsync_FailsWhenNothingMoreMayBegin_IsBlamedAllTheSame()
    {
        var partner = new Partner();
        Task<(int Done, HandlerFailedException? Failure)> run = partner.RunAsync("abc", 2);
        await partner.HasBegunAsync(1, 2);

        partner.MayBegin = false;
        partner.Answer(2);
        partner.Fail(1);

        (int done, HandlerFailedException? failure) = await run;
        Assert.That((done, failure!.Culprit!.GlobalPosition), Is.EqualTo((0, 1)));
        Assert.That(partner.Begun, Does.Not.Contain(3));
    }

    [Test]
    public async Task RunAsync_NothingMoreMayBegin_CountsWhatIsDoneInFrontOfTheFirstThatIsNot()
    {
        var partner = new Partner();
        Task<(int Done, HandlerFailedException? Failure)> run = partner.RunAsync("aabc", 3);
        await partner.HasBegunAsync(1, 3, 4);

        partner.MayBegin = false;
        partner.Answer(1, 3, 4);

        Assert.That(await run, Is.EqualTo((1, (HandlerFailedException?)null)), "the second has not begun");
    }

    [Test]
    public async Task RunAsync_Aborted_EndsWhenAllHaveEnded()
    {
        var partner = new Partner();
        using var abort = new CancellationTokenSource();
        Task<(int Done, HandlerFailedException? Failure)> run = partner.RunAsync("abc", 2, abort.Token);
        await partner.HasBegunAsync(1, 2);

        await abort.CancelAsync();

        Assert.That(async () => await run, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(partner.Begun, Is.EquivalentTo(new[] { 1, 2 }));
    }

    [Test]
    public async Task RunAsync_EffectsThatBlockTheirThreads_RunAtTheSameTime()
    {
        using var both = new Barrier(2);
        PersistedEvent[] events = Partner.Events("ab");
        var run = new EffectRun(events, static _ => true, (_, token) => both.SignalAndWait(TimeSpan.FromSeconds(20), token) ? ValueTask.CompletedTask : throw new TimeoutException());

        Assert.That((await run.RunAsync(2, CancellationToken.None)).Failure, Is.Null);
    }

    [Test]
    public async Task RunAsync_ManyOfFewAggregates_KeepEachAggregatesOrderAndTheLimit([Values(1, 2, 8)] int concurrency)
    {
        var random = new Random(concurrency);
        PersistedEvent[] events = Partner.Events(string.Concat(Enumerable.Range(0, 300).Select(_ => (char)('a' + random.Next(12)))));
        var ended = new ConcurrentQueue<PersistedEvent>();
        int running = 0;
        int most = 0;
        var run = new EffectRun(events, static _ => true, async (e, _) =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            ended.Enqueue(e);
            Interlocked.Decrement(ref running);
        });

        Assert.That((await run.RunAsync(concurrency, CancellationToken.None)).Done, Is.EqualTo(300));
        Assert.That(most, Is.LessThanOrEqualTo(concurrency));
        foreach (IGrouping<string, PersistedEvent> aggregate in ended.GroupBy(e => e.AggregateId))
        {
            Assert.That(aggregate.Select(e => e.GlobalPosition), Is.Ordered);
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int known = most;
        while (value > known && Interlocked.CompareExchange(ref most, value, known) is var found && found != known)
        {
            known = found;
        }
    }

    /// <summary>Whoever the effects call: answers when the test says so.</summary>
    private sealed class Partner
    {
        private readonly ConcurrentDictionary<long, TaskCompletionSource> _calls = new();
        private readonly ConcurrentQueue<long> _begun = new();
        private volatile bool _mayBegin = true;

        public IReadOnlyList<long> Begun => [.. _begun];

        public bool MayBegin
        {
            set => _mayBegin = value;
        }

        public static PersistedEvent[] Events(string aggregates) => [.. aggregates.Select((aggregate, index) => TestEvents.At(index + 1) with { AggregateId = aggregate.ToString() })];

        public Task<(int Done, HandlerFailedException? Failure)> RunAsync(string aggregates, int concurrency, CancellationToken abort = default) =>
            new EffectRun(Events(aggregates), another => !another || _mayBegin, (e, token) =>
            {
                _begun.Enqueue(e.GlobalPosition);
                return new ValueTask(Call(e.GlobalPosition).Task.WaitAsync(token));
            }).RunAsync(concurrency, abort);

        public Task HasBegunAsync(params long[] positions) =>
            Eventually.HoldsAsync(() => Task.FromResult(Begun.Order().SequenceEqual(positions.Order())), $"{string.Join(", ", positions)} have begun");

        public void Answer(params long[] positions) => Array.ForEach(positions, position => Call(position).SetResult());

        public void Fail(long position) => Call(position).SetException(new FormatException());

        // Runs what follows at once: a lane must have heard of a failure before the next answer is given to another.
        private TaskCompletionSource Call(long position) => _calls.GetOrAdd(position, static _ => new TaskCompletionSource());
    }
}
