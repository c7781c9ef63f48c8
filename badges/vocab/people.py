"""What people may do. One table: which role holds which permission."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a page or an endpoint asks of the person who opens it. Stated where the route is registered."""

    PUBLIC = "public"
    LINK_HOLDER = "link-holder"
    SIGNED_IN = "signed-in"
    AWARD = "award"
    REVOKE = "revoke"
    READ_AWARDS = "read-awards"
    TEST_MODE = "test-mode"


class Role(StrEnum):
    """What a person is in an organisation."""

    OWNER = "owner"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset({Permission.AWARD, Permission.REVOKE, Permission.READ_AWARDS}),
}
