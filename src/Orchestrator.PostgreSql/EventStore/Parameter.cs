using Npgsql;
using NpgsqlTypes;

namespace Orchestrator.PostgreSql.EventStore;

/// <summary>Positional parameters without boxing.</summary>
internal static class Parameter
{
    public static NpgsqlParameter<T> Of<T>(T value, NpgsqlDbType type) => new() { TypedValue = value, NpgsqlDbType = type };

    public static NpgsqlParameter<string> Text(string value) => Of(value, NpgsqlDbType.Text);

    public static NpgsqlParameter<long> Long(long value) => Of(value, NpgsqlDbType.Bigint);

    public static NpgsqlParameter<long?> LongOrNull(long? value) => Of(value, NpgsqlDbType.Bigint);
}
