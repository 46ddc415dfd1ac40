-- The first of these events that is in the log already.
SELECT w.event_id
FROM unnest($1::uuid[]) WITH ORDINALITY AS w (event_id, n)
WHERE EXISTS (SELECT FROM "events" AS e WHERE e.event_id = w.event_id)
ORDER BY w.n
LIMIT 1;
