namespace Orchestrator.PostgreSql.Schema;

/// <summary>The user that a worker connects as may not do everything that a worker does. The message holds the statements that mend it.</summary>
public sealed class MissingRightsException : SchemaException
{
    internal MissingRightsException(IReadOnlyList<string> grants)
        : base(
            "The database user lacks rights that a worker needs. As the tables' owner, run these, or see docs/tables.md, \"Roles\":" + string.Concat(grants.Select(grant => Environment.NewLine + "  " + grant)) + Environment.NewLine) => Grants = grants;

    /// <summary>The statements that grant what is missing, one right or more each.</summary>
    public IReadOnlyList<string> Grants { get; }
}
