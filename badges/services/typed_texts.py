"""Texts that somebody typed, made clean: without control characters, and not too long."""

from __future__ import annotations

from badges.errors import InvalidInputError
from badges.standards.plain_text import strip_controls


def one_line(text: str) -> str:
    """Return a text on one line, without space around it."""
    return " ".join(strip_controls(text).split())


def paragraphs(text: str) -> str:
    """Return a text with its lines, without space around it."""
    return strip_controls(text.replace("\r\n", "\n")).strip()


def checked_line(text: str, most: int, *, field: str, needed: bool = False) -> str:
    """Return a text on one line, of at most so many characters. Raises InvalidInputError."""
    return _checked(one_line(text), most, field, needed)


def checked_paragraphs(text: str, most: int, *, field: str, needed: bool = False) -> str:
    """Return a text with its lines, of at most so many characters. Raises InvalidInputError."""
    return _checked(paragraphs(text), most, field, needed)


def _checked(text: str, most: int, field: str, needed: bool) -> str:
    if needed and not text:
        raise InvalidInputError("This must not be empty.", field=field)
    if len(text) > most:
        raise InvalidInputError(
            "This has %(length)s characters; at most %(most)s fit.", field=field, length=len(text), most=most
        )
    return text
