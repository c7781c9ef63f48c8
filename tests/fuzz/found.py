"""Inputs that the fuzzers found, and what was wrong. None of them may ever be a fault again."""

from __future__ import annotations

from typing import Final

FOUND: Final[dict[str, list[bytes]]] = {
    # Half of a character ended in an exception of Python's when the graph was hashed.
    "nquads": [b'_:a <urn:p> "\xff" .', b"_:a <urn:\xff> _:b ."],
    # A value that belongs to no thing, in a graph of its own (found by the mutations first).
    "expansion": [b'{"@context": "https://www.w3.org/ns/credentials/v2", "proof": false}'],
    "compiled": [b'{"@context": "https://www.w3.org/ns/credentials/v2", "proof": [1, 2.5]}'],
}
