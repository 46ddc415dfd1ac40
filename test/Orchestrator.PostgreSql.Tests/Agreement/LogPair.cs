using Npgsql;
using Orchestrator.Events;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.Projections;
using Orchestrator.Simulation.Stores;

namespace Orchestrator.PostgreSql.Tests.Agreement;

/// <summary>The simulation's log and PostgreSQL's, given the same appends and the same looks in the same order. What they answer must be the same.</summary>
/// <param name="writers">A connection for each append that may be open.</param>
/// <param name="session">Observes the real log.</param>
/// <param name="pages">Reads it.</param>
/// <param name="start">The last position that the real log has drawn: its positions count from there.</param>
/// <param name="seed">Chooses.</param>
internal sealed class LogPair(IReadOnlyList<NpgsqlConnection> writers, HorizonSession session, EventPageReader pages, long start, int seed)
{
    // The generator decides test data only.
    private readonly Random _random = new(seed);
    private readonly SimulatedLog _simulated = new(static _ => { });
    private readonly SimulatedAppend?[] _open = new SimulatedAppend?[writers.Count];
    private readonly Dictionary<string, string> _transactions = new(StringComparer.Ordinal);
    private readonly HorizonTracker _realHorizon = new(start);
    private readonly HorizonTracker _simulatedHorizon = new(0);
    private readonly List<string> _story = [];
    private int _moments;

    /// <summary>What was done, and what came of it.</summary>
    public string Story => $"seed {seed}:{Environment.NewLine}{string.Join(Environment.NewLine, _story)}";

    /// <summary>Does one thing, chosen at random, on both.</summary>
    public async Task StepAsync()
    {
        int writer = _random.Next(writers.Count);
        switch (_random.Next(12))
        {
            case < 5:
                await DrawAsync(writer);
                break;
            case 5:
                await LockAsync(writer);
                break;
            case 6:
                await RollBackToSavepointAsync(writer);
                break;
            case 7:
                await EndAsync(writer);
                break;
            case 8 or 9:
                await ReadAsync();
                break;
            default:
                await ObserveAsync();
                break;
        }
    }

    /// <summary>Ends every append, and looks once more.</summary>
    public async Task EndAsync()
    {
        for (int writer = 0; writer < writers.Count; writer++)
        {
            await EndAsync(writer);
        }

        await ObserveAsync();
        await ReadAsync();
    }

    private async Task<SimulatedAppend> OpenAsync(int writer)
    {
        if (_open[writer] is { } open)
        {
            return open;
        }

        await ExecuteAsync(writer, "BEGIN; SAVEPOINT start");
        await using var own = new NpgsqlCommand("SELECT virtualtransaction FROM pg_locks WHERE pid = pg_backend_pid() LIMIT 1", writers[writer]);
        SimulatedAppend append = _simulated.Begin($"{seed}-{_moments++}");
        _transactions[(string)(await own.ExecuteScalarAsync())!] = append.Id;
        _story.Add($"{append.Id} begins");
        return _open[writer] = append;
    }

    private async Task DrawAsync(int writer)
    {
        SimulatedAppend append = await OpenAsync(writer);
        string type = _random.Next(2) == 0 ? "Odd" : "Even";
        append.Lock();
        append.Draw(type);
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload)
            VALUES ('Thing', $1, (SELECT coalesce(max(aggregate_version), 0) + 1 FROM events WHERE aggregate_id = $1), gen_random_uuid(), $2, '') RETURNING global_position
            """,
            writers[writer])
        {
            Parameters = { new() { Value = append.AggregateId }, new() { Value = type } },
        };
        Agree($"{append.Id} draws", (long)(await insert.ExecuteScalarAsync())! - start, _simulated.LastValue);
    }

    // The log's trigger takes the lock for a statement, whether that inserts a row or not.
    private async Task LockAsync(int writer)
    {
        SimulatedAppend append = await OpenAsync(writer);
        append.Lock();
        await ExecuteAsync(writer, "INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) SELECT 'Thing', '', 1, gen_random_uuid(), '', '' WHERE false");
        _story.Add($"{append.Id} takes the lock");
    }

    private async Task RollBackToSavepointAsync(int writer)
    {
        if (_open[writer] is { } append)
        {
            append.RollBackToSavepoint();
            await ExecuteAsync(writer, "ROLLBACK TO SAVEPOINT start");
            _story.Add($"{append.Id} rolls back to the savepoint");
        }
    }

    private async Task EndAsync(int writer)
    {
        if (_open[writer] is not { } append)
        {
            return;
        }

        bool commits = _random.Next(4) > 0;
        _open[writer] = null;
        await ExecuteAsync(writer, commits ? "COMMIT" : "ROLLBACK");
        if (commits)
        {
            append.Commit();
        }
        else
        {
            append.RollBack();
        }

        _story.Add($"{append.Id} {(commits ? "commits" : "rolls back")}");
    }

    private async Task ObserveAsync()
    {
        HorizonObservation real = (await session.ObserveAsync(_realHorizon.Position, ++_moments, CancellationToken.None))!;
        var simulated = new HorizonObservation(_simulated.LastValue, _simulated.Holders, _simulated.ContiguousTo(_simulatedHorizon.Position), _moments);
        Agree("the last value", real.LastValue - start, simulated.LastValue);
        Agree("the holders", Words(real.Holders.Select(holder => _transactions.GetValueOrDefault(holder, holder))), Words(simulated.Holders));
        Agree("the end of the run", real.ContiguousTo - start, simulated.ContiguousTo);
        _realHorizon.Observe(real);
        _simulatedHorizon.Observe(simulated);
        Agree("the horizon", _realHorizon.Position - start, _simulatedHorizon.Position);
    }

    private async Task ReadAsync()
    {
        long horizon = _simulatedHorizon.Position;
        long from = _random.NextInt64(horizon + 1);
        if (from == horizon)
        {
            return;
        }

        EventFilter filter = _random.Next(2) == 0 ? EventFilter.All : EventFilter.Of([], ["Odd"]);
        int most = _random.Next(1, 8);
        var request = new EventPageRequest(from, SlotRange.All, most, 1_000_000, filter);
        EventPage simulated = _simulated.Read(request, horizon, _moments);
        EventPage real = await pages.ReadAsync(request with { From = from + start }, new Horizon(horizon + start, _realHorizon.Position, _moments, null, 0), CancellationToken.None);
        Agree($"a page behind {from}, of {most} at most{(filter.IsAll ? "" : ", filtered")}", Words(real, start), Words(simulated, 0));
    }

    private void Agree<T>(string what, T real, T simulated)
    {
        _story.Add($"{what}: {real}");
        Assert.That(simulated, Is.EqualTo(real), () => Story);
    }

    private async Task ExecuteAsync(int writer, string sql)
    {
        await using var command = new NpgsqlCommand(sql, writers[writer]);
        await command.ExecuteNonQueryAsync();
    }

    private static string Words(IEnumerable<string> words) => string.Join(", ", words.Order(StringComparer.Ordinal));

    private static string Words(EventPage page, long start) => $"({page.From - start}, {page.To - start}]: {string.Join(", ", page.Events.Select((PersistedEvent e) => $"{e.GlobalPosition - start} {e.EventType}"))}";
}
