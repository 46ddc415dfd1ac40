-- What has been applied. Version 0: the log was adopted.
SELECT version, name, applied_at FROM "orchestrator_migrations" ORDER BY version
