"""What people may do. One table: which role holds which permission."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from badges.wording import Wording, say


class Permission(StrEnum):
    """What a page or an endpoint asks of whoever opens it: a person, or (api-…) a system with a key. Stated where the
    route is registered.
    """

    PUBLIC = "public"
    LINK_HOLDER = "link-holder"
    SIGNED_IN = "signed-in"
    AWARD = "award"
    REVOKE = "revoke"
    READ_AWARDS = "read-awards"
    READ_CLASSES = "read-classes"
    EDIT_CLASSES = "edit-classes"
    REVIEW = "review"
    READ_NUMBERS = "read-numbers"
    ENDORSE = "endorse"
    MANAGE_PEOPLE = "manage-people"
    MANAGE_ORGANISATION = "manage-organisation"
    READ_AUDIT = "read-audit"
    API_AWARD = "api-award"
    API_READ = "api-read"
    TEST_MODE = "test-mode"


class Role(StrEnum):
    """What a person is in an organisation. Somebody may be several things."""

    OWNER = "owner"
    AUTHOR = "author"
    AWARDER = "awarder"
    REVIEWER = "reviewer"
    REPORTER = "reporter"


ROLE_PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.OWNER: frozenset(
        {
            Permission.AWARD,
            Permission.REVOKE,
            Permission.READ_AWARDS,
            Permission.READ_CLASSES,
            Permission.EDIT_CLASSES,
            Permission.REVIEW,
            Permission.READ_NUMBERS,
            Permission.ENDORSE,
            Permission.MANAGE_PEOPLE,
            Permission.MANAGE_ORGANISATION,
            Permission.READ_AUDIT,
        }
    ),
    Role.AUTHOR: frozenset({Permission.READ_CLASSES, Permission.EDIT_CLASSES}),
    # Awards, and sees the awards that they made themselves: to resend a mail, or to notice a mistake.
    Role.AWARDER: frozenset({Permission.AWARD}),
    Role.REVIEWER: frozenset({Permission.REVIEW}),
    Role.REPORTER: frozenset({Permission.READ_NUMBERS}),
}

ROLE_WORDING: Final[dict[Role, Wording]] = {
    Role.OWNER: say("Owner"),
    Role.AUTHOR: say("Author"),
    Role.AWARDER: say("Awarder"),
    Role.REVIEWER: say("Reviewer"),
    Role.REPORTER: say("Reporter"),
}

ROLE_MEANING: Final[dict[Role, Wording]] = {
    Role.OWNER: say("Can do everything, and says who else may do what."),
    Role.AUTHOR: say("Makes and changes the badges, and awards none."),
    Role.AWARDER: say("Awards badges, and can do nothing else."),
    Role.REVIEWER: say("Reads applications and decides on them."),
    Role.REPORTER: say("Sees the numbers, and no names."),
}
