"""From what a stranger hands in (a file, a text, a link) to one badge text, or why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from badges.errors import BadgesError
from badges.standards.baking.baked import BakedTexts, is_compact_jws
from badges.standards.baking.detect import BadgeFileKind, decode_text, detect
from badges.standards.baking.png import extract_png
from badges.standards.baking.svg import extract_svg
from badges.standards.fetching import FetchedDocument, Fetcher, FetchError, FetchProblem
from badges.standards.json_text import BrokenJsonError, read_json
from badges.standards.proofs.jws import parse_compact
from badges.verifying import no_badge
from badges.verifying.links import links_in, with_scheme
from badges.verifying.reading import as_text, types_of
from badges.verifying.recognising import recognise, recognise_payload
from badges.verifying.report import Finding, Format, Outcome, Picture
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

LARGEST_BYTES: Final = 10 * 1024 * 1024
BADGE_ACCEPT: Final = (
    "application/vc, application/vc+ld+json, application/ld+json, application/json;q=0.9, "
    "application/vc+jwt;q=0.8, image/png;q=0.5, image/svg+xml;q=0.5, text/plain;q=0.4, */*;q=0.1"
)
_WEB_ADDRESS: Final = re.compile(r"(?:https?://|www\.(?=[\w-]+\.))[^\s<>\"]{1,4000}", re.IGNORECASE)
# How JSON with something in it begins, and the header of a token. "[my badge](https://…)" is a link in Markdown.
_BADGE_START: Final = re.compile(r"\ufeff?\s*(?:\{\s*\"|\[\s*[\[{\"]|ey[A-Za-z0-9_-]{18})")
ENVELOPED: Final = "EnvelopedVerifiableCredential"
_ENVELOPE: Final = re.compile(
    r"data:application/vc\+jwt(?:;[A-Za-z0-9=._-]+)*,([A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+)"
)
_DAMAGED: Final = say("This badge is damaged: its text was cut off or changed on the way.")
_TWO_BADGES: Final = say("There are two badges here. Other checkers may read the one that we would not.")
_ASK_HOLDER: Final = say("Ask the holder for the file or the link again.")


@dataclass(frozen=True, slots=True)
class Submission:
    """One badge as it came.

    text: the exact text of the badge. document: its JSON; for a signed text (JWT, JWS) the payload.
    address: where the badge still has to be fetched from, when only its address came; else "".
    source: where it was fetched from; "" for what was handed in. An old badge may name no address of its own.
    problem: why there is no badge here; then the format is unrecognised. notes: what is odd about the picture.
    """

    format: Format
    text: str = ""
    document: JsonObject = field(default_factory=dict)
    address: str = ""
    source: str = ""
    picture: Picture | None = None
    problem: Finding | None = None
    notes: tuple[Wording, ...] = ()


def take_in(data: bytes) -> Submission:
    """Find the badge in a file or a pasted text. Never fails: what is no badge becomes a problem.

    Source: Open Badges 3.0, "Open Badges Document Formats"; Baking Specification 1.0.
    """
    if len(data) > LARGEST_BYTES:
        return _refuse(say("This file is larger than a badge can be (10 MB), so we did not read it."))
    try:
        return _take_in(data)
    except BadgesError as error:
        if isinstance(error, BrokenJsonError) and begins_badge(decode_text(data) or ""):
            return _refuse(_DAMAGED, error.message)
        return _refuse(say("There is no badge here that we can read. %(reason)s", reason=error.message))


def take_in_words(text: str) -> Submission:
    """Find the badge in what a person pasted: as `take_in`, and a sentence with one link in it means the link."""
    submission = take_in(text.encode("utf-8", "replace"))
    if submission.problem is None or submission.document or begins_badge(text):
        return submission
    links = links_in(text)
    if len(links) == 1:
        return Submission(Format.UNRECOGNISED, links[0], address=links[0])
    if links:
        details = tuple(say("%(url)s", url=link[:300]) for link in links)
        return _refuse(say("There are several links here. Give us one: that of the badge."), *details)
    return submission


def take_in_value(value: JsonValue) -> Submission:
    """Take in a credential that stands inside another: an object with its proof, or a JWT as text. Never fails."""
    if isinstance(value, dict):
        enveloped = open_envelope(value)
        return _recognised("", value, recognise(value)) if enveloped is None else take_in(enveloped.encode("utf-8"))
    if isinstance(value, str) and is_compact_jws(value):
        return take_in(value.encode("utf-8"))
    return _refuse(say("Something stands here that is no credential."))


def open_envelope(document: JsonObject) -> str | None:
    """Return the JWT in an EnvelopedVerifiableCredential, or None if this is none or holds something else.

    Source: VC Data Model 2.0, section 4.13.1 "Enveloped Verifiable Credentials".
    """
    envelope = _ENVELOPE.fullmatch(as_text(document.get("id")))
    return envelope.group(1) if envelope and ENVELOPED in types_of(document) else None


def take_in_url(url: str, fetcher: Fetcher) -> Submission:
    """Fetch a badge from its address. A page about a badge is asked for the badge itself at `<address>.json`.

    Never fails: an address that does not answer gives a submission with an unknown problem.
    """
    submission = _take_in_address(url, fetcher)
    if submission.problem is None or not _may_have_json(url):
        return submission
    beside = _take_in_address(url.partition("#")[0].partition("?")[0].rstrip("/") + ".json", fetcher)
    return beside if beside.problem is None else submission


def _take_in(data: bytes) -> Submission:
    kind = detect(data)
    if kind is BadgeFileKind.PNG:
        return _take_in_picture(extract_png(data), Picture(data, "image/png"))
    if kind is BadgeFileKind.SVG:
        return _take_in_picture(extract_svg(data), Picture(data, "image/svg+xml"))
    text = (decode_text(data) or "").strip()
    return _take_in_text(text)


def _take_in_picture(texts: BakedTexts, picture: Picture) -> Submission:
    """The newer form counts when a picture carries both: it can be checked without asking its address.

    Two different badges of one form are refused, though the standard lets a reader take the first: another reader
    that takes the last would see another badge than the one that we call valid.
    """
    if texts.has_rivals:
        problem = Finding(Outcome.FAILED, _TWO_BADGES, say("Ask the holder for a file with one badge in it."))
        return Submission(Format.UNRECOGNISED, picture=picture, problem=problem)
    text = texts.credential or texts.record or texts.assertion
    if text is None:
        return Submission(Format.UNRECOGNISED, picture=picture, problem=_failed(no_badge.IN_PICTURE, *texts.problems))
    return replace(_take_in_text(text.strip()), picture=picture, notes=texts.problems)


def _take_in_text(text: str) -> Submission:
    if _WEB_ADDRESS.fullmatch(text):
        return Submission(Format.UNRECOGNISED, text, address=with_scheme(text))
    kind = detect(text.encode("utf-8"))
    if kind is BadgeFileKind.JSON:
        document = read_json(text)
        enveloped = open_envelope(document) if isinstance(document, dict) else None
        if enveloped is not None:
            return take_in(enveloped.encode("utf-8"))
        if isinstance(document, dict):
            return _recognised(text, document, recognise(document))
    if kind is BadgeFileKind.JWT:
        payload = read_json(parse_compact(text).payload)
        if isinstance(payload, dict):
            return _recognised(text, payload, recognise_payload(payload))
    if kind is not BadgeFileKind.JSON and begins_badge(text):
        return _refuse(_DAMAGED)
    return _refuse(no_badge.IN_TEXT)


def begins_badge(text: str) -> bool:
    """Whether a text that holds no badge began as one. The links in it are then those of the badge's own documents."""
    return _BADGE_START.match(text) is not None


