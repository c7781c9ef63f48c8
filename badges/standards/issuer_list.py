"""The list of issuers: which organisations take part in the campaign, and which others somebody vouches for.

The format is ours; docs/issuer-list.md describes it for those who publish or read one. Here is what a list says;
whether it is signed by the right key is for the verifier (`verifying/trust.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NoReturn

from badges.errors import StandardsError
from badges.standards.look_alikes import as_seen
from badges.standards.moments import read_moment
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

LIST_TYPE: Final = "IssuerList"
LIST_VERSION: Final = 1
LARGEST_LIST_BYTES: Final = 4 * 1024 * 1024
MOST_ENTRIES: Final = 5000
MOST_IDS: Final = 10
LONGEST_NAME: Final = 300
LONGEST_ADDRESS: Final = 2000


class IssuerListError(StandardsError):
    """The list cannot be used."""


class ListKind(StrEnum):
    """As what an organisation is listed: it takes part in the campaign, or the publisher knows it."""

    CAMPAIGN = "campaign"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class ListedIssuer:
    """One organisation. ids: under which it awards (DIDs, https addresses). until: None while it is listed."""

    ids: tuple[str, ...]
    name: str
    url: str
    kind: ListKind
    since: datetime
    until: datetime | None = None

    def is_listed_at(self, at: datetime) -> bool:
        """Whether the entry counts at this moment."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class IssuerList:
    """A whole list. by_id: every id of every entry. by_name: the entries of a name, as `plain_name` writes it."""

    name: str
    publisher: str
    issued: datetime
    valid_until: datetime
    entries: tuple[ListedIssuer, ...]
    by_id: Mapping[str, ListedIssuer]
    by_name: Mapping[str, tuple[ListedIssuer, ...]]


def read_issuer_list(document: JsonObject) -> IssuerList:
    """Return what a list says. document: with or without its proof; members that we do not know are passed over.

    Raises IssuerListError, naming the member that is wrong: a list with one mistake is not used at all.
    Source: docs/issuer-list.md.
    """
    if document.get("type") != LIST_TYPE or document.get("version") != LIST_VERSION:
        _refuse(say('It is not a list of issuers: it needs "type": "IssuerList" and "version": 1.'))
    entries = document.get("entries")
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        _refuse(say('"entries" must be a list of at most %(most)d.', most=MOST_ENTRIES))
    issued, valid_until = _moment(document, "issued"), _moment(document, "validUntil")
    if valid_until <= issued:
        _refuse(say('"validUntil" must be later than "issued".'))
    listed = tuple(_read_entry(entry, number) for number, entry in enumerate(entries, 1))
    return IssuerList(
        name=_text(document, "name"),
        publisher=_identifier(document.get("publisher"), "publisher"),
        issued=issued,
        valid_until=valid_until,
        entries=listed,
        by_id=_by_id(listed),
        by_name=by_plain_name(listed),
    )


def plain_name(name: str) -> str:
    """Return a name as names are compared: as a reader sees it, without differences that are easily overlooked."""
    return as_seen(name)


def by_plain_name(entries: Iterable[ListedIssuer]) -> dict[str, tuple[ListedIssuer, ...]]:
    """Return the entries by their names, as `plain_name` writes them."""
    found: dict[str, tuple[ListedIssuer, ...]] = {}
    for entry in entries:
        key = plain_name(entry.name)
        found[key] = (*found.get(key, ()), entry)
    return found


def _read_entry(entry: JsonValue, number: int) -> ListedIssuer:
    try:
        return _read_members(entry)
    except IssuerListError as error:
        raise IssuerListError("Entry %(number)d: %(reason)s", number=number, reason=error.message) from error


def _read_members(entry: JsonValue) -> ListedIssuer:
    if not isinstance(entry, dict):
        _refuse(say("It must be an object."))
    ids = entry.get("ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_IDS:
        _refuse(say('"ids" must be a list of 1 to %(most)d ids.', most=MOST_IDS))
    if entry.get("kind") not in tuple(ListKind):
        _refuse(say('"kind" must be "campaign" or "known".'))
    since = _moment(entry, "since")
    until = _moment(entry, "until") if "until" in entry else None
    if until is not None and until <= since:
        _refuse(say('"until" must be later than "since".'))
    return ListedIssuer(
        ids=tuple(_identifier(each, "ids") for each in ids),
        name=_text(entry, "name"),
        url=_web_address(entry),
        kind=ListKind(str(entry["kind"])),
        since=since,
        until=until,
    )


def _by_id(entries: Iterable[ListedIssuer]) -> dict[str, ListedIssuer]:
    found: dict[str, ListedIssuer] = {}
    for entry in entries:
        for each in entry.ids:
            if each in found:
                _refuse(say('The id "%(id)s" is there twice.', id=each[:200]))
            found[each] = entry
    return found


def _text(members: JsonObject, name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_NAME or not value.isprintable():
        _refuse(say('"%(name)s" must be a text on one line.', name=name))
    return value.strip()


def _identifier(value: JsonValue, name: str) -> str:
    if not _is_address(value, ("did:", "https://")):
        _refuse(say('"%(name)s" must hold a DID or an https address.', name=name))
    return str(value)


def _web_address(members: JsonObject) -> str:
    value = members.get("url")
    if not _is_address(value, ("https://",)):
        _refuse(say('"url" must be an https address.'))
    return str(value)


def _is_address(value: JsonValue, beginnings: tuple[str, ...]) -> bool:
    if not isinstance(value, str) or not value.startswith(beginnings) or len(value) > LONGEST_ADDRESS:
        return False
    return value.isascii() and value.isprintable() and " " not in value and "#" not in value


def _moment(members: JsonObject, name: str) -> datetime:
    moment = read_moment(members.get(name))
    if moment is None:
        _refuse(say('"%(name)s" must be a moment such as 2026-12-01T00:00:00Z.', name=name))
    return moment


def _refuse(message: Wording) -> NoReturn:
    raise IssuerListError(message)
