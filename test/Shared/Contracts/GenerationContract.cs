using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Testing.Shared;

/// <summary>Forming and activating generations, and everything that must refuse it: the same with every provider.</summary>
internal abstract class GenerationContract : CoordinationContract
{
    [Test]
    public async Task FormAsync_FirstGeneration_IsFormingForEveryMember()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();
        TestWorker outside = await RegisterAsync();

        long generation = await FormAsync(first, second);

        MembershipView view = await second.ViewAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(view.Active, Is.Null);
            Assert.That(view.Forming, Is.EqualTo(new GenerationView(generation, 2, 1)));
            Assert.That((await outside.ViewAsync()).Forming, Is.EqualTo(new GenerationView(generation, 2, null)));
            Assert.That((await first.RosterAsync()).Forming!.Members, Is.EqualTo(new[] { first.Id, second.Id }));
        }
    }

    [Test]
    public async Task FormAsync_WhileForming_SupersedesWithAGreaterId()
    {
        TestWorker first = await RegisterAsync();
        long older = await FormAsync(first);
        TestWorker second = await RegisterAsync();

        long newer = await FormAsync(first, second);

        Assert.That(newer, Is.GreaterThan(older));
        Assert.That((await first.ViewAsync()).Forming!.Id, Is.EqualTo(newer));
    }

    [Test]
    public async Task FormAsync_GenerationsHaveChanged_ReturnsNull()
    {
        TestWorker worker = await RegisterAsync();
        await RescaleAsync(worker);
        long forming = await FormAsync(worker);
        long active = (await worker.ViewAsync()).Active!.Id;

        async Task<long?> TryAsync(long? expectedActive, long? expectedForming) =>
            await worker.Session.FormAsync(new FormGeneration(expectedActive, expectedForming, [worker.Id], "test"), CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await TryAsync(null, forming), Is.Null, "active expected to be missing");
            Assert.That(await TryAsync(active, null), Is.Null, "forming expected to be missing");
            Assert.That(await TryAsync(active - 1, forming), Is.Null, "another active");
            Assert.That(await TryAsync(active, forming - 1), Is.Null, "another forming");
            Assert.That((await worker.ViewAsync()).Forming!.Id, Is.EqualTo(forming), "nothing has changed");
            Assert.That(await TryAsync(active, forming), Is.Not.Null, "as expected");
        }
    }

    [Test]
    public async Task FormAsync_MemberNotRegistered_ReturnsNull()
    {
        TestWorker stays = await RegisterAsync();
        TestWorker left = await RegisterAsync();
        await left.Session.LeaveAsync(CancellationToken.None);

        long? formed = await stays.Session.FormAsync(new FormGeneration(null, null, [stays.Id, left.Id], "test"), CancellationToken.None);

        Assert.That(formed, Is.Null);
        Assert.That((await stays.RosterAsync()).Forming, Is.Null);
    }

    [Test]
    public async Task AcknowledgeAsync_Always_ShowsOnTheRosterAndNeverFalls()
    {
        TestWorker worker = await RegisterAsync();
        long older = await FormAsync(worker);
        long newer = await FormAsync(worker);

        await worker.Session.AcknowledgeAsync(newer, CancellationToken.None);
        await worker.Session.AcknowledgeAsync(older, CancellationToken.None);

        Assert.That((await worker.RowAsync(worker.Id))!.AcknowledgedGeneration, Is.EqualTo(newer));
    }

    [Test]
    public async Task ActivateAsync_AllAcknowledged_DividesEveryProjection()
    {
        TestWorker first = await RegisterAsync("totals", "users");
        TestWorker second = await RegisterAsync("totals");

        long generation = await RescaleAsync(first, second);

        MembershipView view = await second.ViewAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(view.Active, Is.EqualTo(new GenerationView(generation, 2, 1)));
            Assert.That(view.Forming, Is.Null);
            Assert.That(await LoadAsync(first, generation), Is.EqualTo(new[]
            {
                new Checkpoint("totals", 1, new SlotRange(0, 16384), 0, generation, first.Id),
                new Checkpoint("users", 1, SlotRange.All, 0, generation, first.Id),
            }));
            Assert.That(await LoadAsync(second, generation), Is.EqualTo(new[] { new Checkpoint("totals", 1, new SlotRange(16384, 32768), 0, generation, second.Id) }));
        }
    }

    [Test]
    public async Task ActivateAsync_Rescaled_EverySlotKeepsItsPosition()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();
        TestWorker third = await RegisterAsync();
        long two = await RescaleAsync(first, second);
        await MoveAsync(first, two, (await LoadAsync(first, two)).Single(), 10);
        await MoveAsync(second, two, (await LoadAsync(second, two)).Single(), 20);

        long three = await RescaleAsync(first, second, third);
        ImmutableArray<Checkpoint> middle = await LoadAsync(second, three);
        long one = await RescaleAsync(third);
        ImmutableArray<Checkpoint> all = await LoadAsync(third, one);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(middle.Select(row => (row.Slots, row.Position)), Is.EqualTo(new[] { (new SlotRange(10922, 16384), 10L), (new SlotRange(16384, 21845), 20L) }));
            Assert.That(all.Select(row => (row.Slots, row.Position)), Is.EqualTo(new[] { (new SlotRange(0, 16384), 10L), (new SlotRange(16384, 32768), 20L) }));
            Assert.That(await LoadAsync(second, three), Is.Empty, "superseded");
        }
    }

    [Test]
    public async Task ActivateAsync_ProjectionThatNobodyHasAnyMore_KeepsItsPositionForLater()
    {
        TestWorker old = await RegisterAsync("totals", "users");
        long before = await RescaleAsync(old);
        await MoveAsync(old, before, (await LoadAsync(old, before)).Single(row => row.Projection == "users"), 7);
        TestWorker renewed = await RegisterAsync("totals");
        await RescaleAsync(renewed);

        TestWorker again = await RegisterAsync("totals", "users");
        long after = await RescaleAsync(again);

        Assert.That((await LoadAsync(again, after)).Single(row => row.Projection == "users").Position, Is.EqualTo(7));
    }

    [Test]
    public async Task ActivateAsync_MemberHasNotAcknowledged_ReturnsFalse()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();
        long generation = await FormAsync(first, second);
        await first.Session.AcknowledgeAsync(generation, CancellationToken.None);

        bool activated = await first.ActivateAsync(new ActivateGeneration(generation, []));

        Assert.That(activated, Is.False);
        Assert.That((await first.ViewAsync()).Active, Is.Null);
    }

    [Test]
    public async Task ActivateAsync_MemberOfTheOldGenerationHasNotAcknowledged_ReturnsFalse()
    {
        TestWorker stays = await RegisterAsync();
        TestWorker goes = await RegisterAsync();
        await RescaleAsync(stays, goes);
        long generation = await FormAsync(stays);
        await stays.Session.AcknowledgeAsync(generation, CancellationToken.None);

        bool activated = await stays.ActivateAsync(new ActivateGeneration(generation, []));

        Assert.That(activated, Is.False);
    }

    [Test]
    public async Task ActivateAsync_OnlyOthersHaveNotAcknowledged_Activates()
    {
        TestWorker member = await RegisterAsync();
        await RegisterAsync();

        await RescaleAsync(member);

        Assert.That((await member.ViewAsync()).Active!.TotalPartitions, Is.EqualTo(1));
    }

    [Test]
    public async Task ActivateAsync_MissingMemberIsExcused_ActivatesWithIt()
    {
        TestWorker first = await RegisterAsync();
        TestWorker slow = await RegisterAsync();
        long generation = await FormAsync(first, slow);
        await first.Session.AcknowledgeAsync(generation, CancellationToken.None);

        bool activated = await first.ActivateAsync(new ActivateGeneration(generation, [slow.Id]));

        Assert.That(activated, Is.True);
        Assert.That((await LoadAsync(slow, generation)).Single().Slots, Is.EqualTo(new SlotRange(16384, 32768)));
    }

    [Test]
    public async Task ActivateAsync_MemberNotRegisteredAnyMore_ReturnsFalse()
    {
        TestWorker first = await RegisterAsync();
        TestWorker left = await RegisterAsync();
        long generation = await FormAsync(first, left);
        await first.Session.AcknowledgeAsync(generation, CancellationToken.None);
        await left.Session.LeaveAsync(CancellationToken.None);

        bool activated = await first.ActivateAsync(new ActivateGeneration(generation, [left.Id]));

        Assert.That(activated, Is.False);
    }

    [Test]
    public async Task ActivateAsync_NotTheFormingGeneration_ReturnsFalse()
    {
        TestWorker worker = await RegisterAsync();
        long superseded = await FormAsync(worker);
        long generation = await RescaleAsync(worker);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await worker.ActivateAsync(new ActivateGeneration(superseded, [])), Is.False, "superseded");
            Assert.That(await worker.ActivateAsync(new ActivateGeneration(generation, [])), Is.False, "active already");
            Assert.That(await worker.ActivateAsync(new ActivateGeneration(generation + 1_000_000, [])), Is.False, "unknown");
            Assert.That((await worker.ViewAsync()).Active!.Id, Is.EqualTo(generation));
        }
    }

    [Test]
    public async Task ActivateAsync_OpenBatch_DoesNotActivateUntilItHasCommitted()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();
        long one = await RescaleAsync(first);
        await using IFencedBatch batch = (await BeginAsync(first, one, (await LoadAsync(first, one)).Single()))!;
        long two = await FormAsync(first, second);
        await first.Session.AcknowledgeAsync(two, CancellationToken.None);
        await second.Session.AcknowledgeAsync(two, CancellationToken.None);

        bool whileOpen = await second.ActivateAsync(new ActivateGeneration(two, []));
        await batch.CommitAsync(5);
        bool afterwards = await second.ActivateAsync(new ActivateGeneration(two, []));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(whileOpen, Is.False, "the barrier");
            Assert.That(afterwards, Is.True);
            Assert.That((await LoadAsync(second, two)).Single().Position, Is.EqualTo(5), "the batch counts");
        }
    }

    [Test]
    public async Task FormAsync_TwoAtTheSameTime_ExactlyOneWins()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();

        for (int round = 0; round < 10; round++)
        {
            Roster roster = await first.RosterAsync();
            var transition = new FormGeneration(roster.Active?.Id, roster.Forming?.Id, [first.Id, second.Id], "test");
            long?[] formed = await Task.WhenAll(
                Task.Run(() => first.Session.FormAsync(transition, CancellationToken.None)),
                Task.Run(() => second.Session.FormAsync(transition, CancellationToken.None)));

            Assert.That(formed.Count(id => id is not null), Is.EqualTo(1), $"round {round}");
            Assert.That((await first.RosterAsync()).Forming!.Id, Is.EqualTo(formed.Single(id => id is not null)));
        }
    }

    [Test]
    public async Task ActivateAsync_TwoAtTheSameTime_ExactlyOneWins()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();

        for (int round = 0; round < 10; round++)
        {
            long generation = await FormAsync(first, second);
            await first.Session.AcknowledgeAsync(generation, CancellationToken.None);
            await second.Session.AcknowledgeAsync(generation, CancellationToken.None);
            var transition = new ActivateGeneration(generation, []);
            bool[] activated = await Task.WhenAll(
                Task.Run(() => first.ActivateAsync(transition)),
                Task.Run(() => second.ActivateAsync(transition)));

            Assert.That(activated.Count(won => won), Is.EqualTo(1), $"round {round}");
            Assert.That((await LoadAsync(first, generation)).Single().Slots, Is.EqualTo(new SlotRange(0, 16384)));
        }
    }
}
