"""Packs as data: the starter pack in its files, and any pack as JSON that is passed on.

`starter_pack.toml` lists the campaign's classes in their order, `frameworks.toml` the frameworks that they support, and
`classes/<slug>.toml` is one class each. To change the pack, change those; nothing here knows a class by name.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from badges.campaign.class_reading import SLUG, class_document, read_class, read_frameworks, read_licence
from badges.campaign.reading import Table, read_toml
from badges.vocab.achievement import Alignment
from badges.vocab.class_content import ClassContent, Licence
from badges.vocab.json import JsonObject
from badges.vocab.pack import STARTER_SLUG, Pack, PackText

PACK_TYPE: Final = "BadgePack"
FORMAT: Final = 1
MOST_CLASSES: Final = 60
MOST_TEXTS: Final = 40
TEXT_MAX: Final = 8_000
DESCRIPTION_MAX: Final = 500
_LARGEST_VERSION: Final = 1_000_000
# What the signature adds to what a pack holds: who publishes it, and when.
_SIGNED_FIELDS: Final = frozenset({"type", "format", "publisher", "publisher_name", "issued", "proof"})
_FIELDS: Final = frozenset(
    {"slug", "name", "description", "version", "licence", "credit", "classes", "first", "texts", *_SIGNED_FIELDS}
)


@cache
def load_frameworks() -> dict[str, Alignment]:
    """Return what classes can support, by code, as it ships with the service."""
    return read_frameworks(resources.files("badges.campaign"))


@cache
def load_starter_pack() -> Pack:
    """Return the pack that ships with the service. Raises ConfigurationError as `read_pack` does."""
    return read_pack(resources.files("badges.campaign"))


def read_pack(folder: Traversable) -> Pack:
    """Return the pack in a folder.

    Raises ConfigurationError, naming the file, the class and the field, if anything is missing or wrong.
    """
    frameworks = read_frameworks(folder)
    table = Table("starter_pack.toml", "pack", read_toml(folder, "starter_pack.toml"))
    table.allow_only(_FIELDS - _SIGNED_FIELDS - {"slug"})
    licence = read_licence(table)
    classes = tuple(_read_file(folder, slug, frameworks, licence) for slug in table.texts("classes"))
    return _checked(table, STARTER_SLUG, classes)


def read_pack_document(document: JsonObject) -> Pack:
    """Return what a pack that is passed on holds, signed or not. Who signed it is for `services/packs.py`.

    Raises ConfigurationError naming the class and the field. Pictures are as they came: see `read_class`.
    """
    table = Table("pack", "pack", document)
    if document.get("type") != PACK_TYPE or document.get("format") != FORMAT:
        table.refuse("type", f'must be "{PACK_TYPE}", and "format" must be {FORMAT}')
    table.allow_only(_FIELDS)
    slug = table.text("slug", longest=60)
    if not SLUG.fullmatch(slug):
        table.refuse("slug", "must be small letters, digits and hyphens")
    given = document.get("classes")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_CLASSES:
        table.refuse("classes", f"must be 1 to {MOST_CLASSES}")
    return _checked(table, slug, tuple(read_class(each, {}) for each in table.tables("classes")))


def pack_document(pack: Pack) -> JsonObject:
    """Return a pack as JSON that `read_pack_document` reads, unsigned."""
    return {
        "type": PACK_TYPE,
        "format": FORMAT,
        "slug": pack.slug,
        "name": pack.name,
        "description": pack.description,
        "version": pack.version,
        **({"licence": pack.licence.value} if pack.licence else {}),
        "credit": pack.credit,
        "classes": [class_document(each) for each in pack.classes],
        "first": sorted(pack.first),
        "texts": [{"slug": each.slug, "title": each.title, "text": each.text} for each in pack.texts],
    }


def _checked(table: Table, slug: str, classes: tuple[ClassContent, ...]) -> Pack:
    """Return the pack of a table whose classes were read. Raises ConfigurationError."""
    for what in ("name", "slug"):
        values = [getattr(each, what) for each in classes]
        if len(set(values)) != len(values):
            table.refuse("classes", f"has two classes of the same {what}")
    first = frozenset(table.texts("first")) if table.values.get("first") else frozenset()
    if not first <= {each.slug for each in classes}:
        table.refuse("first", "names a class that is not in the pack")
    version = table.whole_number("version")
    if not 1 <= version <= _LARGEST_VERSION:
        table.refuse("version", f"must be 1 to {_LARGEST_VERSION}")
    return Pack(
        slug=slug,
        name=table.text("name", longest=120),
        description=table.text("description", longest=DESCRIPTION_MAX),
        version=version,
        licence=read_licence(table),
        credit=table.text("credit", longest=200),
        classes=classes,
        first=first,
        texts=_read_texts(table),
    )


def _read_texts(table: Table) -> tuple[PackText, ...]:
    found = []
    for each in table.tables("texts")[: MOST_TEXTS + 1]:
        each.allow_only(frozenset({"slug", "title", "text"}))
        slug = each.text("slug", longest=60)
        if not SLUG.fullmatch(slug):
            each.refuse("slug", "must be small letters, digits and hyphens")
        found.append(PackText(slug, each.text("title", longest=120), each.text("text", longest=TEXT_MAX)))
    if len(found) > MOST_TEXTS or len({each.slug for each in found}) != len(found):
        table.refuse("texts", f"must be at most {MOST_TEXTS}, each with a slug of its own")
    return tuple(found)


def _read_file(folder: Traversable, slug: str, frameworks: dict[str, Alignment], licence: Licence) -> ClassContent:
    """Return one class of the starter pack, under the licence of the pack. Raises ConfigurationError."""
    file = f"classes/{slug}.toml"
    table = Table(file, f"class {slug}", read_toml(folder, file))
    if table.text("slug") != slug:
        table.refuse("slug", "must be the name of the file")
    return replace(read_class(table, frameworks), licence=licence)
