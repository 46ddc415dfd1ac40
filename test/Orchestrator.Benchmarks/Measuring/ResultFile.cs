using System.Text.Json;

namespace Orchestrator.Benchmarks.Measuring;

/// <summary>Every run as JSON.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task WriteAsync(string path, IReadOnlyList<ScenarioResult> results, CancellationToken cancellationToken)
    {
        await using FileStream file = File.Create(path);
        await JsonSerializer.SerializeAsync(file, results, Format, cancellationToken);
    }
}
