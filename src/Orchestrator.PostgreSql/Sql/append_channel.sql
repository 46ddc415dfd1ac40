-- The channel that appends to this log are announced on. Named after the table's oid: unique in the database, whatever schema and name are configured.
SELECT 'orc_events_' || '"events"'::regclass::oid
