using Orchestrator.Events;
using QuickStart.Git;

namespace QuickStart.Importing;

/// <summary>Appends a history to the log, oldest commit first, in batches.</summary>
/// <param name="store">The log.</param>
/// <param name="time">For the pace.</param>
internal sealed class HistoryImporter(IEventStore store, TimeProvider time)
{
    private const int EventsPerBatch = 1_000;

    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private long _events;
    private long _commits;

    /// <summary>How many events have been appended; may be read while the import runs.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>How many commits have been read; may be read while the import runs.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Imports all commits.</summary>
    /// <param name="commits">The commits, oldest first.</param>
    /// <param name="expectedCommits">About how many they are; only the pace depends on it.</param>
    /// <param name="duration">How long the import should take: it waits between batches so that it lasts about as long. Zero: as fast as it can.</param>
    /// <param name="cancellationToken">Gives up; whole batches stay in the log.</param>
    /// <exception cref="AlreadyImportedException">The log holds events of one of these files.</exception>
    public async Task ImportAsync(IAsyncEnumerable<GitCommit> commits, int expectedCommits, TimeSpan duration, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        int eventsPerBatch = duration > TimeSpan.Zero ? EventsPerBatch / 10 : EventsPerBatch;
        var batch = new List<AggregateAppend>();
        await foreach (GitCommit commit in commits.WithCancellation(cancellationToken))
        {
            batch.AddRange(commit.Entries.Select(entry => ToAppend(commit, entry)));
            Interlocked.Increment(ref _commits);
            if (batch.Count >= eventsPerBatch)
            {
                await AppendAsync(batch, cancellationToken);
                TimeSpan ahead = (duration * Math.Min(1, (double)Commits / expectedCommits)) - time.GetElapsedTime(start);
                if (ahead > TimeSpan.Zero)
                {
                    await Task.Delay(ahead, time, cancellationToken);
                }
            }
        }

        await AppendAsync(batch, cancellationToken);
    }

    // The importer is the only writer, so it knows every file's version; a file that has one already was imported by somebody else.
    private AggregateAppend ToAppend(GitCommit commit, GitEntry entry)
    {
        string id = FileEvents.AggregateId(entry);
        long version = _versions.GetValueOrDefault(id);
        _versions[id] = version + 1;
        return new AggregateAppend(FileEvents.AggregateType, id, version == 0 ? ExpectedVersion.NoStream : ExpectedVersion.Exact(version), [FileEvents.ToEvent(commit, entry)]);
    }

    private async Task AppendAsync(List<AggregateAppend> batch, CancellationToken cancellationToken)
    {
        try
        {
            await store.AppendBulkAsync(batch, transaction: null, cancellationToken);
        }
        catch (ConcurrencyException e)
        {
            throw new AlreadyImportedException(e.AggregateId, e);
        }
        catch (DuplicateEventException e)
        {
            throw new AlreadyImportedException(batch[0].AggregateId, e);
        }

        Interlocked.Add(ref _events, batch.Count);
        batch.Clear();
    }
}
