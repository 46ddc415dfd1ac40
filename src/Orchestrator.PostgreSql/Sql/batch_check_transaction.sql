-- Fails (division by zero), and what follows in the same round trip with it, unless this still is the transaction $1 that the batch began.
SELECT 1 / (txid_current() = $1)::integer
