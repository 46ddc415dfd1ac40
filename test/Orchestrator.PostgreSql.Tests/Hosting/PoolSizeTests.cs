using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Pools that are too small, just large enough, and large enough to let nothing wait. One replica set, one projection.</summary>
public sealed class PoolSizeTests : HostFixture
{
    private const int SmallPool = 3200;

    [TestCase(6, true)]
    [TestCase(7, false)]
    public async Task DataSource_JustLargeEnough_Runs(int size, bool isSmall)
    {
        await using NpgsqlDataSource pool = CreatePool(size);
        using var host = new HostUnderTest(null, services: services => services.AddSingleton(pool), fromDataSource: true);

        await RunAsync(host, size);

        Assert.That(host.Log.With(SmallPool), isSmall ? Has.Count.EqualTo(1) : Is.Empty);
        Assert.That(host.Log.With(SmallPool).Select(entry => entry.Message), Is.All.Contains("up to 7").And.All.Contains("the NpgsqlDataSource among the services"));
    }

    [Test]
    public async Task DataSource_WithoutRoomForWork_IsRefusedWithTheNumberNeeded()
    {
        await using NpgsqlDataSource pool = CreatePool(5);
        using var host = new HostUnderTest(null, services: services => services.AddSingleton(pool), fromDataSource: true);

        await Assert.ThatAsync(
            host.StartAsync,
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Maximum Pool Size of the NpgsqlDataSource among the services is 5. Allowed: at least 6, and 7").And.Message.Contains("CoordinationConnectionString"));
    }

    [TestCase(1, true)]
    [TestCase(2, false)]
    public async Task DataSource_WithSessionsOfTheirOwn_NeedsOnlyRoomForWork(int size, bool isSmall)
    {
        await using NpgsqlDataSource pool = CreatePool(size);
        using var host = new HostUnderTest(null, options => options.CoordinationConnectionString = ConnectionString, services: services => services.AddSingleton(pool), fromDataSource: true);

        await RunAsync(host, size);

        Assert.That(host.Log.With(SmallPool), isSmall ? Has.Count.EqualTo(1) : Is.Empty);
    }

    [TestCase(1, true)]
    [TestCase(2, false)]
    public async Task ConnectionString_WithASmallPool_RunsAndSaysSo(int size, bool isSmall)
    {
        using var host = new HostUnderTest(ConnectionStringWith(builder => builder.MaxPoolSize = size));

        await RunAsync(host, size);

        Assert.That(host.Log.With(SmallPool), isSmall ? Has.Count.EqualTo(1) : Is.Empty);
        Assert.That(host.Log.With(SmallPool).Select(entry => entry.Message), Is.All.Contains("Orchestrator:PostgreSql:ConnectionString has room for 1").And.All.Contains("up to 2"));
    }

    // Several pages, so that reading ahead and a batch go on at once. A connection that does not come in time is an error of the pool's, and would be logged.
    private async Task RunAsync(HostUnderTest host, int size)
    {
        await host.StartAsync();
        await host.AppendAsync("a", 3000);
        await Eventually.HoldsAsync(async () => await CountAsync("seen") == 3000);
        await host.StopAsync();

        Assert.That(host.Log.Entries.Where(entry => entry.Exception is NpgsqlException), Is.Empty, $"with {size} connections");
    }

    private NpgsqlDataSource CreatePool(int size) => NpgsqlDataSource.Create(ConnectionStringWith(builder => (builder.MaxPoolSize, builder.Timeout) = (size, 5)));
}
