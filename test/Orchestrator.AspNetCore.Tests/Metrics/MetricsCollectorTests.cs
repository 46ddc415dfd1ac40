using Microsoft.Extensions.DependencyInjection;
using Orchestrator.AspNetCore.Metrics;

namespace Orchestrator.AspNetCore.Tests.Metrics;

/// <summary>Scrapes that come at the same time.</summary>
public sealed class MetricsCollectorTests
{
    private TaskCompletionSource _isCollecting = null!;
    private ManualResetEventSlim _mayGoOn = null!;
    private MetricsSite _site = null!;
    private int _collections;

    [SetUp]
    public async Task StartAsync()
    {
        _site = await MetricsSite.StartAsync();
        _collections = 0;
        _isCollecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _mayGoOn = new ManualResetEventSlim();
        _site.Meter.CreateObservableGauge("collections", () =>
        {
            _isCollecting.TrySetResult();
            _mayGoOn.Wait();
            return ++_collections;
        });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _site.DisposeAsync();
        _mayGoOn.Dispose();
    }

    [Test]
    public async Task CollectAsync_ManyWaitForOne_ShareTheNextPage()
    {
        Task<ReadOnlyMemory<byte>> first = Task.Run(() => CollectAsync(MetricsFormat.Text, CancellationToken.None));
        await _isCollecting.Task;
        Task<ReadOnlyMemory<byte>>[] others = [.. Enumerable.Range(0, 20).Select(_ => CollectAsync(MetricsFormat.Text, CancellationToken.None))];
        _mayGoOn.Set();
        await first;
        ReadOnlyMemory<byte>[] pages = await Task.WhenAll(others);

        Assert.That(_collections, Is.EqualTo(2));
        Assert.That(pages, Is.All.EqualTo(pages[0]));
    }

    [Test]
    public async Task CollectAsync_AnotherFormatWaits_GetsItsOwn()
    {
        Task<ReadOnlyMemory<byte>> first = Task.Run(() => CollectAsync(MetricsFormat.Text, CancellationToken.None));
        await _isCollecting.Task;
        Task<ReadOnlyMemory<byte>> other = CollectAsync(MetricsFormat.OpenMetrics, CancellationToken.None);
        _mayGoOn.Set();

        Assert.That((await other).Length, Is.EqualTo((await first).Length + "# EOF\n".Length));
    }

    [Test]
    public async Task CollectAsync_CancelledWhileItWaits_LeavesAtOnce()
    {
        Task<ReadOnlyMemory<byte>> first = Task.Run(() => CollectAsync(MetricsFormat.Text, CancellationToken.None));
        await _isCollecting.Task;
        using var gone = new CancellationTokenSource();
        Task<ReadOnlyMemory<byte>> other = CollectAsync(MetricsFormat.Text, gone.Token);
        await gone.CancelAsync();

        Assert.That(async () => await other, Throws.InstanceOf<OperationCanceledException>());
        _mayGoOn.Set();
        Assert.That((await first).Length, Is.Positive);
    }

    private Task<ReadOnlyMemory<byte>> CollectAsync(MetricsFormat format, CancellationToken cancellationToken) =>
        _site.Services.GetRequiredService<MetricsCollector>().CollectAsync(format, cancellationToken);
}
