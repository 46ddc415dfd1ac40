-- How many of the server's connections are in use, and how many there are for users without special rights.
SELECT
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' OR backend_type IS NULL)::integer AS used,
  (current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer)     AS most
