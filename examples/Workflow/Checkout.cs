using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows;
using Workflow.Services;

namespace Workflow;

/// <summary>The workflow: authorization, inventory, payments, and then analytics and notification at the same time.</summary>
internal static class Checkout
{
    public static IReadOnlyList<string> Services { get; } = ["authorization", "inventory", "payments", "analytics", "notification"];

    /// <summary>Checks out an order, and prints what became of each service.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="requestId">The order's id: the same id is the same run.</param>
    /// <param name="crashAfter">The service behind whose work this process dies, or null.</param>
    public static async Task RunAsync(string connectionString, string requestId, string? crashAfter)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddPostgreSqlEventStore(connectionString);
        builder.Services.AddSingleton<Bank>();
        builder.Services.AddSingleton(new Crash(crashAfter));

        // The second process waits until the claim of the one that died has expired. In earnest, leave it at half a minute.
        builder.Services.AddWorkflow("checkout", options => options.ClaimDuration = TimeSpan.FromSeconds(4))
            .AddService<AuthorizeCard>("authorization")
            .AddService<ReserveStock>("inventory", s => s.DependsOn("authorization"))
            .AddService<TakePayment>("payments", s => s.DependsOn("authorization").DependsOn("inventory").Retry(maxRetries: 5).TimeLimit(TimeSpan.FromSeconds(10)))
            .AddService<TrackPurchase>("analytics", s => s.DependsOn("payments"))
            .AddService<SendConfirmation>("notification", s => s.DependsOn("payments"))
            .UsePostgreSqlJournal();
        using IHost host = builder.Build();
        IWorkflowRunner workflows = host.Services.GetRequiredService<IWorkflowRunner>();

        WorkflowResult result = await workflows.RunAsync("checkout", new WorkflowRequest(requestId, new Order("tea", 2, 12.50m)));

        foreach (ServiceResult service in result.Services)
        {
            Console.WriteLine($"{service.Service}: {service.Outcome}, attempts: {service.Attempts}, {service.Response ?? "no response"}");
        }
    }
}
