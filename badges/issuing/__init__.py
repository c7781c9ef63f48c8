"""From a decision to signed documents: prepare, lint, sign. Pure; what was not linted cannot be signed."""
