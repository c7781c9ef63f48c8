"""What others say in favour of an Open Badges 2.0 badge, its badge class or its issuer.

An endorsement is a document of its own, hosted or signed by whoever endorses. One that cannot be confirmed is
a warning, as in 3.0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from badges.verifying.checks.endorsements import MOST_ENDORSEMENTS, Issuer, judge_all, judge_one
from badges.verifying.checks.ob2_chain import Chain
from badges.verifying.documents import Documents, UnseenDocumentError
from badges.verifying.reading import as_list, id_of
from badges.verifying.report import Finding, Inside, Report
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording

VerifyInside: TypeAlias = Callable[[JsonValue], Report]


def check_endorsements_ob2(
    assertion: JsonObject, chain: Chain, documents: Documents, verify_inside: VerifyInside
) -> tuple[Finding, tuple[Inside, ...]]:
    """Return what the endorsements of an assertion, its badge class and its issuer come to, and the reports on them.

    verify_inside: gives the report on an endorsement in its own right.
    Source: Open Badges 2.0, "Endorsement"; the official validator's checks of the class Endorsement.
    """
    found = list(_find(assertion, chain))
    issuer = Issuer(frozenset({chain.issuer.id, id_of(chain.issuer.document or {})}))
    inside: list[Inside] = []
    doubts: list[Wording] = []
    for value, about in found[:MOST_ENDORSEMENTS]:
        try:
            judged = judge_one(verify_inside(_document_of(value, documents)), about, issuer)
        except UnseenDocumentError as error:
            doubts.append(error.message)
            continue
        inside.append(judged)
        if judged.doubt is not None:
            doubts.append(judged.doubt)
    return judge_all(doubts, len(found)), tuple(inside)


def _find(assertion: JsonObject, chain: Chain) -> Iterator[tuple[JsonValue, str]]:
    """Each endorsement with the id of what carries it."""
    for carrier in (assertion, chain.badge_class.document or {}, chain.issuer.document or {}):
        for value in as_list(carrier.get("endorsement")):
            yield value, id_of(carrier)


def _document_of(value: JsonValue, documents: Documents) -> JsonValue:
    """The endorsement itself: behind its address, or inside the carrier."""
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        return documents.read_object(value, from_anywhere=True)  # it is verified in its own right
    return value
