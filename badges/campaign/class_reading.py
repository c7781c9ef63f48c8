"""Reads and writes one badge class as data: a file of the starter pack, or a class inside a pack that is passed on."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from importlib.resources.abc import Traversable
from typing import Any, Final

from badges.campaign.reading import Table, read_toml
from badges.campaign.results import read_results
from badges.campaign.wording import TAG
from badges.vocab.achievement import AchievementType, Alignment
from badges.vocab.badge_art import BadgeArt
from badges.vocab.class_content import (
    LONGEST,
    VALIDITIES,
    ClassArt,
    ClassContent,
    Credit,
    Licence,
    UploadedArt,
)
from badges.vocab.json import JsonObject

SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_TAGS: Final = 20
MOST_ALIGNMENTS: Final = 30
TAG_MAX: Final = 40
_URL: Final = re.compile(r"https?://[^\s/]+(/\S*)?")
_FIELDS: Final = frozenset(field.name for field in fields(ClassContent)) | {"picture"}
_OPTIONAL_TEXTS: Final = ("audience", "who_can_earn", "how_to_earn", "first_question", "mail_text")


def read_frameworks(folder: Traversable) -> dict[str, Alignment]:
    """Return the entries of the frameworks, by the code that the classes use for them.

    Raises ConfigurationError, naming the entry and the field.
    """
    file = "frameworks.toml"
    return {code: _read_alignment(Table(file, f"framework {code}", values)) for code, values in _tables(folder, file)}


def _tables(folder: Traversable, file: str) -> list[tuple[str, dict[str, Any]]]:
    return list(read_toml(folder, file).items())


def _read_alignment(table: Table) -> Alignment:
    table.allow_only(frozenset({"name", "url", "framework", "code", "description"}))
    url = table.text("url", longest=2000)
    if not _URL.fullmatch(url):
        table.refuse("url", "must be a full web address")
    return Alignment(
        target_name=table.text("name", longest=300),
        target_url=url,
        target_framework=table.text("framework", longest=300),
        target_code=table.optional_text("code"),
        target_description=table.optional_text("description"),
    )


def read_class(table: Table, frameworks: Mapping[str, Alignment]) -> ClassContent:
    """Return one class. frameworks: what its alignments may name by a code.

    A picture that was uploaded is as it came: hostile until `services/pictures.py` has made it safe.
    Raises ConfigurationError naming the file, the class and the field.
    """
    table.allow_only(_FIELDS)
    slug = table.text("slug", longest=60)
    if not SLUG.fullmatch(slug):
        table.refuse("slug", "must be small letters, digits and hyphens")
    name = table.text("name", longest=LONGEST["name"])
    if "#" in name:
        table.refuse("name", "must be written without the # sign")
    if ("art" in table.values) == ("picture" in table.values):
        table.refuse("art", "must be there, or a picture in its place")
    return ClassContent(
        slug=slug,
        name=name,
        description=table.text("description", longest=LONGEST["description"]),
        criteria=table.text("criteria", longest=LONGEST["criteria"]),
        achievement_type=_read_type(table),
        tags=_read_tags(table),
        alignments=_read_alignments(table, frameworks),
        validity_months=_read_validity(table),
        art=_read_art(table.table("art")) if "art" in table.values else _read_picture(table.table("picture")),
        creator=_read_creator(table.table("creator")) if "creator" in table.values else None,
        results=read_results(table),
        licence=read_licence(table),
        credit=_read_credit(table.table("credit")) if "credit" in table.values else None,
        **{field: table.optional_text(field, longest=LONGEST[field]) for field in _OPTIONAL_TEXTS},
    )


def class_document(content: ClassContent) -> JsonObject:
    """Return a class as JSON that `read_class` reads."""
    document: JsonObject = {
        "slug": content.slug,
        "name": content.name,
        "description": content.description,
        "criteria": content.criteria,
        "achievement_type": content.achievement_type.value,
        "tags": list(content.tags),
        "alignments": [_alignment_document(each) for each in content.alignments],
        "licence": content.licence.value,
        **{field: getattr(content, field) for field in _OPTIONAL_TEXTS},
        "creator": content.creator,
        "results": list(content.results),
        "credit": asdict(content.credit) if content.credit else None,
        "validity_months": content.validity_months,
    }
    if isinstance(content.art, BadgeArt):
        document["art"] = asdict(content.art)
    elif content.art.svg:
        document["picture"] = {"svg": content.art.svg, "alt_text": content.art.alt_text}
    else:
        document["picture"] = {"png": base64.b64encode(content.art.png).decode(), "alt_text": content.art.alt_text}
    return {name: value for name, value in document.items() if value not in ("", None, [])}


def _alignment_document(alignment: Alignment) -> JsonObject:
    found = {
        "name": alignment.target_name,
        "url": alignment.target_url,
        "framework": alignment.target_framework,
        "code": alignment.target_code,
        "description": alignment.target_description,
    }
    return {name: text for name, text in found.items() if text}


def _read_type(table: Table) -> AchievementType:
    try:
        return AchievementType(table.text("achievement_type"))
    except ValueError as error:
        table.refuse("achievement_type", f"must be one of {', '.join(AchievementType)}", error)


def _read_tags(table: Table) -> tuple[str, ...]:
    tags = table.texts("tags")
    if tags[0] != TAG:
        table.refuse("tags", f"must begin with {TAG}")
    if any("#" in tag for tag in tags):
        table.refuse("tags", "must be written without the # sign")
    if len(tags) > MOST_TAGS or any(len(tag) > TAG_MAX for tag in tags):
        table.refuse("tags", f"must be at most {MOST_TAGS}, of at most {TAG_MAX} letters each")
    return tags


def _read_alignments(table: Table, frameworks: Mapping[str, Alignment]) -> tuple[Alignment, ...]:
    """Return the entries of frameworks that the class supports: by their codes, or written out."""
    given = table.values.get("alignments", [])
    if isinstance(given, list) and len(given) > MOST_ALIGNMENTS:
        table.refuse("alignments", f"must be at most {MOST_ALIGNMENTS}")
    if not isinstance(given, list) or not given or isinstance(given[0], dict):
        return tuple(_read_alignment(each) for each in table.tables("alignments"))
    codes = table.texts("alignments")
    unknown = [code for code in codes if code not in frameworks]
    if unknown:
        table.refuse("alignments", f"has {unknown[0]}, which is not in frameworks.toml")
    return tuple(frameworks[code] for code in codes)


def _read_validity(table: Table) -> int | None:
    if "validity_months" not in table.values:
        return None
    months = table.whole_number("validity_months")
    if months not in VALIDITIES:
        table.refuse("validity_months", "must be 12, 24 or 36, or be left out")
    return months


def read_licence(table: Table) -> Licence:
    """Return the field "licence" of a table; NONE when it is left out. Raises ConfigurationError."""
    try:
        return Licence(table.optional_text("licence"))
    except ValueError as error:
        table.refuse("licence", f"must be one of {', '.join(each for each in Licence if each)}", error)


def _read_creator(table: Table) -> dict[str, str]:
    table.allow_only(frozenset({"id", "name", "url", "email"}))
    optional = {name: table.optional_text(name, longest=2000) for name in ("url", "email")}
    return {
        "id": _address(table, "id"),
        "name": table.text("name", longest=200),
        **{name: text for name, text in optional.items() if text},
    }


def _read_credit(table: Table) -> Credit:
    table.allow_only(frozenset({"id", "name", "by", "licence"}))
    return Credit(
        _address(table, "id"), table.text("name", longest=200), table.text("by", longest=200), read_licence(table)
    )


def _address(table: Table, field: str) -> str:
    """Return the address of something elsewhere: others' pages link to it, so it is https, http or a DID."""
    address = table.text(field, longest=2000)
    if not (_URL.fullmatch(address) or re.fullmatch(r"did:[a-z0-9]+:[!-~]+", address)):
        table.refuse(field, "must be a full web address or a DID")
    return address


def _read_art(table: Table) -> BadgeArt:
    table.allow_only(frozenset(field.name for field in fields(BadgeArt)))
    return BadgeArt(
        silhouette=table.text("silhouette"),
        icon=table.text("icon"),
        ground=table.text("ground"),
        lit_dots=table.whole_number("lit_dots"),
        label=table.text("label", longest=LONGEST["label"]),
        alt_text=table.text("alt_text", longest=LONGEST["alt_text"]),
        figure=table.optional_text("figure") or "paper",
        light=table.optional_text("light") or "amber",
    )


def _read_picture(table: Table) -> ClassArt:
    table.allow_only(frozenset({"svg", "png", "alt_text"}))
    alt_text = table.text("alt_text", longest=LONGEST["alt_text"])
    if ("svg" in table.values) == ("png" in table.values):
        table.refuse("svg", "must be there, or a png in its place")
    if "svg" in table.values:
        return UploadedArt(table.text("svg", longest=4_000_000), b"", alt_text)
    try:
        png = base64.b64decode(table.text("png", longest=4_000_000), validate=True)
    except binascii.Error as error:
        table.refuse("png", "must be written in base 64", error)
    return UploadedArt("", png, alt_text)
