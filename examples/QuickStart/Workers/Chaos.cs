using System.Globalization;

namespace QuickStart.Workers;

/// <summary>Does to workers what production does to them, again and again, seeded; in the end as many run as in the beginning.</summary>
internal sealed class Chaos(WorkerFleet fleet, int workers, int seed, TimeProvider time)
{
    private const int Spare = 2;

    private readonly Random _random = new(seed);
    private readonly List<Task> _freezes = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>What has been done, in words.</summary>
    public string Summary => string.Join(", ", _counts.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key} {entry.Value}")));

    /// <summary>The last thing that was done; may be read while it runs.</summary>
    public string Last { get; private set; } = "";

    /// <summary>Goes on until told to stop, then makes good again.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        while (!stop.IsCancellationRequested)
        {
            await PauseAsync(_random.Next(200, 1_200), stop);
            cancellationToken.ThrowIfCancellationRequested();
            await ActAsync(stop, cancellationToken);
        }

        await Task.WhenAll(_freezes);
        while (fleet.Active.Count < workers)
        {
            fleet.Start();
        }
    }

    private async Task ActAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        IReadOnlyList<WorkerProcess> active = fleet.Active;
        WorkerProcess victim = active[_random.Next(active.Count)];
        switch (_random.Next(5))
        {
            case 0:
                Note("killed", victim.Id);
                victim.Kill();
                break;
            case 1 when !victim.IsFrozen:
                Note("froze", victim.Id);
                _freezes.Add(FreezeAsync(victim, TimeSpan.FromMilliseconds(_random.Next(200, 6_000)), stop, cancellationToken));
                break;
            case 2 when !victim.IsFrozen:
                Note("stopped", victim.Id);
                await victim.TerminateAsync(cancellationToken);
                break;
            case 3 or 4 when active.Count < workers + Spare:
                fleet.Start();
                Note("started", fleet.Active[^1].Id);
                break;
        }

        if (fleet.Active.Count == 0)
        {
            fleet.Start();
            Note("started", fleet.Active[^1].Id);
        }
    }

    // Beside the other faults: a frozen worker may be killed, and the one that took over from it frozen too.
    private async Task FreezeAsync(WorkerProcess victim, TimeSpan duration, CancellationToken stop, CancellationToken cancellationToken)
    {
        await victim.FreezeAsync(cancellationToken);
        await Task.Delay(duration, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await victim.ThawAsync(cancellationToken);
    }

    private void Note(string what, int processId)
    {
        _counts[what] = _counts.GetValueOrDefault(what) + 1;
        Last = string.Create(CultureInfo.InvariantCulture, $"{what} {processId}");
    }

    private async Task PauseAsync(int milliseconds, CancellationToken stop) =>
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
