"""Pictures that somebody uploads: made safe in a child process, which may fail without harm."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from badges.errors import InvalidInputError
from badges.rendering.cleaning import MOST_BYTES, Picture
from badges.services.children import Child
from badges.wording import say

_CHILD: Final = Child(
    "badges.rendering.cleaning_child",
    patience_seconds=15,
    busy=say("Too many pictures are being opened. Try again in a minute."),
)


def checked_picture(data: bytes, *, field: str = "picture") -> Picture:
    """Return an uploaded picture, cleaned and drawn: PNG, JPEG or SVG by its bytes, at most 2 MB.

    field: the input to name in the error.

    Raises InvalidInputError for what is no picture or is not safe, UnavailableError when too many are being opened.
    """
    if not data:
        raise InvalidInputError("Choose a picture.", field=field)
    if len(data) > MOST_BYTES:
        raise InvalidInputError(
            "The picture is too large: at most %(most)s megabytes.", field=field, most=MOST_BYTES // 1024**2
        )
    answer = _answer_of(_CHILD.ask(data))
    if answer is None:
        raise InvalidInputError(
            "This picture took too much memory or time to open. Save it smaller, as a PNG.", field=field
        )
    if "problem" in answer:
        raise InvalidInputError(answer["problem"], field=field, **answer["values"])
    return Picture(answer["svg"], base64.b64decode(answer["png"]), answer["width"], answer["height"])


def _answer_of(text: bytes | None) -> Any:
    """Return what the child says; None when that is nothing."""
    try:
        return json.loads(text) if text is not None else None
    except ValueError:
        return None
