"""What is known about who awarded a badge: whether they are in a list that somebody signed.

This changes no verdict. A badge of an organisation that nobody has listed is as good as its signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from badges.errors import BadgesError
from badges.standards.issuer_list import (
    LARGEST_LIST_BYTES,
    IssuerList,
    IssuerListError,
    ListedIssuer,
    ListKind,
    plain_name,
    read_issuer_list,
)
from badges.standards.json_text import read_json_object
from badges.verifying.checks.ledger import CONFIRMED
from badges.verifying.documents import Documents
from badges.verifying.report import CheckName, Format, Outcome, Report, Trust, TrustStanding
from badges.verifying.signed_json import check_signature, only_proof
from badges.wording import Wording, say

_OF_OB3: Final = frozenset({Format.OB3_EMBEDDED, Format.OB3_JWT})
_NOT_LISTED: Final = say("This organisation is not in our list. That does not mean that the badge is false.")
_NO_LIST: Final = say(
    "This organisation is not one of ours, and we keep no list of others. That does not mean that the badge is false."
)


class OwnIssuers(Protocol):
    """Finds the organisations of this service, one by one: there may be many, and a badge names one."""

    def of_id(self, issuer_id: str) -> ListedIssuer | None:
        """Return the one that awards under this id."""
        ...

    def of_name(self, name: str) -> Sequence[ListedIssuer]:
        """Return those of this name, as `plain_name` writes it."""
        ...

    def successor_of(self, issuer_id: str) -> ListedIssuer | None:
        """Return the one that has said, signed, that this issuer is a part of it now. It may be any issuer."""
        ...


@dataclass(frozen=True, slots=True)
class FewIssuers:
    """A handful of organisations, held in memory."""

    entries: tuple[ListedIssuer, ...] = ()

    def of_id(self, issuer_id: str) -> ListedIssuer | None:
        """As OwnIssuers."""
        return next((entry for entry in self.entries if issuer_id in entry.ids), None)

    def of_name(self, name: str) -> Sequence[ListedIssuer]:
        """As OwnIssuers."""
        return [entry for entry in self.entries if plain_name(entry.name) == name]

    def successor_of(self, issuer_id: str) -> ListedIssuer | None:  # noqa: ARG002
        """As OwnIssuers; nobody has said so."""
        return None


@dataclass(frozen=True, slots=True)
class KnownIssuers:
    """Whom this service knows: its own organisations, and those of a signed list, if there is one."""

    own: OwnIssuers = FewIssuers()
    listed: IssuerList | None = None


def with_trust(report: Report, issuers: KnownIssuers, at: datetime) -> Report:
    """Return the report with what is known about whoever awarded the badge, and about those behind what is inside."""
    inside = tuple(replace(each, report=with_trust(each.report, issuers, at)) for each in report.inside)
    return replace(report, trust=judge_trust(report, issuers, at), inside=inside)


def judge_trust(report: Report, issuers: KnownIssuers, at: datetime) -> Trust | None:
    """Return what is known about the organisation that a badge names; None when it names none.

    It is looked up only if the issuer was proven: anybody can write any name, and any id, into a badge.
    """
    issuer = report.view.issuer if report.view else None
    if issuer is None or not (issuer.id or issuer.name):
        return None
    if not _is_proven(report):
        return Trust(TrustStanding.UNPROVEN, _unproven(issuer.name or issuer.id))
    own = issuers.own.of_id(issuer.id)
    successor = issuers.own.successor_of(issuer.id)
    now = _now_part_of(own.name if own else issuer.name, successor) if successor else None
    if own is not None:
        return replace(_as_listed(own), note=now)
    found = _look_up(issuer.id, issuers, at)
    if found.standing is not TrustStanding.NOT_LISTED:
        return replace(found, note=now)
    return replace(found, note=now or found.note or _namesake(issuer.id, issuer.name, issuers))


def open_issuer_list(text: str | bytes, *, signer: str, documents: Documents) -> IssuerList:
    """Return a list once its signature was checked. Whether it is in date, `check_dates` says.

    signer: whose list counts: a DID, whose own document must list the key; or one key of it, pinned by its whole
    name with the key in the fragment (`did:web:example.org#z6Mk…`), for which no document is asked.

    Raises IssuerListError, saying what is wrong.
    Source: docs/issuer-list.md.
    """
    try:
        document = read_json_object(text, maximum_bytes=LARGEST_LIST_BYTES)
        issuer_list = read_issuer_list(document)
        only_proof(document)
        if issuer_list.publisher != signer.partition("#")[0]:
            raise IssuerListError(
                "It is published by %(publisher)s, and only lists of %(signer)s count here.",
                publisher=issuer_list.publisher,
                signer=signer,
            )
        check_signature(document, signer, documents)
    except IssuerListError:
        raise
    except BadgesError as error:
        raise IssuerListError(error.message) from error
    return issuer_list


def check_dates(issuer_list: IssuerList, at: datetime) -> None:
    """Raise IssuerListError if a list is not of this time."""
    if issuer_list.issued > at:
        raise IssuerListError("It begins to count on %(day)s only.", day=issuer_list.issued)
    if issuer_list.valid_until <= at:
        raise IssuerListError("It counted until %(day)s.", day=issuer_list.valid_until)


def _is_proven(report: Report) -> bool:
    """Whether the badge is from the very id that it names.

    A warning may mean that the issuer confirms a badge whose key was stolen later. Any other one means, in the older
    forms, that the issuer goes by two addresses, and one of them may be anybody's on the same host.
    """
    issuer = report.check(CheckName.ISSUER)
    if issuer.outcome is Outcome.WARNING:
        return report.format in _OF_OB3 or issuer.message == CONFIRMED.message
    return issuer.outcome is Outcome.PASSED


def _look_up(issuer_id: str, issuers: KnownIssuers, at: datetime) -> Trust:
    if issuers.listed is None:
        return Trust(TrustStanding.NOT_LISTED, _NO_LIST)
    entry = issuers.listed.by_id.get(issuer_id)
    if entry is not None and entry.is_listed_at(at):
        found = _as_listed(entry)
    else:
        note = None
        if entry is not None and entry.until is not None and entry.until <= at:
            note = say("%(name)s was in our list until %(day)s.", name=entry.name, day=entry.until)
        found = Trust(TrustStanding.NOT_LISTED, _NOT_LISTED, note)
    return replace(found, list_name=issuers.listed.name, list_issued=issuers.listed.issued)


def _now_part_of(name: str, successor: ListedIssuer) -> Wording:
    return say(
        "%(name)s is now part of %(successor)s, which says so in a signed statement.",
        name=name,
        successor=successor.name,
    )


def _as_listed(entry: ListedIssuer) -> Trust:
    if entry.kind is ListKind.CAMPAIGN and entry.until is not None:
        sentence = say(
            "%(name)s was part of the campaign from %(since)s to %(until)s.",
            name=entry.name,
            since=entry.since,
            until=entry.until,
        )
        return Trust(TrustStanding.CAMPAIGN, sentence)
    if entry.kind is ListKind.CAMPAIGN:
        sentence = say("%(name)s has been part of the campaign since %(day)s.", name=entry.name, day=entry.since)
        return Trust(TrustStanding.CAMPAIGN, sentence)
    return Trust(TrustStanding.KNOWN, say("We have known %(name)s since %(day)s.", name=entry.name, day=entry.since))


def _namesake(issuer_id: str, name: str, issuers: KnownIssuers) -> Wording | None:
    """Return a note if another organisation of this name is known. Names can be copied; what is listed is ids."""
    wanted = plain_name(name)
    listed = issuers.listed.by_name.get(wanted, ()) if issuers.listed else ()
    own = tuple(issuers.own.of_name(wanted)) if wanted else ()
    other = next((entry for entry in (*own, *listed) if wanted and issuer_id not in entry.ids), None)
    if other is None:
        return None
    return say(
        "Take care: another organisation called %(name)s is known to us, and this badge is not from it. "
        "That one is at %(url)s.",
        name=other.name,
        url=other.url,
    )


def _unproven(name: str) -> Wording:
    return say(
        "The badge names %(name)s, but nothing proves that it comes from there. So we did not look it up.", name=name
    )
