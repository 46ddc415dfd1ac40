using System.Text.Json;

namespace Orchestrator.Workflows;

/// <summary>What became of one service of a run.</summary>
public sealed class ServiceResult
{
    private readonly JsonSerializerOptions _json;

    internal ServiceResult(JsonSerializerOptions json) => _json = json;

    /// <summary>The service's name.</summary>
    public required string Service { get; init; }

    /// <summary>What became of it.</summary>
    public required ServiceOutcome Outcome { get; init; }

    /// <summary>The response as JSON; null where there is none.</summary>
    public string? Response { get; init; }

    /// <summary>The error of the last attempt, as type and message; null unless failed.</summary>
    public string? Error { get; init; }

    /// <summary>The same as it was thrown; null also where the failure is taken from the journal of an earlier run.</summary>
    public Exception? Exception { get; init; }

    /// <summary>The failed service because of which this one was skipped; null unless skipped.</summary>
    public string? SkippedBecauseOf { get; init; }

    /// <summary>How many attempts were begun, over restarts too; 0 when skipped.</summary>
    public required int Attempts { get; init; }

    /// <summary>When the first attempt began, by the journal's clock; null when skipped.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the outcome was recorded, by the journal's clock.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>What the service warned of, in all its attempts that ended, in order.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The response.</summary>
    /// <typeparam name="T">What it is read as.</typeparam>
    /// <returns>The response; the type's default where the service gave none.</returns>
    /// <exception cref="InvalidOperationException">The service has not succeeded.</exception>
    /// <exception cref="JsonException">The response is not of this type.</exception>
    public T? GetResponse<T>() => Outcome != ServiceOutcome.Succeeded
        ? throw new InvalidOperationException($"The service '{Service}' has no response: it {Describe()}. Look at Outcome first.")
        : Response is null ? default : JsonSerializer.Deserialize<T>(Response, _json);

    internal string Describe() => Outcome switch
    {
        ServiceOutcome.Succeeded => "succeeded",
        ServiceOutcome.Failed => $"failed after {Attempts} attempt{(Attempts == 1 ? "" : "s")} ({Error})",
        _ => $"was skipped because of '{SkippedBecauseOf}'",
    };
}
