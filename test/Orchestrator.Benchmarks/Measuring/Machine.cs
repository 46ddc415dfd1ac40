using System.Runtime.InteropServices;
using Npgsql;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.Measuring;

/// <summary>Where a figure comes from: without it, a figure says nothing.</summary>
/// <param name="Cores">Processor cores.</param>
/// <param name="Runtime">The .NET that ran it.</param>
/// <param name="Configuration">How this program was built.</param>
/// <param name="PostgreSql">The server's version.</param>
/// <param name="Settings">The server's settings that matter for durability and speed.</param>
/// <param name="LoadBefore">How many processes wanted a core in the minute before; above 0 the machine was not idle.</param>
internal sealed record Machine(int Cores, string Runtime, string Configuration, string PostgreSql, string Settings, string LoadBefore)
{
#if DEBUG
    private const string BuiltAs = "Debug";
#else
    private const string BuiltAs = "Release";
#endif

    public static async Task<Machine> DescribeAsync(BenchmarkServer server, CancellationToken cancellationToken)
    {
        await using NpgsqlDataSource dataSource = NpgsqlDataSource.Create(server.ConnectionString);
        await using NpgsqlCommand command = dataSource.CreateCommand(
            """
            SELECT current_setting('server_version'), string_agg(name || ' ' || current_setting(name), ', ' ORDER BY name)
            FROM unnest(ARRAY['fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'wal_sync_method']) AS name
            """);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Machine(
            Environment.ProcessorCount, RuntimeInformation.FrameworkDescription, BuiltAs, reader.GetString(0), reader.GetString(1), await LoadAsync(cancellationToken));
    }

    public override string ToString() => $"{Cores} cores, load before {LoadBefore}, {Runtime} ({Configuration}), PostgreSQL {PostgreSql}, {Settings}";

    private static async Task<string> LoadAsync(CancellationToken cancellationToken)
    {
        const string File = "/proc/loadavg";
        return System.IO.File.Exists(File) ? (await System.IO.File.ReadAllTextAsync(File, cancellationToken)).Split(' ')[0] : "unknown";
    }
}
