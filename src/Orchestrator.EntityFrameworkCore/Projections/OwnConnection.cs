using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Orchestrator.Projections;

/// <summary>
/// What a DbContext is connected by outside a batch. It gets this back when the batch is over: a pool resets its DbContexts before it lends them again, but not their connections.
/// </summary>
/// <param name="Relational">The DbContext's connection service. It outlives the DbContext, which a handler may have disposed by then.</param>
/// <param name="Given">The connection that the application has given in the options, or null: the DbContext makes its own.</param>
/// <param name="GivenIsOwned">Whether the DbContext disposes the given one.</param>
/// <param name="ConnectionString">By what it makes its own, or null: by a data source.</param>
internal sealed record OwnConnection(IRelationalConnection Relational, DbConnection? Given, bool GivenIsOwned, string? ConnectionString)
{
    /// <summary>Remembers it.</summary>
    public static OwnConnection Of(DbContext dbContext)
    {
        RelationalOptionsExtension options = RelationalOptionsExtension.Extract(dbContext.GetService<IDbContextOptions>());

        // The string is asked of the DbContext: the application may have set another than that of the options, for example one a tenant.
        string? connectionString = options.ConnectionString is null ? null : dbContext.Database.GetConnectionString();
        return new OwnConnection(dbContext.GetService<IRelationalConnection>(), options.Connection, options.IsConnectionOwned, connectionString);
    }

    /// <summary>Takes the DbContext off the batch's connection, which stays as it is, and lets it have its own again.</summary>
    public void GiveBack()
    {
        // Forgets the transaction, and connections that were opened by hand and not closed: a connection in use cannot be changed.
        ((IResettableService)Relational).ResetState();
        Relational.SetDbConnection(Given, contextOwnsConnection: Given is null || GivenIsOwned);
        if (ConnectionString is not null)
        {
            Relational.ConnectionString = ConnectionString;
        }
    }
}
