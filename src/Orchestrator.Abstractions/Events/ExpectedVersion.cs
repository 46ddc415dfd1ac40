using System.Globalization;

namespace Orchestrator.Events;

/// <summary>What an append expects of its aggregate: the optimistic concurrency check.</summary>
public readonly record struct ExpectedVersion
{
    private const long AnyValue = -1;

    private readonly long _value;

    private ExpectedVersion(long value) => _value = value;

    /// <summary>No expectation: append after whatever is there.</summary>
    public static ExpectedVersion Any { get; } = new(AnyValue);

    /// <summary>The aggregate must have no event yet. This is also the default value of the type.</summary>
    public static ExpectedVersion NoStream { get; } = new(0);

    /// <summary>The aggregate's last event must have exactly this version.</summary>
    /// <param name="version">The version, 1 or greater; for an aggregate without events use <see cref="NoStream"/>.</param>
    /// <returns>The expectation.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="version"/> is less than 1.</exception>
    public static ExpectedVersion Exact(long version)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        return new(version);
    }

    /// <summary>Whether any version is accepted.</summary>
    public bool IsAny => _value == AnyValue;

    /// <summary>Whether the aggregate must have no event yet.</summary>
    public bool IsNoStream => _value == 0;

    /// <summary>The version that is expected: 0 for <see cref="NoStream"/>, null for <see cref="Any"/>.</summary>
    public long? Version => IsAny ? null : _value;

    /// <summary>Whether an aggregate at this version (0: no events) meets the expectation.</summary>
    /// <param name="actualVersion">The aggregate's version.</param>
    /// <returns>True when it does.</returns>
    public bool IsMetBy(long actualVersion) => IsAny || actualVersion == _value;

    /// <inheritdoc/>
    public override string ToString() => IsAny ? "any version" : IsNoStream ? "no events" : string.Create(CultureInfo.InvariantCulture, $"version {_value}");
}
