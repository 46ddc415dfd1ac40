using System.Globalization;
using Npgsql;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Diagnostics;

namespace Orchestrator.PostgreSql.Generations;

/// <summary>
/// Looks, from a second session, at who holds a lock that a transition waits for. Ends sessions of workers that are over; any other holder is only remembered by name. A second session,
/// because the first one waits, and because nobody can tell any more who blocked it once its lock_timeout has fired.
/// </summary>
/// <param name="session">The worker's session, and what comes with it.</param>
/// <param name="waiting">The process id, in the server, of the session that waits.</param>
/// <param name="excused">Workers that nothing waits for.</param>
internal sealed class BlockerWatch(WorkerSession session, int waiting, IReadOnlyList<ExcusedWorker> excused)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private List<string> _holders = [];

    /// <summary>Who held the lock when it was last looked at, and is not ours to end.</summary>
    public string Describe() => _holders.Count == 0 ? "unknown" : string.Join("; ", _holders);

    /// <summary>Looks from time to time until the transition has ended in any way.</summary>
    /// <param name="transition">The transition. Its failure is the caller's.</param>
    /// <returns>A task that ends when the transition has.</returns>
    public async Task FollowAsync(Task transition)
    {
        if (await EndsInTimeAsync(transition).ConfigureAwait(false))
        {
            return;
        }

        using var ended = new CancellationTokenSource();
        Task look = LookAsync(transition, ended.Token);
        await Task.WhenAny(transition).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await look.ConfigureAwait(false);
    }

    private async Task LookAsync(Task transition, CancellationToken cancellationToken)
    {
        try
        {
            await using KeptSession second = await session.Services.Connections
                .OpenSessionAsync(SessionName.Of(session.WorkerId, session.ReplicaSet), cancellationToken).ConfigureAwait(false);
            do
            {
                await EndRootsAsync(second.Connection, cancellationToken).ConfigureAwait(false);
            }
            while (!await EndsInTimeAsync(transition).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The transition has ended: nothing left to look at.
        }
        catch (NpgsqlException e)
        {
            // The transition runs into its own limit and is tried again.
            session.Services.Logger.BlockersUnknown(e, session.ReplicaSet);
        }
    }

    private async Task EndRootsAsync(NpgsqlConnection second, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = second.Command(
            session.Sql["end_blocking_sessions"], waiting, session.ReplicaSet, excused.Select(worker => worker.WorkerId).ToArray(),
            excused.Select(worker => worker.Sequence).ToArray());
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var holders = new List<string>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            (int pid, string application, string user, bool ended) = (reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3));
            if (ended)
            {
                session.Services.Logger.BlockingSessionEnded(pid, application, session.ReplicaSet);
            }
            else
            {
                holders.Add(Name(pid, application, user));
            }
        }

        if (holders.Count > 0)
        {
            _holders = holders;
        }
    }

    private async Task<bool> EndsInTimeAsync(Task transition)
    {
        using var wait = new CancellationTokenSource();
        await Task.WhenAny(transition, Task.Delay(LookInterval, session.Services.Time, wait.Token)).ConfigureAwait(false);
        await wait.CancelAsync().ConfigureAwait(false);
        return transition.IsCompleted;
    }

    // pg_blocking_pids shows a prepared transaction as process 0 (https://www.postgresql.org/docs/current/functions-info.html).
    private static string Name(int pid, string application, string user) => pid == 0
        ? "a prepared transaction (see pg_prepared_xacts)"
        : string.Create(CultureInfo.InvariantCulture, $"pid {pid}, application '{application}', user '{user}'");
}
