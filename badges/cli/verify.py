"""`badges verify`: anybody's badge."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from badges.bootstrap import make_service
from badges.cli.output import example, json_option, plain_errors, print_json
from badges.errors import InvalidInputError, UnavailableError
from badges.services.verification import NOBODY, nothing_newer, verify_badge
from badges.standards.identity import normalise_email
from badges.storage.schema import is_schema_current
from badges.verifying.caveats import caveat_of
from badges.verifying.inside_words import endorsed_words, inside_sentence
from badges.verifying.report import CredentialKind, Inside, Report, TrustStanding, Verdict
from badges.verifying.report_document import report_document

_EXIT_CODES: Final = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.UNKNOWN: 3, Verdict.NOT_A_BADGE: 1}
_WORDS: Final = {
    Verdict.VALID: "Valid",
    Verdict.INVALID: "Invalid",
    Verdict.UNKNOWN: "Unknown",
    Verdict.NOT_A_BADGE: "Not a badge",
}
_SIGNS: Final = {
    "passed": "yes",
    "warning": "take care",
    "failed": "NO",
    "unknown": "not known",
    "skipped": "-",
}
_TRUST_SIGNS: Final = {
    TrustStanding.CAMPAIGN: "yes",
    TrustStanding.KNOWN: "yes",
    TrustStanding.NOT_LISTED: "not known",
    TrustStanding.UNPROVEN: "not known",
}
_READ_LIMIT_BYTES: Final = 12 * 1024 * 1024


@click.command(
    "verify",
    epilog=example("badges verify badge.png\nbadges verify https://badges.example.org/credentials/6f1c2a9e-…"),
)
@click.argument("badge", metavar="FILE|URL|-")
@json_option
@click.option("--offline", is_flag=True, help="Fetch nothing: only what --documents gives.")
@click.option(
    "--documents",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="MAP.json",
    help="A JSON object from address to file path; these win over the network.",
)
@click.option("--email", metavar="EMAIL", help="Is it this person's?")
@click.option("--at", "at_text", metavar="TIME", help="As if it were then: 2027-01-31T12:00:00Z.")
@plain_errors
def verify_command(
    badge: str, as_json: bool, offline: bool, documents: Path | None, email: str | None, at_text: str | None
) -> None:
    """Say whether a badge is valid, and why.

    BADGE is a PNG, SVG, JSON or JWT file, a web address, or standard input (-). Exit 0 valid, 1 invalid (changed,
    withdrawn, expired, no badge), 3 not known, 2 wrong use or missing file.
    """
    service = make_service()
    has_instance = _has_instance()
    report = verify_badge(
        service.installation,
        _read(badge),
        home=service.home if has_instance else None,
        web=service.web_fetcher,
        documents=read_documents(documents) if documents else None,
        offline=offline,
        email=normalise_email(email) if email is not None else None,
        at=_read_time(at_text) if at_text else None,
        issuers=service.known_issuers() if has_instance else NOBODY,
        find_newer=service.find_newer if has_instance else nothing_newer,
    )
    if as_json:
        print_json(report_document(report))
    else:
        _print_report(report)
    raise SystemExit(_EXIT_CODES[report.verdict])


def _has_instance() -> bool:
    """Whether there is an instance here whose own documents can be read. Without one, badges can be verified too."""
    service = make_service()
    try:
        return is_schema_current(service.database)
    except UnavailableError:  # no database is no reason not to verify a stranger's badge
        return False


def _read(badge: str) -> bytes | str:
    """Return the bytes of a file or of standard input, or the address. Raises InvalidInputError (exit 2)."""
    if badge == "-":
        return sys.stdin.buffer.read(_READ_LIMIT_BYTES)
    if badge.startswith(("https://", "http://")):
        return badge
    path = Path(badge)
    if not path.is_file():
        raise InvalidInputError(
            'There is no file "%(path)s". Give a file, a web address, or - for standard input.', path=badge
        )
    try:
        with path.open("rb") as file:
            return file.read(_READ_LIMIT_BYTES)
    except OSError as problem:
        raise InvalidInputError(
            'The file "%(path)s" cannot be read: %(problem)s.', path=badge, problem=problem.strerror
        ) from problem


def read_documents(path: Path) -> dict[str, Path]:
    """Return the map from address to file. Relative paths count from the map's own folder. Raises InvalidInputError."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(entries, dict) or not all(isinstance(file, str) for file in entries.values()):
            raise ValueError("it is not an object from address to path")
    except (ValueError, RecursionError) as problem:
        raise InvalidInputError(
            "%(path)s must be a JSON object from address to file path: %(problem)s.",
            path=path,
            problem=problem,
        ) from problem
    files = {url: path.parent / file if not Path(file).is_file() else Path(file) for url, file in entries.items()}
    for url, file in files.items():
        if not file.is_file():
            raise InvalidInputError(
                "%(path)s names a file that is not there: %(file)s (for %(url)s).",
                path=path,
                file=file,
                url=url,
            )
    return files


def _read_time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInputError('"%(text)s" is no time. It looks like 2027-01-31T12:00:00Z.', text=text) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _described(report: Report) -> str:
    """Such as "ob3-jwt", or "endorsement, ob3-embedded" for what is no badge."""
    has_name = report.kind not in (None, CredentialKind.BADGE)
    return f"{report.kind}, {report.format}" if has_name else str(report.format)


def _print_report(report: Report) -> None:
    caveat = caveat_of(report) if report.verdict is Verdict.VALID else None
    click.echo(f"{_WORDS[report.verdict]} ({_described(report)}){f'. {caveat}' if caveat else ''}")
    if report.view and report.view.name:
        click.echo(f"  {report.view.name}")
    for check in report.checks:
        click.echo(f"  {check.name + ':':14}{_SIGNS[check.outcome]:10}{check.message}")
        if check.mend:
            click.echo(f"{'':26}{check.mend}")
    if report.trust is not None:
        click.echo(f"  {'trust:':14}{_TRUST_SIGNS[report.trust.standing]:10}{report.trust.sentence}")
        if report.trust.note is not None:
            click.echo(f"{'':26}{report.trust.note}")
    for each in report.inside:
        _print_inside(each, report)


def _print_inside(inside: Inside, report: Report) -> None:
    """Of an endorsement it is told what it is about; one that does not count is not called valid."""
    view, verdict = inside.report.view, inside.report.verdict
    word = _WORDS[Verdict.UNKNOWN if inside.doubt and verdict is Verdict.VALID else verdict].lower()
    about = endorsed_words(inside, report.view) or (view.name if view else "")
    click.echo(f"  {'inside:':14}{word:10}{f'{about}. ' if about else ''}{inside_sentence(inside)}")
