using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Projections;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>What must be true whatever happens, checked in every moment in which something takes effect.</summary>
internal sealed class Invariants(InMemoryDatabase database, InMemoryReplicaSet replicaSet)
{
    private readonly Dictionary<(string Projection, string AggregateId), long> _applied = [];
    private readonly Dictionary<(string Projection, int Slot), long> _positions = [];

    public List<string> Violations { get; } = [];

    public int Applied { get; private set; }

    /// <summary>An event has taken effect in a projection.</summary>
    public void OnApplied(string projection, PersistedEvent e, ProjectionContext context)
    {
        Applied++;
        (string, string) key = (projection, e.AggregateId);
        long last = _applied.GetValueOrDefault(key);
        if (e.GlobalPosition <= last)
        {
            Violations.Add($"{projection} applied position {e.GlobalPosition} of {e.AggregateId} again or too late: it had applied {last}.");
        }

        PersistedEvent? skipped = database.Streams[(e.AggregateType, e.AggregateId)]
            .Find(other => other.GlobalPosition > last && other.GlobalPosition < e.GlobalPosition && (projection == "all" || other.EventType == "Odd"));
        if (skipped is not null)
        {
            Violations.Add($"{projection} skipped position {skipped.GlobalPosition} of {e.AggregateId}.");
        }

        _applied[key] = e.GlobalPosition;
        if (!replicaSet.Generations.Exists(entry => entry.Generation.Id == context.GenerationId && entry.State is GenerationState.Active or GenerationState.Static))
        {
            Violations.Add($"{projection} committed under generation {context.GenerationId}, which is over or has not begun.");
        }
    }

    /// <summary>Checks what the rows say.</summary>
    public void CheckRows()
    {
        CheckGenerations();
        foreach (IGrouping<string, Checkpoint> projection in replicaSet.InKeyOrder().Select(row => row.Value).GroupBy(row => row.Projection))
        {
            CheckCoverage(projection.Key, [.. projection]);
        }
    }

    private void CheckGenerations()
    {
        long last = 0;
        foreach ((Generation generation, _) in replicaSet.Generations)
        {
            if (generation.Id <= last)
            {
                Violations.Add($"Generation {generation.Id} came behind {last}.");
            }

            last = generation.Id;
        }

        if (replicaSet.Generations.Count(entry => entry.State == GenerationState.Active) > 1 || replicaSet.Generations.Count(entry => entry.State == GenerationState.Forming) > 1)
        {
            Violations.Add("More than one generation is active or forming.");
        }

        CheckStaticPartitions();
    }

    private void CheckStaticPartitions()
    {
        StaticPartition[] taken = [.. replicaSet.Workers.Select(worker => worker.Static).OfType<StaticPartition>()];
        if (taken.Length > 0 && replicaSet.Generations.Exists(entry => entry.State is GenerationState.Active or GenerationState.Forming))
        {
            Violations.Add("A generation stands beside partitions that are set by hand.");
        }

        if (taken.Distinct().Count() != taken.Length || taken.DistinctBy(partition => partition.Total).Count() > 1)
        {
            Violations.Add($"Partitions that do not go together: {string.Join(", ", taken.AsEnumerable())}.");
        }
    }

    private void CheckCoverage(string projection, Checkpoint[] rows)
    {
        int next = 0;
        foreach (Checkpoint row in rows)
        {
            if (row.Slots.From != next || row.Position > database.Events.Count || !IsOwned(row))
            {
                Violations.Add($"{projection}: {row} does not follow slot {next}, is ahead of the log, or has not the owner that it should have.");
            }

            next = row.Slots.To;
            CheckPosition(projection, row);
        }

        if (next != SlotRange.Count)
        {
            Violations.Add($"{projection}: slots from {next} on are not covered.");
        }
    }

    // Every worker has every projection: so no row is nobody's, but among partitions that are set by hand those that no process has taken. There a worker's rows lie in its share.
    private bool IsOwned(Checkpoint row) =>
        row.WorkerId is { } owner ? replicaSet.Find(owner)?.Static?.Share.Contains(row.Slots) ?? true : replicaSet.Find(GenerationState.Active) is null;

    private void CheckPosition(string projection, Checkpoint row)
    {
        foreach (int slot in database.EventSlots.Distinct().Where(row.Slots.Contains))
        {
            if (_positions.GetValueOrDefault((projection, slot)) > row.Position)
            {
                Violations.Add($"{projection}: the position of slot {slot} fell to {row.Position}.");
            }

            _positions[(projection, slot)] = row.Position;
        }
    }
}
