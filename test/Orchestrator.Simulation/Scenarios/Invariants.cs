using System.Runtime.InteropServices;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Projections;
using Orchestrator.Simulation.Scheduling;
using Orchestrator.Simulation.Stores;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>What must be true whatever happens, checked in every moment in which something takes effect.</summary>
internal sealed class Invariants
{
    private readonly Dictionary<(string Projection, string AggregateId), int> _next = [];
    private readonly Dictionary<(string Projection, int Slot), long> _positions = [];
    private readonly List<Checkpoint> _rows = [];
    private readonly InMemoryReplicaSet _replicaSet;
    private long _lastActive;

    public Invariants(World world, InMemoryReplicaSet replicaSet)
    {
        _replicaSet = replicaSet;
        Removals = new Removals(world, replicaSet, Violations);
        Log = new SimulatedLog(OnAppended);
    }

    public SimulatedLog Log { get; }

    public Removals Removals { get; }

    public List<string> Violations { get; } = [];

    public int Applied { get; private set; }

    /// <summary>How many times an event must be applied, over all projections.</summary>
    public int Wanted { get; private set; }

    /// <summary>Whether every process has every projection.</summary>
    public required bool AllHaveAll { get; init; }

    /// <summary>Whether rows may change hands one by one, so that they bear the stamps of different generations.</summary>
    public required bool MayRoll { get; init; }

    /// <summary>An event has taken effect in a projection.</summary>
    public void OnApplied(string projection, PersistedEvent e, ProjectionContext context)
    {
        Applied++;
        IReadOnlyList<PersistedEvent> stream = Log.StreamOf(e.AggregateId);
        int next = _next.GetValueOrDefault((projection, e.AggregateId));
        while (next < stream.Count && !Deployment.Wants(projection, stream[next]))
        {
            next++;
        }

        if (next == stream.Count || stream[next].GlobalPosition > e.GlobalPosition)
        {
            Violations.Add($"{projection} applied position {e.GlobalPosition} of {e.AggregateId} again, or too late.");
        }
        else if (stream[next].GlobalPosition < e.GlobalPosition)
        {
            Violations.Add($"{projection} applied position {e.GlobalPosition} of {e.AggregateId} and skipped {stream[next].GlobalPosition}.");
        }

        _next[(projection, e.AggregateId)] = next + 1;
        int slot = InMemoryDatabase.SlotOf(e.AggregateId);
        Checkpoint? row = _replicaSet.Checkpoints.Find(row => row.Value.Projection == projection && row.Value.Slots.Contains(slot))?.Value;
        if ((row?.WorkerId, row?.GenerationId) != (context.WorkerId, context.GenerationId))
        {
            Violations.Add($"{projection} committed for worker {context.WorkerId} under generation {context.GenerationId} what belongs to {row}.");
        }

        if (!MayRoll && !_replicaSet.Generations.Exists(entry => entry.Generation.Id == context.GenerationId && entry.State is GenerationState.Active or GenerationState.Static))
        {
            Violations.Add($"{projection} committed under generation {context.GenerationId}, which is over or has not begun.");
        }
    }

    /// <summary>Checks what the rows say.</summary>
    public void CheckRows()
    {
        Removals.Look();
        CheckGenerations();
        _rows.Clear();
        foreach (InMemoryCheckpoint row in _replicaSet.Checkpoints)
        {
            _rows.Add(row.Value);
        }

        _rows.Sort(static (left, right) => string.CompareOrdinal(left.Projection, right.Projection) is not 0 and var order ? order : left.Slots.From.CompareTo(right.Slots.From));
        for (int first = 0; first < _rows.Count; first = CheckCoverage(first))
        {
        }
    }

