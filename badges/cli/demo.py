"""`badges demo`: a badge to try checkers with."""

from __future__ import annotations

from pathlib import Path

import click

from badges.bootstrap import make_service
from badges.cli.output import example, plain_errors, write_output
from badges.services.demonstration import bake_demonstration, make_demonstration


@click.command(epilog=example("badges demo --as png --output demonstration.png"))
@click.option("--as", "form", type=click.Choice(["json", "png"]), default="json", show_default=True, help="Which form.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where to; else printed."
)
@plain_errors
def demo(form: str, output: Path | None) -> None:
    """Make a badge for showing how checking works. It is over after a day, and proves nothing about anybody.

    Its issuer is a did:key, so every checker can check it without a network. Nothing is stored; no key of yours is
    used, and there need not be an instance.
    """
    text = make_demonstration(make_service().installation)
    write_output(bake_demonstration(text) if form == "png" else text.encode(), output, is_text=form == "json")
