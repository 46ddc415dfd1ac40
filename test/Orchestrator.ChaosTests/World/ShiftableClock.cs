using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.ChaosTests.World;

/// <summary>A wall clock for one process that can be shifted while it runs, by libfaketime. The monotonic clock stays as it is, as when an administrator sets the time.</summary>
internal sealed class ShiftableClock(string library, string file)
{
    /// <summary>What a process needs in its environment to get this clock.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LD_PRELOAD"] = library,
        ["FAKETIME_TIMESTAMP_FILE"] = file,
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",

        // Its way around a fault of old C libraries makes each timed wait of .NET end at once.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>Makes one, after a look whether it works here.</summary>
    /// <param name="folder">Where it keeps its file.</param>
    /// <returns>What makes clocks by their number, or why there are none.</returns>
    public static async Task<(Func<int, ShiftableClock>? Make, string? WhyNot)> TryFindAsync(string folder)
    {
        string? library = OperatingSystem.IsLinux() && Directory.Exists("/usr/lib") ? Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", SearchOption.AllDirectories).FirstOrDefault() : null;
        if (library is null)
        {
            return (null, "libfaketime is not installed (Debian's package: faketime)");
        }

        ShiftableClock Make(int number)
        {
            var clock = new ShiftableClock(library, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"clock-{number}")));
            clock.Shift(TimeSpan.Zero);
            return clock;
        }

        ShiftableClock probe = Make(0);
        probe.Shift(TimeSpan.FromHours(1));
        return await probe.FindFaultAsync() is { } fault ? (null, fault) : (Make, null);
    }

    /// <summary>Shifts it against the true time, within about a second.</summary>
    public void Shift(TimeSpan offset)
    {
        string next = file + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{(int)offset.TotalSeconds:+0;-0;+0}\n"));
        File.Move(next, file, overwrite: true);
    }

    // A process shows the time and waits for a moment, in the way of a thread that blocks.
    private async Task<string?> FindFaultAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ShiftableClock).Assembly.Location, ClockProbe.Role]) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return ClockProbe.FindFault(said, TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1));
    }
}
