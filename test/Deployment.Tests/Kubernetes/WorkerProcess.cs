using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Deployment.Tests.Kubernetes;

/// <summary>The example's program in a process of its own, with the environment of a pod.</summary>
internal sealed partial class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private Task<string> _output = Task.FromResult("");

    private WorkerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Asks it over HTTP.</summary>
    public HttpClient Client { get; } = new();

    /// <summary>Runs it with an argument, to its end.</summary>
    public static async Task<int> RunAsync(IReadOnlyDictionary<string, string> environment, string argument)
    {
        await using var worker = new WorkerProcess(Start(environment, argument));
        worker._output = worker._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        return await worker.EndAsync();
    }

    /// <summary>Starts it; it listens when this returns.</summary>
    public static async Task<WorkerProcess> StartAsync(IReadOnlyDictionary<string, string> environment)
    {
        var worker = new WorkerProcess(Start(environment));
        try
        {
            worker.Client.BaseAddress = await worker.AddressAsync();

            // Read on, or the process would stand still when the pipe is full.
            worker._output = worker._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a probe gets: its answer's status.</summary>
    public async Task<int> ProbeAsync(string path) => (int)(await Client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode;

    /// <summary>What Prometheus gets.</summary>
    public async Task<string> ScrapeAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain"));
        HttpResponseMessage response = await Client.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    /// <summary>Stops it as Kubernetes does, and says what it ended with; a minute at most.</summary>
    public async Task<int> TerminateAsync()
    {
        Tool kill = await Tool.RunAsync("kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture));
        Assert.That(kill.ExitCode, Is.Zero, kill.Output);
        return await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        Client.Dispose();
        _process.Dispose();
    }

    private static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Kubernetes.dll"), .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info) ?? throw new InvalidOperationException("The program did not start.");
    }

    private async Task<Uri> AddressAsync()
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                return new Uri(match.Groups["address"].Value);
            }
        }

        throw new InvalidOperationException($"The program did not listen: {await _errors}");
    }

    private async Task<int> EndAsync()
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        await _process.WaitForExitAsync(deadline.Token);
        await TestContext.Out.WriteLineAsync(await _output + await _errors);
        return _process.ExitCode;
    }

    [GeneratedRegex("Now listening on: (?<address>http://\\S+)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
