-- Whether generation $2 takes over row by row; and if not, whether any worker that runs or is to run still has to acknowledge it and is not excused ($3).
SELECT
  EXISTS (SELECT FROM "orchestrator_generations" g WHERE g.replica_set = $1 AND g.generation_id = $2 AND g.strategy = 'rolling') AS rolling,
  EXISTS (
    SELECT FROM "orchestrator_workers" w
    WHERE w.replica_set = $1 AND w.generation_id < $2 AND w.worker_id <> ALL ($3)
      AND w.worker_id IN (SELECT unnest(g.members) FROM "orchestrator_generations" g WHERE g.replica_set = $1 AND g.state IN ('forming', 'active'))) AS waits
