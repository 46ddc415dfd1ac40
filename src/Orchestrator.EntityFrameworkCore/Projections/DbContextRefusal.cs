using Microsoft.EntityFrameworkCore;

namespace Orchestrator.Projections;

/// <summary>Which DbContexts would not keep what a batch promises.</summary>
internal static class DbContextRefusal
{
    /// <summary>Refuses a DbContext with the way out.</summary>
    /// <exception cref="InvalidOperationException">It is unfit.</exception>
    public static void ThrowIfUnfit(ProjectionContext context, DbContext dbContext)
    {
        string who = $"Projection '{context.Projection}' cannot use {dbContext.GetType()}";
        if (dbContext.Database.CurrentTransaction is not null)
        {
            throw new InvalidOperationException(
                $"{who}: it is in a transaction of its own, which does not commit with the checkpoint. Call UseDbContextAsync before anything else, and leave out BeginTransaction: the batch has a transaction already.");
        }

        if (dbContext.Database.CreateExecutionStrategy().RetriesOnFailure)
        {
            throw new InvalidOperationException(
                $"{who}: it repeats what has failed by itself (EnableRetryOnFailure), but inside a transaction that has failed nothing can be repeated. The orchestrator repeats the whole batch. "
                + "Register a DbContext without a retrying execution strategy for projections.");
        }

        if (IsPooled(dbContext) && !ReferenceEquals(context.Services.GetService(dbContext.GetType()), dbContext))
        {
            throw new InvalidOperationException(
                $"{who}: it comes from a pool, but not by the batch's scope. It could go back to the pool, and to somebody else, with the batch's transaction still open. "
                + "Take it in the projection's constructor (AddDbContextPool), or create it without a pool (AddDbContextFactory).");
        }
    }

    private static bool IsPooled(DbContext dbContext) => dbContext.ContextId.Lease > 0;
}