def _recognised(text: str, document: JsonObject, found: Format | Finding) -> Submission:
    if isinstance(found, Finding):
        return Submission(Format.UNRECOGNISED, text, document, problem=found)
    return Submission(found, text, document)


def _take_in_address(url: str, fetcher: Fetcher) -> Submission:
    try:
        answer = fetcher.fetch(url.partition("#")[0], BADGE_ACCEPT)
    except FetchError as error:
        if error.problem in (FetchProblem.REFUSED, FetchProblem.TOO_LARGE):
            return _refuse(say("We do not take a badge from this address. %(reason)s", reason=error.message))
        return _unseen(url, error.message)
    submission = replace(take_in(answer.body), source=url)
    if submission.problem is None and submission.address:
        return _unseen(url, say("%(url)s answers with another address.", url=url))
    if answer.status_code == 410 and submission.problem is not None:
        return replace(submission, problem=_failed(say("This badge has been withdrawn: its address is gone.")))
    if answer.status_code not in {200, 410}:
        return _unseen(url, say("%(url)s answered %(code)d.", url=url, code=answer.status_code))
    return _page(submission, answer)


def _page(submission: Submission, answer: FetchedDocument) -> Submission:
    """A web page is no badge, but it does not speak against one either."""
    if submission.problem is not None and answer.media_type in {"text/html", "application/xhtml+xml"}:
        return _unseen(answer.url, say("%(url)s is a web page without a badge in it.", url=answer.url))
    return submission


def _may_have_json(url: str) -> bool:
    path = url.partition("#")[0].partition("?")[0]
    return path.count("/") > 2 and "." not in path.rsplit("/", 1)[1]


def _unseen(url: str, reason: Wording) -> Submission:
    message = say("We could not get a badge from this address, so we could not check it.")
    problem = Finding(Outcome.UNKNOWN, message, _ASK_HOLDER, (reason,))
    return Submission(Format.UNRECOGNISED, url, problem=problem)


def _refuse(message: Wording, *details: Wording) -> Submission:
    return Submission(Format.UNRECOGNISED, problem=_failed(message, *details))


def _failed(message: Wording, *details: Wording) -> Finding:
    return Finding(Outcome.FAILED, message, _ASK_HOLDER, details)
