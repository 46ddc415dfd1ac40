-- Nobody drained for generation $1: that it is active is its members' $2 acknowledgement.
UPDATE "orchestrator_workers" SET generation_id = $1 WHERE worker_id = ANY ($2) AND generation_id < $1
