using System.Globalization;

namespace Orchestrator.ChaosTests.World;

/// <summary>What a process with a shifted clock does to show that its clock is shifted, and that nothing else is.</summary>
internal static class ClockProbe
{
    /// <summary>How the program is told to do it.</summary>
    public const string Role = "clock";

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Prints the time, and how long it takes to wait for 200 ms.</summary>
    public static void Run()
    {
        long began = TimeProvider.System.GetTimestamp();
        using var never = new ManualResetEventSlim();
        never.Wait(Wait);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():O} {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0}"));
    }

    /// <summary>Judges what a process has printed.</summary>
    /// <returns>What is wrong; null: nothing.</returns>
    public static string? FindFault(string printed, DateTimeOffset expected)
    {
        if (printed.Split(' ') is not [var time, var waited] || !DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out DateTimeOffset shown))
        {
            return $"libfaketime does not run here: {printed}";
        }

        if ((shown - expected).Duration() > Tolerance)
        {
            return $"libfaketime does not shift .NET's clock here: it shows {time}";
        }

        return double.Parse(waited, CultureInfo.InvariantCulture) < Wait.TotalMilliseconds * 0.9 ? $"libfaketime shortens .NET's waits here: 200 ms took {waited.Trim()} ms" : null;
    }
}
