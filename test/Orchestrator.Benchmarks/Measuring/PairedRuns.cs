namespace Orchestrator.Benchmarks.Measuring;

/// <summary>Measures product and raw in turns, so that whatever else the machine does meets both.</summary>
internal static class PairedRuns
{
    /// <summary>Measures after one warm-up of both. Every other run begins with raw.</summary>
    public static async Task<Comparison> MeasureAsync(string name, string unit, int runs, Func<Task<double>> product, Func<Task<double>> raw) =>
        (await MeasureAsync([name], unit, runs, async () => [await product()], async () => [await raw()]))[0];

    /// <summary>The same for several figures that come out of one run, such as percentiles.</summary>
    public static async Task<IReadOnlyList<Comparison>> MeasureAsync(
        IReadOnlyList<string> names, string unit, int runs, Func<Task<double[]>> product, Func<Task<double[]>> raw)
    {
        await product();
        await raw();
        var pairs = new List<(double[] Product, double[] Raw)>(runs);
        for (int run = 0; run < runs; run++)
        {
            if (run % 2 == 0)
            {
                double[] first = await product();
                pairs.Add((first, await raw()));
            }
            else
            {
                double[] first = await raw();
                pairs.Add((await product(), first));
            }
        }

        return [.. names.Select((name, figure) => new Comparison(name, unit, [.. pairs.Select(pair => new Pair(pair.Product[figure], pair.Raw[figure]))]))];
    }
}
