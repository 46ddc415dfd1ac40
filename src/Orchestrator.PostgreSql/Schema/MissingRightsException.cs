namespace Orchestrator.PostgreSql.Schema;

/// <summary>The user of the connection may not do everything that a worker does, or, where it only looks, a reader. The message holds the statements that mend it.</summary>
public sealed class MissingRightsException : SchemaException
{
    internal MissingRightsException(string who, IReadOnlyList<string> grants)
        : base(
            $"The database user lacks rights that {who} needs. As the tables' owner, run these, or see docs/tables.md, \"Roles\":" + string.Concat(grants.Select(grant => Environment.NewLine + "  " + grant)) + Environment.NewLine) => Grants = grants;

    /// <summary>The statements that grant what is missing, one right or more each.</summary>
    public IReadOnlyList<string> Grants { get; }
}
