namespace Orchestrator.PostgreSql.Schema;

/// <summary>The schema is missing, older or newer than this version of the library needs.</summary>
public sealed class SchemaVersionException : SchemaException
{
    internal SchemaVersionException(int actualVersion, int requiredVersion, string where, Exception? innerException = null)
        : base(Describe(actualVersion, requiredVersion, where), innerException)
    {
        ActualVersion = actualVersion;
        RequiredVersion = requiredVersion;
    }

    /// <summary>The version that the database has; 0 when the schema is missing.</summary>
    public int ActualVersion { get; }

    /// <summary>The version that this version of the library needs.</summary>
    public int RequiredVersion { get; }

    private static string Describe(int actual, int required, string where)
    {
        const string Mend = "Call MigrateOrchestratorAsync(), set Orchestrator:PostgreSql:MigrateOnStart to true, or run 'orchestrator migrations apply' (or 'migrations generate', and apply the files with psql).";
        return actual switch
        {
            0 => $"The orchestrator's tables are missing in {where}. {Mend}",
            _ when actual < required => $"The orchestrator's tables in {where} are at version {actual}; this version of the library needs {required}. {Mend}",
            _ => $"The orchestrator's tables in {where} are at version {actual}; this version of the library knows them up to {required}. Update the application's Orchestrator packages, or the tool.",
        };
    }
}
