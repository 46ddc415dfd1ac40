using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Tests.Configuration;

/// <summary>Every option has its description: without one it would be neither read, nor checked, nor documented.</summary>
internal sealed class SettingTests
{
    [Test]
    public void All_OfAReplicaSet_DescribesEveryProperty() => Assert.That(ReplicaSetSettings.All.Select(setting => setting.Key), Is.EquivalentTo(KeysOf(typeof(ReplicaSetOptions))));

    [Test]
    public void All_OfAProjection_DescribesEveryProperty() => Assert.That(ProjectionSettings.All.Select(setting => setting.Key), Is.EquivalentTo(KeysOf(typeof(ProjectionOptions))));

    [TestCase("bachsize", "BatchSize")]
    [TestCase("BatchSizes", "BatchSize")]
    [TestCase("Size", null)]
    [TestCase("", null)]
    public void NearName_Find_IsTheNearestThatDiffersByAThirdAtMost(string written, string? expected) =>
        Assert.That(NearName.Find(written, ["PageSize", "BatchSize"]), Is.EqualTo(expected));

    private static IEnumerable<string> KeysOf(Type options) => options.GetProperties().SelectMany(property =>
        property.Name == "Retry" ? property.PropertyType.GetProperties().Select(retry => $"{property.Name}:{retry.Name}") : [property.Name]);
}
