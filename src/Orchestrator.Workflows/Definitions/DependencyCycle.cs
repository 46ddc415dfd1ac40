namespace Orchestrator.Workflows.Definitions;

/// <summary>Finds services that wait for each other.</summary>
internal static class DependencyCycle
{
    /// <summary>Finds a cycle. What is wrong otherwise (unknown or double names) is passed over.</summary>
    /// <returns>The services of one cycle, each depending on the next, the first once more at the end; null when there is none.</returns>
    public static IReadOnlyList<string>? Find(IReadOnlyList<ServiceRegistration> services)
    {
        Dictionary<string, List<string>> waitsFor = services
            .GroupBy(service => service.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.SelectMany(service => service.Settings.Dependencies).Select(dependency => dependency.Service).ToList(), StringComparer.Ordinal);

        // Who waits for nobody that is left, is no part of a cycle. Whoever is left over in the end waits for somebody left over: following them leads into a cycle.
        while (waitsFor.FirstOrDefault(service => !service.Value.Exists(waitsFor.ContainsKey)) is { Key: { } free })
        {
            waitsFor.Remove(free);
        }

        return waitsFor.Count == 0 ? null : Follow(waitsFor);
    }

    private static List<string> Follow(Dictionary<string, List<string>> waitsFor)
    {
        var path = new List<string>();
        string next = waitsFor.Keys.First();
        while (!path.Contains(next))
        {
            path.Add(next);
            next = waitsFor[next].First(waitsFor.ContainsKey);
        }

        return [.. path[path.IndexOf(next)..], next];
    }
}
