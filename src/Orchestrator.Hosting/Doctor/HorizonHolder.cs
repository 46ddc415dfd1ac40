namespace Orchestrator.Hosting.Doctor;

/// <summary>
/// A transaction that has appended and is still open. What is null is not known, or not shown: a database user sees time, state, address and statement of other users' sessions only as a member of
/// <c>pg_read_all_stats</c>, and those of its own user always.
/// </summary>
public sealed record HorizonHolder
{
    /// <summary>The session's process id in the server; null for a prepared transaction, which has no session.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The name of a prepared transaction, or null.</summary>
    public string? PreparedTransaction { get; init; }

    /// <summary>What the session calls itself (<c>application_name</c>). Behind a connection pooler that may be the pooler, or whoever had the session before.</summary>
    public string? ApplicationName { get; init; }

    /// <summary>The database user.</summary>
    public string? UserName { get; init; }

    /// <summary>Where the session's client connects from; null for a local one, too.</summary>
    public string? ClientAddress { get; init; }

    /// <summary>What the session does, in the server's words, as <c>idle in transaction</c>.</summary>
    public string? State { get; init; }

    /// <summary>When the transaction began, or was prepared, by the server's clock.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How long ago that is, by the server's clock.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The statement that it runs or ran last, without comments and literal values, or null: not asked for.</summary>
    public string? LastStatement { get; init; }

    /// <summary>
    /// The statement that ends it: its append is rolled back, and its client gets an error. It ends this transaction and none that the session has begun since, wherever its age is known: a session behind a
    /// pooler may serve somebody else a moment later. Null: unknown.
    /// </summary>
    public string? EndStatement { get; init; }
}
