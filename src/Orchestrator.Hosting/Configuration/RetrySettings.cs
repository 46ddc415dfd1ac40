namespace Orchestrator.Hosting.Configuration;

/// <summary>What <see cref="RetryOptions"/> may hold, below the section of a replica set or a projection.</summary>
internal static class RetrySettings
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    /// <summary>One for each of its properties.</summary>
    /// <param name="get">The options; null when nobody has set any.</param>
    /// <param name="getOrAdd">The options, to set one of them.</param>
    /// <param name="notSet">What holds when nobody has set any.</param>
    public static IEnumerable<Setting<TOptions>> Of<TOptions>(Func<TOptions, RetryOptions?> get, Func<TOptions, RetryOptions> getOrAdd, string notSet) =>
        new[]
        {
            Setting<TOptions>.Range("Retry:MaxAttempts", "attempts", o => get(o)?.MaxAttempts, (o, value) => getOrAdd(o).MaxAttempts = value, 1, 1_000, "How often a batch is tried in all."),
            Setting<TOptions>.Duration("Retry:InitialDelay", o => get(o)?.InitialDelay, (o, value) => getOrAdd(o).InitialDelay = value, TimeSpan.Zero, s_hour, "The pause behind the first failure; it doubles with every further one."),
            Setting<TOptions>.Duration("Retry:MaxDelay", o => get(o)?.MaxDelay, (o, value) => getOrAdd(o).MaxDelay = value, TimeSpan.Zero, s_hour, "The longest pause; at least `Retry:InitialDelay`."),
            Setting<TOptions>.Range("Retry:JitterFactor", "parts of the pause", o => get(o)?.JitterFactor, (o, value) => getOrAdd(o).JitterFactor = value, 0d, 1d, "By how much of itself a pause varies at random, so that workers do not retry in step."),
        }.Select(setting => setting with { NotSet = notSet });

    /// <summary>What must hold between them.</summary>
    public static IEnumerable<string> Clashes(string path, RetryOptions retry)
    {
        if (retry.MaxDelay < retry.InitialDelay)
        {
            yield return $"{path}:Retry:MaxDelay is {SettingText.Of(retry.MaxDelay)}. Allowed: at least Retry:InitialDelay ({SettingText.Of(retry.InitialDelay)}).";
        }
    }
}
