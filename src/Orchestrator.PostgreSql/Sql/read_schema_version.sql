SELECT coalesce(max(version), 0) FROM "orchestrator_migrations";
