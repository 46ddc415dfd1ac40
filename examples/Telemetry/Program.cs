using Examples.Shared;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
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

// The provider that a host with OpenTelemetry has anyway; the meter's name is all that it needs of the orchestrator. With the package OpenTelemetry.Extensions.Hosting:
// builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(OrchestratorTelemetry.MeterName).AddOtlpExporter()).
using MeterProvider metrics = Sdk.CreateMeterProviderBuilder()
    .AddMeter(OrchestratorTelemetry.MeterName)
    .AddOtlpExporter(exporter => (exporter.Protocol, exporter.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(receiver.Address, "v1/metrics")))
    .Build();

int events = await Deposits.AppendAsync(host.Services.GetRequiredService<IEventStore>(), accounts: 20, depositsEach: 20, deadline.Token);
await host.StartAsync(deadline.Token);
while (host.Services.GetRequiredService<BalanceTable>().Applied < events)
{
    await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
}

Console.WriteLine($"{events} deposits are applied.");

// By itself it exports once a minute.
Console.WriteLine($"Exported: {metrics.ForceFlush()}.");
Console.WriteLine($"The receiver got metrics as {receiver.FormOf("metrics")}, among them");
foreach (string instrument in new[] { "orchestrator.events.processed", "orchestrator.batch_size", "orchestrator.projection.lag", "orchestrator.worker.state" })
{
    Console.WriteLine($"- {instrument}: {receiver.Got("metrics", instrument)}");
}

await host.StopAsync(deadline.Token);
