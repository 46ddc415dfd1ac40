using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using QuickStart.Git;
using QuickStart.Importing;

namespace QuickStart.Tests.Importing;

public sealed class HistoryImporterTests
{
    private static readonly GitCommit[] History =
    [
        new("c1", "Ada", "ada@example.com", 1_000, [new GitEntry('A', "a", null, 3, 0), new GitEntry('A', "bin", null, null, null)]),
        new("c2", "Bob", "bob@example.com", 2_000, [new GitEntry('M', "a", null, 1, 2)]),
        new("c3", "Ada", "ada@example.com", 3_000, [new GitEntry('R', "b", "a", 0, 0), new GitEntry('D', "bin", null, null, null)]),
    ];

    [Test]
    public async Task ImportAsync_History_AppendsOneEventAChangeToTheFilesAggregate()
    {
        await using ServiceProvider services = CreateServices();
        IEventStore store = services.GetRequiredService<IEventStore>();

        var importer = new HistoryImporter(store, TimeProvider.System);
        await importer.ImportAsync(History.ToAsyncEnumerable(), History.Length, TimeSpan.Zero, default);

        IReadOnlyList<PersistedEvent> events = await store.ReadAllAsync(0, 100);
        Assert.That(events.Select(e => (e.AggregateId, e.EventType, e.AggregateVersion)), Is.EqualTo(new[]
        {
            ("a", "FileAdded", 1L), ("bin", "FileAdded", 1L), ("a", "FileModified", 2L), ("b", "FileRenamed", 1L), ("bin", "FileDeleted", 2L),
        }));
        Assert.That(FileChange.Read(events[3].Payload), Is.EqualTo(new FileChange("c3", "b", "a", "Ada", "ada@example.com", 3_000, 0, 0)));
        Assert.That(FileChange.Read(events[1].Payload).Added, Is.Null);
        Assert.That((importer.Commits, importer.Events), Is.EqualTo((3L, 5L)));
    }

    [Test]
    public async Task ImportAsync_SecondTime_RefusesAndWritesNothing()
    {
        await using ServiceProvider services = CreateServices();
        IEventStore store = services.GetRequiredService<IEventStore>();
        await new HistoryImporter(store, TimeProvider.System).ImportAsync(History.ToAsyncEnumerable(), History.Length, TimeSpan.Zero, default);

        var e = await Assert.ThrowsAsync<AlreadyImportedException>(
            () => new HistoryImporter(store, TimeProvider.System).ImportAsync(History.ToAsyncEnumerable(), History.Length, TimeSpan.Zero, default));

        Assert.That(e!.Message, Does.Contain("already holds events of the file 'a'"));
        Assert.That(await store.ReadAllAsync(0, 100), Has.Count.EqualTo(5));
    }

    private static ServiceProvider CreateServices()
    {
        var services = new ServiceCollection();
        services.AddProjectionOrchestrator(setup => setup.UseInMemory());
        return services.BuildServiceProvider();
    }
}
