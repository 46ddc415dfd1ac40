using Orchestrator.Hosting.Doctor;

namespace Orchestrator.Tests.Doctor;

internal sealed class HorizonWordsTests
{
    private static readonly HorizonHolder Console = new()
    {
        ProcessId = 4711,
        ApplicationName = "psql",
        UserName = "ada",
        ClientAddress = "10.0.0.7",
        State = "idle in transaction",
        Since = new DateTimeOffset(2026, 1, 2, 4, 4, 5, TimeSpan.FromHours(1)),
        Age = TimeSpan.FromSeconds(61.2),
        EndStatement = "END IT",
    };

    [Test]
    public void Of_NobodyHolds_SaysSo() => Assert.That(HorizonWords.Of(new HorizonReport(5, 3, [])).Single(), Does.StartWith("Nobody holds the horizon"));

    [Test]
    public void Of_Holders_SaysEachAndHowToEndTheOldest()
    {
        var prepared = new HorizonHolder { PreparedTransaction = "in doubt", EndStatement = "END THAT" };
        IReadOnlyList<string> lines = HorizonWords.Of(new HorizonReport(50, 8, [Console, prepared]));

        Assert.That(lines[0], Does.Contain("appended: 2").And.Contain("at most 42"));
        Assert.That(lines[1], Is.EqualTo("pid 4711 ('psql'), user ada, client 10.0.0.7, open for 61.2 s, since 2026-01-02 03:04:05 UTC, idle in transaction"));
        Assert.That(lines[2], Does.StartWith("prepared transaction 'in doubt', age unknown"));
        Assert.That(lines[3], Does.Contain("rolled back").And.EndWith("END IT;"));
    }

    [Test]
    public void Waiting_CheckpointAheadOfTheLog_IsNone() => Assert.That(new HorizonReport(3, 5, []).Waiting, Is.Zero);
}
