using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Hosting.Doctor;
using Orchestrator.PostgreSql.Tests.Hosting;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Doctor;

/// <summary>Who holds the horizon, as an operator asks: with the owner's eyes, and with a reader's.</summary>
public sealed class HorizonDoctorTests : RoleFixture
{
    private const string Append =
        "INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('Thing', gen_random_uuid()::text, 1, gen_random_uuid(), 'Happened', 'secret')";

    [Test]
    public async Task ExamineHorizon_OpenAppend_SaysWhoAndHowToEndIt()
    {
        await using ServiceProvider services = ServicesFor(ConnectionString);
        IOrchestratorDoctor doctor = services.GetRequiredService<IOrchestratorDoctor>();
        HorizonReport before = await doctor.ExamineHorizonAsync();
        await using NpgsqlConnection console = await OpenAsync("forgotten console");
        await using NpgsqlTransaction open = await console.BeginTransactionAsync();
        await RunAsync(console, Append);
        await ExecuteAsync(Append);

        HorizonReport plain = await doctor.ExamineHorizonAsync();
        HorizonHolder holder = (await doctor.ExamineHorizonAsync(showStatements: true)).Holders.Single();
        await ExecuteAsync(holder.EndStatement!);
        await Eventually.HoldsAsync(async () => (await doctor.ExamineHorizonAsync()).Holders.Count == 0);

        Assert.That(before, Has.Property("LastDrawn").Zero.And.Property("Holders").Empty);
        Assert.That(plain, Has.Property("LastDrawn").EqualTo(2).And.Property("Waiting").EqualTo(2));
        Assert.That(plain.Holders.Single().LastStatement, Is.Null, "nobody has asked for it");
        Assert.That(holder.LastStatement, Does.StartWith("INSERT INTO events").And.Not.Contain("secret").And.Not.Contain("Thing"));
        Assert.That((holder.ProcessId, holder.ApplicationName, holder.State), Is.EqualTo(((int?)console.ProcessID, "forgotten console", "idle in transaction")));
        Assert.That(holder.Age, Is.InRange(TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.That(holder.Since!.Value - TimeProvider.System.GetUtcNow(), Is.EqualTo(TimeSpan.Zero).Within(TimeSpan.FromMinutes(2)));
        Assert.That((holder.UserName, holder.ClientAddress), Is.Not.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public async Task ExamineHorizon_TransactionHasEndedMeanwhile_ItsEndStatementEndsNoOther()
    {
        await using ServiceProvider services = ServicesFor(ConnectionString);
        await using NpgsqlConnection console = await OpenAsync("console");
        NpgsqlTransaction first = await console.BeginTransactionAsync();
        await RunAsync(console, Append);
        HorizonHolder holder = (await services.GetRequiredService<IOrchestratorDoctor>().ExamineHorizonAsync()).Holders.Single();
        await first.CommitAsync();
        await using NpgsqlTransaction second = await console.BeginTransactionAsync();
        await RunAsync(console, Append);

        await ExecuteAsync(holder.EndStatement!);

        await Assert.ThatAsync(() => second.CommitAsync(), Throws.Nothing);
    }

    [Test]
    public async Task ExamineHorizon_AsAReader_NamesTheHolderAndSaysWhatItMayNotSee()
    {
        await using ServiceProvider services = ServicesFor(await CreateUserAsync("visitor", "reader"));
        await using NpgsqlConnection console = await OpenAsync("forgotten console");
        await using NpgsqlTransaction open = await console.BeginTransactionAsync();
        await RunAsync(console, Append);

        HorizonReport report = await services.GetRequiredService<IOrchestratorDoctor>().ExamineHorizonAsync(showStatements: true);
        HorizonHolder holder = report.Holders.Single();

        Assert.That((holder.ProcessId, holder.ApplicationName, holder.Age), Is.EqualTo(((int?)console.ProcessID, "forgotten console", (TimeSpan?)null)));
        Assert.That(holder.EndStatement, Is.EqualTo($"SELECT pg_terminate_backend({console.ProcessID})"));
        Assert.That(HorizonWords.Of(report), Has.Some.Contains("pg_read_all_stats").And.None.Contains("secret"));
    }

    private static ServiceProvider ServicesFor(string connectionString)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPostgreSqlEventStore(connectionString);
        return services.BuildServiceProvider();
    }

    private async Task<NpgsqlConnection> OpenAsync(string applicationName)
    {
        var connection = new NpgsqlConnection(ConnectionStringWith(builder => (builder.Pooling, builder.ApplicationName) = (false, applicationName)));
        await connection.OpenAsync();
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
