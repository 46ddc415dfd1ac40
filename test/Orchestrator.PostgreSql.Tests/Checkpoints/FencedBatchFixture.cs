using Npgsql;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.PostgreSql.Tests.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Checkpoints;

/// <summary>A worker with a checkpoint row, and a read model for its batches to write to.</summary>
internal abstract class FencedBatchFixture : CoordinationFixture
{
    internal const string Insert = "INSERT INTO read_model (key, value) VALUES ($1, $2)";

    internal TestWorker Worker { get; private set; } = null!;

    internal long Generation { get; private set; }

    internal Checkpoint Row { get; private set; } = null!;

    [SetUp]
    public async Task Rescale()
    {
        Worker = await RegisterAsync();
        Generation = await RescaleAsync(Worker);
        Row = (await LoadAsync(Worker, Generation)).Single();
    }

    internal static async Task BeginEventAsync(IFencedBatch batch, long position)
    {
        PersistedEvent e = Event(position);
        await batch.BeginEventsAsync(e, e, CancellationToken.None);
    }

    internal static PersistedEvent Event(long position) => new()
    {
        GlobalPosition = position,
        AggregateType = "Thing",
        AggregateId = "42",
        AggregateVersion = position,
        EventId = Guid.NewGuid(),
        EventType = $"Thing-{position}-Happened",
        EventVersion = 1,
        Payload = new byte[] { 1 },
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    internal string Key(string key) => $"{ReplicaSet}/{key}";

    internal async Task<IFencedBatch> BeginAsync() => (await BeginAsync(Worker, Generation, Row))!;

    internal async Task<long> PositionAsync() => (await LoadAsync(Worker, Generation)).Single().Position;

    internal async Task InsertDirectlyAsync(IFencedBatch batch, string key)
    {
        var connection = (NpgsqlConnection)await batch.Context.GetConnectionAsync();
        await using var command = new NpgsqlCommand(Insert, connection) { Parameters = { new() { Value = Key(key) }, new() { Value = 1L } } };
        await command.ExecuteNonQueryAsync();
    }

    // The keys of this test's rows, in the order of insertion.
    internal Task<string[]> KeysAsync() => Database.ReadAsync<string[]>(
        $"SELECT coalesce(array_agg(substr(key, {ReplicaSet.Length + 2}) ORDER BY id), '{{}}') FROM read_model WHERE starts_with(key, '{ReplicaSet}/')");
}
