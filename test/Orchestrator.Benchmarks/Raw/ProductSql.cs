using Orchestrator.PostgreSql.Configuration;

namespace Orchestrator.Benchmarks.Raw;

/// <summary>The product's own statements, as they are in its assembly.</summary>
internal static class ProductSql
{
    /// <summary>Reads a statement.</summary>
    /// <param name="name">The file's name without its extension.</param>
    public static string Read(string name)
    {
        using Stream stream = typeof(PostgreSqlOptions).Assembly.GetManifestResourceStream($"Orchestrator.PostgreSql.Sql.{name}.sql")
            ?? throw new InvalidOperationException($"The product has no statement {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
