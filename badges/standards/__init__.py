"""The specifications, pure: no clock, network, database, files of keys or randomness. Usable as a library."""
