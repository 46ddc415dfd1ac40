-- The end of the run without a gap behind a position ($1): nothing can appear inside it any more. Looks at $2 positions at most, and at no event.
SELECT coalesce(max(global_position), $1)
FROM (
  SELECT global_position, row_number() OVER (ORDER BY global_position) AS place
  FROM "events"
  WHERE global_position > $1
  ORDER BY global_position
  LIMIT $2
) AS next
WHERE global_position = $1 + place
