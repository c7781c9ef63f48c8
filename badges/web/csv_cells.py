"""Cells of the CSV files that we give out."""

from __future__ import annotations


def harmless(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula. Source: OWASP, "CSV Injection"."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
