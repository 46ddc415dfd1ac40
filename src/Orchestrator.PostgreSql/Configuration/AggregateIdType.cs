namespace Orchestrator.PostgreSql.Configuration;

/// <summary>The type of the column <c>aggregate_id</c> in the events table and in the heads.</summary>
public enum AggregateIdType
{
    /// <summary><c>text</c>: an id is any text of at most 500 characters.</summary>
    Text,

    /// <summary><c>uuid</c>: an id is written as <see cref="Guid.ToString()"/> does. For a log that has such a column already.</summary>
    Uuid,
}
