using System.Xml.Linq;
using Orchestrator.Testing.Shared;

namespace Orchestrator.Tests.Architecture;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root => SourceTree.Root;

    public static string SourceFolder => Path.Combine(Root, "src");

    /// <summary>The libraries' projects: name, path, assembly name.</summary>
    public static IReadOnlyList<SourceProject> Projects { get; } =
        [.. Directory.EnumerateFiles(SourceFolder, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(SourceProject.Load)];

    /// <summary>The C# files of a folder, without what the build wrote.</summary>
    public static IEnumerable<string> CSharpFiles(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
}

/// <summary>What a project file says.</summary>
public sealed record SourceProject(string Name, string Folder, string AssemblyName, IReadOnlyList<string> References)
{
    public static SourceProject Load(string path)
    {
        XDocument project = XDocument.Load(path);
        string name = Path.GetFileNameWithoutExtension(path);
        return new SourceProject(
            name,
            Path.GetDirectoryName(path)!,
            project.Descendants("AssemblyName").SingleOrDefault()?.Value ?? name,
            [.. project.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))]);
    }

    public override string ToString() => Name;
}
