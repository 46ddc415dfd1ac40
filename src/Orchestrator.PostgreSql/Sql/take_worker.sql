-- The worker $1 as it registered, if nobody has taken it off the roster.
SELECT projections, lanes FROM "orchestrator_workers" WHERE worker_id = $1
