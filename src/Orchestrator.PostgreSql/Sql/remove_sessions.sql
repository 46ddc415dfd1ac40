-- Ends every session in this database that bears the id of one of the workers $1, so that a frozen process holds no lock when it wakes. Looking and
-- ending are one statement: a process id that has come to mean another session in between is not hit.
SELECT pid, pg_terminate_backend(pid) AS ended
FROM pg_stat_activity a
JOIN unnest($1::uuid[]) AS removed (worker_id) ON starts_with(a.application_name, 'orc:' || removed.worker_id || ':')
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
