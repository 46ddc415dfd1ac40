using Examples.Shared;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Orchestrator.Events;
using Orchestrator.Hosting.Diagnostics;
using Telemetry;
using Telemetry.Projections;

using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
await using Receiver receiver = await Receiver.StartAsync(deadline.Token);

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton<BalanceTable>();
builder.Services.AddProjectionOrchestrator(o => o.UseInMemory())
    .AddReplicaSet("main")
        .AddProjection<Balances>();
using IHost host = builder.Build();

// The providers that a host with OpenTelemetry has anyway; the names of the meter and of the source of activities are all that they need of the orchestrator. With the package
// OpenTelemetry.Extensions.Hosting: builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(OrchestratorTelemetry.MeterName).AddOtlpExporter()), and the same for tracing.
using MeterProvider metrics = Sdk.CreateMeterProviderBuilder()
    .AddMeter(OrchestratorTelemetry.MeterName)
    .AddOtlpExporter(exporter => (exporter.Protocol, exporter.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(receiver.Address, "v1/metrics")))
    .Build();
using TracerProvider traces = Sdk.CreateTracerProviderBuilder()
    .AddSource(OrchestratorTelemetry.ActivitySourceName)
    .AddOtlpExporter(exporter => (exporter.Protocol, exporter.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(receiver.Address, "v1/traces")))
    .Build();

int events = await Deposits.AppendAsync(host.Services.GetRequiredService<IEventStore>(), accounts: 20, depositsEach: 20, deadline.Token);
await host.StartAsync(deadline.Token);
while (host.Services.GetRequiredService<BalanceTable>().Applied < events)
{
    await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
}

Console.WriteLine($"{events} deposits are applied.");

// By itself, metrics go out once a minute, and traces every five seconds.
Console.WriteLine($"Exported: {metrics.ForceFlush() && traces.ForceFlush()}.");
Show("metrics", "orchestrator.events.processed", "orchestrator.batch_size", "orchestrator.projection.lag", "orchestrator.worker.state");
Show("traces", "register worker", "form generation", "process Balances");

await host.StopAsync(deadline.Token);

void Show(string signal, params string[] names)
{
    Console.WriteLine($"The receiver got {signal} as {receiver.FormOf(signal)}, among them");
    foreach (string name in names)
    {
        Console.WriteLine($"- {name}: {receiver.Got(signal, name)}");
    }
}
