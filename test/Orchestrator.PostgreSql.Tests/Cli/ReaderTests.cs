using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Orchestrator.PostgreSql.Tests.Hosting;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Cli;

/// <summary>Every command that only looks needs no more than the reader's role, while workers run.</summary>
public sealed class ReaderTests : RoleFixture
{
    private static readonly string[][] s_commands =
    [
        ["status", "--json"], ["workers", "--json"], ["generations", "--json"], ["lag", "--json", "--partitions", "--max-events", "0"], ["migrations", "status", "--json"], ["doctor", "--json"],
    ];

    [Test]
    public async Task Commands_AsReaderInProcesses_ShowTheRunningWorker()
    {
        using var host = new HostUnderTest(ConnectionString);
        await host.StartAsync();
        await host.AppendAsync("a", 5);
        await Eventually.HoldsAsync(async () => await CountAsync("seen") == 5 && await CountAsync("projection_checkpoints WHERE position = 5") == 1);
        Dictionary<string, string> reader = new() { ["ORCHESTRATOR_CONNECTION"] = await CreateUserAsync("dashboard", "reader") };

        CommandRun[] runs = await Task.WhenAll(s_commands.Select(command => CommandRun.OfProcessAsync(reader, command)));

        Assert.That(runs.Select(run => (run.ExitCode, run.Errors)), Is.All.EqualTo((0, "")));
        JsonElement worker = runs[1].Json.GetProperty("replicaSets")[0].GetProperty("workers")[0];
        Assert.That(worker.GetProperty("isConnected").GetBoolean());
        Assert.That(worker.GetProperty("isLeader").GetBoolean());
        Assert.That(worker.GetProperty("processId").GetInt32(), Is.EqualTo(Environment.ProcessId));
        JsonElement projection = runs[3].Json.GetProperty("replicaSets")[0].GetProperty("projections")[0];
        Assert.That(projection.GetProperty("partitions")[0].GetProperty("workerId").GetGuid(), Is.EqualTo(worker.GetProperty("workerId").GetGuid()));
    }

    [Test]
    public async Task Commands_WithoutAnyRight_NameTheGrantsAndWorkOnceTheyAreRun()
    {
        string newcomer = await CreateUserAsync("newcomer");
        foreach (string[] command in s_commands)
        {
            CommandRun refused = await CommandRun.OfAsync([.. command, "--connection", newcomer]);

            Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((3, "")), command[0]);
            Assert.That(refused.Errors, Does.Contain("lacks rights that a reader needs").And.Match($@"GRANT SELECT \(global_position, created_at\) ON \w+\.events TO {Name("newcomer")};"));
        }

        CommandRun run = await CommandRun.OfAsync("status", "--connection", newcomer);
        await ExecuteAsync(string.Join('\n', run.Errors.Split('\n').Where(line => line.Contains("GRANT", StringComparison.Ordinal))));

        foreach (string[] command in s_commands)
        {
            Assert.That(await CommandRun.OfAsync([.. command, "--connection", newcomer]), Has.Property(nameof(CommandRun.ExitCode)).Zero, command[0]);
        }
    }

    [Test]
    public async Task LagWatched_UntilCtrlC_PrintsALineALookAndEndsCleanly()
    {
        // Whoever starts the tests in the background of a shell has them ignore SIGINT, and what they start too: env takes that back.
        var info = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "orchestrator.dll"), "lag", "--watch", "--json", "--interval", "0.05"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ORCHESTRATOR_CONNECTION"] = ConnectionString },
        };
        using Process process = Process.Start(info)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        try
        {
            string?[] looks = [await process.StandardOutput.ReadLineAsync(deadline.Token), await process.StandardOutput.ReadLineAsync(deadline.Token)];
            using Process signal = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync(deadline.Token);

            Assert.That(looks.Select(look => JsonDocument.Parse(look!).RootElement.GetProperty("logEnd").GetInt64()), Is.All.Zero);
            Assert.That((process.ExitCode, await process.StandardError.ReadToEndAsync(deadline.Token)), Is.EqualTo((130, "")));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
