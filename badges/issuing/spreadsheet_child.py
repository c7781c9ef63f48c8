"""The child process in which a workbook from outside is opened: little memory, little time, and nothing else to take.

Run as `python -m badges.issuing.spreadsheet_child`: the workbook on standard input, JSON lines on standard output:
first null or the problem, then a line for each row.
"""

from __future__ import annotations

import json
import sys
from typing import Final

from badges.confining import confine

MEMORY_BYTES: Final = 1536 * 1024 * 1024
CPU_SECONDS: Final = 30


def main() -> None:
    """Read one workbook."""
    confine(MEMORY_BYTES, CPU_SECONDS)
    from badges.errors import InvalidInputError
    from badges.issuing.spreadsheet import MOST_BYTES, read_spreadsheet

    try:
        rows = list(read_spreadsheet(sys.stdin.buffer.read(MOST_BYTES + 1)))
    except InvalidInputError as problem:
        values = {name: str(value) for name, value in problem.message.values.items()}
        print(json.dumps({"problem": problem.message.template, "values": values}))
        return
    print("null")
    for number, cells in rows:
        print(json.dumps([number, cells]))


if __name__ == "__main__":
    main()
