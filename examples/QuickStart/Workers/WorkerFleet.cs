using System.Globalization;

namespace QuickStart.Workers;

/// <summary>The worker processes of a run, and their log files.</summary>
internal sealed class WorkerFleet : IDisposable
{
    private readonly List<WorkerProcess> _all = [];
    private readonly string _connectionString;
    private readonly DirectoryInfo _logs;

    public WorkerFleet(string connectionString)
    {
        _connectionString = connectionString;
        _logs = Directory.CreateTempSubdirectory("quickstart-logs-");
    }

    /// <summary>Those that nobody has ordered to end.</summary>
    public IReadOnlyList<WorkerProcess> Active => [.. _all.Where(worker => !worker.IsDismissed)];

    /// <summary>Where the logs are; they stay when something went wrong.</summary>
    public string LogFolder => _logs.FullName;

    public void Start() => _all.Add(WorkerProcess.Start(_connectionString, Path.Combine(_logs.FullName, string.Create(CultureInfo.InvariantCulture, $"worker-{_all.Count + 1}.log"))));

    /// <summary>Throws when a worker has ended that nobody ended.</summary>
    public void ThrowIfOneDied()
    {
        if (_all.Find(worker => worker.HasExited && !worker.IsDismissed) is { } dead)
        {
            throw new InvalidOperationException($"The worker process {dead.Id} ended by itself. Its log is in {LogFolder}.");
        }
    }

    /// <summary>Stops all in order; throws when one does not go.</summary>
    public async Task StopAsync()
    {
        bool[] inOrder = await Task.WhenAll(Active.Select(worker => worker.StopAsync(TimeSpan.FromSeconds(30))));
        if (inOrder.Contains(false))
        {
            throw new InvalidOperationException($"A worker process did not stop in order. The logs are in {LogFolder}.");
        }
    }

    public void DeleteLogs() => _logs.Delete(recursive: true);

    public void Dispose()
    {
        foreach (WorkerProcess worker in _all)
        {
            worker.Dispose();
        }
    }
}
