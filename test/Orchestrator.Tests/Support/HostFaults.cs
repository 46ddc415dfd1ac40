using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Orchestrator.Tests.Support;

/// <summary>What a host says when it refuses to start.</summary>
internal static class HostFaults
{
    /// <summary>Starts a host that must refuse.</summary>
    /// <returns>One fault an item, of however many sections.</returns>
    public static async Task<IReadOnlyList<string>> FaultsAtStartAsync(this IHost host)
    {
        Exception thrown = (await Assert.CatchAsync(() => host.StartAsync()))!;
        IEnumerable<Exception> each = thrown is AggregateException all ? all.InnerExceptions : [thrown];
        return [.. each.Cast<OptionsValidationException>().SelectMany(exception => exception.Failures)];
    }
}
