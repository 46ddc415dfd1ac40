-- Sets a session up ($1: names of settings, $2: their values) until it says otherwise or ends.
SELECT count(set_config(name, value, false)) FROM unnest($1::text[], $2::text[]) AS setting (name, value)
