using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuickStart.Importing;

/// <summary>The payload of every event: what one commit did to one file.</summary>
/// <param name="Commit">The commit's hash.</param>
/// <param name="Path">The file's path behind the commit; of a deleted file, before it.</param>
/// <param name="From">Where a renamed file was before; else null.</param>
/// <param name="AuthorName">The author's name.</param>
/// <param name="AuthorEmail">The author's address.</param>
/// <param name="At">When it was written: seconds since 1970 in UTC.</param>
/// <param name="Added">Lines added; null for a binary file.</param>
/// <param name="Removed">Lines removed; null for a binary file.</param>
internal sealed record FileChange(string Commit, string Path, string? From, string AuthorName, string AuthorEmail, long At, int? Added, int? Removed)
{
    public static FileChange Read(ReadOnlyMemory<byte> payload) =>
        JsonSerializer.Deserialize(payload.Span, FileChangeJson.Default.FileChange) ?? throw new JsonException("The payload is null.");

    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, FileChangeJson.Default.FileChange);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FileChange))]
internal sealed partial class FileChangeJson : JsonSerializerContext;
