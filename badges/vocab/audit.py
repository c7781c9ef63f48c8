"""Who did what: the words of the audit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ActorKind(StrEnum):
    """How somebody came to act: signed in, from the shell, as the worker, by a secret link, or as anybody."""

    PERSON = "person"
    SHELL = "shell"
    WORKER = "worker"
    LINK = "link"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. account_id: of a person. session_id: the number of their session, which opens nothing."""

    kind: ActorKind
    account_id: int | None = None
    session_id: str | None = None


SHELL: Final = Actor(ActorKind.SHELL)
WORKER: Final = Actor(ActorKind.WORKER)
LINK: Final = Actor(ActorKind.LINK)
PUBLIC: Final = Actor(ActorKind.PUBLIC)


class Action(StrEnum):
    """What was done, as "subject.verb"."""

    INSTANCE_MADE = "instance.made"
    ORGANISATION_ADDED = "organisation.added"
    ORGANISATION_CHANGED = "organisation.changed"
    PACK_ADOPTED = "pack.adopted"
    CLASS_ADDED = "class.added"
    CLASS_VERSION_ADDED = "class.version-added"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_CHANGED = "account.changed"
    ROLE_GIVEN = "role.given"
    ROLE_TAKEN = "role.taken"
    SIGNED_IN = "account.signed-in"
    SIGNED_OUT = "account.signed-out"
    PASSWORD_SET = "account.password-set"  # noqa: S105 — what was done
    SIGN_IN_LINK_MADE = "account.link-made"
    AWARDED = "award.made"
    AWARD_WITHDRAWN = "award.withdrawn"
    AWARD_REISSUED = "award.reissued"
    AWARD_CHANGED = "award.changed"
    MAIL_SENT_AGAIN = "award.mail-again"
    ENDORSED = "endorsement.made"
    ENDORSEMENT_WITHDRAWN = "endorsement.withdrawn"
    KEY_MADE = "key.made"
    KEY_RETIRED = "key.retired"
    KEY_COMPROMISED = "key.compromised"
    SIGNED = "key.signed"
