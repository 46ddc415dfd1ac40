using System.Diagnostics;

namespace QuickStart.Tests;

/// <summary>The program as its user starts it.</summary>
public sealed class QuickStartTests
{
    [Test]
    public async Task Run_InMemory_IsRightAndSaysWhatIsLost()
    {
        (int exitCode, string output) = await RunAsync("--generate", "300", "--in-memory");

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("are lost when it ends").And.Contain("are exactly what git log says."));
    }

    [Test]
    public async Task Run_ChaosInMemory_IsRefusedWithTheReason()
    {
        (int exitCode, string output) = await RunAsync("--generate", "10", "--in-memory", "--chaos");

        Assert.That(exitCode, Is.EqualTo(2), output);
        Assert.That(output, Does.Contain("--chaos is refused: in one process there is no worker to kill"));
    }

    [Test]
    [Category("PostgreSQL")]
    public async Task Run_OnPostgreSql_IsRight()
    {
        await SharedPostgreSql.GetAsync();

        (int exitCode, string output) = await RunAsync("--generate", "300", "--workers", "2");

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("partition 0 of 2").And.Contain("are exactly what git log says."));
    }

    [TestCase("--workers", "0")]
    [TestCase("--generate", "0")]
    [TestCase("--repo", "/no/such/folder")]
    [TestCase("--generate", "5", "--repo", ".")]
    public async Task Run_WithBadArguments_Fails(params string[] arguments) => Assert.That((await RunAsync(arguments)).ExitCode, Is.Not.Zero);

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "QuickStart.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        Task<string> error = process.StandardError.ReadToEndAsync(deadline.Token);
        string output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, output + await error);
    }
}
