using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;

namespace Orchestrator.PostgreSql.Tests.Agreement;

/// <summary>
/// Chooses what is asked next. Mostly what makes sense, as the in-memory provider's rows stand, so that much is reached; now and then what does not: another generation than the one that is there, members
/// that have gone. Nothing that would wait for a lock: only time would tell the answer.
/// </summary>
internal sealed class CommandSource(int seed, InMemoryReplicaSet rows, CoordinationSide memory)
{
    private const int MaxWorkers = 5;

    private static readonly string[] s_projections = ["a", "a b", "b"];

    // The generator decides test data only.
    private readonly Random _random = new(seed);
    private readonly Queue<CoordinationCommand> _planned = new();
    private readonly bool _anyByHand = seed % 3 == 0;
    private readonly HashSet<int> _byHand = [];
    private readonly SortedSet<int> _alive = [];
    private readonly SortedSet<int> _beating = [];
    private readonly SortedSet<int> _busy = [];
    private int _workers;

    private bool Chance(double probability) => _random.NextDouble() < probability;

    /// <summary>Chooses.</summary>
    public CoordinationCommand Next()
    {
        CoordinationCommand next = _planned.TryDequeue(out CoordinationCommand? planned) && IsPossible(planned) ? planned : Choose();

        // A batch that is open would have to be waited for.
        return next is CoordinationCommand.Activate or CoordinationCommand.Take && _busy.Count > 0 ? End(_busy.Min) : next;
    }

    /// <summary>Hears what came of it.</summary>
    public void Done(CoordinationCommand command, string answer)
    {
        switch (command)
        {
            case CoordinationCommand.Leave { Worker: var worker }:
                _alive.Remove(worker);
                break;
            case CoordinationCommand.LoseSession { Worker: var worker }:
                _alive.Remove(worker);
                break;
            case CoordinationCommand.Remove { Worker: var worker } when answer.Contains("worker", StringComparison.Ordinal):
                _alive.Remove(worker);
                _beating.Remove(worker);
                break;
            case CoordinationCommand.Begin { Worker: var worker } when answer.Contains(" at ", StringComparison.Ordinal):
                _busy.Add(worker);
                break;
            case CoordinationCommand.Form form when answer != "nothing":
                Plan(form);
                break;
            case CoordinationCommand.Activate activate when answer.StartsWith("took over", StringComparison.Ordinal):
                PlanLoads();
                _planned.Enqueue(activate);
                break;
            case CoordinationCommand.Activate or CoordinationCommand.Take when answer.StartsWith("active", StringComparison.Ordinal) || answer.StartsWith("taken", StringComparison.Ordinal):
                PlanLoads();
                break;
        }
    }

    private bool IsPossible(CoordinationCommand command) => command switch
    {
        CoordinationCommand.Acknowledge { Worker: var worker } => _alive.Contains(worker),
        CoordinationCommand.Activate { By: var by } => _alive.Contains(by),
        _ => true,
    };

    private CoordinationCommand Choose()
    {
        if (_workers == 0 || (_workers < MaxWorkers && Chance(0.15)))
        {
            return Register();
        }

        int worker = Any(_alive);
        return _random.Next(24) switch
        {
            0 or 1 => new CoordinationCommand.Beat(Any(_beating)),
            2 or 3 => new CoordinationCommand.ReadView(worker, Chance(0.7)),
            4 => new CoordinationCommand.ReadRoster(worker),
            5 when memory.Generations > 0 && !_byHand.Contains(worker) => new CoordinationCommand.Acknowledge(worker, _random.Next(memory.Generations)),
            6 or 7 when _workers > 1 => Remove(_random.Next(1, _workers)),
            8 or 9 or 10 or 11 => Form(worker),
            12 when memory.Generations > 0 => new CoordinationCommand.Activate(worker, _random.Next(memory.Generations), Chance(0.5) ? Members(0.5) : ""),
            13 or 14 when _byHand.Overlaps(_alive) => new CoordinationCommand.Take(Any(_byHand.Intersect(_alive)), _random.Next(2), _random.Next(2, 4)),
            15 when _alive.Count > 1 => new CoordinationCommand.Leave(Any(_alive.Skip(1))),
            16 when _alive.Count > 1 => new CoordinationCommand.LoseSession(Any(_alive.Skip(1))),
            17 => new CoordinationCommand.ReadProgress(),
            18 or 19 when _busy.Count > 0 => End(Any(_busy)),
            _ => OfRows(),
        };
    }

