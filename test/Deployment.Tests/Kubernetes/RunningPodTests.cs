using Npgsql;
using Orchestrator.Testing;

namespace Deployment.Tests.Kubernetes;

/// <summary>The example's program, started with the manifests' settings and asked at the manifests' paths.</summary>
[Category("PostgreSQL")]
public sealed class RunningPodTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly Yaml Container = Yaml.Read("Kubernetes/manifests/deployment.yaml").List("spec.template.spec.containers").Single();

    private PostgreSqlServer _server = null!;
    private string _database = null!;

    [SetUp]
    public async Task CreateDatabaseAsync()
    {
        _server = await SharedPostgreSql.GetAsync();
        _database = await _server.CreateDatabaseAsync();
    }

    [TearDown]
    public Task DropDatabaseAsync() => _server.DropDatabaseAsync(_database);

    [Test]
    public async Task Pod_FromMigrationToTermination_DoesWhatTheManifestsSay()
    {
        Assert.That(await WorkerProcess.RunAsync(Environment(_database), Yaml.Read("Kubernetes/migrate-job.yaml")["spec.template.spec.containers.0.args.0"]), Is.Zero);
        string asWorker = await CreateWorkerAsync();
        await using WorkerProcess worker = await WorkerProcess.StartAsync(Environment(asWorker));

        Assert.That(await worker.ProbeAsync(Container["startupProbe.httpGet.path"]), Is.EqualTo(200));
        Assert.That(await worker.ProbeAsync(Container["livenessProbe.httpGet.path"]), Is.EqualTo(200));
        await UntilAsync(async () => await worker.ProbeAsync(Container["readinessProbe.httpGet.path"]) == 200, "ready");

        HttpResponseMessage accepted = await worker.Client.PostAsync(new Uri("/accounts/ada/deposits/42", UriKind.Relative), content: null);
        Assert.That((int)accepted.StatusCode, Is.EqualTo(202));
        string metrics = Yaml.Read("Kubernetes/monitoring/service-monitor.yaml")["spec.endpoints.0.path"];
        await UntilAsync(async () => (await worker.ScrapeAsync(metrics)).Contains("orchestrator_events_processed_total{", StringComparison.Ordinal), "an event in the metrics");

        Assert.That(await worker.TerminateAsync(), Is.Zero);
        await using NpgsqlDataSource data = NpgsqlDataSource.Create(_database);
        await using NpgsqlCommand balance = data.CreateCommand("SELECT balance FROM balances WHERE account = 'ada'");
        Assert.That(await balance.ExecuteScalarAsync(), Is.EqualTo(42));
    }

    // A pod that comes before the migration waits for it; it is not restarted, and takes no traffic.
    [Test]
    public async Task Pod_BeforeTheMigration_IsAliveAndNotReady()
    {
        await using WorkerProcess worker = await WorkerProcess.StartAsync(Environment(_database));

        Assert.That(await worker.ProbeAsync(Container["livenessProbe.httpGet.path"]), Is.EqualTo(200));
        Assert.That(await worker.ProbeAsync(Container["readinessProbe.httpGet.path"]), Is.EqualTo(503));
        Assert.That(await worker.TerminateAsync(), Is.Zero);
    }

    private static Dictionary<string, string> Environment(string connectionString) => new(Yaml.Read("Kubernetes/manifests/config.yaml").Map("data"))
    {
        [Container["env.0.name"]] = connectionString,
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
    };

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!await condition())
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, $"Waited {Patience} for: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    // As the README says: the roles' script, a user who is a member, and rights on the read model. Roles are the server's, so their names are this test's own.
    private async Task<string> CreateWorkerAsync()
    {
        string prefix = new NpgsqlConnectionStringBuilder(_database).Database!;
        Tool roles = await Tool.RunAsync("dotnet", Path.Combine(AppContext.BaseDirectory, "orchestrator.dll"), "migrations", "roles", "--prefix", prefix);
        Assert.That(roles.ExitCode, Is.Zero, roles.Output);
        await using NpgsqlDataSource data = NpgsqlDataSource.Create(_database);
        await using NpgsqlCommand create = data.CreateCommand($"""
            {roles.Output}
            CREATE ROLE {prefix}_user LOGIN PASSWORD 'secret' IN ROLE {prefix}_worker, {prefix}_appender;
            GRANT SELECT, INSERT, UPDATE ON balances TO {prefix}_user;
            """);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_database) { Username = $"{prefix}_user", Password = "secret" }.ConnectionString;
    }
}
