-- Hears what happens in a replica set. LISTEN takes no parameter: the channel's name is put in here.
LISTEN "orc_channel"
