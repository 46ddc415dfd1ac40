using Microsoft.EntityFrameworkCore;

namespace Handlers.ReadModels;

/// <summary>How much happens to each user, by Entity Framework Core.</summary>
public sealed class ReadModel(DbContextOptions<ReadModel> options) : DbContext(options)
{
    public DbSet<UserActivity> Users => Set<UserActivity>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<UserActivity>(user =>
    {
        user.ToTable("user_activity");
        user.Property(u => u.Id).HasColumnName("id");
        user.Property(u => u.Events).HasColumnName("events");
    });
}

/// <summary>A user, and how many events there are of it.</summary>
public sealed class UserActivity
{
    public required string Id { get; init; }

    public long Events { get; set; }
}
