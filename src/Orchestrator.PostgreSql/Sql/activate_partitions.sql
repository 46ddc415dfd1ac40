-- Each worker's partition in the generation of the members $2; -1 for those that have none.
UPDATE "orchestrator_workers" w SET partition_key = wanted.partition_key
FROM (
  SELECT r.worker_id, coalesce(m.number - 1, -1)::integer AS partition_key
  FROM "orchestrator_workers" r LEFT JOIN unnest($2::uuid[]) WITH ORDINALITY AS m (worker_id, number) ON m.worker_id = r.worker_id
  WHERE r.replica_set = $1
) wanted
WHERE w.worker_id = wanted.worker_id AND w.partition_key <> wanted.partition_key
