using Spectre.Console;

namespace Orchestrator.Cli.Output;

/// <summary>Rows of texts under headings. Cells are texts and never markup, whatever they hold.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row, with a cell for every heading.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>The table for Spectre.Console: with lines, or as plain columns.</summary>
    public Table Render(bool withLines)
    {
        Table table = new Table { Border = withLines ? TableBorder.Rounded : TableBorder.None, ShowHeaders = true }.Collapse();
        foreach (string heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold))));
        }

        foreach (string[] row in _rows)
        {
            table.AddRow(row.Select(cell => new Text(SafeText.Cell(cell))));
        }

        return table;
    }
}
