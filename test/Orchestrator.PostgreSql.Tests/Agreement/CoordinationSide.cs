using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Agreement;

/// <summary>One provider: does what a command asks for, and gives the answer in words that do not depend on ids.</summary>
/// <param name="membership">The provider's sessions.</param>
/// <param name="checkpoints">Its checkpoints.</param>
/// <param name="replicaSet">Where the workers meet.</param>
/// <param name="ids">The workers' ids, by their numbers.</param>
/// <param name="untilGone">Waits until nothing is left of a removed worker's sessions: a server ends them in its own time.</param>
internal sealed class CoordinationSide(IMembershipStore membership, ICheckpointStore checkpoints, string replicaSet, IReadOnlyList<Guid> ids, Func<Guid, Task> untilGone) : IAsyncDisposable
{
    private readonly SortedDictionary<int, IControlSession> _sessions = [];
    private readonly Dictionary<int, IHeartbeatSession> _heartbeats = [];
    private readonly Dictionary<int, ImmutableArray<Checkpoint>> _loaded = [];
    private readonly Dictionary<int, IFencedBatch> _batches = [];
    private readonly List<long> _generations = [];

    /// <summary>How many generations have been formed, or partitions taken.</summary>
    public int Generations => _generations.Count;

    /// <summary>The number of a generation.</summary>
    public int? NumberOf(long? generation) => generation is { } id && _generations.IndexOf(id) is >= 0 and var number ? number : null;

