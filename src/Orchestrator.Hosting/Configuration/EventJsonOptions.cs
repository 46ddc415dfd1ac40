using System.Text.Json;

namespace Orchestrator.Hosting.Configuration;

/// <summary>How payloads are read for typed handlers. For the whole application, in code: <c>services.Configure&lt;EventJsonOptions&gt;(o =&gt; o.SerializerOptions.Converters.Add(...))</c>.</summary>
public sealed class EventJsonOptions
{
    /// <summary>The serializer's options. Default: <see cref="JsonSerializerDefaults.Web"/> (camel case, names compared without case, numbers also from strings).</summary>
    public JsonSerializerOptions SerializerOptions { get; } = new(JsonSerializerDefaults.Web);
}
