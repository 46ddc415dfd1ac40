using Npgsql;
using Orchestrator.ChaosTests.CommandLine;
using Orchestrator.ChaosTests.World;
using Orchestrator.Events;

namespace Orchestrator.ChaosTests.Faults;

/// <summary>Causes faults of every kind in an order that a seed gives: each kind once, then again in another order, and so on; several at a time.</summary>
internal sealed class FaultSchedule
{
    private static readonly TimeSpan OverTime = TimeSpan.FromMinutes(3);

    private readonly ChaosWorld _world;
    private readonly ChaosSettings _settings;
    private readonly Dictionary<string, IFault> _kinds = new(StringComparer.Ordinal);
    private readonly Random _random;
    private readonly Queue<IFault> _round = new();
    private int _struck;

    public FaultSchedule(ChaosWorld world, IReadOnlyList<IFault> kinds)
    {
        _world = world;
        _settings = world.Settings;
        _random = new Random(_settings.Seed);
        foreach (IFault kind in kinds)
        {
            if (kind.WhyNot(world) is { } why)
            {
                Tally.Skip(kind.Name, why);
            }
            else
            {
                Tally.Expect(kind.Name);
                _kinds.Add(kind.Name, kind);
            }
        }
    }

    public FaultTally Tally { get; } = new();

    /// <summary>Causes faults until the time is over and each kind has struck, and waits until all that was broken is whole again.</summary>
    /// <param name="progress">Told what happens.</param>
    /// <param name="stop">Ends it early.</param>
    public async Task RunAsync(Action<string> progress, CancellationToken stop)
    {
        long began = TimeProvider.System.GetTimestamp();
        var running = new List<Task>();
        while (!stop.IsCancellationRequested && !IsOver(TimeProvider.System.GetElapsedTime(began)))
        {
            running.Add(StrikeAsync(Next(), new Random(HashCode.Combine(_settings.Seed, ++_struck)), progress));
            await Task.Delay(_settings.Pause * (0.5 + _random.NextDouble()), TimeProvider.System, CancellationToken.None);
            while (running.Count >= _settings.AtOnce)
            {
                running.Remove(await Task.WhenAny(running));
            }
        }

        await Task.WhenAll(running);
    }

    // A short run may end before each kind had its turn, or found something to strike.
    private bool IsOver(TimeSpan elapsed) => _kinds.Count == 0 || (elapsed >= _settings.Duration && (Tally.NeverFired.Count == 0 || elapsed >= _settings.Duration + OverTime));

    private IFault Next()
    {
        if (_round.Count == 0)
        {
            IFault[] kinds = [.. _kinds.Values];
            _random.Shuffle(kinds);
            Array.ForEach(kinds, _round.Enqueue);
        }

        return _round.Dequeue();
    }

    private async Task StrikeAsync(IFault kind, Random random, Action<string> progress)
    {
        bool fired = false;
        try
        {
            fired = await kind.StrikeAsync(_world, random);
        }
        catch (Exception exception) when (exception is NpgsqlException or EventStoreException)
        {
            // Another fault was in the way: the server is down.
        }
        catch (Exception exception) when (exception is AssertionException or TimeoutException)
        {
            _world.Findings.Add($"{kind.Name}: {exception.Message}");
        }

        Tally.Count(kind.Name, fired);
        progress($"{kind.Name}{(fired ? "" : ": nothing to strike")}");
    }
}
