using System.Diagnostics.Metrics;

namespace Orchestrator.Tests.Support;

/// <summary>A measurement.</summary>
internal sealed record Measured(string Instrument, double Value, IReadOnlyDictionary<string, string> Labels);

/// <summary>Listens to the meters of one factory, so to those of one host.</summary>
internal sealed class RecordedMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<Measured> _measured = [];

    public RecordedMetrics(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name.StartsWith("Orchestrator", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Keep(instrument, value, labels));
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Keep(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Keep(instrument, value, labels));
        _listener.Start();
    }

    /// <summary>What an instrument has measured so far; gauges are asked now.</summary>
    public IReadOnlyList<Measured> Of(string instrument)
    {
        _listener.RecordObservableInstruments();
        lock (_gate)
        {
            return [.. _measured.Where(measured => measured.Instrument == instrument)];
        }
    }

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<Measured> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _measured];
            }
        }
    }

    /// <summary>The sum of a counter.</summary>
    public double Sum(string instrument) => Of(instrument).Sum(measured => measured.Value);

    /// <summary>What a gauge shows now, or null: nothing.</summary>
    public Measured? Now(string instrument)
    {
        lock (_gate)
        {
            _measured.RemoveAll(measured => measured.Instrument == instrument);
        }

        return Of(instrument) is [.., var last] ? last : null;
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var copy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, object? label) in labels)
        {
            copy.Add(name, label?.ToString() ?? "");
        }

        lock (_gate)
        {
            _measured.Add(new Measured(instrument.Name, value, copy));
        }
    }
}
