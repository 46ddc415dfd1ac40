-- The rights that somebody needs and the user does not have, as the statements that grant them. $1: the configured schema, or null for the search path's; $6: columns of the log. Looks names up in the catalogs:
-- they can be read without any right, where to_regclass() and the search path pass over, or refuse, a schema that may not be used.
WITH path AS (
  SELECT CASE trim(both ' "' FROM part) WHEN '$user' THEN current_user::text ELSE trim(both ' "' FROM part) END AS name, place
  FROM unnest(CASE WHEN $1::text IS NULL THEN string_to_array(current_setting('search_path'), ',') ELSE ARRAY[$1] END) WITH ORDINALITY AS p (part, place)
), home AS (
  SELECT n.oid, n.nspname
  FROM path JOIN pg_namespace AS n ON n.nspname = path.name
  WHERE EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = n.oid AND c.relname = $2)
  ORDER BY path.place
  LIMIT 1
), relation AS (
  SELECT c.oid, format('%I.%I', home.nspname, c.relname) AS name, needed.rights, c.relname = $3 AS is_log
  FROM unnest($4::text[], $5::text[]) AS needed (name, rights)
    CROSS JOIN home JOIN pg_class AS c ON c.relnamespace = home.oid AND c.relname = needed.name
)
SELECT format('GRANT USAGE ON SCHEMA %I TO %I;', nspname, current_user) FROM home WHERE NOT has_schema_privilege(oid, 'USAGE')
UNION ALL
SELECT format('GRANT %s ON %s TO %I;', string_agg(r.name, ', ' ORDER BY r.place), relation.name, current_user)
FROM relation CROSS JOIN unnest(string_to_array(relation.rights, ', ')) WITH ORDINALITY AS r (name, place)
WHERE NOT has_table_privilege(relation.oid, r.name)
GROUP BY relation.name
UNION ALL
SELECT format('GRANT SELECT (%s) ON %s TO %I;', string_agg(c.name, ', ' ORDER BY c.place), relation.name, current_user)
FROM relation CROSS JOIN unnest($6::text[]) WITH ORDINALITY AS c (name, place)
WHERE relation.is_log AND NOT has_column_privilege(relation.oid, c.name, 'SELECT')
GROUP BY relation.name
UNION ALL
SELECT format('GRANT SELECT ON SEQUENCE %s TO %I;', s.oid::regclass, current_user)
FROM relation JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = relation.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'i'
  JOIN pg_class AS s ON s.oid = d.objid
-- A CASE, because conditions are evaluated in any order, and this function refuses what is no sequence (the table's TOAST table depends on it in the same way).
WHERE relation.is_log AND CASE WHEN s.relkind = 'S' THEN NOT has_sequence_privilege(s.oid, 'SELECT') ELSE false END;
