"""Refuses credentials that are written so that a signature sees other things in them than a reader does.

An embedded proof signs the graph that a document stands for, not its text. Much of the text may be written in
another way without a change to the graph: a member under its full address instead of its name, a name that
the document defines itself, properties of one thing spread over two places. Whoever holds a badge could so
hide its end date or its status from readers of the JSON, and the proof would still fit. A badge in plain form
has one reading: names from published contexts only, and everything about the badge at the top.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from badges.verifying.reading import as_list, as_text, id_of, member
from badges.verifying.report import Finding, Outcome
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

_VALUE_MEMBERS: Final = frozenset({"@value", "@language", "@direction"})
# Each of these holds a credential of its own, with its own context, but in the same graph as the badge around it.
_RECORD_MEMBER: Final = "verifiableCredential"
_CREDENTIAL_MEMBERS: Final = frozenset({"endorsement", _RECORD_MEMBER})
# What an endorsement inside a badge says of the badge, or of its achievement.
_COMMENT: Final = "endorsementComment"
_SAID_BY_ENDORSEMENTS: Final = frozenset({"id", "type", _COMMENT})
# Many issuers, we among them, keep the criteria at the address of the achievement itself.
_SAID_OF_CRITERIA: Final = frozenset({"id", "type", "narrative"})
# Many issuers ask for the newest version at the address of the badge itself, as the standard's own example does, or
# name the page of the badge as its evidence. A name or a description there could be mistaken for the badge's own.
_SAID_OF_REFRESHING: Final = frozenset({"id", "type"})
_SAID_OF_EVIDENCE: Final = frozenset({"id", "type", "narrative", "genre", "audience"})
# What only the subject's own place says of whoever was awarded the badge: an issuer may be the same person.
_SAID_OF_SUBJECTS: Final = frozenset({"achievement", "association", "identifier", "result", _RECORD_MEMBER})
_ONLY_ID: Final = frozenset({"id"})
_LEFT_OUT: Final = frozenset({"@context", "proof"})
# An object, its JSON pointer ("/" for the top), and the member that holds the credential which it is inside of, or "".
_Place: TypeAlias = tuple[JsonObject, str, str]
_MEND: Final = say("Ask the organisation that awarded it for the badge as it was made.")


def check_plain_form(document: JsonObject) -> Finding | None:
    """Return what stands against the form of a credential, or None if its JSON has one reading only.

    Failed: members that are keywords of JSON-LD or whole addresses; a second place that speaks of the badge, its
    subject or its achievement; nulls and empty lists, which no signature covers.
    Unknown: definitions inside the document and names with a prefix, which may be meant well.

    Source: VC Data Integrity 1.0, 2.4.1 and 5 (context validation, context injection); Open Badges 3.0, "JSON".
    """
    places = _places(document)
    hidden = [*_hidden_members(places), *_second_places(places, document)]
    if hidden:
        message = say("This badge is written in a way that can hide things from its reader, so we do not trust it.")
        return Finding(Outcome.FAILED, message, _MEND, tuple(hidden[:20]))
    empty = list(_empty_members(places))
    if empty:
        message = say("This badge has empty places that its signature does not cover; somebody may have added them.")
        return Finding(Outcome.FAILED, message, _MEND, tuple(empty[:20]))
    own = list(_own_definitions(places))
    if own:
        message = say("This badge gives words a meaning of its own, so we cannot say for sure what it states.")
        return Finding(Outcome.UNKNOWN, message, _MEND, tuple(own[:20]))
    return None


def _hidden_members(places: list[_Place]) -> Iterator[Wording]:
    for owner, path, _ in places:
        for name in owner:
            if name[:1] == "@" and name != "@context" and not owner.keys() <= _VALUE_MEMBERS:
                yield say("%(path)s: the member %(name)s", path=path, name=name[:100])
            elif "://" in name or name.startswith("urn:"):
                yield say("%(path)s: a member is named by an address, %(name)s", path=path, name=name[:100])


def _empty_members(places: list[_Place]) -> Iterator[Wording]:
    for owner, path, _ in places:
        for name, value in owner.items():
            is_list = isinstance(value, list)
            if value is None or (
                is_list and (not value or any(item is None or isinstance(item, list) for item in value))
            ):
                yield say("%(path)s: nothing in %(name)s, or a list in a list", path=path, name=name[:100])
        if "@value" not in owner and not owner.keys().isdisjoint(_VALUE_MEMBERS):
            yield say("%(path)s: a language without a text", path=path)


def _second_places(places: list[_Place], document: JsonObject) -> Iterator[Wording]:
    """Objects elsewhere that carry the id of the badge, its subject or its achievement, and say what belongs there."""
    badge_id = as_text(document.get("id"))
    subjects = as_list(document.get("credentialSubject"))
    achievements = [each for subject in subjects for each in as_list(member(subject, "achievement"))]
    subject_ids, achievement_ids = ({id_of(each) for each in group} for group in (subjects, achievements))
    for owner, path, inside in places:
        is_subject = any(owner is subject for subject in subjects)
        if _COMMENT in owner and not inside and not is_subject:
            yield say("%(path)s: the comment of an endorsement outside of it", path=path)
        owner_id = as_text(owner.get("id"))
        if not owner_id or path == "/" or is_subject or any(owner is each for each in achievements):
            continue
        said = _SAID_BY_ENDORSEMENTS if inside else _ONLY_ID
        if owner_id == badge_id and not owner.keys() <= (said if inside else _said_of_badge(owner, document)):
            yield say("%(path)s: a second place speaks of the badge itself", path=path)
        if inside == _RECORD_MEMBER:
            continue
        own_criteria = any(owner is member(each, "criteria") for each in achievements)
        allowed = _SAID_OF_CRITERIA if own_criteria else said | {"type"}
        if owner_id in achievement_ids and not owner.keys() <= allowed:
            yield say("%(path)s: a second place speaks of what was achieved", path=path)
        if owner_id in subject_ids and not _SAID_OF_SUBJECTS.isdisjoint(owner):
            yield say("%(path)s: a second place speaks of whoever was awarded the badge", path=path)


def _said_of_badge(owner: JsonObject, document: JsonObject) -> frozenset[str]:
    """What an object outside of endorsements may say under the id of the badge, by the member that it stands in."""
    if owner is document.get("refreshService"):
        return _SAID_OF_REFRESHING
    if any(owner is each for each in as_list(document.get("evidence"))):
        return _SAID_OF_EVIDENCE
    return _ONLY_ID


def _own_definitions(places: list[_Place]) -> Iterator[Wording]:
    for owner, path, inside in places:
        contexts = as_list(owner.get("@context"))
        if any(isinstance(context, dict) for context in contexts):
            yield say("%(path)s: a context that is written out", path=path)
        if inside:
            continue
        if path != "/" and contexts:
            yield say("%(path)s: a context in the middle", path=path)
        yield from (
            say("%(path)s: %(name)s, a name with a prefix", path=path, name=name[:100]) for name in owner if ":" in name
        )


def _places(document: JsonObject) -> list[_Place]:
    """Every object in a document, contexts and proofs left out."""
    places: list[_Place] = []
    waiting: list[tuple[JsonValue, str, str]] = [(document, "", "")]
    while waiting:
        item, path, inside = waiting.pop()
        if isinstance(item, dict):
            places.append((item, path or "/", inside))
            for name, value in item.items():
                if isinstance(value, dict | list) and name not in _LEFT_OUT:
                    holder = inside or (name if name in _CREDENTIAL_MEMBERS else "")
                    waiting.append((value, f"{path}/{name[:60]}", holder))
        else:
            for number, each in enumerate(item):
                if isinstance(each, dict | list):
                    waiting.append((each, f"{path}/{number}", inside))
    return places
