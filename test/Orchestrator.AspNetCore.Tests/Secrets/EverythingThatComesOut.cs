using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Orchestrator.AspNetCore.Tests.Secrets;

/// <summary>Keeps whatever hosts of this process say of themselves: logs at every level with their values and exceptions, measurements with their labels, activities with their tags. Others add what is asked for.</summary>
internal sealed class EverythingThatComesOut : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(string Kind, string Text)> _said = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public EverythingThatComesOut()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("Orchestrator", StringComparison.Ordinal))
            {
                Add("instrument", $"{instrument.Name} {instrument.Unit} {instrument.Description}");
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, _, labels, _) => Measured(instrument, labels));
        _meters.SetMeasurementEventCallback<int>((instrument, _, labels, _) => Measured(instrument, labels));
        _meters.SetMeasurementEventCallback<double>((instrument, _, labels, _) => Measured(instrument, labels));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Orchestrator", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Ended,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    /// <summary>All of it, each with what it is: log, exception, metric, activity, and what <see cref="Add"/> was told.</summary>
    public IReadOnlyList<(string Kind, string Text)> All
    {
        get
        {
            _meters.RecordObservableInstruments();
            return [.. _said];
        }
    }

    public void Add(string kind, string? text) => _said.Enqueue((kind, text ?? ""));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Add("log", Values(state));
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Add("log", $"{eventId.Id} {formatter(state, exception)} {Values(state)}");
        if (exception is not null)
        {
            Add("exception", exception.ToString());
        }
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private static string Values<TState>(TState state) => state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values.Select(value => $"{value.Key}={value.Value}")) : $"{state}";

    private void Measured(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        Add("metric", $"{instrument.Name} {string.Join(' ', labels.ToArray().Select(label => $"{label.Key}={label.Value}"))}");

    private void Ended(Activity activity) => Add(
        "activity",
        $"{activity.OperationName} {activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))} "
        + string.Join(' ', activity.Events.SelectMany(e => e.Tags).Select(tag => $"{tag.Key}={tag.Value}")) + string.Join(' ', activity.Baggage));
}
