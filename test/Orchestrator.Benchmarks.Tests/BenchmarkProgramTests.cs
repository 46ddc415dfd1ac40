using System.Text.Json;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Testing.Shared;

namespace Orchestrator.Benchmarks.Tests;

/// <summary>The program as its user starts it, in seconds: that it measures and reports, not what comes out.</summary>
public sealed class BenchmarkProgramTests
{
    [TestCase("append", 5, 2)]
    [TestCase("catchup", 6, 2)]
    [TestCase("readonce", 5, 2)]
    [TestCase("takeover", 6, 6)]
    [TestCase("rescale", 10, 8)]
    [TestCase("growth", 12, 4)]
    [Category("PostgreSQL")]
    public async Task Run_Quick_EndsWithTheRatioAndWritesEveryRun(string scenario, int cases, int headlineRuns)
    {
        await SharedPostgreSql.GetAsync();
        string folder = Directory.CreateTempSubdirectory("benchmarks-").FullName;
        try
        {
            string json = Path.Combine(folder, "runs.json");
            string markdown = Path.Combine(folder, "tables.md");
            await File.WriteAllTextAsync(markdown, $"before\n<!-- begin {scenario} -->\nold\n<!-- end {scenario} -->\nafter\n");

            ProgramRun run = await RunAsync(scenario, "--quick", "--runs", "2", "--json", json, "--markdown", markdown);

            Assert.That(run.ExitCode, Is.Zero, run.Everything);
            Assert.That(run.Output.TrimEnd().Split('\n')[^1], Does.Match($@"^{scenario} ratio \d+\.\d\d of raw, median of {headlineRuns}$"));
            using JsonDocument runs = JsonDocument.Parse(await File.ReadAllTextAsync(json));
            JsonElement comparisons = runs.RootElement[0].GetProperty("comparisons");
            Assert.That(comparisons.GetArrayLength(), Is.EqualTo(cases));
            Assert.That(Products(comparisons[0]), Is.All.Positive);
            Assert.That(comparisons.EnumerateArray().SelectMany(Products), Is.All.GreaterThanOrEqualTo(0));
            Assert.That(await File.ReadAllTextAsync(markdown), Does.StartWith("before\n").And.EndWith("after\n").And.Contain("| case |").And.Not.Contain("old\n"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestCase(1_000, 1)]
    [TestCase(0.001, 0)]
    [Category("PostgreSQL")]
    public async Task Run_WorseThanAllowed_EndsWithOneAndTheRatioStillComesLast(double ratioBefore, int exitCode)
    {
        await SharedPostgreSql.GetAsync();
        string before = Path.GetTempFileName();
        try
        {
            await ResultFile.WriteAsync(before, [Samples.Result(Samples.Rate("1 client, 1 event an append", (ratioBefore, 1))) with { Name = "append" }], CancellationToken.None);

            ProgramRun run = await RunAsync("append", "--quick", "--runs", "1", "--compare", before, "--fail-worse", "50");

            Assert.That(run.ExitCode, Is.EqualTo(exitCode), run.Everything);
            Assert.That(run.Output.TrimEnd().Split('\n')[^1], Does.StartWith("append ratio "));
            Assert.That(run.Output, Does.Contain("append, 1 client, 1 event an append: ratio ").And.Contain(exitCode == 0 ? "better" : "worse"));
        }
        finally
        {
            File.Delete(before);
        }
    }

    [Test]
    public async Task Run_WithoutAName_ShowsTheHelp()
    {
        ProgramRun run = await RunAsync();

        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(run.Everything, Does.Contain("catchup").And.Contain("append").And.Contain("all"));
    }

    private static IEnumerable<double> Products(JsonElement comparison) => comparison.GetProperty("runs").EnumerateArray().Select(pair => pair.GetProperty("product").GetDouble());

    private static Task<ProgramRun> RunAsync(params string[] arguments) => ProgramRun.OfAsync("Orchestrator.Benchmarks", arguments, TimeSpan.FromMinutes(5));
}
