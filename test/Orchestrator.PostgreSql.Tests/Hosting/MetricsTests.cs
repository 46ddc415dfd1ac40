using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Support;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>What only a real log can show.</summary>
public sealed class MetricsTests : HostFixture
{
    [Test]
    public async Task Host_OpenAppendHoldsTheLogBack_ShowsItsAgeAndTheLagUntilItEnds()
    {
        using var host = new HostUnderTest(ConnectionString);
        using var metrics = new RecordedMetrics(host.Services.GetRequiredService<IMeterFactory>());
        await host.StartAsync();
        await host.AppendAsync("first", 1);
        await HoldsAsync(() => metrics.Sum("orchestrator.events.processed") == 1 && metrics.Now("orchestrator.projection.lag_events") is { Value: 0 });
        Assert.That(metrics.Now("orchestrator.horizon.age")!.Value, Is.Zero);

        await using var slow = new NpgsqlConnection(ConnectionStringWith(builder => builder.Pooling = false));
        await slow.OpenAsync();
        await using NpgsqlTransaction open = await slow.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand("INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('Thing', 'slow', 1, gen_random_uuid(), 'Happened', '')", slow, open);
        await insert.ExecuteNonQueryAsync();
        await host.AppendAsync("behind it", 2);
        await HoldsAsync(() => metrics.Now("orchestrator.horizon.age") is { Value: > 0 } && metrics.Now("orchestrator.projection.lag_events") is { Value: 3 });
        await open.CommitAsync();
        await HoldsAsync(() => metrics.Now("orchestrator.horizon.age") is { Value: 0 } && metrics.Now("orchestrator.projection.lag_events") is { Value: 0 });

        Assert.That(metrics.Sum("orchestrator.events.processed"), Is.EqualTo(4));
        Assert.That(metrics.Of("orchestrator.heartbeat.latency"), Is.Not.Empty);
        await host.StopAsync();
    }

    private static Task HoldsAsync(Func<bool> condition) => Eventually.HoldsAsync(() => Task.FromResult(condition()));
}
