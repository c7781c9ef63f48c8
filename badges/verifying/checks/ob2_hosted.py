"""Hosted badges of 0.5 to 2.1: the issuer's own address is the source of truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from badges.errors import BadgesError
from badges.standards.fetching import FetchedDocument, FetchError
from badges.standards.json_text import read_json
from badges.standards.moments import read_iso_moment
from badges.standards.ob1.upgrade import Upgraded, upgrade_assertion, upgrade_badge_class, upgrade_issuer
from badges.standards.reading import read_name
from badges.verifying.checks.ob2_chain import Chain, Link, Upgrade, follow_link
from badges.verifying.checks.ob2_scope import is_in_scope
from badges.verifying.documents import JSON_ACCEPT, Documents, sent_elsewhere
from badges.verifying.hosts import is_same_host, origin_of
from badges.verifying.reading import as_list, as_text, id_of, member, types_of
from badges.verifying.report import Finding, Outcome
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.view import BadgeVersion
from badges.wording import Wording, say

# These say how a copy is written, not what it states; `verify` is the old name of `verification`.
_NOT_COMPARED: Final = frozenset({"@context", "type", "@type", "verify", "verification"})
# What a copy may bring with it, though it stands at an address of its own.
_LINKS: Final[dict[str, Upgrade]] = {"badge": upgrade_badge_class, "issuer": upgrade_issuer}
_ASK_FOR_LINK: Final = say("Ask the holder for the link to the badge, and check that.")
_ASK_ISSUER: Final = say("Ask the organisation that awarded it.")


@dataclass(frozen=True, slots=True)
class Hosted:
    """What the address of an assertion said.

    found: the copy to look at from here on, in the form of 2.0: the one at the address, else the supplied one.
    proof, status: the findings. elsewhere: why not the address itself said it, but another host, to which it sent us.
    answered_at: where the answer came from.
    """

    found: Upgraded
    proof: Finding
    status: Finding
    elsewhere: Wording | None = None
    answered_at: str = ""


def check_hosted(supplied: Upgraded, documents: Documents, class_name: str = "Assertion") -> Hosted:
    """Fetch the assertion from its own address and compare the supplied copy with it.

    supplied: the copy that was handed in, in the form of 2.0. class_name: what it must be, "Endorsement" perhaps.
    Source: Open Badges 2.0, "HostedBadge Verification"; Open Badges 1.1, "Hosted Badges" (`verify.url`).
    """
    address = as_text(supplied.document.get("id"))
    if supplied.version is BadgeVersion.OB0_5 and not address:
        message = say("This old badge does not say where it is kept, so we cannot confirm it.")
        return Hosted(supplied, Finding(Outcome.UNKNOWN, message, _ASK_FOR_LINK), _SKIPPED_STATUS)
    if origin_of(address) is None:
        message = say("This badge should be kept at a web address, but it names none.")
        return Hosted(supplied, Finding(Outcome.FAILED, message, _ASK_ISSUER), _SKIPPED_STATUS)
    try:
        answer = documents.fetch(address, JSON_ACCEPT)
    except FetchError as error:
        return _unseen(supplied, error.message)
    hosted = _judge_answer(supplied, answer, documents, class_name)
    return replace(hosted, elsewhere=sent_elsewhere(address, answer), answered_at=answer.url)


def confirm_host(hosted: Hosted, supplied: Upgraded, issuer: Link) -> Hosted:
    """Return what the address said; or that it was not seen, where another host answered without a right to.

    An assertion may be kept on any host that the issuer's profile allows, so it may also move there.
    Source: Open Badges 2.0, "VerificationObject" (startsWith, allowedOrigins).
    """
    if hosted.elsewhere is None:
        return hosted
    is_seen = issuer.document is not None and issuer.problem is None
    if is_seen and is_in_scope(hosted.answered_at, issuer.document or {}, issuer.id):
        return hosted
    return _unseen(supplied, hosted.elsewhere)


def _judge_answer(supplied: Upgraded, answer: FetchedDocument, documents: Documents, class_name: str) -> Hosted:
    address = as_text(supplied.document.get("id"))
    truth = _read_object(answer)
    if answer.status_code == 410 or (truth is not None and truth.get("revoked") is True):
        return _withdrawn(supplied, truth or {}, class_name)
    if answer.status_code == 404:
        message = say("The address where this badge should be does not know it.")
        return Hosted(supplied, Finding(Outcome.FAILED, message, _ASK_ISSUER), _SKIPPED_STATUS)
    if answer.status_code != 200:
        return _unseen(supplied, say("%(url)s answered %(code)d.", url=address, code=answer.status_code))
    if truth is None:
        return _unseen(supplied, say("%(url)s did not answer with a badge.", url=address))
    hosted = _compare(supplied, upgrade_assertion(truth, address), answer, class_name)
    if hosted.proof.outcome is not Outcome.PASSED:
        return hosted
    return replace(
        hosted, proof=_doubt_description(supplied.document, hosted.found.document, documents) or hosted.proof
    )


def check_issuer_of_hosted(assertion: JsonObject, chain: Chain, proof: Finding) -> Finding:
    """Check that the issuer's profile lets the assertion live where it does.

    proof: what was found at its address. A copy that nothing confirms may be anybody's.

    Source: Open Badges 2.0, "VerificationObject": startsWith, allowedOrigins, else the same origin.
    """
    issuer = chain.issuer
    if issuer.document is None or issuer.problem is not None:
        return unseen_issuer(chain)
    doubt = check_profile_id(issuer)
    if doubt is not None and doubt.outcome is Outcome.FAILED:
        return doubt
    if "id" not in assertion:
        message = say("Without its address we cannot say whether the organisation that it names awarded it.")
        return Finding(Outcome.UNKNOWN, message, _ASK_FOR_LINK)
    if not is_in_scope(as_text(assertion.get("id")), issuer.document, issuer.id):
        message = say("The organisation that it names does not award badges from that address.")
        detail = say("The issuer's profile does not cover %(url)s.", url=as_text(assertion.get("id")))
        return Finding(Outcome.FAILED, message, _ASK_ISSUER, (detail,))
    if proof.outcome is Outcome.UNKNOWN:
        message = say("Nothing confirms this copy, so we cannot say whether the organisation that it names awarded it.")
        return Finding(Outcome.UNKNOWN, message, _ASK_FOR_LINK)
    return doubt or Finding(Outcome.PASSED, say("The organisation that it names stands behind it."))


def unseen_issuer(chain: Chain) -> Finding:
    """The finding when the issuer's own document could not be seen."""
    reason = chain.badge_class.problem or chain.issuer.problem
    message = say("We could not see the issuer's own document, so we cannot say who awarded it.")
    return Finding(Outcome.UNKNOWN, message, say("Try again later."), (reason,) if reason else ())


