-- Whoever looks changes nothing, whatever their rights.
SET TRANSACTION READ ONLY
