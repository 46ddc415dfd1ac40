using Orchestrator.Testing.Shared;

namespace Deployment.Tests.Kubernetes;

/// <summary>What the image is made of, and what the manifests say of it.</summary>
public sealed class DockerfileTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "examples", "Kubernetes", "Dockerfile"));
    private static readonly Yaml Pod = Yaml.Read("Kubernetes/manifests/deployment.yaml");

    [Test]
    public void Stages_TheLast_BuildsNothing() => Assert.Multiple(() =>
    {
        string[] images = [.. ArgumentsOf("FROM")];
        Assert.That(images, Has.Length.EqualTo(2));
        Assert.That(images[0], Does.Contain("/sdk:").And.EndWith(" AS build"));
        Assert.That(images[1], Does.Contain("/aspnet:"));
        Assert.That(images, Has.None.Contain("latest"));
        Assert.That(Lines.SkipWhile(line => !line.Contains("/aspnet:", StringComparison.Ordinal)), Has.None.StartsWith("RUN"));
    });

    [Test]
    public void User_OfTheImage_IsThatOfThePod() => Assert.That(
        ArgumentsOf("USER").Single(),
        Is.EqualTo($"{Pod["spec.template.spec.securityContext.runAsUser"]}:{Pod["spec.template.spec.securityContext.runAsGroup"]}").And.Not.StartsWith("0"));

    [Test]
    public void Port_OfTheImage_IsThatOfThePod() => Assert.Multiple(() =>
    {
        string port = Pod["spec.template.spec.containers.0.ports.0.containerPort"];
        Assert.That(ArgumentsOf("EXPOSE"), Is.EqualTo(new[] { port }));
        Assert.That(ArgumentsOf("ENV").Single(), Does.Contain($"ASPNETCORE_HTTP_PORTS={port} "));
    });

    [Test]
    public void Files_CopiedFromTheRepository_Exist()
    {
        IEnumerable<string> sources = ArgumentsOf("COPY").Where(copy => !copy.StartsWith("--from", StringComparison.Ordinal)).SelectMany(copy => copy.Split(' ')[..^1]);

        Assert.That(sources.Where(source => !Exists(source)), Is.Empty);
    }

    [Test]
    public void EntryPoint_IsTheExamplesAssembly()
    {
        Assert.That(ArgumentsOf("ENTRYPOINT").Single(), Is.EqualTo("""["dotnet", "Kubernetes.dll"]"""));
        Assert.That(Path.Combine(AppContext.BaseDirectory, "Kubernetes.dll"), Does.Exist);
    }

    private static IEnumerable<string> ArgumentsOf(string instruction) => Lines.Where(line => line.StartsWith(instruction + " ", StringComparison.Ordinal)).Select(line => line[(instruction.Length + 1)..]);

    private static bool Exists(string source)
    {
        string path = Path.Combine(SourceTree.Root, source);
        return source.Contains('*', StringComparison.Ordinal)
            ? Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path)).Any()
            : File.Exists(path) || Directory.Exists(path);
    }
}
