namespace Orchestrator.Hosting.Doctor;

/// <summary>One thing that the doctor has found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">Which kind of finding it is: short, stable, for scripts, as <c>slots-without-owner</c>. docs/troubleshooting.md lists them.</param>
/// <param name="ReplicaSet">The replica set that it is about; null: all of them.</param>
/// <param name="Cause">What it is, in sentences.</param>
/// <param name="WayOut">What to do, in sentences.</param>
public sealed record DoctorFinding(DoctorSeverity Severity, string Code, string? ReplicaSet, string Cause, string WayOut);
