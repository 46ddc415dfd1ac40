-- What a new horizon session starts from; see horizon_start. Nothing is set: that would stay with a session that anybody gets next.
SELECT pg_get_serial_sequence('"events"', 'global_position') AS sequence_name
