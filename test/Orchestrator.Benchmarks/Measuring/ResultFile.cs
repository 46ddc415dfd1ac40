using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Benchmarks.Measuring;

/// <summary>Every run as JSON.</summary>
internal static class ResultFile
{
    // A ratio to a raw figure of zero is no number that JSON knows.
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static async Task WriteAsync(string path, IReadOnlyList<ScenarioResult> results, CancellationToken cancellationToken)
    {
        await using FileStream file = File.Create(path);
        await JsonSerializer.SerializeAsync(file, results, Format, cancellationToken);
    }

    public static async Task<IReadOnlyList<ScenarioResult>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<ScenarioResult[]>(file, Format, cancellationToken) ?? throw new InvalidDataException($"{path} holds no results.");
    }
}
