using System.Globalization;

namespace Orchestrator.Hosting.Configuration;

/// <summary>Collects every fault of a section, each with its key's full path, its value and what is allowed.</summary>
internal sealed class RangeChecks(string section)
{
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    public void Between(string key, TimeSpan value, TimeSpan min, TimeSpan max) => Check(key, value, value >= min && value <= max, $"must be between {min} and {max}");

    public void Between<T>(string key, T value, T min, T max)
        where T : struct, IComparable<T>, IFormattable =>
        Check(key, value, value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0, string.Create(CultureInfo.InvariantCulture, $"must be between {min} and {max}"));

    public void Check(string key, object value, bool valid, string requirement)
    {
        if (!valid)
        {
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{section}:{key} is {value}: it {requirement}."));
        }
    }
}
