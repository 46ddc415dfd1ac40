using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Health;

namespace Orchestrator.Tests.Configuration;

/// <summary>Every option has its description: without one it would be neither read, nor checked, nor documented.</summary>
internal sealed class SettingTests
{
    [Test]
    public void All_OfAReplicaSet_DescribesEveryProperty() => Assert.That(ReplicaSetSettings.All.Select(setting => setting.Key), Is.EquivalentTo(KeysOf(typeof(ReplicaSetOptions))));

    [Test]
    public void All_OfAProjection_DescribesEveryProperty() => Assert.That(ProjectionSettings.All.Select(setting => setting.Key), Is.EquivalentTo(KeysOf(typeof(ProjectionOptions))));

    [Test]
    public void All_OfHealth_DescribesEveryProperty() => Assert.That(HealthSettings.All.Select(setting => setting.Key), Is.EquivalentTo(KeysOf(typeof(OrchestratorHealthOptions))));

    [TestCase("bachsize", "BatchSize")]
    [TestCase("BatchSizes", "BatchSize")]
    [TestCase("Size", null)]
    [TestCase("", null)]
    public void NearName_Find_IsTheNearestThatDiffersByAThirdAtMost(string written, string? expected) =>
        Assert.That(NearName.Find(written, ["PageSize", "BatchSize"]), Is.EqualTo(expected));

    private static IEnumerable<string> KeysOf(Type options) => options.GetProperties().SelectMany(property =>
        property.Name is "Retry" or "Lag" ? property.PropertyType.GetProperties().Select(part => $"{property.Name}:{part.Name}") : [property.Name]);
}
