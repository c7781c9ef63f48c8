"""Reading for lists and counts: nothing here writes."""
