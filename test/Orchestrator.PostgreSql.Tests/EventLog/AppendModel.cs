using Orchestrator.PostgreSql.EventLog;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>What PostgreSQL does with positions and locks, as far as the horizon depends on it: seeded, without a server.</summary>
internal sealed class AppendModel(int seed)
{
    // The generator decides test data only.
    private readonly Random _random = new(seed);
    private readonly List<Transaction> _open = [];
    private readonly HashSet<long> _visible = [];
    private int _transactions;

    public long LastValue { get; private set; }

    /// <summary>The least position that an open transaction has drawn and can still make visible.</summary>
    public long FirstThatCanStillAppear => _open.SelectMany(transaction => transaction.Levels).SelectMany(level => level.Positions).DefaultIfEmpty(long.MaxValue).Min();

    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Step();
        }
    }

    /// <summary>An observation in the product's order, with other transactions at work between its steps.</summary>
    public HorizonObservation Observe(long horizon, bool othersAtWork = true)
    {
        long lastValue = LastValue;
        Run(othersAtWork ? _random.Next(4) : 0);
        string[] holders = [.. _open.Where(transaction => transaction.Levels.Any(level => level.Locked)).Select(transaction => transaction.Id)];
        Run(othersAtWork ? _random.Next(4) : 0);
        long contiguousTo = horizon;
        while (_visible.Contains(contiguousTo + 1))
        {
            contiguousTo++;
        }

        return new HorizonObservation(lastValue, holders, contiguousTo, 1);
    }

    public void EndAll()
    {
        while (_open.Count > 0)
        {
            End(_open[0], _random.Next(2) == 0);
        }
    }

    private void Step()
    {
        if (_open.Count < 4 && _random.Next(3) == 0)
        {
            _open.Add(new Transaction($"3/{++_transactions}"));
        }

        if (_open.Count == 0)
        {
            return;
        }

        Transaction transaction = _open[_random.Next(_open.Count)];
        Level top = transaction.Levels[^1];
        switch (_random.Next(8))
        {
            case < 2:
                // The lock comes first, in a step of its own: the statement may be interrupted between the two.
                top.Locked = true;
                break;
            case < 4 when transaction.Levels.Any(level => level.Locked):
                top.Locked = true;
                top.Positions.Add(++LastValue);
                break;
            case 4:
                transaction.Levels.Add(new Level());
                break;
            case 5 when transaction.Levels.Count > 1:
                transaction.Levels.RemoveAt(transaction.Levels.Count - 1);
                break;
            case 6:
                End(transaction, commit: true);
                break;
            case 7 when _random.Next(3) == 0:
                End(transaction, commit: false);
                break;
        }
    }

    private void End(Transaction transaction, bool commit)
    {
        if (commit)
        {
            _visible.UnionWith(transaction.Levels.SelectMany(level => level.Positions));
        }

        _open.Remove(transaction);
    }

    private sealed record Transaction(string Id)
    {
        public List<Level> Levels { get; } = [new Level()];
    }

    /// <summary>The transaction itself, or a savepoint in it.</summary>
    private sealed class Level
    {
        public bool Locked { get; set; }

        public List<long> Positions { get; } = [];
    }
}
