"""A picture that a document points to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Image:
    """url: where the bytes are. caption: what the picture shows, for those who cannot see it."""

    url: str
    caption: str = ""
