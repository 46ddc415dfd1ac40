using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Whatever texts and bytes come in are carried unchanged, from the append through the handler to the read model and back out, or refused. No name or value is ever a part of a statement.</summary>
public sealed class HostileInputTests : ApplicationFixture
{
    private const string Sql = "'; DROP TABLE events; -- \" $1 $$ \\ %s {0} ";
    private const string Name = "\"'" + Sql + "[red] \ud83d\ude00 \u202e\u05d0";

    private static readonly string[] s_texts =
    [
        Sql, "\u0001\t\r\n\u001b[2J\u007f\u0085", "\ud83d\ude00\u0301\u202e\u05d0\u200b\ufeff", "\uffff", " ", "null", "a\u0308 \u00e4", new string('\u6f22', 200), "../../etc/passwd", "<script>alert(1)</script>",
    ];

    [Test]
    public async Task Host_HostileNamesTextsAndBytes_AreCarriedUnchanged()
    {
        await ExecuteAsync("CREATE TABLE carried (aggregate_type text, aggregate_id text, event_type text, metadata jsonb, payload bytea, projection text)");
        var carried = new ConcurrentQueue<PersistedEvent>();
        using IHost host = CreateHost(carried);
        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        List<AggregateAppend> appends =
        [
            .. s_texts.Select((text, i) => new AggregateAppend(text, text, ExpectedVersion.NoStream, [new EventData(text, RandomNumberGenerator.GetBytes(i)) { Metadata = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { [text] = text }) }])),
            new AggregateAppend("Large", "large", ExpectedVersion.NoStream, [new EventData("Large", RandomNumberGenerator.GetBytes(1 << 20)) { Metadata = JsonSerializer.Serialize(new string('\'', 1 << 20)) }]),
        ];
        foreach (AggregateAppend append in appends.Take(5))
        {
            await store.AppendAsync(append.AggregateType, append.AggregateId, append.ExpectedVersion, append.Events);
        }

        await store.AppendBulkAsync([.. appends.Skip(5)]);
        await host.RunProjectionsToEndAsync();

        Assert.That(carried, Has.Count.EqualTo(appends.Count));
        foreach ((AggregateAppend append, PersistedEvent e) in appends.Zip(carried.OrderBy(e => e.GlobalPosition)))
        {
            EventData data = append.Events[0];
            Assert.That((e.AggregateType, e.AggregateId, e.EventType, e.EventId), Is.EqualTo((append.AggregateType, append.AggregateId, data.EventType, data.EventId)));
            Assert.That(e.Payload.Span.SequenceEqual(data.Payload.Span), append.AggregateId);
            Assert.That(JsonElement.DeepEquals(JsonDocument.Parse(e.Metadata!).RootElement, JsonDocument.Parse(data.Metadata!).RootElement), append.AggregateId);
            Assert.That((await store.ReadAggregateStreamAsync(append.AggregateType, append.AggregateId)).Events.Single().EventId, Is.EqualTo(data.EventId));
        }

        Assert.That(
            await ReadAsync<long>("SELECT count(*) FROM carried AS c JOIN events AS e USING (aggregate_type, aggregate_id, event_type, metadata, payload)"), Is.EqualTo(appends.Count), "the read model has what the log has");
        Assert.That(await ReadAsync<string>("SELECT DISTINCT projection FROM carried"), Is.EqualTo(Name));
        Assert.That(await ReadAsync<string>("SELECT replica_set || projection_name FROM projection_checkpoints"), Is.EqualTo(Name + Name));
    }

    [TestCase("a\0b", "id", "Happened", null)]
    [TestCase("Thing", "a\0b", "Happened", null)]
    [TestCase("Thing", "id", "a\0b", null)]
    [TestCase("Thing", "id", "Happened", "{\"a\":\"\\u0000\"}")]
    [TestCase("Thing", "id", "Happened", "{\"a\":\"\\ud83d\"}")]
    [TestCase("Thing", "id", "Happened", "{\"a\":")]
    public async Task Append_WhatTheServerCannotHold_IsRefusedBeforeItIsSent(string aggregateType, string aggregateId, string eventType, string? metadata)
    {
        using IHost host = CreateHost([]);
        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        EventData[] events = [new EventData(eventType, default) { Metadata = metadata }];

        await Assert.ThatAsync(() => store.AppendAsync(aggregateType, aggregateId, ExpectedVersion.Any, events), Throws.InstanceOf<ArgumentException>());
        await Assert.ThatAsync(() => store.AppendBulkAsync([new AggregateAppend(aggregateType, aggregateId, ExpectedVersion.Any, events)]), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public async Task Append_HalfACharacter_IsRefusedBeforeItIsSent()
    {
        using IHost host = CreateHost([]);
        IEventStore store = host.Services.GetRequiredService<IEventStore>();

        await Assert.ThatAsync(() => store.AppendAsync("Thing", "half \ud83d", ExpectedVersion.Any, [new EventData("Happened", default)]), Throws.InstanceOf<ArgumentException>());
    }

    private IHost CreateHost(ConcurrentQueue<PersistedEvent> carried)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(carried);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(HostConnectionString)).AddReplicaSet(Name).AddProjection<Carrying>(Name);
        return builder.Build();
    }

    private sealed class Carrying(ConcurrentQueue<PersistedEvent> carried) : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            carried.Enqueue(e);
            context.Enqueue(
                "INSERT INTO carried VALUES ($1, $2, $3, $4::jsonb, $5, $6)", e.AggregateType, e.AggregateId, e.EventType, e.Metadata, e.Payload.ToArray(), context.Projection);
            return ValueTask.CompletedTask;
        }
    }
}
