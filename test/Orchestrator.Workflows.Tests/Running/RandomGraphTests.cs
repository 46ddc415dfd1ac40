using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.DependencyInjection;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Running;

/// <summary>Random graphs, some of whose services fail, finished in a random order.</summary>
internal sealed class RandomGraphTests
{
    [Test]
    public void RunAsync_AnyGraphInAnyInterleaving_AsksEachOnceBehindItsDependenciesWithTheSameResult() =>
        Prop.ForAll(Graphs().ToArbitrary(), graph =>
        {
            string expected = Expected(graph);
            return RunAsync(graph, seed: 1).GetAwaiter().GetResult() == expected && RunAsync(graph, seed: 2).GetAwaiter().GetResult() == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    // What must come out, found without running anything: a service is skipped because of the first dependency that matters and has not succeeded.
    private static string Expected(Graph graph)
    {
        var ends = new List<(string Text, string? Failed)>();
        foreach (Node node in graph.Nodes)
        {
            string? cause = node.Edges.Where(edge => !edge.Continues).Select(edge => ends[edge.To].Failed).FirstOrDefault(failed => failed is not null);
            string name = NameOf(ends.Count);
            ends.Add(cause is not null ? ($"{name} skipped {cause}", cause) : node.Fails ? ($"{name} failed", name) : ($"{name} succeeded", null));
        }

        return string.Join("; ", ends.Select(end => end.Text));
    }

    private static async Task<string> RunAsync(Graph graph, int seed)
    {
        using var driver = new Driver(seed);
        await using var host = new WorkflowHost(workflow => Build(graph, workflow, driver));

        Task<WorkflowResult> run = host.RunAsync();
        await driver.DriveAsync(run);

        WorkflowResult result = await run;
        return string.Join("; ", result.Services.Select(service => service.Outcome switch
        {
            ServiceOutcome.Skipped => $"{service.Service} skipped {service.SkippedBecauseOf}",
            ServiceOutcome.Failed => $"{service.Service} failed",
            _ => $"{service.Service} succeeded",
        }));
    }

    private static void Build(Graph graph, IWorkflowBuilder workflow, Driver driver)
    {
        for (int index = 0; index < graph.Nodes.Count; index++)
        {
            Node node = graph.Nodes[index];
            workflow.AddService(
                NameOf(index),
                async (context, _) =>
                {
                    foreach (Edge edge in node.Edges)
                    {
                        context.GetResult(NameOf(edge.To));
                    }

                    await driver.WaitForTurnAsync(context.Service, [.. node.Edges.Select(edge => NameOf(edge.To))]);
                    return node.Fails ? throw new InvalidOperationException() : null;
                },
                settings =>
                {
                    settings.Retry(0);
                    foreach (Edge edge in node.Edges)
                    {
                        settings.DependsOn(NameOf(edge.To), edge.Continues ? DependencyFailure.Continue : DependencyFailure.Skip);
                    }
                });
        }
    }

    private static string NameOf(int index) => $"s{index}";

    private static Gen<Graph> Graphs() =>
        from size in Gen.Choose(1, 12)
        from nodes in Gen.CollectToArray(Enumerable.Range(0, size), NodeAt)
        select new Graph(nodes);

    private static Gen<Node> NodeAt(int index) =>
        from wanted in Gen.ArrayOf(Gen.Choose(0, 3), index)
        from fails in Gen.Choose(0, 3)
        select new Node(fails == 0, [.. wanted.Select((kind, to) => (Edge: new Edge(to, kind == 1), kind)).Where(edge => edge.kind < 2).Select(edge => edge.Edge)]);

    private sealed record Edge(int To, bool Continues);

    private sealed record Node(bool Fails, IReadOnlyList<Edge> Edges);

    private sealed record Graph(IReadOnlyList<Node> Nodes);

    /// <summary>Lets one service after another end, of those that are running, in the order of a seed; fails when one runs twice, or before what it depends on has ended.</summary>
    private sealed class Driver(int seed) : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly Random _random = new(seed);
        private readonly Dictionary<string, TaskCompletionSource> _running = new(StringComparer.Ordinal);
        private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
        private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
        private readonly SemaphoreSlim _waiting = new(0);
        private string? _fault;

        public async Task WaitForTurnAsync(string service, IReadOnlyList<string> dependencies)
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                _fault ??= !_begun.Add(service) ? $"{service} was asked twice" : dependencies.FirstOrDefault(other => _begun.Contains(other) && !_ended.Contains(other)) is { } early ? $"{service} began before {early} had ended" : null;
                _running[service] = turn;
            }

            _waiting.Release();
            await turn.Task;
        }

        public async Task DriveAsync(Task run)
        {
            while (!run.IsCompleted)
            {
                using var ended = new CancellationTokenSource();
                Task next = _waiting.WaitAsync(ended.Token);
                await Task.WhenAny(run, next).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
                if (!next.IsCompletedSuccessfully)
                {
                    await ended.CancelAsync();
                    break;
                }

                LetOneEnd();
            }

            Assert.That(_fault, Is.Null);
        }

        public void Dispose() => _waiting.Dispose();

        private void LetOneEnd()
        {
            lock (_lock)
            {
                string service = _running.Keys.Order(StringComparer.Ordinal).ElementAt(_random.Next(_running.Count));
                _running.Remove(service, out TaskCompletionSource? turn);
                _ended.Add(service);
                turn!.SetResult();
            }
        }
    }
}
