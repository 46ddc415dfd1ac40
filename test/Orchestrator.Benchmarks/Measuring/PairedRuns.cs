namespace Orchestrator.Benchmarks.Measuring;

/// <summary>Measures product and raw in turns, so that whatever else the machine does meets both.</summary>
internal static class PairedRuns
{
    /// <summary>Measures after one warm-up of both. Every other run begins with raw.</summary>
    public static async Task<Comparison> MeasureAsync(string name, string unit, int runs, Func<Task<double>> product, Func<Task<double>> raw)
    {
        await product();
        await raw();
        var pairs = new List<Pair>(runs);
        for (int run = 0; run < runs; run++)
        {
            if (run % 2 == 0)
            {
                double first = await product();
                pairs.Add(new Pair(first, await raw()));
            }
            else
            {
                double first = await raw();
                pairs.Add(new Pair(await product(), first));
            }
        }

        return new Comparison(name, unit, pairs);
    }
}
