using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Tests.Configuration;

internal sealed class ProjectionOptionsValidatorTests
{
    private const string Section = "Orchestrator:ReplicaSets:main:Projections:totals";

    [Test]
    public void Validate_NothingSet_IsValid() => Assert.That(new ProjectionOptionsValidator().Validate(Section, new ProjectionOptions()).Succeeded);

    [Test]
    public void Validate_EveryFault_IsReportedWithItsFullPath()
    {
        var options = new ProjectionOptions { BatchSize = 0, MaxBatchDuration = TimeSpan.Zero, MaxConcurrency = 0, UnknownEvents = (UnknownEvents)9, Retry = { MaxAttempts = 0 } };

        Assert.That(
            new ProjectionOptionsValidator().Validate(Section, options).Failures!.Select(fault => fault[..fault.IndexOf(" is ", StringComparison.Ordinal)]),
            Is.EqualTo(new[] { $"{Section}:BatchSize", $"{Section}:MaxBatchDuration", $"{Section}:MaxConcurrency", $"{Section}:UnknownEvents", $"{Section}:Retry:MaxAttempts" }));
    }
}