    private CoordinationCommand.Register Register()
    {
        int worker = _workers++;
        _alive.Add(worker);
        _beating.Add(worker);
        bool isStatic = _anyByHand && worker > 0 && Chance(0.5);
        if (isStatic)
        {
            _byHand.Add(worker);
        }

        return new CoordinationCommand.Register(worker, s_projections[_random.Next(s_projections.Length)], _random.Next(1, 3), isStatic);
    }

    private CoordinationCommand.Form Form(int by)
    {
        int? active = memory.NumberOf(rows.Find(GenerationState.Active)?.Id);
        int? forming = memory.NumberOf(rows.Find(GenerationState.Forming)?.Id);
        string members = Members(Chance(0.1) ? 0.3 : 0);
        return new CoordinationCommand.Form(by, Chance(0.9) ? active : Other(active), Chance(0.9) ? forming : Other(forming), members.Length == 0 ? "0" : members, Chance(0.4) ? RebalanceStrategy.Rolling : RebalanceStrategy.Recreate);
    }

    // Nobody removes itself, and the first worker stays to ask.
    private CoordinationCommand.Remove Remove(int worker) => new(Any(_alive.Where(by => by != worker)), worker, Chance(0.5), _random.Next(2));

    private CoordinationCommand OfRows()
    {
        int worker = _random.Next(_workers);
        if (memory.Generations == 0)
        {
            return new CoordinationCommand.ReadProgress();
        }

        return _random.Next(4) switch
        {
            0 => new CoordinationCommand.Load(worker),
            1 when !_busy.Contains(worker) => new CoordinationCommand.Merge(worker, _random.Next(3)),
            _ when !_busy.Contains(worker) => new CoordinationCommand.Begin(worker, _random.Next(3)),
            _ => End(worker),
        };
    }

    private CoordinationCommand End(int worker)
    {
        _busy.Remove(worker);
        return Chance(0.8) ? new CoordinationCommand.Commit(worker, _random.Next(1, 4)) : new CoordinationCommand.RollBack(worker);
    }

    // What a deployment does behind a form, with a link missing here and there.
    private void Plan(CoordinationCommand.Form form)
    {
        int generation = memory.Generations - 1;
        foreach (int member in form.Strategy == RebalanceStrategy.Rolling ? [] : _alive.Where(worker => !_byHand.Contains(worker) && Chance(0.93)))
        {
            _planned.Enqueue(new CoordinationCommand.Acknowledge(member, generation));
        }

        if (Chance(0.9))
        {
            _planned.Enqueue(new CoordinationCommand.Activate(form.By, generation, Chance(0.5) ? form.Members : ""));
        }
    }

    private void PlanLoads()
    {
        foreach (int worker in _alive)
        {
            _planned.Enqueue(new CoordinationCommand.Load(worker));
        }
    }

    private string Members(double gone) => string.Join(' ', Enumerable.Range(0, _workers).Where(worker => !_byHand.Contains(worker) && (_alive.Contains(worker) ? Chance(0.85) : Chance(gone))));

    private int? Other(int? generation) => generation is null && memory.Generations > 0 ? _random.Next(memory.Generations) : null;

    private int Any(IEnumerable<int> workers)
    {
        int[] all = [.. workers];
        return all[_random.Next(all.Length)];
    }
}
