"""Whether the pictures of an Open Badges 2.0 badge are pictures, and whether its criteria can be read.

A picture does not decide whether somebody earned a badge, so what is wrong with one is a warning. An address
that does not answer at all says nothing: it is only listed among what was asked for.
"""

from __future__ import annotations

from typing import Final

from badges.standards.baking.detect import BadgeFileKind, detect
from badges.standards.fetching import FetchError
from badges.verifying.documents import Documents
from badges.verifying.reading import id_of
from badges.verifying.report import Finding, Outcome
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

PICTURE_ACCEPT: Final = "image/png, image/svg+xml;q=0.9, */*;q=0.1"
PAGE_ACCEPT: Final = "text/html, application/ld+json;q=0.9, application/json;q=0.9, */*;q=0.5"
_WEB: Final = ("https://", "http://")
_MEND: Final = say("The organisation that awarded it can put this right.")


def check_pictures(assertion: JsonObject, badge_class: JsonObject, documents: Documents) -> list[Finding]:
    """Return what is wrong with the pictures of an assertion and its badge class, and with the criteria's address.

    Source: Open Badges 2.0, "Assertion" (image), "BadgeClass" (image, criteria); IMAGE_VALIDATION.
    """
    doubts = [_check_picture(owner.get("image"), documents) for owner in (badge_class, assertion)]
    doubts.append(_check_page(badge_class.get("criteria"), documents))
    details = tuple(doubt for doubt in doubts if doubt is not None)
    if not details:
        return []
    message = say("Something that this badge points to is not there, or is not what it should be.")
    return [Finding(Outcome.WARNING, message, _MEND, details)]


def _check_picture(image: JsonValue, documents: Documents) -> Wording | None:
    url = id_of(image)
    if not url.startswith(_WEB):
        return None
    try:
        answer = documents.fetch(url, PICTURE_ACCEPT)
    except FetchError:
        return None
    if answer.status_code != 200:
        return say("%(url)s should be a picture, but answered %(code)d.", url=url[:300], code=answer.status_code)
    if detect(answer.body) not in {BadgeFileKind.PNG, BadgeFileKind.SVG}:
        return say("%(url)s should be a picture (PNG or SVG), and is none.", url=url[:300])
    return None


def _check_page(criteria: JsonValue, documents: Documents) -> Wording | None:
    url = id_of(criteria)
    if not url.startswith(_WEB):
        return None
    try:
        answer = documents.fetch(url, PAGE_ACCEPT)
    except FetchError:
        return None
    if answer.status_code in {404, 410}:
        return say(
            "%(url)s should say what the badge is for, but answered %(code)d.", url=url[:300], code=answer.status_code
        )
    return None
