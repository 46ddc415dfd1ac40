using System.Globalization;
using Npgsql;
using Orchestrator.ChaosTests.Proxy;
using Orchestrator.ChaosTests.Workers;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.ChaosTests.World;

/// <summary>A place for a worker process: its network, its clock, its log. The processes in it come and go.</summary>
internal sealed class WorkerSlot : IAsyncDisposable
{
    private const int EndedBySigTerm = 128 + 15;
    private const int LinesShown = 10;
    private const int CharactersShown = 400;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    private readonly PostgreSqlProxy? _pooled;
    private readonly IReadOnlyList<string> _settings;
    private readonly IReadOnlyList<RebalanceStrategy> _strategies;
    private readonly TextWriter _log;
    private readonly Findings _findings;
    private readonly Dictionary<string, string> _environment;
    private int _starts;

    public WorkerSlot(int number, WorkerSurroundings surroundings)
    {
        Number = number;
        Network = PostgreSqlProxy.Start(surroundings.Server);
        _pooled = surroundings.Bouncer is { } bouncer ? PostgreSqlProxy.Start(bouncer) : null;
        Clock = number % 2 == 0 ? surroundings.MakeClock?.Invoke(number) : null;
        _environment = new Dictionary<string, string>(Clock?.Environment ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        {
            // A process that the runtime itself ends says nothing; this leaves behind what it was doing (https://learn.microsoft.com/dotnet/core/diagnostics/collect-dumps-crash).
            ["DOTNET_DbgEnableMiniDump"] = "1",
            ["DOTNET_DbgMiniDumpName"] = Path.Combine(surroundings.LogFolder, "core-%p"),
        };
        _settings = surroundings.Settings;
        _strategies = surroundings.Strategies;
        _findings = surroundings.Findings;
        _log = TextWriter.Synchronized(new StreamWriter(Path.Combine(surroundings.LogFolder, string.Create(CultureInfo.InvariantCulture, $"worker-{number}.log"))) { AutoFlush = true });
    }

    public int Number { get; }

    /// <summary>The way to the server: for everything, or for all but the work where that goes through PgBouncer.</summary>
    public PostgreSqlProxy Network { get; }

    /// <summary>Every way to the server that the process uses.</summary>
    public IReadOnlyList<PostgreSqlProxy> Networks => IsPooled ? [Network, _pooled!] : [Network];

    /// <summary>The process's clock; null where it cannot be shifted: in every other place.</summary>
    public ShiftableClock? Clock { get; }

    /// <summary>The process; null: none now.</summary>
    public WorkerProcess? Process { get; private set; }

    /// <summary>Whether a fault has it in its hands.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Whether its work goes through PgBouncer.</summary>
    public bool IsPooled { get; private set; }

    /// <summary>Starts a process in it. Does not wait until it works.</summary>
    public void Start(bool pooled = false)
    {
        Process?.Dispose();
        IsPooled = pooled && _pooled is not null;
        string work = Named((IsPooled ? _pooled! : Network).ConnectionString);
        string[] indirect = IsPooled ? [$"--Orchestrator:PostgreSql:CoordinationConnectionString={Named(Network.ConnectionString)}"] : [];
        string[] own =
        [
            WorkerHost.Setting(nameof(ReplicaSetOptions.Lanes), 1 + (Number % 3)),
            WorkerHost.Setting(nameof(ReplicaSetOptions.Strategy), _strategies[(Number + _starts++) % _strategies.Count]),
        ];
        Process = WorkerProcess.Start(work, [WorkerHost.AllProjections, .. own, .. _settings, .. indirect], _environment, _log);
    }

    /// <summary>Kills it, as a crash does.</summary>
    public async Task KillAsync()
    {
        Process!.Kill();
        await Process.WaitForExitAsync(StopPatience);
    }

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public async Task StopAsync()
    {
        // A process that has not said anything yet was asked before its host could hear it: the signal has ended it.
        if (await Process!.TryStopAsync(StopPatience) is not 0 and var code && (code != EndedBySigTerm || Process.Output.Any()))
        {
            _findings.Add(string.Create(CultureInfo.InvariantCulture, $"worker {Number} {(code is null ? $"did not stop within {StopPatience}" : $"stopped with exit code {code}")}"));
        }

        Process.Dispose();
        Process = null;
    }

    /// <summary>Notes it where the process has ended although nobody wanted it to, and starts another.</summary>
    public void Inspect()
    {
        if (Process is { HasExited: true })
        {
            _findings.Add(string.Create(CultureInfo.InvariantCulture, $"worker {Number} ended by itself; the end of what it said:\n  {string.Join("\n  ", Process.Output.TakeLast(LinesShown).Select(Beginning))}"));
            Start(IsPooled);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Process?.Dispose();
        await Network.DisposeAsync();
        if (_pooled is not null)
        {
            await _pooled.DisposeAsync();
        }

        await _log.DisposeAsync();
    }

    private static string Beginning(string line) => line[..Math.Min(line.Length, CharactersShown)];

    private static string Named(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = WorkerSurroundings.WorkName, Timeout = 5, MaxPoolSize = 20 }.ConnectionString;
}
