namespace Handlers.ReadModels;

/// <summary>What the projections write to.</summary>
internal static class Tables
{
    public const string Create =
        """
        CREATE TABLE user_history (user_id text NOT NULL, version bigint NOT NULL, event_type text NOT NULL, PRIMARY KEY (user_id, version));
        CREATE TABLE users (id text PRIMARY KEY, name text NOT NULL);
        CREATE TABLE current_names (user_id text PRIMARY KEY, name text NOT NULL);
        CREATE TABLE former_names (user_id text NOT NULL, name text NOT NULL);
        CREATE TABLE event_counts (type text PRIMARY KEY, events bigint NOT NULL);
        CREATE TABLE event_copies (event_id uuid PRIMARY KEY, payload bytea NOT NULL);
        CREATE TABLE user_activity (id text PRIMARY KEY, events bigint NOT NULL);
        """;
}
