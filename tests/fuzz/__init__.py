"""Fuzzers: bytes that nobody wrote, for every parser of what strangers send. `make fuzz`; SECURITY.md says more."""