    /// <summary>Checks that nothing is left of processes that have all ended. A row of one that crashed may be: whoever starts next removes it.</summary>
    public void CheckLeaks()
    {
        int sessions = _replicaSet.Workers.Count(worker => !worker.Session.Ended);
        int batches = _replicaSet.Checkpoints.Count(row => row.Batch is not null);
        if (sessions + batches > 0 || _replicaSet.Leader is not null)
        {
            Violations.Add($"Left behind by processes that have ended: {sessions} sessions, {batches} open batches, {(_replicaSet.Leader is null ? "no" : "a")} leader's lock.");
        }
    }

    // The horizon's promise: nothing ever appears behind a position that has been reached.
    private void OnAppended(PersistedEvent e)
    {
        int slot = InMemoryDatabase.SlotOf(e.AggregateId);
        Wanted += Deployment.Names.Count(projection => Deployment.Wants(projection, e));
        foreach (Checkpoint row in _replicaSet.Checkpoints.Select(row => row.Value))
        {
            if (row.Slots.Contains(slot) && row.Position >= e.GlobalPosition)
            {
                Violations.Add($"Position {e.GlobalPosition} of {e.AggregateId} appeared behind {row}.");
            }
        }
    }

    private void CheckGenerations()
    {
        long last = 0;
        int active = 0;
        int forming = 0;
        foreach ((Generation generation, GenerationState state) in _replicaSet.Generations)
        {
            if (generation.Id <= last)
            {
                Violations.Add($"Generation {generation.Id} came behind {last}.");
            }

            last = generation.Id;
            active += state == GenerationState.Active ? 1 : 0;
            forming += state == GenerationState.Forming ? 1 : 0;
        }

        if (active > 1 || forming > 1)
        {
            Violations.Add("More than one generation is active or forming.");
        }

        long current = _replicaSet.Find(GenerationState.Active)?.Id ?? _lastActive;
        if (current < _lastActive)
        {
            Violations.Add($"Generation {current} became active behind {_lastActive}.");
        }

        _lastActive = current;
        if (_replicaSet.HasStaticOwners)
        {
            CheckStaticPartitions(active + forming);
        }
    }

    private void CheckStaticPartitions(int generations)
    {
        StaticPartition[] taken = [.. _replicaSet.Workers.Select(worker => worker.Static).OfType<StaticPartition>()];
        if (generations > 0)
        {
            Violations.Add("A generation stands beside partitions that are set by hand.");
        }

        if (taken.Distinct().Count() != taken.Length || taken.DistinctBy(partition => partition.Total).Count() > 1)
        {
            Violations.Add($"Partitions that do not go together: {string.Join(", ", taken.AsEnumerable())}.");
        }
    }

    // The rows of one projection. Returns where the next one's begin.
    private int CheckCoverage(int first)
    {
        string projection = _rows[first].Projection;
        int next = 0;
        int index = first;
        for (; index < _rows.Count && _rows[index].Projection == projection; index++)
        {
            Checkpoint row = _rows[index];
            if (row.Slots.From != next || (row.Position > 0 && !Log.Has(row.Position)) || !IsOwned(row))
            {
                Violations.Add($"{projection}: {row} does not follow slot {next}, stands at no event, or has not the owner that it should have.");
            }

            next = row.Slots.To;
            CheckPosition(projection, row);
        }

        if (next != SlotRange.Count)
        {
            Violations.Add($"{projection}: slots from {next} on are not covered.");
        }

        return index;
    }

    // Where every worker has every projection, no row is nobody's, but among partitions that are set by hand those that no process has taken. There a worker's rows lie in its share.
    private bool IsOwned(Checkpoint row) => row.WorkerId is { } owner
        ? _replicaSet.Find(owner)?.Static?.Share.Contains(row.Slots) ?? true
        : !AllHaveAll || _replicaSet.Find(GenerationState.Active) is null;

    private void CheckPosition(string projection, Checkpoint row)
    {
        foreach (int slot in Log.Slots)
        {
            if (!row.Slots.Contains(slot))
            {
                continue;
            }

            ref long before = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, (projection, slot), out _);
            if (before > row.Position)
            {
                Violations.Add($"{projection}: the position of slot {slot} fell to {row.Position}.");
            }

            before = row.Position;
        }
    }
}
