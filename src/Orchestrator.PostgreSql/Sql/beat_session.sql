-- A heartbeat that a server crash loses is followed by the next one.
SET synchronous_commit = off