    /// <summary>Does it.</summary>
    public async Task<string> DoAsync(CoordinationCommand command) => command switch
    {
        CoordinationCommand.Register register => await RegisterAsync(register),
        CoordinationCommand.Beat beat => await BeatAsync(beat.Worker),
        CoordinationCommand.ReadView read => Words(await _sessions[read.Worker].ReadViewAsync(read.TryToLead, CancellationToken.None)),
        CoordinationCommand.ReadRoster read => Words(await _sessions[read.Worker].ReadRosterAsync(CancellationToken.None)),
        CoordinationCommand.Acknowledge acknowledge => await AcknowledgeAsync(acknowledge),
        CoordinationCommand.Remove remove => await RemoveAsync(remove),
        CoordinationCommand.Form form => await FormAsync(form),
        CoordinationCommand.Activate activate => await ActivateAsync(activate),
        CoordinationCommand.Take take => await TakeAsync(take),
        CoordinationCommand.Leave leave => await LeaveAsync(leave.Worker),
        CoordinationCommand.LoseSession lose => await LoseAsync(lose.Worker),
        CoordinationCommand.Load load => await LoadAsync(load.Worker),
        CoordinationCommand.Begin begin => await BeginAsync(begin),
        CoordinationCommand.Commit commit => await CommitAsync(commit),
        CoordinationCommand.RollBack rollBack => await EndAsync(rollBack.Worker),
        CoordinationCommand.Merge merge => await MergeAsync(merge),
        CoordinationCommand.ReadProgress => string.Join(", ", (await checkpoints.ReadProgressAsync(replicaSet, CancellationToken.None)).AsEnumerable()),
        _ => throw new NotSupportedException(command.ToString()),
    };

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable opened in _batches.Values.Concat<IAsyncDisposable>(_heartbeats.Values).Concat(_sessions.Values))
        {
            await opened.DisposeAsync();
        }
    }

    private async Task<string> RegisterAsync(CoordinationCommand.Register register)
    {
        var registration = new WorkerRegistration(ids[register.Worker], replicaSet, [.. register.Projections.Split(' ')], "host", register.Worker, "1.0")
        {
            Lanes = register.Lanes,
            IsStatic = register.IsStatic,
        };
        _sessions[register.Worker] = await membership.RegisterAsync(registration, CancellationToken.None);
        return "registered";
    }

    private async Task<string> BeatAsync(int worker)
    {
        if (!_heartbeats.TryGetValue(worker, out IHeartbeatSession? heartbeat))
        {
            heartbeat = _heartbeats[worker] = await membership.OpenHeartbeatAsync(replicaSet, ids[worker], CancellationToken.None);
        }

        return await heartbeat.BeatAsync(CancellationToken.None) ? "on the roster" : "not on the roster";
    }

    private async Task<string> AcknowledgeAsync(CoordinationCommand.Acknowledge acknowledge)
    {
        await _sessions[acknowledge.Worker].AcknowledgeAsync(_generations[acknowledge.Generation], CancellationToken.None);
        return "acknowledged";
    }

    private async Task<string> RemoveAsync(CoordinationCommand.Remove remove)
    {
        Guid id = ids[remove.Worker];
        long sequence = (await _sessions[remove.By].ReadRosterAsync(CancellationToken.None)).Workers.FirstOrDefault(worker => worker.Id == id)?.HeartbeatSequence ?? 0;
        var removal = new WorkerRemoval(id, remove.AsDead ? RemovalReason.Dead : RemovalReason.Stale, sequence - remove.BeatsAgo);
        IReadOnlyList<Guid> removed = await _sessions[remove.By].RemoveAsync([removal], CancellationToken.None);
        foreach (Guid gone in removed)
        {
            await untilGone(gone);
        }

        return $"removed: {Words(removed)}";
    }

    private async Task<string> FormAsync(CoordinationCommand.Form form)
    {
        var transition = new FormGeneration(IdOf(form.ExpectedActive), IdOf(form.ExpectedForming), IdsOf(form.Members), "test") { Strategy = form.Strategy };
        return await _sessions[form.By].FormAsync(transition, CancellationToken.None) is { } id ? Number(id) : "nothing";
    }

    private async Task<string> ActivateAsync(CoordinationCommand.Activate activate) =>
        await _sessions[activate.By].ActivateAsync(new ActivateGeneration(_generations[activate.Generation], IdsOf(activate.Excused)), CancellationToken.None) is { } activation
            ? activation.Moved is { } moved ? $"took over {moved} rows" : $"active; nobody has: {string.Join(", ", activation.Unowned.Order(StringComparer.Ordinal))}"
            : "nothing";

    private async Task<string> TakeAsync(CoordinationCommand.Take take) => await _sessions[take.Worker].TakePartitionAsync(new StaticPartition(take.Key, take.Total), CancellationToken.None) switch
    {
        PartitionTake.Taken taken => $"taken under {Number(taken.GenerationId)}; it does not have: {string.Join(", ", taken.Missing.Order(StringComparer.Ordinal))}",
        PartitionTake.Refused refused => ids.Index().Aggregate(refused.Cause, (text, worker) => text.Replace(worker.Item.ToString(), Name(worker.Item), StringComparison.Ordinal)),
        _ => "nothing",
    };

    private async Task<string> LeaveAsync(int worker)
    {
        await _sessions[worker].LeaveAsync(CancellationToken.None);
        await _sessions[worker].DisposeAsync();
        _sessions.Remove(worker);
        return "left";
    }

    private async Task<string> LoseAsync(int worker)
    {
        await _sessions[worker].DisposeAsync();
        _sessions.Remove(worker);
        await Eventually.HoldsAsync(async () => !(await _sessions.First().Value.ReadRosterAsync(CancellationToken.None)).Workers.Any(row => row.Id == ids[worker] && row.SessionHeld));
        return "lost";
    }

    private async Task<string> LoadAsync(int worker)
    {
        ImmutableArray<Checkpoint> rows = await checkpoints.LoadAsync(FenceOf(worker), CancellationToken.None);
        _loaded[worker] = rows;
        return string.Join(", ", rows.Select(Words));
    }

    private async Task<string> BeginAsync(CoordinationCommand.Begin begin)
    {
        if (Remembered(begin.Worker, begin.Row) is not { } row)
        {
            return "no such row is remembered";
        }

        if (await checkpoints.BeginAsync(FenceOf(begin.Worker), row, EmptyServices.Instance, CancellationToken.None) is not { } batch)
        {
            return "nothing";
        }

        _batches.Add(begin.Worker, batch);
        return Words(batch.Checkpoint);
    }

    private async Task<string> CommitAsync(CoordinationCommand.Commit commit)
    {
        if (!_batches.TryGetValue(commit.Worker, out IFencedBatch? batch))
        {
            return "no batch is open";
        }

        try
        {
            await batch.CommitAsync(batch.Checkpoint.Position + commit.Events);
            return "committed";
        }
        catch (Exception)
        {
            // Each provider has exceptions of its own for a session that has been ended.
            return "failed";
        }
        finally
        {
            await EndAsync(commit.Worker);
        }
    }

    private async Task<string> EndAsync(int worker)
    {
        if (!_batches.Remove(worker, out IFencedBatch? batch))
        {
            return "no batch is open";
        }

        await batch.DisposeAsync();
        return "ended";
    }

    private async Task<string> MergeAsync(CoordinationCommand.Merge merge) =>
        Remembered(merge.Worker, merge.LowerRow) is { } lower && Remembered(merge.Worker, merge.LowerRow + 1) is { } upper
            && lower.Projection == upper.Projection && lower.Slots.To == upper.Slots.From
            ? await checkpoints.MergeAsync(FenceOf(merge.Worker), lower, upper, CancellationToken.None) is { } row ? Words(row) : "nothing"
            : "no such rows are remembered";

    private Fence FenceOf(int worker) => new(replicaSet, ids[worker]);

    private Checkpoint? Remembered(int worker, int row) => _loaded.GetValueOrDefault(worker, []) is var rows && row < rows.Length ? rows[row] : null;

    private long? IdOf(int? generation) => generation is { } number ? _generations[number] : null;

    private ImmutableArray<Guid> IdsOf(string workers) => [.. workers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => ids[int.Parse(number, CultureInfo.InvariantCulture)])];

    private string Number(long generation)
    {
        if (!_generations.Contains(generation))
        {
            Assert.That(_generations, Is.All.LessThan(generation), "ids rise");
            _generations.Add(generation);
        }

        return $"generation {_generations.IndexOf(generation)}";
    }

    private string Name(Guid? worker) => worker is not { } id ? "nobody" : ids.Index().First(known => known.Item == id).Index is var number ? $"worker {number}" : "";

    private string Words(IEnumerable<Guid> workers) => string.Join(", ", workers.Select(worker => Name(worker)));

    private string Words(Checkpoint row) => $"{row.Projection}/{row.Version} {row.Slots} at {row.Position}, {Number(row.GenerationId)}, {Name(row.WorkerId)}";

    private string Words(GenerationView? view) => view is null ? "none" : $"{Number(view.Id)} of {view.TotalPartitions}, mine {view.Partition}";

    private string Words((MembershipView View, bool Leads) read) =>
        $"registered {read.View.Registered}, active {Words(read.View.Active)} {read.View.Active?.Strategy}, forming {Words(read.View.Forming)} {read.View.Forming?.Strategy}, leader {Name(read.View.LeaderId)}, by hand {read.View.HasStaticOwners}, leads {read.Leads}";

    private string Words(Generation? generation) => generation is null ? "none" : $"{Number(generation.Id)}, {generation.Strategy} ({Words(generation.Members)})";

    private string Words(Roster roster) =>
        $"active {Words(roster.Active)}, forming {Words(roster.Forming)}, "
        + string.Join("; ", roster.Workers.Select(worker =>
            $"{Name(worker.Id)}: acknowledged {NumberOf(worker.AcknowledgedGeneration)}, {string.Join(' ', worker.Projections)}, held {worker.SessionHeld}, by hand {worker.IsStatic}"));
}
