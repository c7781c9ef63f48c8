"""A pack: badge classes and texts that are made once, shared, and adopted by many."""

from __future__ import annotations

from dataclasses import dataclass

from badges.errors import NotFoundError
from badges.vocab.class_content import ClassContent, Licence

STARTER_SLUG = "starter"


@dataclass(frozen=True, slots=True)
class PackText:
    """A text of a pack, ready to be copied: for a mail, a newsletter, an induction. text: plain, with its lines."""

    slug: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Pack:
    """What one version of a pack holds, before it is signed.

    slug: its short name at its publisher, for ever. version: rises by one whenever what it holds changes.
    licence: of its texts and pictures. credit: whom to name when they are used.
    classes: in the order in which they are shown. first: the slugs of those that are ticked when it is adopted.
    """

    slug: str
    name: str
    description: str
    version: int
    licence: Licence
    credit: str
    classes: tuple[ClassContent, ...]
    first: frozenset[str] = frozenset()
    texts: tuple[PackText, ...] = ()

    def find_class(self, slug: str) -> ClassContent:
        """Return the class of this slug. Raises NotFoundError if there is none."""
        for pack_class in self.classes:
            if pack_class.slug == slug:
                return pack_class
        raise NotFoundError("This pack has no badge called %(slug)s.", slug=repr(slug))
