-- Makes an events table that another program created fit, and fills the heads. It rewrites no row. Run it before 001_create_tables, while nobody appends: it locks the table to the end of the
-- transaction, and reads it once. What does not fit is refused before anything is changed. Runs as it stands in psql, and is safe to run again.

CREATE TABLE IF NOT EXISTS "orchestrator_migrations" (
  version    integer     NOT NULL PRIMARY KEY,
  name       text        NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);

-- What only its owner can decide is refused here, all of it at once. ORC00 tells these errors from PostgreSQL's own.
DO $$
DECLARE
  log    regclass := to_regclass('"events"');
  heads  regclass := to_regclass('"aggregate_heads"');
  faults text[] := '{}';
  item   record;
  found  boolean;
BEGIN
  IF log IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'ORC00', MESSAGE = 'There is no table "events" to adopt. Set Schema and EventsTable to the existing log''s names; for a new log, migrate without adopting.';
  END IF;
  IF (SELECT t.relkind <> 'r' OR t.relispartition OR EXISTS (SELECT FROM pg_inherits AS i WHERE t.oid IN (i.inhparent, i.inhrelid)) FROM pg_class AS t WHERE t.oid = log) THEN
    RAISE EXCEPTION USING ERRCODE = 'ORC00', MESSAGE = format('%s is no plain table, or is partitioned or inherits: an insert into a part of it would not be announced. Copy its rows, in the order of global_position, into a plain table and adopt that.', log);
  END IF;

  IF row_security_active(log) THEN
    RAISE EXCEPTION USING ERRCODE = 'ORC00', MESSAGE = format('Row level security applies to the user %I on %s: events that it hides would be counted in no aggregate''s version, and passed over by projections. Migrate as a user that it does not apply to (its owner without FORCE ROW LEVEL SECURITY, or a role with BYPASSRLS), or run: ALTER TABLE %2$s DISABLE ROW LEVEL SECURITY;', current_user, log);
  END IF;

  -- Behind this lock every transaction that has drawn a position has ended.
  LOCK TABLE "events" IN ACCESS EXCLUSIVE MODE;

  FOR item IN
    WITH wanted (relation, name, type, is_required, may_be_added) AS (
      VALUES
        (log, 'global_position', 'bigint'::regtype, true, false), (log, 'aggregate_type', 'text', true, false), (log, 'aggregate_id', '"text"', true, false),
        (log, 'aggregate_version', 'bigint', true, false), (log, 'event_id', 'uuid', true, false), (log, 'event_type', 'text', true, false),
        (log, 'event_version', 'integer', true, true), (log, 'payload', 'bytea', true, false), (log, 'trace_id', 'uuid', false, true),
        (log, 'correlation_id', 'uuid', false, true), (log, 'causation_id', 'uuid', false, true), (log, 'metadata', 'jsonb', false, true),
        (log, 'created_at', 'timestamptz', true, false),
        (heads, 'aggregate_type', 'text', true, false), (heads, 'aggregate_id', '"text"', true, false), (heads, 'aggregate_version', 'bigint', true, false),
        (heads, 'updated_at', 'timestamptz', true, true)
    ), present AS (
      SELECT a.* FROM pg_attribute AS a WHERE a.attrelid IN (log, heads) AND a.attnum > 0 AND NOT a.attisdropped
    )
    SELECT coalesce(w.relation, a.attrelid::regclass) AS relation, coalesce(w.name, a.attname) AS name, w.type, w.name IS NOT NULL AS is_wanted, w.is_required, w.may_be_added,
      a.attname IS NOT NULL AS is_present, a.atttypid::regtype AS actual, a.attnotnull, a.attgenerated <> '' AS is_computed,
      a.atthasdef OR a.attidentity <> '' AS is_filled
    FROM wanted AS w FULL JOIN present AS a ON a.attrelid = w.relation AND a.attname = w.name
    WHERE coalesce(w.relation, a.attrelid) IS NOT NULL
    ORDER BY a.attrelid IS DISTINCT FROM log, a.attnum
  LOOP
    IF NOT item.is_wanted THEN
      IF item.attnotnull AND NOT item.is_filled THEN
        faults := faults || format('%s.%I is NOT NULL without a default, and no append would fill it. Run: ALTER TABLE %1$s ALTER COLUMN %2$I DROP NOT NULL; or give it a default.', item.relation, item.name);
      END IF;
    ELSIF NOT item.is_present THEN
      IF NOT item.may_be_added THEN
        faults := faults || format('%s.%I is missing, and cannot be made up. Add it as %s, and fill it for every row.', item.relation, item.name, item.type);
      END IF;
    ELSIF item.relation = log AND item.name = 'aggregate_id' AND item.actual <> item.type AND item.actual IN ('uuid'::regtype, 'text'::regtype) THEN
      faults := faults || format('%s.aggregate_id is %s. Set Orchestrator:PostgreSql:AggregateIdType (--aggregate-id-type) to %2$s.', item.relation, item.actual);
    ELSIF item.actual <> item.type THEN
      faults := faults || format('%s.%I is %s, and must be %s. Run: ALTER TABLE %1$s ALTER COLUMN %2$I TYPE %4$s USING ...;', item.relation, item.name, item.actual, item.type);
    ELSIF item.is_computed THEN
      faults := faults || format('%s.%I is computed, and an append must fill it. Run: ALTER TABLE %1$s ALTER COLUMN %2$I DROP EXPRESSION;', item.relation, item.name);
    ELSIF item.is_required AND NOT item.attnotnull THEN
      EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %I IS NULL)', item.relation, item.name) INTO found;
      IF found THEN
        faults := faults || format('%s.%I is null in some rows. Fill it in every row.', item.relation, item.name);
      END IF;
    END IF;
  END LOOP;

  IF (SELECT t.relpersistence <> 'p' FROM pg_class AS t WHERE t.oid = log) THEN
    faults := faults || format('%s is UNLOGGED: a crash of the server empties it. Run: ALTER TABLE %1$s SET LOGGED;', log);
  END IF;

  -- Only among columns that are there. Readers begin behind position 0, and a stream begins with version 1.
  IF faults = '{}' THEN
    IF EXISTS (SELECT FROM "events" WHERE global_position < 1) THEN
      faults := faults || format('%s.global_position is below 1 in some rows, which no projection would see. Raise every position by the same number.', log);
    END IF;
    IF EXISTS (SELECT FROM "events" WHERE aggregate_version < 1) THEN
      faults := faults || format('%s.aggregate_version is below 1 in some rows, which no stream would show. Let the versions of each aggregate begin with 1.', log);
    END IF;
  END IF;
  IF faults <> '{}' THEN
    RAISE EXCEPTION USING ERRCODE = 'ORC00', MESSAGE = format('The table %s cannot be adopted as it is. Nothing was changed.', log) || E'\n- ' || array_to_string(faults, E'\n- ');
  END IF;
