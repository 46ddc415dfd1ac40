using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.Tests.Support;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>Which answers show that the server has not crashed between two looks.</summary>
public sealed class ServerContinuityTests
{
    private readonly ManualTime _time = new();
    private readonly PostgreSqlConnections _connections;

    public ServerContinuityTests() => _connections = new PostgreSqlConnections(new PostgreSqlOptions { ConnectionString = "Host=nowhere" }, _time);

    [OneTimeTearDown]
    public void Dispose() => _connections.Dispose();

    [Test]
    public void Holds_SessionMetBeforeTheLastLook_Holds()
    {
        Meet(1);
        Meet(2);
        ServerContinuity continuity = Begin();

        Assert.That(Holds(continuity, 1), Is.True);
        Assert.That(Holds(continuity, 2), Is.True);
        Assert.That(Holds(continuity, 1), Is.True);
    }

    [Test]
    public void Holds_SessionMetByThisAnswer_DoesNotHoldAndWouldTheNextTime()
    {
        Meet(10);
        ServerContinuity continuity = Begin();

        Assert.That(Holds(continuity, 11), Is.False);
        Assert.That(Holds(Begin(), 11), Is.True);
    }

    // Met by somebody else meanwhile: it may have begun behind a crash that came behind the last look.
    [Test]
    public void Holds_SessionMetBehindTheLastLook_DoesNotHold()
    {
        Meet(20);
        ServerContinuity continuity = Begin();
        Assert.That(Holds(continuity, 20), Is.True);
        Meet(21);

        Assert.That(Holds(continuity, 21), Is.False);
    }

    [Test]
    public void Holds_SameProcessIdStartedAtAnotherTime_IsAnotherSession()
    {
        Meet(30);
        ServerContinuity continuity = Begin();

        Assert.That(continuity.Holds(30, Started(31), Tick()), Is.False);
    }

    private ServerContinuity Begin() => new(_connections, Tick());

    private bool Holds(ServerContinuity continuity, int session)
    {
        long askedAt = Tick();
        Tick();
        return continuity.Holds(session, Started(session), askedAt);
    }

    private void Meet(int session)
    {
        Tick();
        _connections.OpenedAt(session, Started(session));
    }

    private static DateTime Started(int session) => DateTime.UnixEpoch.AddHours(session);

    private long Tick()
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        return _time.GetTimestamp();
    }
}
