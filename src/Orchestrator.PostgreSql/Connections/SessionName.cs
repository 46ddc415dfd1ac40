namespace Orchestrator.PostgreSql.Connections;

/// <summary>The <c>application_name</c> that tells whose a session is: the worker's id comes first, so that it survives when PostgreSQL cuts the name.</summary>
internal static class SessionName
{
    // https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-APPLICATION-NAME: longer names are cut, other characters are replaced.
    private const int MaxLength = 63;

    /// <summary>The name of a worker's sessions, and of its batches while they run.</summary>
    public static string Of(Guid workerId, string replicaSet)
    {
        string name = $"orc:{workerId:D}:{replicaSet}";
        return string.Create(Math.Min(name.Length, MaxLength), name, static (target, source) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
            }
        });
    }
}
