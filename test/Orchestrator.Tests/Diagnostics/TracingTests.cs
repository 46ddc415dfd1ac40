using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Processing;
using Orchestrator.Tests.ReplicaSets;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Diagnostics;

/// <summary>What hosts show of their work as activities.</summary>
[NonParallelizable]
internal sealed class TracingTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static readonly Guid Trace = Guid.Parse("0af76519-16cd-43dd-8448-eb211c80319c");

    [Test]
    public async Task Batch_Committed_IsARootWithItsCountAndWhatTheHandlerDoesBelowIt()
    {
        using var recorded = new RecordedActivities();
        using HostUnderTest host = CreateHost();
        Activity? inHandler = null;
        host.Script.OnEvent = (_, _, _) =>
        {
            inHandler = Activity.Current;
            return ValueTask.CompletedTask;
        };
        using (new Activity("whoever starts the host").Start())
        {
            await host.StartAsync();
        }

        await host.AppendAsync(3);
        await Eventually.HoldsAsync(() => Task.FromResult(recorded.Named("process totals").Sum(batch => (int)batch.GetTagItem("messaging.batch.message_count")!) == 3));
        await host.StopAsync().Soon();

        Activity last = recorded.Named("process totals")[^1];
        Assert.That((last.Kind, last.Parent, last.ParentId, last.Status), Is.EqualTo((ActivityKind.Consumer, (Activity?)null, (string?)null, ActivityStatusCode.Unset)));
        Assert.That((last.GetTagItem("messaging.consumer.group.name"), last.GetTagItem("orchestrator.position")), Is.EqualTo(("main", 3L)));
        Assert.That(inHandler, Is.SameAs(last));
        Assert.That(recorded.Ended.Select(activity => activity.DisplayName), Is.SupersetOf(new[] { "register worker", "form generation", "activate generation", "drain" }));
        Assert.That(recorded.Ended.Select(activity => activity.Parent), Is.All.Null);
    }

    [Test]
    public async Task Batch_HandlerFails_HasTheErrorsTypeAndNotItsMessage()
    {
        using var recorded = new RecordedActivities();
        using HostUnderTest host = CreateHost();
        host.Script.OnEvent = (_, _, _) => throw new FormatException("secret");
        await host.StartAsync();
        await host.AppendAsync(1);
        await Eventually.HoldsAsync(() => Task.FromResult(recorded.Named("process totals").Count > 0));
        await host.StopAsync().Soon();

        Activity batch = recorded.Named("process totals")[0];
        Assert.That((batch.Status, batch.StatusDescription, batch.GetTagItem("error.type")), Is.EqualTo((ActivityStatusCode.Error, (string?)null, "System.FormatException")));
        Assert.That(batch.TagObjects.Select(tag => tag.Value?.ToString()), Has.None.Contain("secret"));
    }

    [Test]
    public async Task Events_Asked_GoOnInTheirOwnTraces()
    {
        using var recorded = new RecordedActivities();
        using HostUnderTest host = CreateHost(traceEvents: true);
        await AppendAsync(host, new EventData("WithSpan", "{}"u8.ToArray()) { Metadata = $$"""{ "traceparent": "{{Parent}}" }""" });
        await AppendAsync(host, new EventData("WithTrace", "{}"u8.ToArray()) { TraceId = Trace });
        await AppendAsync(host, new EventData("OfNoTrace", "{}"u8.ToArray()) { Metadata = """[ "traceparent" ]""" });
        await host.RunToEndAsync();

        Activity batch = recorded.Named("process totals").Single();
        Activity withSpan = recorded.Named("process WithSpan").Single();
        Activity withTrace = recorded.Named("process WithTrace").Single();
        Activity ofNoTrace = recorded.Named("process OfNoTrace").Single();
        Assert.That(withSpan.ParentId, Is.EqualTo(Parent));
        Assert.That((withTrace.TraceId.ToHexString(), withTrace.ParentSpanId), Is.EqualTo((Trace.ToString("N"), default(ActivitySpanId))));
        Assert.That(withSpan.Links.Concat(withTrace.Links).Select(link => link.Context.SpanId), Is.All.EqualTo(batch.SpanId));
        Assert.That((ofNoTrace.ParentSpanId, ofNoTrace.Links), Is.EqualTo((batch.SpanId, Array.Empty<ActivityLink>())));
        Assert.That(withTrace.GetTagItem("messaging.message.id"), Is.Not.Null);
    }

    [Test]
    public async Task Events_OfABatchProjection_AreLinkedWithTheBatch()
    {
        using var recorded = new RecordedActivities();
        using HostUnderTest host = CreateHost<ScriptedBatchProjection>(traceEvents: true);
        await AppendAsync(host, new EventData("WithTrace", "{}"u8.ToArray()) { TraceId = Trace });
        await AppendAsync(host, new EventData("OfTheSame", "{}"u8.ToArray()) { TraceId = Trace });
        await host.RunToEndAsync();

        Assert.That(recorded.Named("process totals").Single().Links.Select(link => link.Context.TraceId.ToHexString()), Is.EqualTo(new[] { Trace.ToString("N") }));
    }

    [Test]
    public async Task Nothing_NobodyListens_IsMade()
    {
        using HostUnderTest host = CreateHost(traceEvents: true);
        Activity? inHandler = null;
        host.Script.OnEvent = (_, _, _) =>
        {
            inHandler = Activity.Current;
            return ValueTask.CompletedTask;
        };
        await AppendAsync(host, new EventData("WithTrace", "{}"u8.ToArray()) { TraceId = Trace });
        await host.RunToEndAsync();

        Assert.That(Tracing.IsOn, Is.False);
        Assert.That(inHandler, Is.Null);
        Assert.That(host.Script.Applied(), Has.Count.EqualTo(1));
    }

    [Test]
    public void Nothing_NobodyListens_CostsNoMemory()
    {
        var worker = Guid.NewGuid();
        Make();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Make();
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Make()
        {
            using Activity? batch = Tracing.Batch("main", "totals", 1, Tracing.Now(TimeProvider.System));
            batch.Applied(1, 1);
            using Activity? step = Tracing.Step("drain", "main", worker, 1);
        }
    }

    private static HostUnderTest CreateHost(bool traceEvents = false) => CreateHost<ScriptedProjection>(traceEvents);

    private static HostUnderTest CreateHost<T>(bool traceEvents)
        where T : class => new(replicaSet => replicaSet.AddProjection<T>("totals"), options => options.TraceEvents = traceEvents);

    private static async Task AppendAsync(HostUnderTest host, EventData e) =>
        await host.Services.GetRequiredService<IEventStore>().AppendAsync("Thing", "one", ExpectedVersion.Any, [e]);
}
