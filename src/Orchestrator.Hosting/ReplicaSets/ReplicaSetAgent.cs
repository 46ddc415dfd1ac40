using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Processing;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>
/// This process's part in one replica set, for as long as the host lives: registers a worker, runs its loops, and when the worker id is spent (session lost, taken off the roster) registers
/// anew under another. Whatever the database does, it tries again; only a bug ends it.
/// </summary>
internal sealed class ReplicaSetAgent(
    ReplicaSetDefinition definition,
    ProviderStores stores,
    ProjectionRunnerFactory runners,
    ProcessIdentity identity,
    ExecutionEnvironment environment,
    ReplicaSetStatus status,
    ILoggerFactory loggers)
{
    private static readonly TimeSpan s_longLife = TimeSpan.FromSeconds(10);

    private readonly ILogger<ReplicaSetAgent> _logger = loggers.CreateLogger<ReplicaSetAgent>();
    private readonly Stall _stall = new(environment.Time);

    /// <summary>
    /// The longest that its end takes once it is stopped: what is in hand has been rolled back by then, and a worker that cannot reach the database to leave has used up its id. Only a handler that
    /// heeds no cancellation takes longer.
    /// </summary>
    public TimeSpan LongestEnd => definition.Options.DrainTimeout + definition.Options.StaleWorkerTimeout;

    /// <summary>Runs until stopped; then drains and leaves.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        status.Start();
        int failures = 0;
        while (!stop.IsCancellationRequested)
        {
            using var life = new WorkerLife(environment.NewWorkerId(), definition.Options.StaleWorkerTimeout, environment.Time, status.Metrics);
            long startedAt = environment.Time.GetTimestamp();
            TimeSpan pause = Backoff.Infrastructure.Delay(failures + 1, environment.Random);
            if (await RegisterAsync(life, pause, stop) is { } session)
            {
                await LiveAsync(session, life, stop);
                if (life.Ended.IsCancellationRequested)
                {
                    _logger.WorkerOver(definition.Name, life.WorkerId, life.EndReason, pause);
                }
            }

            // A worker that keeps losing its id must not make the others reconfigure all the time.
            failures = environment.Time.GetElapsedTime(startedAt) >= s_longLife ? 0 : failures + 1;
            await Interruptible.DelayAsync(pause, environment.Time, stop);
        }
    }

    private async Task<IControlSession?> RegisterAsync(WorkerLife life, TimeSpan pause, CancellationToken stop)
    {
        using Activity? activity = Tracing.Step("register worker", definition.Name, life.WorkerId);
        try
        {
            var registration = new WorkerRegistration(life.WorkerId, definition.Name, runners.Names, identity.HostName, identity.ProcessId, identity.ApplicationVersion)
            {
                Lanes = definition.Options.Lanes,
                IsStatic = StaticPartition.Of(definition.Options) is not null,
            };
            IControlSession session = await stores.Membership.RegisterAsync(registration, stop);
            if (_stall.Ends() is { } over)
            {
                _logger.CanRegisterNow(definition.Name, over.Failures, over.Lasted);
            }

            _logger.WorkerRegistered(definition.Name, life.WorkerId);
            status.Metrics.WorkerRegistered();
            return session;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            // Database away, schema missing, right missing: the host lives on, and the message says the way out.
            activity.Failed(exception);
            status.CannotRegister(exception);
            LogLevel level = _stall.Fails(exception, LogLevel.Error);
            _logger.CannotRegister(level, exception, definition.Name, exception.Message, pause);
            return null;
        }
    }

    private async Task LiveAsync(IControlSession session, WorkerLife life, CancellationToken stop)
    {
        status.Registered(life.Status);
        try
        {
            await CreateLoops(session, life).RunAsync(session, life, stop);
        }
        catch (OperationCanceledException) when (life.Ended.IsCancellationRequested)
        {
            // The id was spent in the middle of leaving.
        }
        catch (Exception exception) when (stores.Errors.IsInfrastructure(exception) || exception is DbException)
        {
            _logger.SessionLost(exception, definition.Name, life.WorkerId);
        }
        catch (EventLogRefusedException exception)
        {
            // The worker has drained and left. Whether the next one may register is the provider's to say: not before the log is fit to be read.
            status.CannotRegister(exception);
            LogLevel level = _stall.Fails(exception, LogLevel.Error);
            _logger.LogRefused(level, exception, definition.Name, life.WorkerId, exception.Message);
        }
        catch (Exception exception)
        {
            // A bug of ours: it ends the agent, and with it the host.
            status.Died(exception);
            throw;
        }
        finally
        {
            status.Over();
            await session.DisposeAsync();
        }
    }

    private WorkerLoops CreateLoops(IControlSession session, WorkerLife life) =>
        new(
            definition.Name,
            definition.Options,
            new HeartbeatLoop(stores.Membership, stores.Errors, environment, loggers.CreateLogger<HeartbeatLoop>()),
            CreateWatch(session, life),
            new PartitionWorkerLoop(life, definition, stores, runners, environment, loggers.CreateLogger<PartitionWorkerLoop>()),
            environment,
            loggers.CreateLogger<WorkerLoops>());

    private IWatchLoop CreateWatch(IControlSession session, WorkerLife life) => StaticPartition.Of(definition.Options) is null
        ? new GenerationWatchLoop(session, life, definition.Name, definition.Options, environment, loggers.CreateLogger<GenerationWatchLoop>())
        : new StaticWatchLoop(session, life, definition.Name, definition.Options, environment, loggers.CreateLogger<StaticWatchLoop>());
}
