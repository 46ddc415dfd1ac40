using System.Reflection;
using Orchestrator.Testing.Shared;

namespace Orchestrator.Simulation.Planted;

/// <summary>
/// A copy of this program in which one project was built with a bug planted. The files of the repository stay as they are: the changed ones go to a temporary folder, and the compiler takes them instead.
/// </summary>
internal sealed class PlantedBuild : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("planted-");

    private PlantedBuild()
    {
    }

    /// <summary>The program with the bug.</summary>
    public string Program => Path.Combine(_folder.FullName, "run", "Orchestrator.Simulation.dll");

    /// <summary>Reads a file and plants the bug's edits of it.</summary>
    /// <exception cref="InvalidOperationException">The code has changed: what an edit replaces does not stand there once.</exception>
    public static string Apply(PlantedBug bug, string file)
    {
        string text = File.ReadAllText(Path.Combine(SourceTree.Root, file));
        foreach (Edit edit in bug.Edits.Where(edit => edit.File == file))
        {
            int first = text.IndexOf(edit.Original, StringComparison.Ordinal);
            if (first < 0 || text.IndexOf(edit.Original, first + 1, StringComparison.Ordinal) >= 0)
            {
                throw new InvalidOperationException($"The bug {bug.Name} cannot be planted: in {file}, this must stand once: {edit.Original}");
            }

            text = text.Replace(edit.Original, edit.Planted, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Builds.</summary>
    public static async Task<PlantedBuild> CreateAsync(PlantedBug bug, CancellationToken cancellationToken)
    {
        var build = new PlantedBuild();
        try
        {
            await build.CompileAsync(bug, cancellationToken);
            return build;
        }
        catch
        {
            build.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task CompileAsync(PlantedBug bug, CancellationToken cancellationToken)
    {
        string project = string.Join('/', bug.Edits[0].File.Split('/')[..2]);
        string name = Path.GetFileName(project);
        string[] files = [.. bug.Edits.Select(edit => edit.File).Distinct()];
        foreach (string file in files)
        {
            string planted = Path.Combine(_folder.FullName, "src", file);
            Directory.CreateDirectory(Path.GetDirectoryName(planted)!);
            await File.WriteAllTextAsync(planted, Apply(bug, file), cancellationToken);
        }

        string targets = Path.Combine(_folder.FullName, "planted.targets");
        await File.WriteAllTextAsync(targets, TargetsFor(name, files), cancellationToken);
        string configuration = typeof(PlantedBuild).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        ProgramRun build = await ProgramRun.OfDotnetAsync(
            [
                "build", Path.Combine(SourceTree.Root, project), "--no-restore", "--configuration", configuration, "--verbosity", "quiet", "--nologo", "-p:BuildProjectReferences=false",
                "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", $"-p:CustomBeforeMicrosoftCommonTargets={targets}",
            ],
            cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (build.ExitCode != 0)
        {
            throw new InvalidOperationException($"The code with the bug {bug.Name} does not compile:{Environment.NewLine}{build.Everything}");
        }

        CopyProgram();
        File.Copy(Path.Combine(_folder.FullName, "out", name + ".dll"), Path.Combine(Path.GetDirectoryName(Program)!, name + ".dll"), overwrite: true);
    }

    private string TargetsFor(string project, string[] files)
    {
        IEnumerable<string> items = files.Select(file =>
            $"""<Compile Remove="{Path.Combine(SourceTree.Root, file)}" /><Compile Include="{Path.Combine(_folder.FullName, "src", file)}" />""");
        return $"""
            <Project>
              <PropertyGroup Condition="'$(MSBuildProjectName)' == '{project}'">
                <OutDir>{_folder.FullName}/out/</OutDir>
                <IntermediateOutputPath>{_folder.FullName}/obj/</IntermediateOutputPath>
              </PropertyGroup>
              <ItemGroup Condition="'$(MSBuildProjectName)' == '{project}'">
                {string.Join(Environment.NewLine, items)}
              </ItemGroup>
            </Project>
            """;
    }

    private void CopyProgram()
    {
        string target = Path.GetDirectoryName(Program)!;
        Directory.CreateDirectory(target);
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }
}
