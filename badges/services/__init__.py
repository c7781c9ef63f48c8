"""Use cases. Each takes a session and never commits: one use case, one transaction, opened by the front."""
