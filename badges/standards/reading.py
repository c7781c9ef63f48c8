"""Takes texts, objects and what all versions of Open Badges have alike out of JSON of unknown origin.

Every function gives something harmless for any value.
"""

from __future__ import annotations

import re
from typing import Final

from badges.vocab.achievement import Alignment
from badges.vocab.image import Image
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.view import EvidenceView, IssuerView

MAX_NAME: Final = 500
MAX_TEXT: Final = 20_000
MAX_ADDRESS: Final = 2_000
MAX_SALT: Final = 500
MAX_DATA_URI: Final = 2_000_000
MAX_ITEMS: Final = 50

_UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_LANGUAGES: Final = ("en", "en-GB", "en-US", "@value")


def read_object(value: JsonValue) -> JsonObject:
    """Return the object, or the first of a list, or an empty one."""
    if isinstance(value, list):
        value = next((item for item in value[:MAX_ITEMS] if isinstance(item, dict)), None)
    return value if isinstance(value, dict) else {}


def read_items(value: JsonValue) -> list[JsonValue]:
    """Return at most MAX_ITEMS values: those of a list, or the single value; nothing for null."""
    if isinstance(value, list):
        return value[:MAX_ITEMS]
    return [] if value is None else [value]


def read_objects(value: JsonValue) -> list[JsonObject]:
    """Return those of read_items that are objects."""
    return [item for item in read_items(value) if isinstance(item, dict)]


def read_text(value: JsonValue, limit: int = MAX_TEXT) -> str:
    """Return text cut to limit, without control characters and marks that turn the direction of writing.

    Of texts by language the English one, or the first. Numbers become text; anything else is "".
    """
    if isinstance(value, dict):
        texts = [value[key] for key in _LANGUAGES if key in value] or list(value.values())[:1]
        value = texts[0] if texts and isinstance(texts[0], str) else ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = repr(value) if abs(value) < 1e15 else ""
    if not isinstance(value, str):
        return ""
    return _UNREADABLE.sub("", value[: limit * 2]).strip()[:limit]


def read_name(value: JsonValue) -> str:
    """Return a short text on one line."""
    return " ".join(read_text(value, MAX_NAME).split())


def read_address(value: JsonValue) -> str:
    """Return an address, or the `id` of the object in its place; "" if it is none.

    It is given as it stands or not at all: one that was cleaned would be another address.
    """
    if isinstance(value, dict):
        value = value.get("id")
    if not isinstance(value, str) or len(value) > MAX_ADDRESS:
        return ""
    return value if read_text(value, MAX_ADDRESS) == value else ""


def read_web_address(value: JsonValue) -> str:
    """Return an http(s) address that may become a link, or ""."""
    address = read_address(value)
    return address if address.lower().startswith(("https://", "http://")) else ""


def read_image(value: JsonValue) -> Image | None:
    """Return the picture: an address, a data URI (PNG, SVG), or an object with one in `id`; else None."""
    value = value[0] if isinstance(value, list) and value else value
    members = value if isinstance(value, dict) else {"id": value}
    url = members.get("id")
    caption = read_name(members.get("caption"))
    if isinstance(url, str) and url.startswith(("data:image/png", "data:image/svg+xml")):
        return Image(url, caption) if len(url) <= MAX_DATA_URI and not _UNREADABLE.search(url) else None
    address = read_web_address(url)
    return Image(address, caption) if address else None


def read_issuer(profile: JsonObject, reference: JsonValue) -> IssuerView:
    """Return who a profile describes. reference: what names the issuer, where the profile does not."""
    return IssuerView(
        id=read_address(profile.get("id")) or read_address(reference),
        name=read_name(profile.get("name")),
        url=read_web_address(profile.get("url")),
        email=read_name(profile.get("email")),
        image=read_image(profile.get("image")),
    )


def read_salt(value: JsonValue) -> str:
    """Return the salt of a hidden identity exactly as it is: every character of it counts."""
    return value if isinstance(value, str) and len(value) <= MAX_SALT else ""


def read_evidence(item: JsonValue) -> EvidenceView:
    """Return one piece of evidence: an object, or its bare address."""
    members = item if isinstance(item, dict) else {}
    return EvidenceView(
        id=read_address(item),
        name=read_name(members.get("name")),
        narrative=read_text(members.get("narrative")),
        description=read_text(members.get("description")),
    )


def read_alignment(item: JsonObject) -> Alignment:
    """Return what an achievement is aligned with."""
    return Alignment(
        target_name=read_name(item.get("targetName")),
        target_url=read_web_address(item.get("targetUrl")),
        target_framework=read_name(item.get("targetFramework")),
        target_code=read_name(item.get("targetCode")),
        target_description=read_text(item.get("targetDescription")),
    )
