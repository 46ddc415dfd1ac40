namespace Orchestrator.Hosting.Doctor;

/// <summary>How bad a finding is.</summary>
public enum DoctorSeverity
{
    /// <summary>Worth knowing; right in some cases, as during a deployment.</summary>
    Information,

    /// <summary>Something is late, or about to go wrong.</summary>
    Warning,

    /// <summary>A part of the log stands still.</summary>
    Error,
}
