using Orchestrator.PostgreSql.EventLog;

namespace Orchestrator.PostgreSql.Tests.Doctor;

/// <summary>What is shown of a statement holds no value, however it is written.</summary>
public sealed class StatementShapeTests
{
    [TestCase("INSERT INTO events (payload) VALUES ($1, $2)", "INSERT INTO events (payload) VALUES ($1, $2)")]
    [TestCase("SELECT 'secret'", "SELECT ?")]
    [TestCase("SELECT 'it''s secret', 'secret''' , ''", "SELECT ?, ? , ?")]
    [TestCase("SELECT N'secret', B'0101', x'5ec4e7', date'2020-01-01'", "SELECT ?, ?, ?, dat?")]
    [TestCase("SELECT E'secret\\' secret'", "SELECT ?...")]
    [TestCase("SELECT 'C:\\', 'secret'", "SELECT ?...")]
    [TestCase("SELECT U&'secret' UESCAPE '!'", "SELECT U? UESCAPE ?")]
    [TestCase("SELECT $$secret 'secret$$, $x$secret $$ secret$x$", "SELECT ?, ?")]
    [TestCase("SELECT $x$secret $y$ secret", "SELECT ?...")]
    [TestCase("UPDATE t1 SET card = 4111111111111111, x = 1.5e-3, \"col 2\" = 0x5EC4E7", "UPDATE t1 SET card = ?, x = ?-?, \"col 2\" = ?")]
    [TestCase("/* secret */ SELECT 1 -- secret\n, 2 -- secret", "SELECT ? , ?")]
    [TestCase("/* secret /* secret */ secret */ SELECT 1", "?...")]
    [TestCase("SELECT 'secret that the server has cut o", "SELECT ?...")]
    [TestCase("SELECT 'secret''", "SELECT ?...")]
    [TestCase("SELECT \"cut o", "SELECT ?...")]
    [TestCase("<insufficient privilege>", "<insufficient privilege>")]
    [TestCase("", "")]
    public void Of_AnyStatement_LeavesOutValues(string statement, string shape)
    {
        Assert.That(StatementShape.Of(statement), Is.EqualTo(shape));
        Assert.That(shape, Does.Not.Contain("secret"));
    }
}
