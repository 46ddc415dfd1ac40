-- Nobody hears through a proxy that pools transactions: the rows are looked at from time to time.
SELECT
