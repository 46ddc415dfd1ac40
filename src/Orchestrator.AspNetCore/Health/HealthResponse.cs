using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orchestrator.AspNetCore.Health;

/// <summary>Writes what the checks have found. Health pages are often public: exceptions are left out, and so is what other checks than ours say, which nobody has read for secrets.</summary>
internal static class HealthResponse
{
    private const string Ours = "orchestrator-";

    /// <summary>Writes the report as JSON. Status code and caching are the middleware's.</summary>
    public static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartArray("checks");
        foreach ((string name, HealthReportEntry entry) in report.Entries)
        {
            Write(json, name, entry);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, string name, HealthReportEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("status", entry.Status.ToString());
        if (name.StartsWith(Ours, StringComparison.Ordinal))
        {
            json.WriteString("cause", entry.Description);
            json.WriteStartObject("data");
            foreach ((string key, object value) in entry.Data)
            {
                json.WriteString(key, value.ToString());
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
