using System.Text.Json;
using Orchestrator.Events;

namespace Handlers;

[EventType("user-created")]
public sealed record UserCreated(string Name);

public sealed record UserRenamed(string Name);

/// <summary>Users and what happened to them.</summary>
internal static class UserEvents
{
    public const string LastUser = "user-3";

    private static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    /// <summary>Appends three users, two of whom are renamed; returns how many events that are.</summary>
    public static async Task<long> AppendAsync(IEventStore store, CancellationToken cancellationToken)
    {
        await store.AppendAsync("User", "user-1", ExpectedVersion.NoStream, [Created("Augusta"), Renamed("Ada")], cancellationToken: cancellationToken);
        await store.AppendAsync("User", "user-2", ExpectedVersion.NoStream, [Created("Grace")], cancellationToken: cancellationToken);
        await store.AppendAsync("User", LastUser, ExpectedVersion.NoStream, [Created("Mathison"), Renamed("Turing"), Renamed("Alan")], cancellationToken: cancellationToken);
        return 6;
    }

    private static EventData Created(string name) => new("user-created", JsonSerializer.SerializeToUtf8Bytes(new UserCreated(name), Json));

    private static EventData Renamed(string name) => new(nameof(UserRenamed), JsonSerializer.SerializeToUtf8Bytes(new UserRenamed(name), Json));
}
