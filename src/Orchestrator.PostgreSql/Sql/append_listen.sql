LISTEN "orc_events"
