using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using Orchestrator.Tests.Support;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>A trace goes from whoever appends, through the log, to the handler.</summary>
[NonParallelizable]
public sealed class TracingTests : HostFixture
{
    [Test]
    public async Task Append_Recorded_GivesEventsItsTraceAndHandlersGoOnInIt()
    {
        using var recorded = new RecordedActivities();
        using var host = new HostUnderTest(ConnectionString, replicaSet: set => set.TraceEvents = true);
        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        var own = Guid.NewGuid();
        using var request = new Activity("request");
        request.Start();
        await store.AppendAsync("Thing", "one", ExpectedVersion.Any, [new EventData("Happened", "{}"u8.ToArray()), new EventData("Traced", "{}"u8.ToArray()) { TraceId = own }]);
        await store.AppendBulkAsync([new AggregateAppend("Thing", "two", ExpectedVersion.Any, [new EventData("InBulk", "{}"u8.ToArray())])]);
        Activity? behind = Activity.Current;
        request.Stop();
        await host.RunToEndAsync();

        Guid?[] traces = [.. (await store.ReadAllAsync(0, 10)).Select(e => e.TraceId)];
        var trace = Guid.Parse(request.TraceId.ToHexString());
        Activity send = recorded.Named("send Thing").Single();
        Activity bulk = recorded.Named("send").Single();
        Assert.That(traces, Is.EqualTo(new Guid?[] { trace, own, trace }));
        Assert.That((send.ParentSpanId, send.Kind, send.Status), Is.EqualTo((request.SpanId, ActivityKind.Producer, ActivityStatusCode.Unset)));
        Assert.That((send.GetTagItem("messaging.batch.message_count"), send.GetTagItem("orchestrator.position"), send.GetTagItem("db.system.name")), Is.EqualTo((2, 2L, "postgresql")));
        Assert.That((bulk.GetTagItem("messaging.batch.message_count"), bulk.GetTagItem("orchestrator.position")), Is.EqualTo((1, 3L)));
        Assert.That(behind, Is.SameAs(request), "an append leaves its caller's activity as it was");
        Assert.That(recorded.Named("process Happened").Concat(recorded.Named("process InBulk")).Select(handled => handled.TraceId), Is.EqualTo(new[] { request.TraceId, request.TraceId }));
        Assert.That(recorded.Named("process Traced").Single().TraceId.ToHexString(), Is.EqualTo(own.ToString("N")));
    }

    [Test]
    public async Task Append_Refused_HasTheErrorsType()
    {
        using var recorded = new RecordedActivities();
        using var host = new HostUnderTest(ConnectionString);
        IEventStore store = host.Services.GetRequiredService<IEventStore>();

        await Assert.ThatAsync(() => store.AppendAsync("Thing", "one", ExpectedVersion.Exact(7), [new EventData("Happened", "{}"u8.ToArray())]), Throws.TypeOf<ConcurrencyException>());

        Activity send = recorded.Named("send Thing").Single();
        Assert.That((send.Status, send.GetTagItem("error.type")), Is.EqualTo((ActivityStatusCode.Error, typeof(ConcurrencyException).FullName)));
    }

    [Test]
    public async Task Append_NobodyListens_WritesNoTrace()
    {
        using var host = new HostUnderTest(ConnectionString);
        using var request = new Activity("request");
        request.Start();
        await host.AppendAsync("one", 1);

        Assert.That((await host.Services.GetRequiredService<IEventStore>().ReadAllAsync(0, 1)).Single().TraceId, Is.Null);
    }
}
