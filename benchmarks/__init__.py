"""Measurements: each module is a command that prints its table. `make bench` runs them all."""
