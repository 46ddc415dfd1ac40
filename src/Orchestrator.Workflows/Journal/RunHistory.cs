using System.Text.Json;

namespace Orchestrator.Workflows.Journal;

/// <summary>
/// What a run's entries say, put together. The same for entries that were read and for those that were just written, so that a run that went on after a crash has the result of one that never stopped.
/// </summary>
internal sealed class RunHistory
{
    private readonly Lock _lock = new();
    private readonly JsonSerializerOptions _json;
    private readonly OrderedDictionary<string, ServiceHistory> _services = new(StringComparer.Ordinal);
    private int _lastNumber;

    public RunHistory(JsonSerializerOptions json, IEnumerable<JournalEntry> entries)
    {
        _json = json;
        foreach (JournalEntry entry in entries)
        {
            Add(entry);
        }
    }

    /// <summary>A number for the next entry.</summary>
    public int NextNumber()
    {
        lock (_lock)
        {
            return ++_lastNumber;
        }
    }

    /// <summary>Adds an entry.</summary>
    /// <param name="entry">The entry, as the journal has it.</param>
    /// <param name="exception">What it tells of, where that was thrown in this process.</param>
    public void Add(JournalEntry entry, Exception? exception = null)
    {
        lock (_lock)
        {
            _lastNumber = Math.Max(_lastNumber, entry.Number);
            if (entry.Service is not null)
            {
                _services.TryAdd(entry.Service, new ServiceHistory());
                _services[entry.Service].Add(entry, exception);
            }
            else
            {
                foreach (ServiceHistory service in _services.Values)
                {
                    service.Reset();
                }
            }
        }
    }

    /// <summary>How many attempts of a service were begun.</summary>
    public int AttemptsOf(string service)
    {
        lock (_lock)
        {
            return _services.TryGetValue(service, out ServiceHistory? history) ? history.Attempts : 0;
        }
    }

    /// <summary>How many of them failed.</summary>
    public int FailuresOf(string service)
    {
        lock (_lock)
        {
            return _services.TryGetValue(service, out ServiceHistory? history) ? history.Failures : 0;
        }
    }

    /// <summary>What became of a service; null while it has not ended.</summary>
    public ServiceResult? ResultOf(string service)
    {
        lock (_lock)
        {
            return _services.TryGetValue(service, out ServiceHistory? history) ? history.Result(service, _json) : null;
        }
    }

    /// <summary>The results of all that has ended.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="requestId">The request's id.</param>
    /// <param name="order">The services as the workflow has them now; those that only the journal knows stand behind them.</param>
    public WorkflowResult Result(string workflow, string requestId, IEnumerable<string> order)
    {
        string[] names;
        lock (_lock)
        {
            names = [.. order.Concat(_services.Keys).Distinct(StringComparer.Ordinal)];
        }

        return new WorkflowResult(workflow, requestId, [.. names.Select(ResultOf).OfType<ServiceResult>()]);
    }
}
