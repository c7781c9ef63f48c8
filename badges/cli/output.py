"""How commands answer: results on standard output, errors on standard error, the exit code by the kind of error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

import click

from badges.errors import BadgesError, InvalidInputError
from badges.vocab.json import JsonObject

P = ParamSpec("P")
R = TypeVar("R")

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def print_json(result: JsonObject | list[JsonObject]) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))


def write_output(content: bytes, output: Path | None, *, is_text: bool) -> None:
    """Write what a command made into a file, whole or not at all, or on standard output when there is none.

    is_text: on a terminal it gets an end of line.
    """
    if output is not None:
        _write_whole(output, content)
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    if is_text and sys.stdout.isatty():
        click.echo()


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all. What is no plain file (a pipe, a device) is written to as it is."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    fresh = path.with_name(path.name + ".part")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read, down to the disk; on failure none is left.

    On a stick that knows no owners it is as open as everything there.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def fail(message: object, exit_code: int = 1) -> NoReturn:
    """Print a plain error on standard error and end."""
    click.echo(f"Error: {message}", err=True)
    raise SystemExit(exit_code)


def plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the service's errors into a sentence and an exit code: 2 when the command was used wrongly, else 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except InvalidInputError as problem:
            fail(problem, 2)
        except BadgesError as problem:
            fail(problem)
        except BrokenPipeError:
            _give_up_output()
            raise SystemExit(0) from None
        except OSError as problem:
            _give_up_output()
            fail(f"{problem.filename or ''} {problem.strerror or problem}".strip())

    return run


def _give_up_output() -> None:
    """Let go of what standard output did not take, or Python would try, and complain, once more at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def example(text: str) -> str:
    """Return the `epilog` of a command: an example, kept on its own lines."""
    return "\b\nExample:\n  " + text.replace("\n", "\n  ")
