using System.Globalization;

namespace Orchestrator.Hosting.Doctor;

/// <summary>Says in words what the doctor has found at the horizon: the same in health and on the command line.</summary>
public static class HorizonWords
{
    /// <summary>The whole report, a line each.</summary>
    /// <param name="report">The report.</param>
    /// <returns>At least one line.</returns>
    public static IReadOnlyList<string> Of(HorizonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Holders is not [var oldest, ..])
        {
            return ["Nobody holds the horizon: no transaction that has appended is open."];
        }

        return
        [
            string.Create(CultureInfo.InvariantCulture, $"Open transactions that have appended: {report.Holders.Count}. Nothing behind them is applied until they end; positions that wait: at most {report.Waiting}."),
            .. report.Holders.Select(Line),
            oldest.EndStatement is { } end ? $"They should end by themselves: commit or roll back where they were begun. To end the oldest from here (its append is rolled back, its client gets an error): {end};" : "They should end by themselves: commit or roll back where they were begun.",
        ];
    }

    /// <summary>Who a holder is, as in <c>pid 4711 ('psql')</c>.</summary>
    /// <param name="holder">The holder.</param>
    /// <returns>Its short name.</returns>
    public static string NameOf(HorizonHolder holder)
    {
        ArgumentNullException.ThrowIfNull(holder);
        string name = holder.PreparedTransaction is { } prepared ? $"prepared transaction '{prepared}'"
            : holder.ProcessId is { } pid ? string.Create(CultureInfo.InvariantCulture, $"pid {pid}")
            : "an unknown transaction";
        return string.IsNullOrEmpty(holder.ApplicationName) ? name : $"{name} ('{holder.ApplicationName}')";
    }

    private static string Line(HorizonHolder holder)
    {
        IEnumerable<string?> parts =
        [
            NameOf(holder),
            holder.UserName is { } user ? $"user {user}" : null,
            holder.ClientAddress is { } client ? $"client {client}" : null,
            holder is { Age: { } age, Since: { } since } ? string.Create(CultureInfo.InvariantCulture, $"open for {age.TotalSeconds:0.0} s, since {since.ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC") : "age unknown (the database user sees it as a member of pg_read_all_stats)",
            holder.State,
            holder.LastStatement is { } statement ? $"last statement: {statement}" : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }
}
