"""What we know, as frozen values that belong to no version of any standard."""
