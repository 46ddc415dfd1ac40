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
        if (replicaSet.Find(GenerationState.Active)?.Id != context.GenerationId)
        {
            Violations.Add($"{projection} committed under generation {context.GenerationId}, which is not the active one.");
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
    }

    private void CheckCoverage(string projection, Checkpoint[] rows)
    {
        int next = 0;
        foreach (Checkpoint row in rows)
        {
            if (row.Slots.From != next || row.Position > database.Events.Count || row.WorkerId is null)
            {
                Violations.Add($"{projection}: {row} does not follow slot {next}, is ahead of the log, or has no owner.");
            }

            next = row.Slots.To;
            CheckPosition(projection, row);
        }

        if (next != SlotRange.Count)
        {
            Violations.Add($"{projection}: slots from {next} on are not covered.");
        }
    }

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
