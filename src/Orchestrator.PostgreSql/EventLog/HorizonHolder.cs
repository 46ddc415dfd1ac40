namespace Orchestrator.PostgreSql.EventLog;

/// <summary>An open transaction that has appended, in words for an operator.</summary>
/// <param name="VirtualTransaction">PostgreSQL's name for the transaction.</param>
/// <param name="Pid">The session's process, or null for a prepared transaction.</param>
/// <param name="ApplicationName">What the session calls itself, if it is known.</param>
/// <param name="UserName">Who runs it, if it is known.</param>
/// <param name="Age">How long the transaction has been open, by the server's clock, if it is known.</param>
/// <param name="State">What the session does, for example <c>idle in transaction</c>.</param>
/// <param name="LastStatement">The statement that it runs or ran last, if we may see it.</param>
/// <param name="PreparedTransaction">The prepared transaction's name, or null.</param>
internal sealed record HorizonHolder(
    string VirtualTransaction,
    int? Pid,
    string? ApplicationName,
    string? UserName,
    TimeSpan? Age,
    string? State,
    string? LastStatement,
    string? PreparedTransaction);
