using System.Globalization;
using Orchestrator.Simulation.Scheduling;
using Orchestrator.Simulation.Stores;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>The application that appends: several transactions at once, fast and slow, some rolled back, some to a savepoint only. Never two at once on one aggregate: the second would wait for the first.</summary>
internal sealed class Appender(World world, SimulatedNode server, SimulatedLog log, int events)
{
    private const int Aggregates = 6;

    private bool _hurries;

    public bool Done => log.Count >= events;

    public void Start() => world.At(server, world.Between(0, 50), Begin);

    /// <summary>No long transactions any more: what is asked for behind the last fault must not wait for one.</summary>
    public void Hurry() => _hurries = true;

    private void Begin()
    {
        if (Done)
        {
            return;
        }

        world.At(server, world.Between(1, 60), Begin);
        string aggregate = string.Create(CultureInfo.InvariantCulture, $"aggregate-{world.Random.Next(Aggregates)}");
        if (!log.IsBusy(aggregate))
        {
            SimulatedAppend append = log.Begin(aggregate);
            append.Lock();
            Later(() => Draw(append, world.Random.Next(1, 6)));
        }
    }

    private void Draw(SimulatedAppend append, int left)
    {
        if (world.Chance(0.03))
        {
            append.RollBackToSavepoint();
            append.Lock();
        }

        append.Draw(world.Chance(0.4) ? "Odd" : "Even");
        Later(left == 1 ? () => End(append) : () => Draw(append, left - 1));
    }

    private void End(SimulatedAppend append)
    {
        if (world.Chance(0.1))
        {
            append.RollBack();
        }
        else
        {
            append.Commit();
        }
    }

    private void Later(Action step) => world.At(server, world.Chance(0.1) && !_hurries ? world.Between(5, 400) : world.Between(0, 2), step);
}
