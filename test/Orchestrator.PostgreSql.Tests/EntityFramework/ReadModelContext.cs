using Microsoft.EntityFrameworkCore;

namespace Orchestrator.PostgreSql.Tests.EntityFramework;

/// <summary>A read model of one table, by Entity Framework Core.</summary>
internal sealed class ReadModelContext(DbContextOptions<ReadModelContext> options) : KeyValueContext(options);

/// <summary>A second DbContext on the same table.</summary>
internal sealed class OtherContext(DbContextOptions<OtherContext> options) : KeyValueContext(options);

/// <summary>What the two have in common.</summary>
internal abstract class KeyValueContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<ReadModelRow> Rows => Set<ReadModelRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<ReadModelRow>(row =>
    {
        row.ToTable("read_model").HasKey(r => r.Key);
        row.Property(r => r.Key).HasColumnName("key");
        row.Property(r => r.Value).HasColumnName("value");
    });
}

/// <summary>A key with its value.</summary>
internal sealed class ReadModelRow
{
    public required string Key { get; init; }

    public long Value { get; set; }
}
