using Npgsql;
using Orchestrator.Events;

namespace Orchestrator.PostgreSql.EventStore;

/// <summary>An append on its way to the server.</summary>
internal sealed class AppendRequest
{
    private readonly Func<BulkPlan> _plan;

    private AppendRequest(int eventCount, Func<NpgsqlBatchCommand> create, Func<BulkPlan> plan, bool isPrepared)
    {
        _plan = plan;
        EventCount = eventCount;
        Create = create;
        IsPrepared = isPrepared;
    }

    /// <summary>How many events there are in all.</summary>
    public int EventCount { get; }

    /// <summary>Makes the statement, anew for each attempt.</summary>
    public Func<NpgsqlBatchCommand> Create { get; }

    /// <summary>Whether the server is to keep the statement's plan.</summary>
    public bool IsPrepared { get; }

    /// <summary>Whether two parts of it expect what cannot both be true: there is nothing to ask the server for.</summary>
    public bool IsContradictory { get; private init; }

    /// <summary>The append sorted out by aggregates.</summary>
    public BulkPlan Plan => field ??= _plan();

    /// <summary>An append to one aggregate. It is sorted out only where it is refused.</summary>
    public static AppendRequest ToOne(AggregateAppend append, EventStoreCommands commands) =>
        new(append.Events.Count, () => commands.Append(append), () => BulkPlan.Create([append]), isPrepared: true);

    /// <summary>An append to many. A plan that is kept knows nothing of the arrays' lengths, and would join thousands of aggregates as if they were ten.</summary>
    public static AppendRequest ToMany(BulkPlan plan, EventStoreCommands commands) =>
        new(plan.EventCount, () => commands.AppendBulk(plan), () => plan, isPrepared: false) { IsContradictory = plan.IsContradictory };
}
