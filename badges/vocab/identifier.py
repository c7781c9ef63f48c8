"""Another name of a thing, such as a number in a register."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identifier:
    """identifier_type: a member of the OB 3.0 enumeration, or one that begins with "ext:"."""

    identifier: str
    identifier_type: str = "identifier"