def check_profile_id(issuer: Link) -> Finding | None:
    """Return a doubt if a profile calls itself something else than its address; None if they agree.

    Another name on the same host, or one that is no web address, is a warning, as in the official validators.
    A name on another host is somebody else.
    """
    if not issuer.goes_by_another_id or issuer.document is None:
        return None
    own_id = id_of(issuer.document)
    details = (say("Address: %(url)s", url=issuer.id), say("It says: %(id)s", id=own_id[:200] or "–"))
    if own_id and (origin_of(own_id) is None or is_same_host(own_id, issuer.id)):
        message = say("The organisation that it names stands behind it, but under two addresses.")
        return Finding(Outcome.WARNING, message, _ASK_ISSUER, details)
    message = say("The document of the organisation that it names is about somebody else.")
    return Finding(Outcome.FAILED, message, _ASK_ISSUER, details)


_SKIPPED_STATUS: Final = Finding(Outcome.SKIPPED, say("We did not look whether it was withdrawn."))


def _unseen(supplied: Upgraded, reason: Wording) -> Hosted:
    message = say("We could not look at the address where this badge is kept, so we cannot confirm it.")
    proof = Finding(Outcome.UNKNOWN, message, say("Try again later."), (reason,))
    status = Finding(Outcome.UNKNOWN, say("We could not see whether it was withdrawn."), None, (reason,))
    return Hosted(supplied, proof, status)


def _withdrawn(supplied: Upgraded, truth: JsonObject, class_name: str) -> Hosted:
    proof = Finding(Outcome.SKIPPED, say("It was withdrawn, so there is nothing left to compare it with."))
    return Hosted(supplied, proof, withdrawn_finding(as_text(truth.get("revocationReason")), class_name))


