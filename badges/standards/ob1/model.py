"""The data models of Open Badges 0.5, 1.0 and 1.1, for documents in the form of 2.0: what they require differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from badges.standards.ob1.rules import check_old_identity
from badges.standards.ob2.model import CLASSES
from badges.standards.ob2.rules import check_context, check_dates
from badges.standards.ob2.types import check_types
from badges.standards.primitives import Kind
from badges.standards.shapes import ClassTable, Link, Need, Property, Rule, ShapeClass, ShapeProblem, check_document
from badges.vocab.json import JsonValue
from badges.vocab.view import BadgeVersion

_ID: Final = Property(Kind.ID)
_TEXT: Final = Property(Kind.TEXT)
_REQUIRED: Final = Property(Kind.TEXT, Need.REQUIRED)


def check_shape(document: JsonValue, expected_class: str, version: BadgeVersion) -> list[ShapeProblem]:
    """Return everything about an upgraded document that its own version does not allow.

    document: as `upgrade` makes it. version: the one that it was written in, before 2.0. As ob2.model.check_shape.

    Source: Open Badges 0.5, 1.0 and 1.1, "Assertion", "BadgeClass", "IssuerOrganization".
    """
    return [*check_document(_TABLES[version], document, expected_class), *check_types(document)]


def _table(version: BadgeVersion, differences: dict[str, dict[str, Property]]) -> ClassTable:
    """The table of 2.0 with the differences, under the name of the version."""
    table = {name: _named(shape, version) for name, shape in CLASSES.items()}
    for name, properties in differences.items():
        shape = table[name]
        table[name] = replace(shape, properties={**shape.properties, **properties}, rules=_RULES.get(name, shape.rules))
    return table


def _named(shape: ShapeClass, version: BadgeVersion) -> ShapeClass:
    return replace(shape, source=shape.source.replace("Open Badges 2.0", f"Open Badges {version.value}"))


# An assertion's own image may be a data URI until 2.0 forbids it.
_RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "Assertion": (check_context, check_dates),
    "BadgeClass": (check_context,),
    "Profile": (check_context,),
    "IdentityObject": (check_old_identity,),
    "VerificationObject": (),
}
_VERSION_1: Final[dict[str, dict[str, Property]]] = {
    # Some issuers gave the badge class whole where its address belongs; it has no id then.
    "Assertion": {"uid": Property(Kind.TEXT, Need.ADVISED)},
    "BadgeClass": {"id": _ID, "image": Property(Kind.OBJECT, Need.REQUIRED, classes=("Image",), link=Link.FINE)},
    "Profile": {"id": _ID, "email": _TEXT, "org": _TEXT},
    "VerificationObject": {"url": _ID},
    "IdentityObject": {},
}
_VERSION_0_5: Final[dict[str, dict[str, Property]]] = {
    # Where it is kept is not in it, and the day of the award need not be.
    "Assertion": {"id": _ID, "issuedOn": Property(Kind.ISO_MOMENT)},
    "BadgeClass": {"id": _ID, "version": _TEXT},
    "Profile": {"id": _ID, "email": _TEXT, "url": _REQUIRED},
    "IdentityObject": {},
}
_TABLES: Final[dict[BadgeVersion, ClassTable]] = {
    BadgeVersion.OB0_5: _table(BadgeVersion.OB0_5, _VERSION_0_5),
    BadgeVersion.OB1_0: _table(BadgeVersion.OB1_0, _VERSION_1),
    BadgeVersion.OB1_1: _table(BadgeVersion.OB1_1, _VERSION_1),
}
