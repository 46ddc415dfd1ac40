using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Orchestrator.Projections;

/// <summary>Entity Framework Core in projections.</summary>
public static class ProjectionContextExtensions
{
    /// <summary>
    /// Puts a DbContext on the batch's connection and transaction: what it saves commits together with the projection's checkpoint, or not at all. Call it first whenever events are handled,
    /// and <c>SaveChangesAsync</c> last, which does not commit. When the attempt is over, the DbContext gets its own connection back.
    /// </summary>
    /// <param name="context">The batch's context. What was enqueued before is sent first, so that order is kept.</param>
    /// <param name="dbContext">
    /// The DbContext; best the one that the projection takes in its constructor. One that is on this transaction already stays there. Its connection string does not count: its tables must be in the
    /// database of the events.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the DbContext can be used.</returns>
    /// <exception cref="InvalidOperationException">
    /// The DbContext is in a transaction of its own, repeats statements by itself (<c>EnableRetryOnFailure</c>), comes from a pool but not from the batch's scope, or is not relational.
    /// </exception>
    /// <exception cref="NotSupportedException">The in-memory provider has no connection.</exception>
    public static async ValueTask UseDbContextAsync(this ProjectionContext context, DbContext dbContext, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(dbContext);

        // Asked for in every call: what was enqueued since the last one goes ahead of what the DbContext will send.
        DbConnection connection = await context.GetConnectionAsync(cancellationToken).ConfigureAwait(false);
        DbTransaction transaction = context.Transaction;
        if (ReferenceEquals(dbContext.Database.CurrentTransaction?.GetDbTransaction(), transaction))
        {
            return;
        }

        DbContextRefusal.ThrowIfUnfit(context, dbContext);
        OwnConnection own = OwnConnection.Of(dbContext);
        dbContext.Database.SetDbConnection(connection, contextOwnsConnection: false);
        context.OnEnded(own.GiveBack);
        await dbContext.Database.UseTransactionAsync(transaction, cancellationToken).ConfigureAwait(false);
    }
}
