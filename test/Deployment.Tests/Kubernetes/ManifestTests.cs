using Deployment.Tests.Grafana;
using Orchestrator.Testing.Shared;

namespace Deployment.Tests.Kubernetes;

/// <summary>The manifests fit together, and give a pod no more than it needs.</summary>
public sealed class ManifestTests
{
    private const string Template = "spec.template.spec";

    private static readonly Yaml Deployment = Yaml.Read("Kubernetes/manifests/deployment.yaml");
    private static readonly Dictionary<string, string> PodLabels = Deployment.Map("spec.template.metadata.labels");

    private static IEnumerable<Yaml> Pods => [Deployment, Yaml.Read("Kubernetes/migrate-job.yaml")];

    [TestCase("Kubernetes/manifests/deployment.yaml", "spec.selector.matchLabels")]
    [TestCase("Kubernetes/manifests/service.yaml", "spec.selector")]
    [TestCase("Kubernetes/manifests/disruption-budget.yaml", "spec.selector.matchLabels")]
    [TestCase("Kubernetes/manifests/network-policy.yaml", "spec.podSelector.matchLabels")]
    public void Selector_OfEach_FindsThePods(string file, string path) => Assert.That(Yaml.Read(file).Map(path), Is.Not.Empty.And.SubsetOf(PodLabels));

    [Test]
    public void ServiceMonitor_FindsTheServiceAndItsPort()
    {
        Yaml service = Yaml.Read("Kubernetes/manifests/service.yaml");
        Yaml monitor = Yaml.Read("Kubernetes/monitoring/service-monitor.yaml");
        var labels = service.Map("metadata.labels").Union(Yaml.Read("Kubernetes/manifests/kustomization.yaml").Map("labels.0.pairs")).ToDictionary();

        Assert.That(monitor.Map("spec.selector.matchLabels"), Is.Not.Empty.And.SubsetOf(labels));
        Assert.That(monitor["spec.endpoints.0.port"], Is.EqualTo(service["spec.ports.0.name"]));
        Assert.That(service["spec.ports.0.targetPort"], Is.EqualTo(Deployment[$"{Template}.containers.0.ports.0.name"]));
    }

    [TestCase("Kubernetes/autoscaling/hpa/horizontal-pod-autoscaler.yaml", "spec.minReplicas", "spec.maxReplicas")]
    [TestCase("Kubernetes/autoscaling/keda/scaled-object.yaml", "spec.minReplicaCount", "spec.maxReplicaCount")]
    public void Autoscaler_OfEachKind_ScalesTheDeploymentByWhatIsReported(string file, string least, string most) => Assert.Multiple(() =>
    {
        Yaml autoscaler = Yaml.Read(file);
        Assert.That(autoscaler["spec.scaleTargetRef.name"], Is.EqualTo(Deployment["metadata.name"]));
        Assert.That(Deployment.Number("spec.replicas"), Is.InRange(autoscaler.Number(least), autoscaler.Number(most)));
        string text = File.ReadAllText(Path.Combine(SourceTree.Root, "examples", file));
        Assert.That(MetricNames.NamedIn(text), Is.Not.Empty);
        Assert.That(MetricNames.UnknownIn(text), Is.Empty);
    });

    [Test]
    public void Names_ThatPodsReferTo_Exist() => Assert.Multiple(() =>
    {
        Assert.That(Deployment[$"{Template}.containers.0.envFrom.0.configMapRef.name"], Is.EqualTo(Yaml.Read("Kubernetes/manifests/config.yaml")["metadata.name"]));
        foreach (Yaml pod in Pods)
        {
            Assert.That(pod[$"{Template}.serviceAccountName"], Is.EqualTo(Yaml.Read("Kubernetes/manifests/service-account.yaml")["metadata.name"]));
            Assert.That(pod[$"{Template}.containers.0.image"], Is.EqualTo(Deployment[$"{Template}.containers.0.image"]));

            // The secret is made by hand: by the README's words.
            string readme = File.ReadAllText(Path.Combine(SourceTree.Root, "examples", "Kubernetes", "README.md"));
            Assert.That(readme, Does.Contain(pod[$"{Template}.containers.0.env.0.valueFrom.secretKeyRef.name"]).And.Contain($"--from-literal={pod[$"{Template}.containers.0.env.0.valueFrom.secretKeyRef.key"]}="));
        }
    });

    [Test]
    public void GracePeriod_IsBeyondTheHosts_WhichIsBeyondTheDrain()
    {
        Yaml config = Yaml.Read("Kubernetes/manifests/config.yaml");
        var drain = TimeSpan.Parse(config["data.Orchestrator__ReplicaSets__balances__DrainTimeout"], System.Globalization.CultureInfo.InvariantCulture);
        var shutdown = TimeSpan.FromSeconds(config.Number("data.shutdownTimeoutSeconds"));
        var grace = TimeSpan.FromSeconds(Deployment.Number($"{Template}.terminationGracePeriodSeconds"));

        Assert.That(shutdown, Is.GreaterThan(drain));
        Assert.That(grace, Is.GreaterThan(shutdown));
    }

    [Test]
    public void Pods_OfEachKind_HaveNoMoreRightsThanTheyNeed() => Assert.Multiple(() =>
    {
        foreach (Yaml pod in Pods)
        {
            Assert.That(pod[$"{Template}.automountServiceAccountToken"], Is.EqualTo("false"));
            Assert.That(pod[$"{Template}.securityContext.runAsNonRoot"], Is.EqualTo("true"));
            Assert.That(pod[$"{Template}.securityContext.seccompProfile.type"], Is.EqualTo("RuntimeDefault"));
            Assert.That(pod[$"{Template}.containers.0.securityContext.readOnlyRootFilesystem"], Is.EqualTo("true"));
            Assert.That(pod[$"{Template}.containers.0.securityContext.allowPrivilegeEscalation"], Is.EqualTo("false"));
            Assert.That(pod.List($"{Template}.containers.0.securityContext.capabilities.drop").Select(item => item.ToString()), Is.EqualTo(new[] { "ALL" }));
            Assert.That(pod.Has($"{Template}.containers.0.resources.limits.memory"), Is.True);
        }
    });

    [TestCase("manifests")]
    [TestCase("")]
    public async Task Kustomization_BuiltByKubectl_HasNoFault(string folder)
    {
        Tool build = await Tool.RunAsync("kubectl", "kustomize", Path.Combine(SourceTree.Root, "examples", "Kubernetes", folder));

        Assert.That(build.ExitCode, Is.Zero, build.Output);
        Assert.That(build.Output, Does.Contain("kind: Deployment"));
    }

    [Test]
    public void Documents_EachOne_HasKindVersionAndName() => Assert.Multiple(() =>
    {
        foreach ((string file, Yaml document) in Yaml.Manifests().Where(manifest => !manifest.File.EndsWith("values.yaml", StringComparison.Ordinal)))
        {
            Assert.That(document.Has("apiVersion") && document.Has("kind"), Is.True, file);
            Assert.That(document.Has("metadata.name") || document.Has("metadata.generateName") || document["kind"] is "Kustomization" or "Component", Is.True, file);
        }
    });
}
