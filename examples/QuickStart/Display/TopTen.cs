using System.Globalization;
using QuickStart.ReadModels;
using Spectre.Console;

namespace QuickStart.Display;

/// <summary>The ten largest rows of each read model.</summary>
internal static class TopTen
{
    public static void Print(IAnsiConsole console, ReadModelSnapshot rows)
    {
        Print(console, "Files that change most", "file", rows.Churn.Select(row => (Printable.Text(row.Path, 60), row.Tally)));
        Print(console, "Authors who contribute most", "author", rows.Contributions.Select(row => (Printable.Text($"{row.Name} <{row.Email}>", 60), row.Tally)));
        Print(console, "Days with most activity", "day", rows.Activity.Select(row => (row.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), row.Tally)));
    }

    private static void Print(IAnsiConsole console, string title, string what, IEnumerable<(string Name, Tally Tally)> rows)
    {
        Table table = new Table { Border = TableBorder.Simple, Title = new TableTitle(title) }.AddColumn(what);
        foreach (string column in new[] { "changes", "added", "removed", "binary" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach ((string name, Tally tally) in rows.OrderByDescending(row => row.Tally.Changes).ThenBy(row => row.Name, StringComparer.Ordinal).Take(10))
        {
            table.AddRow(Markup.Escape(name), Number(tally.Changes), Number(tally.Added), Number(tally.Removed), Number(tally.Binaries));
        }

        console.Write(table);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
