using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.Projections;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class EventFeedTests : IDisposable
{
    private static readonly SlotRange Owned = SlotRange.OfPartition(0, 2);
    private static readonly EventFilter Rare = EventFilter.Of([], ["Rare"]);

    private readonly ScriptedLog _log = new();
    private readonly ReplicaSetOptions _options = new() { PageSize = 10, PollInterval = TimeSpan.FromMilliseconds(100) };
    private readonly EventFeed _feed;

    public EventFeedTests() => _feed = new EventFeed(_log, Owned, ReplicaSetDefinition.Fixed("main", _options));

    public void Dispose() => _feed.Dispose();

    [Test]
    public async Task ReadAsync_SeveralAskForOnePageAtOnce_ShareOneQuery()
    {
        var answer = new TaskCompletionSource<EventPage>();
        _log.OnRead = (_, _) => new ValueTask<EventPage>(answer.Task);
        Task<EventPage>[] readers = [.. Enumerable.Range(0, 4).Select(_ => ReadAsync(0))];
        Assert.That(_log.Requests, Has.Count.EqualTo(1));
        answer.SetResult(_log.Serve(_log.Requests[0]) with { To = 5 });

        Assert.That((await Task.WhenAll(readers)).Distinct().Count(), Is.EqualTo(1));
        Assert.That(_log.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ReadAsync_SeveralProjectionsToTheEnd_EveryEventIsReadOnce()
    {
        _log.End = 35;
        for (int projection = 0; projection < 4; projection++)
        {
            for (long position = 0; position < _log.End;)
            {
                position = (await ReadAsync(position, projection % 2 == 0 ? EventFilter.All : Rare)).To;
            }
        }

        Assert.That(_log.Requests.Select(request => request.From), Is.EqualTo(new[] { 0, 10, 20, 30 }));
        Assert.That(_log.Requests, Is.All.EqualTo(_log.Requests[0] with { }).Using<EventPageRequest>((a, b) => a.Slots.Hull == Owned && a.Filter.IsAll && a.MaxCount == 10));
    }

    [Test]
    public async Task ReadAsync_FullPage_FetchesTheNextBeforeAnybodyAsks()
    {
        _log.End = 15;
        await ReadAsync(0);
        Assert.That(_log.Requests.Select(request => request.From), Is.EqualTo(new[] { 0, 10 }));
    }

    [Test]
    public async Task ReadAsync_PageWithRoomLeft_FetchesNothingMore()
    {
        _log.End = 5;
        await ReadAsync(0);
        Assert.That(_log.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ReadAsync_NothingNew_IsNotKept()
    {
        Assert.That((await ReadAsync(0)).IsEmpty);
        _log.End = 3;
        Assert.That((await ReadAsync(0)).To, Is.EqualTo(3));
    }

    [Test]
    public async Task ReadAsync_FallenBehindWhatIsKept_ReadsItsOwnWithItsFilterAndSlots()
    {
        using EventFeed feed = await ReadFarAheadAsync();
        var slots = SlotRange.OfPartition(0, 4);
        EventPage page = await feed.ReadAsync(slots, 0, 7, Rare, CancellationToken.None);

        EventPageRequest own = _log.Requests[^1];
        Assert.That((own.From, own.Slots.Hull, own.Filter, own.ReadSince), Is.EqualTo((0, slots, Rare, 7)));
        Assert.That(page.Serves(slots, 0));
    }

    [Test]
    public async Task ReadAsync_FallenBehindWithoutAFilter_SharesWithOthersAsFarBehind()
    {
        using EventFeed feed = await ReadFarAheadAsync();
        int before = _log.Requests.Count;
        await feed.ReadAsync(Owned, 0, 0, EventFilter.All, CancellationToken.None);
        await feed.ReadAsync(Owned, 0, 0, EventFilter.All, CancellationToken.None);

        Assert.That(_log.Requests.Skip(before).Select(request => (request.From, request.Slots.Hull)), Is.EqualTo(new[] { (0L, Owned) }));
    }

    [Test]
    public async Task ReadAsync_KeptPageIsTooOld_IsReadAgain()
    {
        _log.End = 5;
        _log.Now = 100;
        await ReadAsync(0);
        _log.Now = 300;
        EventPage page = await _feed.ReadAsync(Owned, 0, 200, EventFilter.All, CancellationToken.None);

        Assert.That(page.ReadAt, Is.EqualTo(300));
        Assert.That(_log.Requests[^1].ReadSince, Is.EqualTo(200));
    }

    [Test]
    public async Task ReadAsync_KeptPageIsYoungEnough_IsServedAgain()
    {
        _log.End = 5;
        _log.Now = 100;
        EventPage page = await ReadAsync(0);
        Assert.That(await _feed.ReadAsync(Owned, 0, 100, EventFilter.All, CancellationToken.None), Is.SameAs(page));
    }

    [Test]
    public async Task ReadAsync_PageThatAllFollowersHavePassed_IsNotKept()
    {
        _log.End = 5;
        using FeedReader fast = _feed.Follow();
        using FeedReader slow = _feed.Follow();
        EventPage page = await ReadAsync(0);
        fast.Passed(5);
        slow.Passed(4);
        Assert.That(await ReadAsync(4), Is.SameAs(page), "one of them needs it");

        slow.Passed(5);
        Assert.That(await ReadAsync(4), Is.Not.SameAs(page));
    }

    [Test]
    public async Task ReadAsync_SlowFollowerHasLeft_NothingIsKeptForIt()
    {
        _log.End = 5;
        using FeedReader fast = _feed.Follow();
        EventPage page;
        using (_feed.Follow())
        {
            page = await ReadAsync(0);
            fast.Passed(5);
            Assert.That(await ReadAsync(0), Is.SameAs(page));
        }

        Assert.That(await ReadAsync(0), Is.Not.SameAs(page));
    }

    [Test]
    public async Task ReadAsync_QueryFails_IsAnErrorForWhoAskedAndNotForLaterOnes()
    {
        var answer = new TaskCompletionSource<EventPage>();
        _log.OnRead = (_, _) => new ValueTask<EventPage>(answer.Task);
        Task<EventPage>[] readers = [ReadAsync(0), ReadAsync(0)];
        answer.SetException(new TimeoutException());
        foreach (Task<EventPage> reader in readers)
        {
            Assert.That(async () => await reader, Throws.TypeOf<TimeoutException>());
        }

        _log.End = 5;
        _log.OnRead = (request, _) => ValueTask.FromResult(_log.Serve(request));
        Assert.That((await ReadAsync(0)).To, Is.EqualTo(5));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task ReadAsync_PrefetchFails_TheNextReaderReadsAgain(bool atOnce)
    {
        _log.End = 15;
        var failure = new TaskCompletionSource<EventPage>();
        _log.OnRead = (request, _) => request.From == 0 ? ValueTask.FromResult(_log.Serve(request)) : new ValueTask<EventPage>(failure.Task);
        if (atOnce)
        {
            failure.SetException(new TimeoutException());
        }

        await ReadAsync(0);
        failure.TrySetException(new TimeoutException());
        _log.OnRead = (request, _) => ValueTask.FromResult(_log.Serve(request));

        Assert.That((await ReadAsync(10)).To, Is.EqualTo(15));
    }

    [Test]
    public async Task ReadAsync_OneReaderGivesUp_TheQueryGoesOnForTheOthers()
    {
        var answer = new TaskCompletionSource<EventPage>();
        CancellationToken querys = default;
        _log.OnRead = (_, token) =>
        {
            querys = token;
            return new ValueTask<EventPage>(answer.Task);
        };
        using var impatience = new CancellationTokenSource();
        Task<EventPage> impatient = _feed.ReadAsync(Owned, 0, 0, EventFilter.All, impatience.Token);
        Task<EventPage> patient = ReadAsync(0);
        await impatience.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(querys.IsCancellationRequested, Is.False);
        answer.SetResult(_log.Serve(_log.Requests[0]));

        Assert.That(async () => await patient, Throws.Nothing);
    }

    [Test]
    public void Dispose_ReadAndWaitUnderWay_CancelsBoth()
    {
        _log.OnRead = async (request, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return _log.Serve(request);
        };
        _log.OnWait = token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        var feed = new EventFeed(_log, Owned, ReplicaSetDefinition.Fixed("main", _options));
        Task reading = feed.ReadAsync(Owned, 0, 0, EventFilter.All, CancellationToken.None);
        Task waiting = feed.WaitAsync(0, CancellationToken.None);
        feed.Dispose();

        Assert.That(async () => await reading.Soon(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await waiting.Soon(), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task WaitAsync_SeveralReaders_ShareOneWait()
    {
        var hint = new TaskCompletionSource();
        _log.OnWait = _ => hint.Task;
        Task[] readers = [_feed.WaitAsync(0, CancellationToken.None), _feed.WaitAsync(0, CancellationToken.None)];
        Assert.That(_log.Waits, Has.Count.EqualTo(1));
        hint.SetResult();
        await Task.WhenAll(readers);
    }

    [Test]
    public async Task WaitAsync_LogStaysQuiet_WaitsLongerUpToThePollIntervalUntilSomethingComes()
    {
        for (int i = 0; i < 7; i++)
        {
            await _feed.WaitAsync(0, CancellationToken.None);
        }

        Assert.That(_log.Waits.Select(wait => wait.TotalMilliseconds), Is.EqualTo(new[] { 5, 10, 20, 40, 80, 100, 100 }));
        _log.End = 1;
        await ReadAsync(0);
        await _feed.WaitAsync(1, CancellationToken.None);
        Assert.That(_log.Waits[^1].TotalMilliseconds, Is.EqualTo(5));
    }

    private Task<EventPage> ReadAsync(long position, EventFilter? filter = null) => _feed.ReadAsync(Owned, position, 0, filter ?? EventFilter.All, CancellationToken.None);

    /// <summary>A feed that keeps one page, and has gone on to position 40.</summary>
    private async Task<EventFeed> ReadFarAheadAsync()
    {
        _log.End = 45;
        _options.PageCacheBytes = 100;
        var feed = new EventFeed(_log, Owned, ReplicaSetDefinition.Fixed("main", _options));
        for (long position = 0; position < 45;)
        {
            position = (await feed.ReadAsync(Owned, position, 0, EventFilter.All, CancellationToken.None)).To;
        }

        return feed;
    }
}
