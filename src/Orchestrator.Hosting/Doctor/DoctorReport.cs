namespace Orchestrator.Hosting.Doctor;

/// <summary>What the doctor has found.</summary>
/// <param name="Horizon">Who holds the horizon back.</param>
/// <param name="Findings">What is wrong or worth knowing, the worst first. Empty: nothing.</param>
public sealed record DoctorReport(HorizonReport Horizon, IReadOnlyList<DoctorFinding> Findings);
