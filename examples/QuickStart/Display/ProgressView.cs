using System.Globalization;
using QuickStart.Progress;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace QuickStart.Display;

/// <summary>Shows progress until told otherwise: as a table that redraws itself where there is a terminal, else as a line a second.</summary>
internal sealed class ProgressView(IAnsiConsole console, TimeProvider time)
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Line = TimeSpan.FromSeconds(1);

    private readonly Rates _rates = new(time);

    /// <summary>Reads and shows progress again and again.</summary>
    /// <param name="next">Gives the next snapshot and what else is worth a line.</param>
    /// <param name="isLast">Whether a snapshot is the last.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task FollowAsync(Func<CancellationToken, Task<(ProgressSnapshot Snapshot, string Note)>> next, Func<ProgressSnapshot, bool> isLast, CancellationToken cancellationToken) =>
        console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi
            ? console.Live(new Text("")).AutoClear(false).StartAsync(live => LoopAsync(Redraw, next, (snapshot, note) =>
            {
                live.UpdateTarget(Render(snapshot, note));
                live.Refresh();
            }, isLast, cancellationToken))
            : LoopAsync(Line, next, PrintLine, isLast, cancellationToken);

    private async Task LoopAsync(
        TimeSpan pause,
        Func<CancellationToken, Task<(ProgressSnapshot Snapshot, string Note)>> next,
        Action<ProgressSnapshot, string> show,
        Func<ProgressSnapshot, bool> isLast,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            (ProgressSnapshot snapshot, string note) = await next(cancellationToken);
            _rates.Observe(snapshot);
            show(snapshot, note);
            if (isLast(snapshot))
            {
                return;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private void PrintLine(ProgressSnapshot snapshot, string note)
    {
        string projections = string.Join("; ", snapshot.Projections.Select(p => $"{p.Name} {Number(p.Position)} (lag {Number(p.End - p.Position)}, {Number(_rates.Of(p.Name))}/s)"));
        string[] parts = [$"imported {Number(snapshot.Imported)}{(snapshot.ImportIsDone ? "" : "...")}", projections, .. snapshot.ReplicaSets.Select(set => set.Describe()), note];
        console.WriteLine(string.Join(" | ", parts.Where(part => part.Length > 0)));
    }

    private Rows Render(ProgressSnapshot snapshot, string note)
    {
        Table table = new Table { Border = TableBorder.Simple }.AddColumn("projection");
        foreach (string column in new[] { "position", "lag", "events/s" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (ProjectionProgress projection in snapshot.Projections)
        {
            table.AddRow(projection.Name, Number(projection.Position), Number(projection.End - projection.Position), Number(_rates.Of(projection.Name)));
        }

        IEnumerable<IRenderable> lines = snapshot.ReplicaSets.Select(set => new Text(set.Describe()));
        return new Rows([new Text($"imported {Number(snapshot.Imported)} events{(snapshot.ImportIsDone ? "" : "...")}"), table, .. lines, new Text(note)]);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
