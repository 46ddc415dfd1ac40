using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.Diagnostics;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Running;

/// <summary>Asks a service once, in a scope of its own and within its time limit.</summary>
internal sealed class AttemptRunner(WorkflowDefinition definition, WorkflowRunStart run, RunTools tools)
{
    /// <summary>Asks.</summary>
    /// <returns>How the attempt ended, by a response or by an error.</returns>
    /// <exception cref="OperationCanceledException">The run is cancelled, and the service has not done its work.</exception>
    public async Task<AttemptOutcome> RunAsync(ServiceDefinition service, int attempt, RunHistory history, CancellationToken stop)
    {
        AsyncServiceScope scope = tools.Scopes.CreateAsyncScope();
        WorkflowContext context = CreateContext(service, attempt, history, scope.ServiceProvider);
        long begun = tools.Metrics.Now;
        string outcome = "interrupted";
        using Activity? activity = WorkflowTracing.Attempt(run.Workflow, service.Name, attempt);
        try
        {
            string? response = await InvokeAsync(service, context, scope, stop).ConfigureAwait(false);
            outcome = "succeeded";
            return new AttemptOutcome(EntryOf(JournalEntryKind.Succeeded, context) with { Response = response }, Exception: null);
        }
        catch (Exception exception)
        {
            // What a service throws while it is being cancelled says nothing about its work: it is interrupted, and asked again when the run goes on.
            stop.ThrowIfCancellationRequested();
            outcome = "failed";
            activity.Failed(exception.GetType().FullName!);
            return new AttemptOutcome(EntryOf(JournalEntryKind.Failed, context) with { Error = $"{exception.GetType().FullName}: {exception.Message}" }, exception);
        }
        finally
        {
            tools.Metrics.AttemptEnded(run.Workflow, service.Name, outcome, begun);
        }
    }

    private async Task<string?> InvokeAsync(ServiceDefinition service, WorkflowContext context, AsyncServiceScope scope, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(service.TimeLimit ?? Timeout.InfiniteTimeSpan, tools.Time);

        // A service that blocks its thread must not hold up its neighbours.
        Task<string?> work = Task.Run(() => ExecuteAsync(service, context, scope, stop, limit.Token), CancellationToken.None);
        try
        {
            return await work.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested)
        {
            if (!work.IsCompleted)
            {
                tools.Logger.AttemptLeftBehind(run.Workflow, run.RequestId, service.Name, context.Attempt, service.TimeLimit!.Value);
            }

            throw new TimeoutException($"The service '{service.Name}' has not ended within its time limit of {service.TimeLimit}.", exception);
        }
    }

    // Owns the scope and the token's source, because it may outlive whoever waits for it.
    private async Task<string?> ExecuteAsync(ServiceDefinition service, WorkflowContext context, AsyncServiceScope scope, CancellationToken stop, CancellationToken limit)
    {
        await using (scope.ConfigureAwait(false))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit);
            object? response = await service.Resolve(scope.ServiceProvider).ExecuteAsync(context, either.Token).ConfigureAwait(false);
            return response is null ? null : JsonSerializer.Serialize(response, response.GetType(), definition.Json);
        }
    }

    private WorkflowContext CreateContext(ServiceDefinition service, int attempt, RunHistory history, IServiceProvider services) =>
        new(run.Payload, service.Dependencies.ToDictionary(dependency => dependency.Service, dependency => history.ResultOf(dependency.Service)!, StringComparer.Ordinal), definition.Json)
        {
            Workflow = run.Workflow,
            Service = service.Name,
            RequestId = run.RequestId,
            TenantId = run.TenantId,
            OrganizationId = run.OrganizationId,
            Attempt = attempt,
            IdempotencyKey = WorkflowIdempotencyKey.Of(run.Workflow, run.RequestId, service.Name),
            Services = services,
        };

    private static JournalEntry EntryOf(JournalEntryKind kind, WorkflowContext context) =>
        new() { Number = 0, Kind = kind, Service = context.Service, Attempt = context.Attempt, Warnings = context.Warnings };
}
