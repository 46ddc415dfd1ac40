using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Workflows.DependencyInjection;
using Orchestrator.Workflows.PostgreSql.Journal;

namespace Orchestrator.Workflows.Tests.Crashes;

/// <summary>A process that runs workflows until it has done all, or is killed.</summary>
internal static class CrashWorker
{
    private const int AtTheSameTime = 8;

    public static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Runs one request, and kills itself at a place in it.</summary>
    public static async Task<int> RunOneAsync(string connectionString, string requestId, string killAt)
    {
        using IHost host = Build(connectionString, workflow => workflow.UseJournal(services => new KillingJournal(services.GetRequiredService<PostgreSqlWorkflowJournal>(), killAt)));
        await host.Services.GetRequiredService<IWorkflowRunner>().RunAsync("test", Request(requestId));
        return 0;
    }

    /// <summary>Runs many requests, in an order of its own.</summary>
    public static async Task<int> RunManyAsync(string connectionString, int count, int seed)
    {
        using IHost host = Build(connectionString, _ => { });
        IWorkflowRunner runner = host.Services.GetRequiredService<IWorkflowRunner>();
        string[] ids = [.. Enumerable.Range(1, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];
        new Random(seed).Shuffle(ids);
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = AtTheSameTime }, async (id, token) => (await runner.RunAsync("test", Request(id), token)).EnsureSucceeded());
        return 0;
    }

    public static WorkflowRequest Request(string id) => new(id, 21);

    /// <summary>A host with the workflow: b and c depend on a. Each leaves a trace outside the journal when it does its work.</summary>
    public static IHost Build(string connectionString, Action<IWorkflowBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPostgreSqlEventStore(connectionString);
        builder.Services.AddSingleton(new Effects(connectionString));
        configure(builder.Services.AddWorkflow("test", options => options.ClaimDuration = TimeSpan.FromSeconds(1))
            .UsePostgreSqlJournal()
            .AddService<Traced>("a")
            .AddService<Traced>("b", s => s.DependsOn("a"))
            .AddService<Traced>("c", s => s.DependsOn("a")));
        return builder.Build();
    }

    private sealed class Traced(Effects effects) : IWorkflowService
    {
        public async ValueTask<object?> ExecuteAsync(WorkflowContext context, CancellationToken cancellationToken)
        {
            await effects.LeaveAsync(context, cancellationToken);
            return context.Service == "a" ? context.GetPayload<int>() : context.GetResponse<int>("a") * 2;
        }
    }
}
