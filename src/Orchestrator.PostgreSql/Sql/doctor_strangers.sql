-- Sessions by whose name a worker works, and that are no worker's of this schema: another schema's or another database's. A name is cut at 63 bytes.
SELECT DISTINCT a.datname, a.datname = current_database() AS is_here, substring(a.application_name FROM 42) AS replica_set
FROM pg_stat_activity AS a
WHERE a.application_name ~ '^orc:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}:' AND a.datname IS NOT NULL
  AND NOT EXISTS (SELECT FROM "orchestrator_workers" AS w WHERE w.worker_id = substring(a.application_name FROM 5 FOR 36)::uuid)
ORDER BY 1, 3