def withdrawn_finding(reason: str, class_name: str = "Assertion") -> Finding:
    """The finding for what its issuer took back. reason: in the issuer's words, or "". class_name: what it is."""
    reason = read_name(reason)[:300]
    if class_name == "Endorsement":
        template = "Whoever made this endorsement has withdrawn it. The reason given: “%(reason)s”"
        message = say(template, reason=reason) if reason else say("Whoever made this endorsement has withdrawn it.")
        return Finding(Outcome.FAILED, message, say("Ask whoever made it why."))
    if reason:
        message = say(
            "The organisation that awarded this badge has withdrawn it. The reason that it gives: “%(reason)s”",
            reason=reason,
        )
    else:
        message = say("The organisation that awarded this badge has withdrawn it.")
    return Finding(Outcome.FAILED, message, say("Its holder can ask the organisation why."))


def _compare(supplied: Upgraded, truth: Upgraded, answer: FetchedDocument, class_name: str) -> Hosted:
    status = Finding(Outcome.PASSED, say("It has not been withdrawn."))
    ours, theirs = supplied.document, truth.document
    address = as_text(ours.get("id"))
    if theirs.get("id") != address or class_name not in types_of(theirs):
        message = say("The address where this badge should be holds another one.")
        return Hosted(supplied, Finding(Outcome.FAILED, message, _ASK_ISSUER), _SKIPPED_STATUS)
    different = sorted(
        name for name in ours.keys() - _NOT_COMPARED if not _is_same(name, ours.get(name), theirs.get(name))
    )
    added = sorted(theirs.keys() - ours.keys() - _NOT_COMPARED)
    if different:
        # An issuer may correct what is at the address, so a difference alone accuses nobody.
        message = say(
            "This copy differs from the badge at its own address. It may be an older version, or it may have been "
            "changed. What counts is the badge at its address."
        )
        details = tuple(say("Different: %(name)s", name=name[:100]) for name in different[:20])
        mend = say("Check the badge at its own address: %(url)s", url=address)
        return Hosted(truth, Finding(Outcome.FAILED, message, mend, details), status)
    if answer.url.partition("#")[0] != address.partition("#")[0]:
        message = say("It is the same as the badge at its own address, which has moved.")
        detail = say("Now at %(url)s", url=answer.url)
        return Hosted(truth, Finding(Outcome.WARNING, message, None, (detail,)), status)
    if added:
        message = say("The badge at its own address says more than this copy. We looked at the one at its address.")
        details = tuple(say("Added: %(name)s", name=name[:100]) for name in added[:20])
        return Hosted(truth, Finding(Outcome.WARNING, message, None, details), status)
    return Hosted(truth, Finding(Outcome.PASSED, say("It is the same as the badge at its own address.")), status)


def _doubt_description(supplied: JsonObject, truth: JsonObject, documents: Documents) -> Finding | None:
    """Return a warning if a copy brings a badge class or an issuer that its own address describes otherwise.

    That may be an honest older copy: a class may be edited. What counts, and is shown, is what the addresses say.
    """
    told = sorted(_told_otherwise("badge", supplied.get("badge"), truth.get("badge"), documents))
    if not told:
        return None
    message = say("This copy describes the badge in other words than its own address does. We looked at the address.")
    details = tuple(say("Different: %(name)s", name=name[:100]) for name in told[:20])
    return Finding(Outcome.WARNING, message, _ASK_FOR_LINK, details)


def _told_otherwise(name: str, supplied: JsonValue, truth: JsonValue, documents: Documents) -> Iterator[str]:
    """The members of an embedded copy that its truth, linked or embedded, does not have like that."""
    if not isinstance(supplied, dict):
        return
    document = truth if isinstance(truth, dict) else follow_link(id_of(truth), documents, _LINKS[name]).document
    for each in supplied.keys() - _NOT_COMPARED if document is not None else ():
        if each not in _LINKS:
            if not _is_same(each, supplied[each], member(document, each)):
                yield f"{name}.{each}"
        elif id_of(supplied[each]) != id_of(member(document, each)):
            yield f"{name}.{each}"
        else:
            yield from _told_otherwise(each, supplied[each], member(document, each), documents)


def _is_same(name: str, supplied: JsonValue, truth: JsonValue) -> bool:
    """Whether two copies say the same: linked or embedded, one or a list of one, any spelling of a moment."""
    if name == "badge" and isinstance(supplied, dict) != isinstance(truth, dict):
        return id_of(supplied) == id_of(truth)
    if read_iso_moment(supplied) is not None:
        return read_iso_moment(supplied) == read_iso_moment(truth)
    return as_list(supplied) == as_list(truth)


def _read_object(answer: FetchedDocument) -> JsonObject | None:
    try:
        value = read_json(answer.body.decode("utf-8-sig"))
    except (BadgesError, UnicodeDecodeError):
        return None
    return value if isinstance(value, dict) else None
