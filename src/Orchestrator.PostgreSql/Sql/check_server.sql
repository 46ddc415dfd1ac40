-- Which database of which server a connection leads to, and which session it has there.
SELECT pg_backend_pid(), pg_postmaster_start_time(), (SELECT oid::bigint FROM pg_database WHERE datname = current_database())
