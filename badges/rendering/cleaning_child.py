"""The child process in which an uploaded picture is opened: little memory, little time, and nothing else to take.

Run as `python -m badges.rendering.cleaning_child`: the picture on standard input, one JSON text on standard output.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Final

from badges.confining import confine

MEMORY_BYTES: Final = 700 * 1024 * 1024
CPU_SECONDS: Final = 8


def main() -> None:
    """Clean one picture."""
    confine(MEMORY_BYTES, CPU_SECONDS)
    from badges.errors import InvalidInputError
    from badges.rendering.cleaning import MOST_BYTES, clean_picture

    try:
        picture = clean_picture(sys.stdin.buffer.read(MOST_BYTES + 1))
        answer: dict[str, object] = {
            "svg": picture.svg,
            "png": base64.b64encode(picture.png).decode(),
            "width": picture.width,
            "height": picture.height,
        }
    except InvalidInputError as problem:
        values = {
            name: value if isinstance(value, int) else str(value) for name, value in problem.message.values.items()
        }
        answer = {"problem": problem.message.template, "values": values}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
