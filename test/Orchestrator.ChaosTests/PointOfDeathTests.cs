using Npgsql;
using Orchestrator.ChaosTests.Workers;
using Orchestrator.Events;

namespace Orchestrator.ChaosTests;

/// <summary>A worker that kills itself at an exact point, and another that goes on.</summary>
public sealed class PointOfDeathTests : ChaosFixture
{
    private const int Events = 6;
    private const long Fatal = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [SetUp]
    public async Task AppendAsync()
    {
        await Log.Store.AppendAsync("Thing", "one", ExpectedVersion.NoStream, [.. Enumerable.Range(0, Events).Select(_ => new EventData("Happened", "{}"u8.ToArray()))]);
    }

    [Test]
    public async Task Kill_BetweenHandlerAndCommit_EachEventOnce()
    {
        await DieAndGoOnAsync(DyingTrace.Name);

        Assert.That(await ScalarAsync("SELECT string_agg(position::text, ' ' ORDER BY id) FROM trace"), Is.EqualTo("1 2 3 4 5 6"));
    }

    [Test]
    public async Task Kill_BetweenEffectAndCheckpoint_RepeatedUnderTheSameKey()
    {
        await DieAndGoOnAsync(DyingEffects.Name);

        Assert.That(await ScalarAsync($"SELECT count(*) FROM effects WHERE position = {Fatal}"), Is.GreaterThanOrEqualTo(2), "the effect was done, and its checkpoint was not moved");
        Assert.That(await ScalarAsync("SELECT count(DISTINCT position) FROM effects"), Is.EqualTo(Events));
        Assert.That(await ScalarAsync("SELECT count(DISTINCT (position, key)) FROM effects"), Is.EqualTo(Events), "one event, one key");
        Assert.That(await ScalarAsync("SELECT count(DISTINCT key) FROM effects"), Is.EqualTo(Events));
    }

    private async Task DieAndGoOnAsync(string projection)
    {
        await Launch(PointOfDeath.In(projection, Fatal)).WaitForExitAsync(Patience);
        Launch(PointOfDeath.Nowhere);
        using var deadline = new CancellationTokenSource(Patience);
        while (await ScalarAsync($"SELECT count(*) FROM projection_checkpoints WHERE projection_name LIKE 'dying-%' AND position = {Events}") is not 2L)
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, $"The second worker did not reach the end in {Patience}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
