using System.Globalization;
using System.Text;

namespace Orchestrator.Testing.Servers;

/// <summary>The settings that are appended to a throw-away cluster's <c>postgresql.conf</c>; a later line wins over an earlier one.</summary>
internal static class ClusterSettings
{
    public static string For(PostgreSqlServerOptions options, int port)
    {
        var text = new StringBuilder("\n# Throw-away cluster\n");
        foreach ((string name, string value) in Common(options))
        {
            Append(text, name, value);
        }

        Append(text, "listen_addresses", "127.0.0.1");
        Append(text, "port", port.ToString(CultureInfo.InvariantCulture));
        Append(text, "unix_socket_directories", "");
        foreach ((string name, string value) in options.Settings)
        {
            Append(text, name, value);
        }

        return text.ToString();
    }

    /// <summary>What a server needs wherever it runs.</summary>
    public static IEnumerable<(string Name, string Value)> Common(PostgreSqlServerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConnections, 20);
        return
        [
            ("max_connections", options.MaxConnections.ToString(CultureInfo.InvariantCulture)),
            ("max_prepared_transactions", "20"),
            ("fsync", options.Fsync ? "on" : "off"),
            ("full_page_writes", options.Fsync ? "on" : "off"),
            ("log_line_prefix", "%m [%p] %a "),
        ];
    }

    private static void Append(StringBuilder text, string name, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'\n");
}
