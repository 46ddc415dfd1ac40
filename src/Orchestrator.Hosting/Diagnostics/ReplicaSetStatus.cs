using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.Scaling;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>This process's part in one replica set, as its agent knows it.</summary>
internal sealed class ReplicaSetStatus(string name, ReplicaSetMetrics? metrics = null, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private long _withoutSince = (time ?? TimeProvider.System).GetTimestamp();
    private volatile WorkerStatus? _worker;
    private volatile ScalingSignal? _scaling;
    private volatile string? _registrationFailure;
    private volatile EventLogRefusedException? _logRefusal;
    private volatile string? _bug;
    private volatile bool _started;
    private volatile bool _disabled;

    public string Name { get; } = name;

    /// <summary>Where what happens is counted.</summary>
    public ReplicaSetMetrics Metrics { get; } = metrics ?? ReplicaSetMetrics.None;

    /// <summary>How many workers there should be; null: this process does not run the replica set.</summary>
    public ScalingSignal? Scaling
    {
        get => _scaling;
        set => _scaling = value;
    }

    /// <summary>Whether the agent has begun.</summary>
    public bool Started => _started;

    /// <summary>Whether this process is not to run it.</summary>
    public bool Disabled => _disabled;

    /// <summary>The registered worker, or null: none yet, or none any more.</summary>
    public WorkerStatus? Worker => _worker;

    /// <summary>For how long there has been no registered worker; meaningless while there is one.</summary>
    public TimeSpan WithoutWorker => _time.GetElapsedTime(Interlocked.Read(ref _withoutSince));

    /// <summary>Why the last try to register failed, or null.</summary>
    public string? RegistrationFailure => _registrationFailure;

    /// <summary>Why the log must not be read now, or null.</summary>
    public EventLogRefusedException? LogRefusal => _logRefusal;

    /// <summary>What ended the agent against its will, or null.</summary>
    public string? Bug => _bug;

    /// <summary>The agent begins.</summary>
    public void Start() => _started = true;

    /// <summary>This process does not run it.</summary>
    public void Disable() => _disabled = true;

    /// <summary>A worker is on the roster.</summary>
    public void Registered(WorkerStatus worker)
    {
        _registrationFailure = null;
        _logRefusal = null;
        _worker = worker;
    }

    /// <summary>A worker could not be registered, or had to leave because the log must not be read; it is tried again.</summary>
    public void CannotRegister(Exception exception)
    {
        _registrationFailure = RowStatus.CauseOf(exception);
        _logRefusal = exception as EventLogRefusedException;
    }

    /// <summary>The worker is off the roster, or its id is spent.</summary>
    public void Over()
    {
        Interlocked.Exchange(ref _withoutSince, _time.GetTimestamp());
        _worker = null;
    }

    /// <summary>The agent has ended by a bug, and with it this replica set in this process.</summary>
    public void Died(Exception exception) => _bug = RowStatus.CauseOf(exception);
}
