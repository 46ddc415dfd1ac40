using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Effects in a whole host on PostgreSQL.</summary>
public sealed class EffectHandlerTests : ApplicationFixture
{
    // A database of its own: open transactions are counted in it.
    protected override bool NeedsOwnDatabase => true;

    [Test]
    public async Task Run_OneEffectFailsAtFirst_EachIsDoneUnderItsKeyWithNoTransactionOpen()
    {
        var outside = new Outside(DataSource);
        using IHost host = CreateHost(outside);
        await host.MigrateOrchestratorAsync();
        await host.Services.GetRequiredService<IEventStore>().AppendAsync("Order", "o1", ExpectedVersion.NoStream, [.. Enumerable.Range(0, 5).Select(_ => new EventData("Placed", "{}"u8.ToArray()))]);
        await host.StartAsync();
        await Eventually.HoldsAsync(async () => await ReadAsync<long>("SELECT count(*) FROM projection_checkpoints WHERE projection_name = 'mails' AND position = 5") == 1);
        await host.StopAsync();

        Assert.That(outside.Keys.Distinct().Count(), Is.EqualTo(5));
        Assert.That(outside.Keys, Is.SupersetOf(outside.Events.Select(id => IdempotencyKey.Of("mails", id))));
        Assert.That(outside.Failures, Is.EqualTo(1));
        Assert.That(outside.CheckpointsLocked, Is.Zero);
    }

    [Test]
    public async Task Run_SeveralAtTheSameTimeAndOneFails_EachIsDoneInItsAggregatesOrderWithNoTransactionOpen()
    {
        var outside = new Outside(DataSource);
        var partner = new ConcurrentEffects.Partner(outside.LookAsync);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        ConcurrentEffects.Add(builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(HostConnectionString)).AddReplicaSet("concurrent"), "Call", partner);
        using IHost host = builder.Build();
        await host.MigrateOrchestratorAsync();
        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        for (int i = 0; i < 24; i++)
        {
            await store.AppendAsync("Call", $"call-{i % 6}", ExpectedVersion.Any, [new EventData("Placed", "{}"u8.ToArray())]);
        }

        await host.RunProjectionsToEndAsync();

        partner.AssertDone(events: 24);
        Assert.That(outside.CheckpointsLocked, Is.Zero);
    }

    private static IHost CreateHost(Outside outside, string connectionString)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(outside);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)).AddReplicaSet("main").AddProjection<Mails>("mails");
        return builder.Build();
    }

    private IHost CreateHost(Outside outside) => CreateHost(outside, HostConnectionString);

    /// <summary>What the effects act on, and what the database looks like from there.</summary>
    private sealed class Outside(NpgsqlDataSource database)
    {
        private readonly SemaphoreSlim _turn = new(1);
        private int _failures;
        private long _locked;

        public ConcurrentQueue<Guid> Keys { get; } = new();

        public ConcurrentQueue<Guid> Events { get; } = new();

        public int Failures => _failures;

        public long CheckpointsLocked => Interlocked.Read(ref _locked);

        public Task LookAsync() => LookAsync(CancellationToken.None);

        public async Task DoAsync(PersistedEvent e, Guid key, CancellationToken cancellationToken)
        {
            await LookAsync(cancellationToken);
            if (e.GlobalPosition == 3 && Interlocked.CompareExchange(ref _failures, 1, 0) == 0)
            {
                throw new HttpRequestException("The partner is away.");
            }

            Keys.Enqueue(key);
            Events.Enqueue(e.EventId);
        }

        // Looking locks what is free, so one at a time.
        private async Task LookAsync(CancellationToken cancellationToken)
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                await using NpgsqlCommand free = database.CreateCommand("SELECT (SELECT count(*) FROM projection_checkpoints) - count(*) FROM (SELECT 1 FROM projection_checkpoints FOR UPDATE SKIP LOCKED) unlocked");
                Interlocked.Add(ref _locked, (long)(await free.ExecuteScalarAsync(cancellationToken))!);
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private sealed class Mails(Outside outside) : IEffectHandler
    {
        public async ValueTask HandleAsync(PersistedEvent e, EffectContext context, CancellationToken cancellationToken) => await outside.DoAsync(e, context.IdempotencyKey, cancellationToken);
    }
}
