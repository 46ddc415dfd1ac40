-- There is no lock to let go of; what the session holds that happens to run this is somebody else's.
SELECT
