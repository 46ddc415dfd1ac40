using Orchestrator.Testing.Shared;
using YamlDotNet.RepresentationModel;

namespace Deployment.Tests;

/// <summary>A YAML document, asked by paths such as <c>spec.template.spec.containers.0.image</c>.</summary>
internal sealed class Yaml(YamlNode node)
{
    private static readonly string Examples = Path.Combine(SourceTree.Root, "examples");

    /// <summary>The one document of a file below <c>examples/</c>.</summary>
    public static Yaml Read(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(Examples, file))));
        return new Yaml(stream.Documents.Single().RootNode);
    }

    /// <summary>Every document of the examples for Kubernetes, by its file.</summary>
    public static IEnumerable<(string File, Yaml Document)> Manifests() =>
        from path in Directory.EnumerateFiles(Path.Combine(Examples, "Kubernetes"), "*.yaml", SearchOption.AllDirectories)
        let file = Path.GetRelativePath(Examples, path)
        where !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal)
        select (file, Read(file));

    /// <summary>A text; an exception where there is none.</summary>
    public string this[string path] => Find(path) is YamlScalarNode { Value: { } value } ? value : throw new KeyNotFoundException($"There is no text at {path}.");

    /// <summary>Whether something is there.</summary>
    public bool Has(string path) => Find(path) is not null;

    /// <summary>The number at a path.</summary>
    public int Number(string path) => int.Parse(this[path], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The texts of a mapping, by their keys.</summary>
    public Dictionary<string, string> Map(string path) =>
        Find(path) is YamlMappingNode map ? map.Children.ToDictionary(entry => ((YamlScalarNode)entry.Key).Value!, entry => ((YamlScalarNode)entry.Value).Value!) : throw new KeyNotFoundException($"There is no mapping at {path}.");

    /// <summary>What is in a list.</summary>
    public IEnumerable<Yaml> List(string path) =>
        Find(path) is YamlSequenceNode list ? list.Children.Select(item => new Yaml(item)) : throw new KeyNotFoundException($"There is no list at {path}.");

    /// <summary>The text itself, of an item of a list.</summary>
    public override string ToString() => node.ToString();

    private YamlNode? Find(string path)
    {
        YamlNode? at = node;
        foreach (string key in path.Split('.'))
        {
            at = at switch
            {
                YamlMappingNode map => map.Children.FirstOrDefault(entry => ((YamlScalarNode)entry.Key).Value == key).Value,
                YamlSequenceNode list => list.Children.ElementAtOrDefault(int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)),
                _ => null,
            };
        }

        return at;
    }
}
