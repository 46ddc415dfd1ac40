using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Orchestrator.Testing.Shared;

namespace Orchestrator.AspNetCore.Tests.Metrics;

/// <summary>A Prometheus of the test's own, which scrapes one target once a second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly HttpClient _client;

    private PrometheusServer(DirectoryInfo folder, Process process, int port)
    {
        _folder = folder;
        _process = process;
        _client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")) };
    }

    /// <summary>Whether its programs are on this machine.</summary>
    public static bool IsInstalled => Array.TrueForAll(["prometheus", "promtool"], program =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))));

    /// <summary>Starts one, and waits until it answers.</summary>
    /// <param name="target">Whose <c>/metrics</c> it scrapes: host and port.</param>
    public static async Task<PrometheusServer> StartAsync(string target)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("prometheus");
        string configuration = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, $"""
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: orchestrator
                static_configs:
                  - targets: ["{target}"]
            """);
        int port = FreePort();
        Process process = Process.Start("prometheus", [
            $"--config.file={configuration}",
            $"--storage.tsdb.path={Path.Combine(folder.FullName, "data")}",
            string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}"),
            "--log.level=warn",
        ]);
        var server = new PrometheusServer(folder, process, port);
        await Eventually.HoldsAsync(server.IsReadyAsync, "Prometheus answers");
        return server;
    }

    /// <summary>Asks a query that has one number as its answer.</summary>
    /// <returns>The number, or null: there is no such series.</returns>
    public async Task<double?> QueryAsync(string query)
    {
        JsonElement answer = await _client.GetFromJsonAsync<JsonElement>($"api/v1/query?query={Uri.EscapeDataString(query)}");
        JsonElement[] series = [.. answer.GetProperty("data").GetProperty("result").EnumerateArray()];
        Assert.That(series, Has.Length.LessThanOrEqualTo(1), query);
        return series is [JsonElement one] ? double.Parse(one.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture) : null;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.That(_process.HasExited, Is.False, "Prometheus has ended.");
        try
        {
            using HttpResponseMessage response = await _client.GetAsync("-/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
