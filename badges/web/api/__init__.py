"""For other systems: each with a key of its organisation. Described by `openapi.py`."""
