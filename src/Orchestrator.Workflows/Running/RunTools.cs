using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Diagnostics;

namespace Orchestrator.Workflows.Running;

/// <summary>What working on a run needs, whichever it is.</summary>
/// <param name="Scopes">Makes the scope of an attempt.</param>
/// <param name="Time">Clock and timers.</param>
/// <param name="Metrics">Where to count.</param>
/// <param name="Logger">Where to log.</param>
internal sealed record RunTools(IServiceScopeFactory Scopes, TimeProvider Time, WorkflowMetrics Metrics, ILogger<RunTools> Logger);
