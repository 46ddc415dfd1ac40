-- For the transaction of a page alone: positions in order, by the primary key. Right after a bulk append, before its statistics are there, the planner takes the log
-- for small and would read and sort all of it for one page. And nothing is compiled: what looks dear to the planner is cut off by the limit.
SELECT
  set_config('enable_seqscan', 'off', true),
  set_config('enable_bitmapscan', 'off', true),
  set_config('enable_sort', 'off', true),
  set_config('jit', 'off', true)
