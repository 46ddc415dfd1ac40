-- The version, and whether the log was adopted: that is the row of version 0.
SELECT coalesce(max(version), 0), coalesce(bool_or(version = 0), false) FROM "orchestrator_migrations";
