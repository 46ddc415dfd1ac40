using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Diagnostics;

/// <summary>Every log message of this library.</summary>
internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Information, "Workflow run {RunId} claimed: {Workflow}, request {RequestId}, claim {Token}, {EntryCount} journal entries so far")]
    public static partial void RunClaimed(this ILogger logger, long runId, string workflow, string requestId, long token, int entryCount);

    [LoggerMessage(6001, LogLevel.Information, "Workflow run {RunId}, entry {Number}: {Kind} {Service}, attempt {Attempt} {Reason}")]
    public static partial void EntryWritten(this ILogger logger, long runId, int number, JournalEntryKind kind, string? service, int attempt, string? reason);

    [LoggerMessage(6002, LogLevel.Warning, "Workflow run {RunId}, service {Service}, attempt {Attempt}: {Warning}")]
    public static partial void ServiceWarned(this ILogger logger, long runId, string? service, int attempt, string warning);

    [LoggerMessage(6003, LogLevel.Information, "Workflow run {RunId} ended: {Status}")]
    public static partial void RunFinished(this ILogger logger, long runId, WorkflowRunStatus status);

    [LoggerMessage(6100, LogLevel.Warning, "Workflow {Workflow}, request {RequestId}: claim {Token} is over, another host has taken the run")]
    public static partial void ClaimLost(this ILogger logger, string workflow, string requestId, long token);

    [LoggerMessage(6101, LogLevel.Warning, "Workflow {Workflow}, request {RequestId}: claim {Token} could not be renewed, trying again")]
    public static partial void RenewalFailed(this ILogger logger, Exception exception, string workflow, string requestId, long token);

    [LoggerMessage(6102, LogLevel.Warning, "Workflow {Workflow}, request {RequestId}: claim {Token} could not be given back, it will expire")]
    public static partial void ReleaseFailed(this ILogger logger, Exception exception, string workflow, string requestId, long token);

    [LoggerMessage(6103, LogLevel.Warning, "Workflow {Workflow}, request {RequestId}: service {Service}, attempt {Attempt}, is left behind: it has not heeded its token within its time limit of {TimeLimit}")]
    public static partial void AttemptLeftBehind(this ILogger logger, string workflow, string requestId, string service, int attempt, TimeSpan timeLimit);

    [LoggerMessage(6200, LogLevel.Information, "Workflow {Workflow}: looking for runs that events have begun, up to {MaxConcurrentRuns} at the same time")]
    public static partial void ExecutorStarted(this ILogger logger, string workflow, int maxConcurrentRuns);

    [LoggerMessage(6201, LogLevel.Warning, "Workflow {Workflow}: could not look for runs, trying again in {Pause}")]
    public static partial void LookFailed(this ILogger logger, Exception exception, string workflow, TimeSpan pause);

    [LoggerMessage(6202, LogLevel.Debug, "Workflow {Workflow}, request {RequestId} has succeeded")]
    public static partial void BackgroundRunSucceeded(this ILogger logger, string workflow, string requestId);

    [LoggerMessage(6203, LogLevel.Error, "Workflow {Workflow}, request {RequestId} has failed: {Services}")]
    public static partial void BackgroundRunFailed(this ILogger logger, string workflow, string requestId, string services);

    [LoggerMessage(6204, LogLevel.Warning, "Workflow {Workflow}, request {RequestId} could not go on; it is tried again")]
    public static partial void BackgroundRunInterrupted(this ILogger logger, Exception exception, string workflow, string requestId);

    [LoggerMessage(6205, LogLevel.Warning, "Workflow {Workflow}: {Count} runs have not ended within {DrainTimeout} and are left for others")]
    public static partial void DrainTimedOut(this ILogger logger, string workflow, int count, TimeSpan drainTimeout);
}
