-- How a pooled session is set up ($1: names of settings) before it is made one of ours.
SELECT name, current_setting(name) FROM unnest($1::text[]) AS name
