"""Whether the audit is whole: the chain of its lines, and the signed heads that are kept outside the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.errors import BadgesError
from badges.services.context import Installation
from badges.services.signing_keys import list_owned_keys, open_signer
from badges.standards.audit_heads import LONGEST_LINE_BYTES, NO_HEAD, Head, HeadError, digest_of, read_head
from badges.standards.did.multikey import encode_public_key
from badges.storage.audit_chain import FIRST_HASH, line_hash
from badges.storage.records import AuditHeadRecord, AuditLineRecord
from badges.wording import Wording, say

MOST_FINDINGS: Final = 20
_CHUNK: Final = 5_000


@dataclass(slots=True)
class AuditReport:
    """What was found. lines: how many there are. sealed: the number of the newest line under a signed head. findings:
    what is wrong, at most MOST_FINDINGS; empty when all is whole. notes: what to know besides.
    """

    lines: int = 0
    heads: int = 0
    sealed: int = 0
    findings: list[Wording] = field(default_factory=list)
    notes: list[Wording] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.findings

    def find(self, message: Wording) -> None:
        """Add what is wrong, unless there is enough of it."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(message)


def verify_audit(
    session: Session,
    installation: Installation,
    *,
    files: Collection[Path] | None = None,
    trusted_keys: Collection[str] | None = None,
    since: int = 0,
) -> AuditReport:
    """Return whether the audit is whole.

    files: of signed heads; those of the settings when None. trusted_keys: multibase, by which heads must be signed;
    when None, the service's own, each opened from the keys folder, so that a public key that was changed in the
    database is seen. since: begin after this line, which is taken for right; the whole chain when 0.
    """
    report = AuditReport()
    chosen = installation.settings.audit_heads if files is None else files
    keys = _own_keys(session, installation, report) if trusted_keys is None else set(trusted_keys)
    sealed: dict[int, set[str]] = {}
    for path in chosen:
        for head in _heads_of(path, keys, report, is_wanted=files is not None):
            if head.number >= since:
                sealed.setdefault(head.number, set()).add(head.hash)
    _walk(session, report, sealed, since)
    return report


def _own_keys(session: Session, installation: Installation, report: AuditReport) -> set[str]:
    keys = set()
    for record in list_owned_keys(session, None):
        try:
            keys.add(encode_public_key(open_signer(installation, record).public_key))
        except BadgesError as error:
            report.notes.append(
                say("Heads by the key %(key)s cannot be checked: %(reason)s", key=record.id, reason=error.message)
            )
    return keys


def _heads_of(path: Path, keys: set[str], report: AuditReport, *, is_wanted: bool) -> Iterator[Head]:
    """Yield the heads of a file that hold, in order; note what is wrong with it."""
    trusted = set(keys)
    previous, number = NO_HEAD, 0
    try:
        with path.open("rb") as file:
            for place, raw in enumerate(iter(lambda: file.readline(LONGEST_LINE_BYTES), b""), start=1):
                text = raw.decode("utf-8", "replace").strip()
                if not text:
                    continue
                where = {"path": path, "place": place}
                try:
                    head = read_head(text)
                except HeadError:
                    report.find(say("%(path)s, line %(place)s: this is no head that was signed.", **where))
                    previous = digest_of(text)
                    continue
                if head.previous != previous:
                    report.find(say("%(path)s, line %(place)s: heads before it are missing or were changed.", **where))
                if head.number < number:
                    report.find(say("%(path)s, line %(place)s: it is older than the head before it.", **where))
                previous, number = head.digest, head.number
                if head.key not in trusted:
                    report.find(say("%(path)s, line %(place)s: it is signed with a key that is not ours.", **where))
                    continue
                if head.next_key:
                    trusted.add(head.next_key)
                report.heads += 1
                yield head
    except FileNotFoundError:
        message = say("The file of signed heads %(path)s is missing.", path=path)
        report.find(message) if is_wanted else report.notes.append(message)
    except OSError as error:
        report.find(say("%(path)s cannot be read: %(problem)s.", path=path, problem=error.strerror))


def _walk(session: Session, report: AuditReport, sealed: dict[int, set[str]], since: int) -> None:
    """Go through the chain, and compare it with the heads."""
    number, previous = since, FIRST_HASH
    if since:
        previous = session.scalar(select(AuditLineRecord.hash).where(AuditLineRecord.number == since)) or ""
        _compare(report, sealed, since, previous)
    for line in _lines(session, since):
        if line.number != number + 1:
            report.find(_missing(number + 1, line.number - 1))
        elif line.hash != line_hash(previous, line):
            report.find(say("Line %(number)s was changed after it was written.", number=line.number))
        number, previous = line.number, line.hash
        _compare(report, sealed, number, previous)
    report.lines = session.scalar(select(func.count()).select_from(AuditLineRecord)) or 0
    for beyond in sorted(each for each in sealed if each > number)[-1:]:
        report.find(
            say(
                "The audit ends at line %(end)s, but a signed head knows line %(number)s: its end was cut off, or an "
                "older copy of the database was put back.",
                end=number,
                number=beyond,
            )
        )
    end = session.scalars(select(AuditHeadRecord)).one_or_none()
    if end is None or (end.number, end.hash) != (number, previous if number else FIRST_HASH):
        report.find(
            say("The last line is %(number)s, but the database's own mark of the end says otherwise.", number=number)
        )


def _lines(session: Session, since: int) -> Iterator[AuditLineRecord]:
    """Yield the lines in order, without keeping them."""
    query = select(AuditLineRecord).where(AuditLineRecord.number > since).order_by(AuditLineRecord.number)
    for lines in session.scalars(query.execution_options(yield_per=_CHUNK)).partitions():
        yield from lines
        session.expunge_all()


def _compare(report: AuditReport, sealed: dict[int, set[str]], number: int, chain_hash: str) -> None:
    hashes = sealed.get(number)
    if hashes is None:
        return
    if hashes == {chain_hash}:
        report.sealed = number
        return
    report.find(
        say(
            "Line %(number)s is not what a signed head says it was: lines up to it were changed and their chain was "
            "made anew.",
            number=number,
        )
    )


def _missing(first: int, last: int) -> Wording:
    if first == last:
        return say("Line %(number)s is missing.", number=first)
    if first > last:
        return say("Line %(number)s is there twice.", number=last + 1)
    return say("Lines %(first)s to %(last)s are missing.", first=first, last=last)
