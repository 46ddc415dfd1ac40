using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Events;

namespace Orchestrator.Benchmarks.Servers;

/// <summary>One database: the product's event store, and plain connections for raw.</summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public BenchmarkDatabase(string connectionString, ServiceProvider services)
    {
        ConnectionString = connectionString;
        _services = services;
        DataSource = NpgsqlDataSource.Create(connectionString);
        Store = services.GetRequiredService<IEventStore>();
    }

    public string ConnectionString { get; }

    /// <summary>Plain pooled connections.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>The product's event store.</summary>
    public IEventStore Store { get; }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<long> NumberAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = DataSource.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    /// <summary>Asks again and again, until the number is another than zero.</summary>
    /// <returns>The number.</returns>
    public async Task<long> WaitForAsync(string numberOtherThanZero, CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            if (await NumberAsync(numberOtherThanZero, cancellationToken) is not 0 and long number)
            {
                return number;
            }

            await look.WaitForNextTickAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _services.DisposeAsync();
    }
}
