using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Hosting.Doctor;

namespace Orchestrator.Cli.Inspecting;

/// <summary>The document that <c>doctor --json</c> prints.</summary>
internal static class DoctorDocument
{
    public static JsonObject Of(DoctorReport report) => new()
    {
        ["findings"] = Documents.Array(report.Findings, Of),
        ["horizon"] = new JsonObject
        {
            ["lastDrawn"] = report.Horizon.LastDrawn,
            ["furthestCheckpoint"] = report.Horizon.FurthestCheckpoint,
            ["waiting"] = report.Horizon.Waiting,
            ["holders"] = Documents.Array(report.Horizon.Holders, Of),
        },
    };

    private static JsonObject Of(DoctorFinding finding) => new()
    {
        ["severity"] = JsonNamingPolicy.CamelCase.ConvertName(finding.Severity.ToString()),
        ["code"] = finding.Code,
        ["replicaSet"] = finding.ReplicaSet,
        ["cause"] = finding.Cause,
        ["wayOut"] = finding.WayOut,
    };

    private static JsonObject Of(HorizonHolder holder) => new()
    {
        ["processId"] = holder.ProcessId,
        ["preparedTransaction"] = holder.PreparedTransaction,
        ["applicationName"] = holder.ApplicationName,
        ["userName"] = holder.UserName,
        ["clientAddress"] = holder.ClientAddress,
        ["state"] = holder.State,
        ["since"] = holder.Since,
        ["ageSeconds"] = holder.Age?.TotalSeconds,
        ["lastStatement"] = holder.LastStatement,
        ["endStatement"] = holder.EndStatement,
    };
}
