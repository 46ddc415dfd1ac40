-- The end of the run without a gap behind a position ($1): nothing can appear inside it any more. Looks at $2 positions at most, and at no event; also where a long append has
-- drawn a million positions behind that one and none of them is visible yet.
SELECT coalesce(max(global_position), $1)
FROM (
  SELECT global_position, row_number() OVER (ORDER BY global_position) AS place
  FROM "events"
  WHERE global_position > $1 AND global_position <= $1 + $2
) AS next
WHERE global_position = $1 + place
