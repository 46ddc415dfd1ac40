using System.Data.Common;
using System.Diagnostics;
using Orchestrator.Events;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>
/// Begins every activity; docs/tracing.md is checked against this file. While nobody listens, each of these is one comparison. Names and attributes follow OpenTelemetry's conventions for messaging and databases
/// (https://opentelemetry.io/docs/specs/semconv/messaging/, https://opentelemetry.io/docs/specs/semconv/database/), and nothing of a payload, an aggregate's id or an error's message is among them.
/// </summary>
internal static class Tracing
{
    private const int MostLinks = 100;

    // .NET finds listeners by the source's name, whichever host they belong to; the source itself knows nothing.
    private static readonly ActivitySource s_source = new(OrchestratorTelemetry.ActivitySourceName);

    /// <summary>Whether anybody listens.</summary>
    public static bool IsOn => s_source.HasListeners();

    /// <summary>The time to begin an activity with that is only made later.</summary>
    public static DateTimeOffset Now(TimeProvider time) => IsOn ? time.GetUtcNow() : default;

    /// <summary>Events are appended. Becomes the current activity's child.</summary>
    /// <param name="aggregateType">The aggregates' type; null: of several.</param>
    /// <param name="events">How many.</param>
    public static Activity? Append(string? aggregateType, int events)
    {
        Activity? activity = s_source.StartActivity(aggregateType is null ? "send" : $"send {aggregateType}", ActivityKind.Producer);
        return activity?
            .SetTag("messaging.system", "orchestrator")
            .SetTag("messaging.operation.type", "send")
            .SetTag("messaging.operation.name", "append")
            .SetTag("messaging.destination.name", "events")
            .SetTag("messaging.batch.message_count", events)
            .SetTag("db.system.name", "postgresql")
            .SetTag("orchestrator.aggregate_type", aggregateType);
    }

    /// <summary>A batch is applied. A root of its own: the loop that runs it has no cause that would be worth a trace.</summary>
    /// <param name="replicaSet">The replica set.</param>
    /// <param name="projection">The projection.</param>
    /// <param name="generationId">The stamp of its row.</param>
    /// <param name="begunAt">What <see cref="Now"/> said when it began.</param>
    public static Activity? Batch(string replicaSet, string projection, long generationId, DateTimeOffset begunAt) => !IsOn ? null :
        Root($"process {projection}", ActivityKind.Consumer, begunAt)?
            .SetTag("messaging.system", "orchestrator")
            .SetTag("messaging.operation.type", "process")
            .SetTag("messaging.operation.name", "process")
            .SetTag("messaging.destination.name", "events")
            .SetTag("messaging.consumer.group.name", replicaSet)
            .SetTag("orchestrator.projection", projection)
            .SetTag("orchestrator.generation_id", generationId);

    /// <summary>A batch has taken effect.</summary>
    public static void Applied(this Activity? activity, int events, long position) =>
        activity?.SetTag("messaging.batch.message_count", events).SetTag("orchestrator.position", position);

    /// <summary>A step of coordination.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="replicaSet">The replica set.</param>
    /// <param name="workerId">Who does it.</param>
    /// <param name="generationId">The generation that it is about; null: none.</param>
    public static Activity? Step(string name, string replicaSet, Guid workerId, long? generationId = null) => !IsOn ? null :
        Root(name, ActivityKind.Internal, default)?
            .SetTag("orchestrator.replica_set", replicaSet)
            .SetTag("orchestrator.worker_id", workerId.ToString())
            .SetTag("orchestrator.generation_id", generationId);

    /// <summary>Notes how what an activity is about fails. Without one there is nothing in between.</summary>
    public static Task<T> OfAsync<T>(this Activity? activity, Task<T> task) => activity is null ? task : NoteAsync(activity, task);

    /// <summary>It failed. A cancellation is no failure.</summary>
    public static void Failed(this Activity? activity, Exception exception)
    {
        if (activity is not null && exception is not OperationCanceledException)
        {
            activity.SetStatus(ActivityStatusCode.Error).SetTag("error.type", exception.GetType().FullName).SetTag("db.response.status_code", (exception as DbException)?.SqlState);
        }
    }

    /// <summary>Links the current activity, a batch's, with the traces of its events.</summary>
    public static void LinkTo(IReadOnlyList<PersistedEvent> events)
    {
        if (IsOn && Activity.Current is { } batch)
        {
            foreach (ActivityContext context in events.Select(e => EventTrace.ContextOf(e, batch.ActivityTraceFlags)).OfType<ActivityContext>().Distinct().Take(MostLinks))
            {
                batch.AddLink(new ActivityLink(context));
            }
        }
    }

    /// <summary>Gives each event an activity: in the event's own trace, where it has one, and linked with the batch's.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="replicaSet">Its replica set.</param>
    /// <param name="handle">Handles an event.</param>
    public static Func<PersistedEvent, CancellationToken, ValueTask> Each(string projection, string replicaSet, Func<PersistedEvent, CancellationToken, ValueTask> handle) => !IsOn ? handle :
        async (e, cancellationToken) =>
        {
            using Activity? activity = Event(projection, replicaSet, e);
            try
            {
                await handle(e, cancellationToken);
            }
            catch (Exception exception)
            {
                activity.Failed(exception);
                throw;
            }
        };

    private static async Task<T> NoteAsync<T>(Activity activity, Task<T> task)
    {
        try
        {
            return await task;
        }
        catch (Exception exception)
        {
            activity.Failed(exception);
            throw;
        }
    }

    private static Activity? Event(string projection, string replicaSet, PersistedEvent e)
    {
        Activity? batch = Activity.Current;
        ActivityContext? trace = EventTrace.ContextOf(e, batch?.ActivityTraceFlags ?? ActivityTraceFlags.Recorded);
        if (trace is not null)
        {
            // Else .NET takes the batch's span for the parent where the trace has none.
            Activity.Current = null;
        }

        IEnumerable<ActivityLink>? links = batch is not null && trace is not null ? [new ActivityLink(batch.Context)] : null;
        return s_source.StartActivity($"process {e.EventType}", ActivityKind.Consumer, trace ?? default, links: links)?
            .SetTag("messaging.system", "orchestrator")
            .SetTag("messaging.operation.type", "process")
            .SetTag("messaging.operation.name", "handle")
            .SetTag("messaging.destination.name", "events")
            .SetTag("messaging.consumer.group.name", replicaSet)
            .SetTag("messaging.message.id", e.EventId.ToString())
            .SetTag("orchestrator.projection", projection)
            .SetTag("orchestrator.position", e.GlobalPosition);
    }

    // Loops may have been started within an activity, which is over by now. What is current ends with the caller's method.
    private static Activity? Root(string name, ActivityKind kind, DateTimeOffset begunAt)
    {
        Activity.Current = null;
        return s_source.StartActivity(name, kind, parentContext: default, startTime: begunAt);
    }
}
