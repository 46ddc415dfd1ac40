-- The worker's lock and, if it led, the leader's: whoever hears of the leave can lead at once.
SELECT pg_advisory_unlock_all()
