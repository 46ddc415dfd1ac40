using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Tests.Configuration;

internal sealed class ReplicaSetOptionsValidatorTests
{
    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    [Test]
    public void Validate_Defaults_AreValid() => Assert.That(Validate(new ReplicaSetOptions()).Succeeded);

    [TestCaseSource(nameof(Invalid))]
    public void Validate_OutOfRange_NamesTheFullPathAndTheValue(string key, Action<ReplicaSetOptions> spoil)
    {
        var options = new ReplicaSetOptions();
        spoil(options);
        ValidateOptionsResult result = Validate(options);

        Assert.That(result.Failures, Has.Some.StartsWith($"Orchestrator:ReplicaSets:main:{key} is "));
    }

    [TestCaseSource(nameof(Valid))]
    public void Validate_AtTheBorder_IsValid(Action<ReplicaSetOptions> change)
    {
        var options = new ReplicaSetOptions();
        change(options);
        Assert.That(Validate(options).Failures ?? [], Is.Empty);
    }

    [Test]
    public void Validate_SeveralFaults_ReportsAllAtOnce()
    {
        ValidateOptionsResult result = Validate(new ReplicaSetOptions
        {
            HeartbeatInterval = TimeSpan.FromMilliseconds(49),
            BatchSize = 0,
            PageSize = 0,
            Retry = new RetryOptions { MaxAttempts = 0, JitterFactor = 2 },
        });

        Assert.That(result.Failures, Has.Exactly(5).Items);
    }

    [Test]
    public void Validate_StaleTimeOutUnderFourHeartbeats_SaysWhy()
    {
        ValidateOptionsResult result = Validate(new ReplicaSetOptions { HeartbeatInterval = TimeSpan.FromSeconds(10), StaleWorkerTimeout = TimeSpan.FromSeconds(40) - Instant });
        Assert.That(result.Failures, Has.Exactly(1).Contains("at least four times HeartbeatInterval"));
    }

    [Test]
    public void Validate_OutOfRange_SaysWhatIsAllowed() =>
        Assert.That(
            Validate(new ReplicaSetOptions { BatchSize = 0 }).Failures,
            Is.EqualTo(new[] { "Orchestrator:ReplicaSets:main:BatchSize is 0. Allowed: a whole number from 1 to 100000." }));

    private static ValidateOptionsResult Validate(ReplicaSetOptions options) => new ReplicaSetOptionsValidator().Validate("main", options);

