using Npgsql;
using Orchestrator.ChaosTests.World;

namespace Orchestrator.ChaosTests.Faults;

/// <summary>The server crashes, and recovers.</summary>
internal sealed class RestartServer : IFault
{
    public string Name => "server-restart";

    public async Task<bool> StrikeAsync(ChaosWorld world, Random random)
    {
        await world.Server.RestartAsync(immediate: true);
        return true;
    }
}

/// <summary>An administrator ends a session by <c>pg_terminate_backend</c>.</summary>
internal sealed class EndSession(string name, string condition) : IFault
{
    private const string IsControl = "EXISTS (SELECT FROM orchestrator_workers w WHERE w.session_pid = a.pid)";
    private const string IsHeartbeat = "a.query LIKE '%orchestrator_heartbeats%'";

    public string Name => name;

    /// <summary>The session that a worker's life hangs on.</summary>
    public static EndSession Control { get; } = new("end-control", $"a.application_name LIKE 'orc:%' AND {IsControl}");

    /// <summary>The session that shows that a worker is alive.</summary>
    public static EndSession Heartbeat { get; } = new("end-heartbeat", $"a.application_name LIKE 'orc:%' AND NOT {IsControl} AND {IsHeartbeat}");

    /// <summary>A session of a worker's pool, idle or in a batch.</summary>
    public static EndSession Work { get; } = new(
        "end-work", $"(a.application_name = '{WorkerSurroundings.WorkName}' OR (a.application_name LIKE 'orc:%' AND a.xact_start IS NOT NULL)) AND NOT {IsControl} AND NOT {IsHeartbeat}");

    public async Task<bool> StrikeAsync(ChaosWorld world, Random random)
    {
        await using NpgsqlCommand command = world.Log.DataSource.CreateCommand(
            $"SELECT pg_terminate_backend(pid) FROM (SELECT a.pid FROM pg_stat_activity a WHERE a.datname = current_database() AND {condition} ORDER BY hashint4(a.pid + $1) LIMIT 1) AS one");
        command.Parameters.Add(new NpgsqlParameter { Value = random.Next(1_000_000) });
        return await command.ExecuteScalarAsync() is true;
    }
}