END
$$;

ALTER TABLE "events"
  ADD COLUMN IF NOT EXISTS event_version integer NOT NULL DEFAULT 1,
  ADD COLUMN IF NOT EXISTS trace_id uuid,
  ADD COLUMN IF NOT EXISTS correlation_id uuid,
  ADD COLUMN IF NOT EXISTS causation_id uuid,
  ADD COLUMN IF NOT EXISTS metadata jsonb;
ALTER TABLE "events"
  ALTER COLUMN global_position SET NOT NULL, ALTER COLUMN aggregate_type SET NOT NULL, ALTER COLUMN aggregate_id SET NOT NULL, ALTER COLUMN aggregate_version SET NOT NULL,
  ALTER COLUMN event_id SET NOT NULL, ALTER COLUMN event_type SET NOT NULL, ALTER COLUMN event_version SET NOT NULL, ALTER COLUMN payload SET NOT NULL, ALTER COLUMN created_at SET NOT NULL;

CREATE TABLE IF NOT EXISTS "aggregate_heads" (
  aggregate_type    text        NOT NULL,
  aggregate_id      "text"      NOT NULL,
  aggregate_version bigint      NOT NULL,
  updated_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (aggregate_type, aggregate_id)
) WITH (fillfactor = 80);
ALTER TABLE "aggregate_heads" ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE "aggregate_heads"
  ALTER COLUMN aggregate_type SET NOT NULL, ALTER COLUMN aggregate_id SET NOT NULL, ALTER COLUMN aggregate_version SET NOT NULL,
  ALTER COLUMN updated_at SET NOT NULL, ALTER COLUMN updated_at SET DEFAULT now();

-- The keys that appends and readers rest on, where no unique index has them under whatever name.
DO $$
DECLARE
  key record;