    private static IEnumerable<TestCaseData> Invalid()
    {
        foreach ((string key, Action<ReplicaSetOptions> spoil) in new (string, Action<ReplicaSetOptions>)[]
        {
            ("PartitionKey", o => (o.PartitionKey, o.TotalPartitions) = (-1, 2)),
            ("PartitionKey", o => (o.PartitionKey, o.TotalPartitions) = (2, 2)),
            ("PartitionKey", o => o.PartitionKey = 0),
            ("TotalPartitions", o => o.TotalPartitions = 2),
            ("TotalPartitions", o => (o.PartitionKey, o.TotalPartitions) = (0, 0)),
            ("TotalPartitions", o => (o.PartitionKey, o.TotalPartitions) = (0, 32_769)),
            ("MaxWorkers", o => (o.PartitionKey, o.TotalPartitions, o.MaxWorkers) = (0, 2, 2)),
            ("HeartbeatInterval", o => o.HeartbeatInterval = TimeSpan.FromMilliseconds(50) - Instant),
            ("HeartbeatInterval", o => (o.HeartbeatInterval, o.StaleWorkerTimeout) = (TimeSpan.FromMinutes(1) + Instant, TimeSpan.FromMinutes(10))),
            ("StaleWorkerTimeout", o => (o.HeartbeatInterval, o.StaleWorkerTimeout) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200) - Instant)),
            ("StaleWorkerTimeout", o => o.StaleWorkerTimeout = TimeSpan.FromMinutes(10) + Instant),
            ("CoordinationTimeout", o => o.CoordinationTimeout = TimeSpan.FromMilliseconds(100) - Instant),
            ("CoordinationTimeout", o => o.CoordinationTimeout = TimeSpan.FromHours(1) + Instant),
            ("RegistrationWaitTime", o => o.RegistrationWaitTime = TimeSpan.FromMinutes(5) + Instant),
            ("JoinQuietTime", o => o.JoinQuietTime = -Instant),
            ("JoinQuietTime", o => o.JoinQuietTime = o.RegistrationWaitTime + Instant),
            ("CoordinationInterval", o => o.CoordinationInterval = TimeSpan.FromMilliseconds(10) - Instant),
            ("CoordinationInterval", o => o.CoordinationInterval = TimeSpan.FromMinutes(1) + Instant),
            ("PollInterval", o => o.PollInterval = TimeSpan.FromMilliseconds(1) - Instant),
            ("PollInterval", o => o.PollInterval = TimeSpan.FromMinutes(10) + Instant),
            ("BatchSize", o => o.BatchSize = 0),
            ("BatchSize", o => o.BatchSize = 100_001),
            ("MaxBatchDuration", o => o.MaxBatchDuration = TimeSpan.Zero),
            ("MaxBatchDuration", o => o.MaxBatchDuration = TimeSpan.FromMinutes(10) + Instant),
            ("PageSize", o => o.PageSize = 0),
            ("PageSize", o => o.PageSize = 100_001),
            ("PageBytes", o => o.PageBytes = 1_023),
            ("PageBytes", o => o.PageBytes = (256 * 1_024 * 1_024) + 1),
            ("PageCacheBytes", o => o.PageCacheBytes = 1_023),
            ("PageCacheBytes", o => o.PageCacheBytes = (4L * 1_024 * 1_024 * 1_024) + 1),
            ("DrainTimeout", o => o.DrainTimeout = -Instant),
            ("DrainTimeout", o => o.DrainTimeout = TimeSpan.FromHours(1) + Instant),
            ("Retry:MaxAttempts", o => o.Retry.MaxAttempts = 0),
            ("Retry:MaxAttempts", o => o.Retry.MaxAttempts = 1_001),
            ("Retry:InitialDelay", o => o.Retry.InitialDelay = -Instant),
            ("Retry:MaxDelay", o => o.Retry.MaxDelay = o.Retry.InitialDelay - Instant),
            ("Retry:MaxDelay", o => o.Retry.MaxDelay = TimeSpan.FromHours(1) + Instant),
            ("Retry:JitterFactor", o => o.Retry.JitterFactor = -0.01),
            ("Retry:JitterFactor", o => o.Retry.JitterFactor = 1.01),
            ("Retry:JitterFactor", o => o.Retry.JitterFactor = double.NaN),
        })
        {
            yield return new TestCaseData(key, spoil).SetArgDisplayNames(key);
        }
    }

    private static IEnumerable<Action<ReplicaSetOptions>> Valid()
    {
        yield return o => (o.HeartbeatInterval, o.StaleWorkerTimeout) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200));
        yield return o => (o.HeartbeatInterval, o.StaleWorkerTimeout) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(4));
        yield return o => (o.RegistrationWaitTime, o.JoinQuietTime) = (TimeSpan.Zero, TimeSpan.Zero);
        yield return o => (o.BatchSize, o.PageSize, o.PageBytes, o.PageCacheBytes) = (1, 1, 1_024, 1_024);
        yield return o => (o.BatchSize, o.PageSize) = (100_000, 100_000);
        yield return o => o.DrainTimeout = TimeSpan.Zero;
        yield return o => (o.PartitionKey, o.TotalPartitions) = (0, 1);
        yield return o => (o.PartitionKey, o.TotalPartitions) = (32_767, 32_768);
        yield return o => o.Retry = new RetryOptions { MaxAttempts = 1, InitialDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero, JitterFactor = 0 };
    }
}
