using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.Health;

/// <summary>Makes a result from findings. Bounded, however much is wrong: the first causes in full, the rest as a number.</summary>
internal static class Report
{
    private const int MostCauses = 10;
    private const int MostData = 100;

    /// <summary>The worst of the findings, with all of their causes.</summary>
    /// <param name="findings">What is wrong.</param>
    /// <param name="well">What to say when nothing is.</param>
    /// <param name="replicaSets">What goes into the data.</param>
    public static HealthCheckResult Of(IReadOnlyList<Finding> findings, string well, IEnumerable<ReplicaSetStatus> replicaSets) => Of(findings, well, replicaSets.SelectMany(Lines));

    /// <summary>The same with lines of the caller's.</summary>
    /// <param name="findings">What is wrong.</param>
    /// <param name="well">What to say when nothing is.</param>
    /// <param name="lines">What goes into the data.</param>
    public static HealthCheckResult Of(IReadOnlyList<Finding> findings, string well, IEnumerable<(string Key, string Value)> lines)
    {
        HealthStatus worst = findings.Select(finding => finding.Status).Append(HealthStatus.Healthy).Min();
        string causes = string.Join("; ", findings.OrderBy(finding => finding.Status).Take(MostCauses).Select(finding => finding.Cause));
        string more = findings.Count > MostCauses ? $"; and {findings.Count - MostCauses} more" : "";
        string text = findings.Count == 0 ? well : $"{char.ToUpperInvariant(causes[0])}{causes[1..]}{more}.";
        return new HealthCheckResult(worst, text, data: Data(lines));
    }

    private static Dictionary<string, object> Data(IEnumerable<(string Key, string Value)> lines)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach ((string key, string value) in lines.Take(MostData))
        {
            data[key] = value;
        }

        return data;
    }

    private static IEnumerable<(string Key, string Value)> Lines(ReplicaSetStatus replicaSet) =>
    [
        (replicaSet.Name, Words.Of(replicaSet)),
        .. replicaSet.Worker?.Projections.GroupBy(projection => projection.Name, StringComparer.Ordinal).Select(lanes => ($"{replicaSet.Name}/{lanes.Key}", Words.Of(lanes))) ?? [],
    ];
}