BEGIN
  FOR key IN
    SELECT w.relation, w.columns, w.name
    FROM (VALUES
      (to_regclass('"events"'), ARRAY['global_position'], '"events_global_position_key"'),
      (to_regclass('"events"'), ARRAY['event_id'], '"events_event_id_key"'),
      (to_regclass('"events"'), ARRAY['aggregate_type', 'aggregate_id', 'aggregate_version'], '"events_aggregate_version_key"'),
      (to_regclass('"aggregate_heads"'), ARRAY['aggregate_type', 'aggregate_id'], '"aggregate_heads_key"')) AS w (relation, columns, name)
    WHERE NOT EXISTS (
      SELECT FROM pg_index AS i
      WHERE i.indrelid = w.relation AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
        AND w.columns = (
          SELECT array_agg(a.attname::text ORDER BY k.place)
          FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place) JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
          WHERE k.place <= i.indnkeyatts))
  LOOP
    DECLARE
      detail text;
    BEGIN
      EXECUTE format('CREATE UNIQUE INDEX %s ON %s (%s)', key.name, key.relation, array_to_string(key.columns, ', '));
    EXCEPTION WHEN unique_violation THEN
      GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
      RAISE EXCEPTION USING ERRCODE = 'ORC00', MESSAGE = format(
        'The table %s cannot be adopted as it is. Nothing was changed.' || E'\n' || '- %1$s has several rows with the same (%s). %s Give each its own, or delete what is twice.', key.relation, array_to_string(key.columns, ', '), detail);
    END;
  END LOOP;
END
$$;

-- Positions come from an identity that nobody can pass by. A sequence whose numbers sessions keep in store, or that others may draw from, is replaced by a new one that goes on behind it.
DO $$
DECLARE
  owned    regclass := pg_get_serial_sequence('"events"', 'global_position')::regclass;
  source   regclass;
  kind     text;
  last     bigint := coalesce((SELECT max(global_position) FROM "events"), 0);
  highest  bigint := last;
  drawn    bigint := 0;
BEGIN
  SELECT a.attidentity, coalesce(owned, (
    SELECT s.oid FROM pg_attrdef AS f
      JOIN pg_depend AS d ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass
      JOIN pg_class AS s ON s.oid = d.refobjid AND s.relkind = 'S'
    WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum LIMIT 1)::regclass)
  INTO kind, source
  FROM pg_attribute AS a WHERE a.attrelid = to_regclass('"events"') AND a.attname = 'global_position';

  IF source IS NOT NULL THEN
    EXECUTE format('SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM %s', source) INTO drawn;
    last := CASE WHEN drawn > last THEN drawn ELSE last END;
  END IF;

  IF kind = 'a' AND drawn >= highest AND EXISTS (SELECT FROM pg_sequence WHERE seqrelid = owned AND seqcache = 1 AND seqincrement = 1 AND NOT seqcycle) THEN
    RETURN;
  END IF;
  IF kind <> '' THEN
    ALTER TABLE "events" ALTER COLUMN global_position DROP IDENTITY;
  ELSE
    ALTER TABLE "events" ALTER COLUMN global_position DROP DEFAULT;
    IF owned IS NOT NULL THEN
      EXECUTE format('DROP SEQUENCE %s', owned);
    END IF;
  END IF;
  ALTER TABLE "events" ALTER COLUMN global_position ADD GENERATED ALWAYS AS IDENTITY;
  PERFORM setval(pg_get_serial_sequence('"events"', 'global_position'), CASE WHEN last > 0 THEN last ELSE 1 END, last > 0);
END
$$;

INSERT INTO "aggregate_heads" AS h (aggregate_type, aggregate_id, aggregate_version)
SELECT aggregate_type, aggregate_id, max(aggregate_version) FROM "events" GROUP BY aggregate_type, aggregate_id
ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE SET aggregate_version = EXCLUDED.aggregate_version
  WHERE h.aggregate_version < EXCLUDED.aggregate_version;

-- The same as in 001_create_tables, from the first append behind this one on.
CREATE OR REPLACE FUNCTION "events_announce_append"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_catalog.pg_advisory_xact_lock_shared(1330791256, TG_RELID::int);
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER announce_append BEFORE INSERT ON "events"
  FOR EACH STATEMENT EXECUTE FUNCTION "events_announce_append"();
ALTER TABLE "events" ENABLE ALWAYS TRIGGER announce_append;

-- By this row the down files know that events and heads are not theirs to drop.
INSERT INTO "orchestrator_migrations" (version, name) VALUES (0, 'adopt_existing_log') ON CONFLICT (version) DO NOTHING;
