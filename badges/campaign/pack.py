"""The starter pack: the campaign's fourteen badge classes, read from data files.

`starter_pack.toml` lists the classes in their order, `frameworks.toml` the frameworks that they support, and
`classes/<slug>.toml` is one class each. To change the pack, change those; nothing here knows a class by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

from badges.campaign.reading import Table, read_toml
from badges.campaign.results import read_results
from badges.campaign.wording import TAG
from badges.errors import NotFoundError
from badges.vocab.achievement import AchievementType, Alignment
from badges.vocab.badge_art import BadgeArt

VALIDITIES: Final = (12, 24, 36)
_SLUG = re.compile(r"[a-z]+(-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class PackClass:
    """One badge class of the pack, before an organisation makes it its own.

    criteria: what had to be done, in Markdown. tags: without "#", the campaign's own first.
    validity_months: how long an award counts; None is for ever.
    who_can_earn, how_to_earn: a sentence or two each, for the page of the badge.
    creator: who made it up, if not who awards it: {id, name, url?, email?}.
    results: what can be reached, as `services/results.py` keeps it.
    first_question: what the person is asked when they claim it, or "".
    """

    slug: str
    name: str
    audience: str
    description: str
    criteria: str
    achievement_type: AchievementType
    tags: tuple[str, ...]
    alignments: tuple[Alignment, ...]
    validity_months: int | None
    who_can_earn: str
    how_to_earn: str
    first_question: str
    art: BadgeArt
    creator: dict[str, str] | None = None
    results: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class StarterPack:
    """The classes of the campaign, in the order in which they are shown. version: rises when they change.

    first: the slugs of those that a new organisation begins with, unless it chooses others.
    """

    name: str
    version: str
    classes: tuple[PackClass, ...]
    first: frozenset[str] = frozenset()

    def find_class(self, slug: str) -> PackClass:
        """Return the class of this slug. Raises NotFoundError if there is none."""
        for pack_class in self.classes:
            if pack_class.slug == slug:
                return pack_class
        raise NotFoundError("The campaign has no badge called %(slug)s.", slug=repr(slug))


@cache
def load_starter_pack() -> StarterPack:
    """Return the pack that ships with the service. Raises ConfigurationError as `read_pack` does."""
    return read_pack(resources.files("badges.campaign"))


def read_pack(folder: Traversable) -> StarterPack:
    """Return the pack in a folder.

    Raises ConfigurationError, naming the file, the class and the field, if anything is missing or wrong.
    """
    frameworks = read_frameworks(folder)
    table = Table("starter_pack.toml", "pack", read_toml(folder, "starter_pack.toml"))
    table.allow_only(frozenset({"name", "version", "classes", "first"}))
    classes = tuple(_read_class(folder, slug, frameworks) for slug in table.texts("classes"))
    names = [pack_class.name for pack_class in classes]
    if len(set(names)) != len(names):
        table.refuse("classes", "has two classes of the same name")
    first = frozenset(table.texts("first"))
    if not first <= {pack_class.slug for pack_class in classes}:
        table.refuse("first", "names a class that is not in the pack")
    return StarterPack(table.text("name"), table.text("version"), classes, first)


def read_frameworks(folder: Traversable) -> dict[str, Alignment]:
    """Return the entries of the frameworks, by the code that the classes use for them.

    Raises ConfigurationError, naming the entry and the field.
    """
    file = "frameworks.toml"
    frameworks = {}
    for code, values in read_toml(folder, file).items():
        table = Table(file, f"framework {code}", values)
        table.allow_only(frozenset({"name", "url", "framework", "code", "description"}))
        url = table.text("url")
        if not re.fullmatch(r"https?://[^\s/]+/\S*", url):
            table.refuse("url", "must be a full web address")
        frameworks[code] = Alignment(
            target_name=table.text("name"),
            target_url=url,
            target_framework=table.text("framework"),
            target_code=table.optional_text("code"),
            target_description=table.optional_text("description"),
        )
    return frameworks


def _read_class(folder: Traversable, slug: str, frameworks: dict[str, Alignment]) -> PackClass:
    """Return one class. Raises ConfigurationError."""
    file = f"classes/{slug}.toml"
    table = Table(file, f"class {slug}", read_toml(folder, file))
    table.allow_only(frozenset(field.name for field in fields(PackClass)))
    if table.text("slug") != slug or not _SLUG.fullmatch(slug):
        table.refuse("slug", "must be the name of the file: small letters and hyphens")
    name = table.text("name", longest=80)
    if "#" in name:
        table.refuse("name", "must be written without the # sign")
    return PackClass(
        slug=slug,
        name=name,
        audience=table.text("audience", longest=120),
        description=table.text("description", longest=300),
        criteria=table.text("criteria"),
        achievement_type=_read_type(table),
        tags=_read_tags(table),
        alignments=_read_alignments(table, frameworks),
        validity_months=_read_validity(table),
        who_can_earn=table.text("who_can_earn", longest=300),
        how_to_earn=table.text("how_to_earn", longest=300),
        first_question=table.optional_text("first_question"),
        art=_read_art(table.table("art")),
        creator=_read_creator(table.table("creator")) if "creator" in table.values else None,
        results=read_results(table),
    )


def _read_type(table: Table) -> AchievementType:
    """Return the kind of achievement. Raises ConfigurationError."""
    try:
        return AchievementType(table.text("achievement_type"))
    except ValueError as error:
        table.refuse("achievement_type", f"must be one of {', '.join(AchievementType)}", error)


def _read_tags(table: Table) -> tuple[str, ...]:
    """Return the tags. Raises ConfigurationError."""
    tags = table.texts("tags")
    if tags[0] != TAG:
        table.refuse("tags", f"must begin with {TAG}")
    if any("#" in tag for tag in tags):
        table.refuse("tags", "must be written without the # sign")
    return tags


def _read_alignments(table: Table, frameworks: dict[str, Alignment]) -> tuple[Alignment, ...]:
    """Return the entries of frameworks that the class supports. Raises ConfigurationError."""
    codes = table.texts("alignments")
    unknown = [code for code in codes if code not in frameworks]
    if unknown:
        table.refuse("alignments", f"has {unknown[0]}, which is not in frameworks.toml")
    return tuple(frameworks[code] for code in codes)


def _read_validity(table: Table) -> int | None:
    """Return how many months an award counts, or None. Raises ConfigurationError."""
    if "validity_months" not in table.values:
        return None
    months = table.whole_number("validity_months")
    if months not in VALIDITIES:
        table.refuse("validity_months", "must be 12, 24 or 36, or be left out")
    return months


def _read_creator(table: Table) -> dict[str, str]:
    """Return who made the class up. Raises ConfigurationError."""
    table.allow_only(frozenset({"id", "name", "url", "email"}))
    optional = {name: table.optional_text(name) for name in ("url", "email")}
    return {
        "id": table.text("id"),
        "name": table.text("name"),
        **{name: text for name, text in optional.items() if text},
    }


def _read_art(table: Table) -> BadgeArt:
    """Return the description of the picture. Raises ConfigurationError."""
    table.allow_only(frozenset(field.name for field in fields(BadgeArt)))
    return BadgeArt(
        silhouette=table.text("silhouette"),
        icon=table.text("icon"),
        ground=table.text("ground"),
        lit_dots=table.whole_number("lit_dots"),
        label=table.text("label", longest=24),
        alt_text=table.text("alt_text", longest=300),
        figure=table.optional_text("figure") or "paper",
        light=table.optional_text("light") or "amber",
    )
