using System.Net.Sockets;
using Npgsql;
using Orchestrator.PostgreSql.Errors;

namespace Orchestrator.PostgreSql.Tests.EventLog;

[Parallelizable(ParallelScope.All)]
public sealed class PostgreSqlErrorClassifierTests
{
    private readonly PostgreSqlErrorClassifier _classifier = new();

    [TestCase("08006", true, TestName = "connection failure")]
    [TestCase("25006", true, TestName = "read-only transaction")]
    [TestCase("25P02", false, TestName = "aborted transaction")]
    [TestCase("25P03", true, TestName = "idle in transaction for too long")]
    [TestCase("40001", true, TestName = "serialization failure")]
    [TestCase("40P01", true, TestName = "deadlock")]
    [TestCase("53300", true, TestName = "too many connections")]
    [TestCase("55P03", true, TestName = "lock not available")]
    [TestCase("57P01", true, TestName = "shut down by an administrator")]
    [TestCase("58030", true, TestName = "io error")]
    [TestCase("XX000", true, TestName = "internal error")]
    [TestCase("0A000", true, TestName = "cached plan changed")]
    [TestCase("57014", false, TestName = "the handler's statement took too long")]
    [TestCase("22001", false, TestName = "value too long")]
    [TestCase("23505", false, TestName = "unique violation")]
    [TestCase("42P01", false, TestName = "missing table")]
    [TestCase("P0001", false, TestName = "raised by a function")]
    public void IsInfrastructure_SqlState_GoesByItsClass(string sqlState, bool expected)
    {
        var error = new PostgresException("text", "ERROR", "ERROR", sqlState);

        Assert.That(_classifier.IsInfrastructure(error), Is.EqualTo(expected));
        Assert.That(_classifier.IsInfrastructure(new InvalidOperationException("wrapped by a library", error)), Is.EqualTo(expected), "inner exceptions count");
        Assert.That(_classifier.IsInfrastructure(new AggregateException(new FormatException(), new InvalidOperationException("", error))), Is.EqualTo(expected), "so do aggregated ones");
        Assert.That(_classifier.IsInfrastructure(new NpgsqlException("wrapped by the driver", error)), Is.EqualTo(expected));
    }

    [Test]
    public void IsInfrastructure_DriverErrorWithoutSqlState_True()
    {
        Assert.That(_classifier.IsInfrastructure(new NpgsqlException("broken", new IOException())), Is.True);
        Assert.That(_classifier.IsInfrastructure(new NpgsqlException("pool", new TimeoutException())), Is.True);
        Assert.That(_classifier.IsInfrastructure(new NpgsqlException("connect", new SocketException())), Is.True);
    }

    [Test]
    public void IsInfrastructure_HandlersOwnError_False()
    {
        Assert.That(_classifier.IsInfrastructure(new FormatException()), Is.False);
        Assert.That(_classifier.IsInfrastructure(new HttpRequestException("elsewhere", new SocketException())), Is.False);
        Assert.That(_classifier.IsInfrastructure(new TimeoutException()), Is.False);
        Assert.That(_classifier.IsInfrastructure(new ObjectDisposedException("a handler's own thing")), Is.False);
    }

    [Test]
    public async Task IsInfrastructure_NoServer_True()
    {
        await using var connection = new NpgsqlConnection("Host=127.0.0.1;Port=1;Timeout=2");
        Exception error = (await Assert.CatchAsync(() => connection.OpenAsync()))!;

        Assert.That(_classifier.IsInfrastructure(error), Is.True);
    }

    [Test]
    public async Task IsInfrastructure_DataSourceOfTheDriverDisposed_True()
    {
        NpgsqlDataSource source = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
        await source.DisposeAsync();
        Exception error = (await Assert.CatchAsync(async () => await source.OpenConnectionAsync()))!;

        Assert.That(error, Is.InstanceOf<ObjectDisposedException>());
        Assert.That(_classifier.IsInfrastructure(error), Is.True);
    }
}
