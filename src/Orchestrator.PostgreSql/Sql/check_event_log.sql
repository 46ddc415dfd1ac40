-- Everything about the events table that reading it safely relies on. One row, or none when there is no such table.
SELECT
  pg_is_in_recovery() AS in_recovery,
  t.relkind = 'r' AND NOT t.relispartition AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE t.oid IN (i.inhparent, i.inhrelid)) AS is_plain,
  EXISTS (SELECT FROM pg_subscription_rel AS s WHERE s.srrelid = t.oid) AS is_subscribed,
  EXISTS (
    SELECT FROM pg_trigger AS g JOIN pg_proc AS p ON p.oid = g.tgfoid
    -- 2 of tgtype: BEFORE; 4: INSERT; 1, which must be absent: FOR EACH ROW.
    WHERE g.tgrelid = t.oid AND g.tgname = 'announce_append' AND g.tgenabled = 'A' AND g.tgtype & 7 = 6 AND g.tgqual IS NULL
      AND p.prosrc LIKE '%pg_advisory_xact_lock_shared(1330791256, TG_RELID::int)%') AS announces,
  coalesce(a.attidentity = 'a', false) AS is_identity,
  coalesce(q.seqcache, 0), coalesce(q.seqincrement, 0), coalesce(q.seqcycle, false),
  t.relpersistence <> 'p' AS is_unlogged,
  row_security_active(t.oid) AS hides_rows,
  coalesce((SELECT i.atttypid = 'uuid'::regtype FROM pg_attribute AS i WHERE i.attrelid = t.oid AND i.attname = 'aggregate_id'), false) AS has_uuids
FROM pg_class AS t
  LEFT JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attname = 'global_position'
  -- Not pg_get_serial_sequence(): that fails where the column is missing.
  LEFT JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid AND d.refobjsubid = a.attnum
    AND d.classid = 'pg_class'::regclass AND d.deptype = 'i'
  LEFT JOIN pg_sequence AS q ON q.seqrelid = d.objid
WHERE t.oid = to_regclass($1::text);
