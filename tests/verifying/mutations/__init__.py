"""Badges that somebody changed: none is valid unless it says exactly what the honest one says."""
