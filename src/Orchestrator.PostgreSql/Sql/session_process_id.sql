-- The server's process of the session that answers.
SELECT pg_backend_pid()
