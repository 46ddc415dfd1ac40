using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>Typed handlers in a whole host on the in-memory provider.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TypedProjectionTests
{
    private readonly ConcurrentQueue<string> _applied = new();

    [Test]
    public async Task Run_UnknownEventsIgnored_HandlesItsOwnAndPassesOverTheRest()
    {
        using HostUnderTest host = CreateHost();
        await host.StartAsync();
        await host.AppendAsync(3);
        await host.AppendAsync(2, "paid");
        await Eventually.HoldsAsync(() => Task.FromResult(host.Positions("payments") is [5]));
        await host.StopAsync();

        Assert.That(_applied, Is.EqualTo(new[] { "paid 0", "paid 0" }));
    }

    [Test]
    public async Task Run_UnknownEventsRefused_StopsAtTheFirst()
    {
        using HostUnderTest host = CreateHost(p => p.UnknownEvents = UnknownEvents.Refuse);
        await host.StartAsync();
        await host.AppendAsync(2, "paid");
        await host.AppendAsync(1);
        await Eventually.HoldsAsync(() => Task.FromResult(host.Loggers.With(2004).Count == 1));
        await host.StopAsync();

        Assert.That(host.Positions("payments"), Is.EqualTo(new[] { 2 }));
        Assert.That(host.Loggers.With(2004).Single().Exception!.Message, Does.Contain("Happened"));
    }

    [Test]
    public async Task Run_JsonOptionsInCode_AreUsed()
    {
        using HostUnderTest host = CreateHost(services: services => services.Configure<EventJsonOptions>(o => o.SerializerOptions.Converters.Add(new Sevens())));
        await host.StartAsync();
        await host.AppendAsync(1, "paid");
        await Eventually.HoldsAsync(() => Task.FromResult(!_applied.IsEmpty));
        await host.StopAsync();

        Assert.That(_applied, Is.EqualTo(new[] { "paid 7" }));
    }

    private HostUnderTest CreateHost(Action<ProjectionOptions>? configure = null, Action<IServiceCollection>? services = null) => new(
        rs =>
        {
            rs.Services.AddSingleton(_applied);
            services?.Invoke(rs.Services);
            rs.AddProjection<Payments>("payments", configure);
        },
        rs => (rs.Retry.InitialDelay, rs.Retry.MaxAttempts) = (TimeSpan.Zero, 2));

    [EventType("paid")]
    private sealed record Paid(int Amount);

    private sealed class Payments(ConcurrentQueue<string> applied) : IHandle<Paid>
    {
        public ValueTask HandleAsync(Paid e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.OnCommitted(() => applied.Enqueue($"{envelope.EventType} {e.Amount}"));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Sevens : JsonConverter<Paid>
    {
        public override Paid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            reader.Skip();
            return new Paid(7);
        }

        public override void Write(Utf8JsonWriter writer, Paid value, JsonSerializerOptions options) => throw new NotSupportedException();
    }
}
