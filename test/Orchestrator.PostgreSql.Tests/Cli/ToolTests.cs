using System.Diagnostics;
using Orchestrator.PostgreSql.Tests.Hosting;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Cli;

/// <summary>The tool as it is installed: packed, installed from a folder, without any other source of packages, and run by its name.</summary>
public sealed class ToolTests : HostFixture
{
    // The last folders of these tests' own are bin/<configuration>/<framework>.
    private static string Configuration => Directory.GetParent(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!.Name;

    [Test]
    public async Task Package_InstalledFromAFolder_RunsByItsName()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("orchestrator-tool");
        try
        {
            string packages = Path.Combine(folder.FullName, "packages");
            string tools = Path.Combine(folder.FullName, "tools");
            await DotnetAsync("pack", Path.Combine(SourceTree.Root, "src", "Orchestrator.Cli"), "--no-build", "--configuration", Configuration, "--output", packages, "-nologo", "-maxcpucount:1");
            await DotnetAsync("tool", "install", "Orchestrator.Cli", "--tool-path", tools, "--source", packages);

            (int versionCode, string version) = await RunToolAsync(tools, "--version");
            (int statusCode, string status) = await RunToolAsync(tools, "status");

            Assert.That((versionCode, statusCode), Is.EqualTo((0, 0)));
            Assert.That(version, Does.StartWith("0.1.0"));
            Assert.That(status, Does.StartWith("REPLICA SET"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task DotnetAsync(params string[] arguments)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(4), TimeProvider.System);
        ProgramRun run = await ProgramRun.OfDotnetAsync(arguments, deadline.Token);
        Assert.That(run.ExitCode, Is.Zero, $"dotnet {arguments[0]}: {run.Everything}");
    }

    private async Task<(int ExitCode, string Output)> RunToolAsync(string folder, string command)
    {
        var info = new ProcessStartInfo(Path.Combine(folder, "orchestrator"), [command])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["ORCHESTRATOR_CONNECTION"] = ConnectionString },
        };
        using Process process = Process.Start(info)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
