"""Who did what: the words of the audit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from badges.wording import Wording, say


class ActorKind(StrEnum):
    """How somebody came to act: signed in, from the shell, as the worker, by a secret link, as another system with a
    key, or as anybody.
    """

    PERSON = "person"
    SHELL = "shell"
    WORKER = "worker"
    LINK = "link"
    API_KEY = "api-key"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. account_id: of a person. session_id: the number of their session, or of the key, which opens
    nothing.
    """

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
    ORGANISATION_MOVED = "organisation.moved"
    ORGANISATION_MERGED = "organisation.merged"
    PACK_PUBLISHED = "pack.published"
    PACK_IMPORTED = "pack.imported"
    PACK_ADOPTED = "pack.adopted"
    PACK_UPDATED = "pack.updated"
    CLASS_ADDED = "class.added"
    CLASS_DRAFTED = "class.drafted"
    CLASS_DISCARDED = "class.draft-discarded"
    CLASS_VERSION_ADDED = "class.version-added"
    CLASS_RETIRED = "class.retired"
    CLASS_BROUGHT_BACK = "class.brought-back"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_CHANGED = "account.changed"
    INVITED = "invitation.made"
    INVITED_AGAIN = "invitation.again"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    INVITATION_ACCEPTED = "invitation.accepted"
    ROLE_GIVEN = "role.given"
    ROLE_TAKEN = "role.taken"
    SIGNED_IN = "account.signed-in"
    SIGNED_OUT = "account.signed-out"
    PASSWORD_SET = "account.password-set"  # noqa: S105 — what was done
    SESSION_ENDED = "account.session-ended"
    SECOND_FACTOR_SET = "account.second-factor-set"
    SECOND_FACTOR_TAKEN = "account.second-factor-taken"
    PASSKEY_ADDED = "account.passkey-added"
    PASSKEY_TAKEN = "account.passkey-taken"
    RECOVERY_CODES_MADE = "account.recovery-codes-made"
    IDENTITY_LINKED = "account.identity-linked"
    IDENTITY_UNLINKED = "account.identity-unlinked"
    PROVIDER_CHANGED = "provider.changed"
    SIGN_IN_LINK_MADE = "account.link-made"
    AWARDED = "award.made"
    BATCH_STARTED = "batch.started"
    BATCH_UNDONE = "batch.undone"
    BATCH_DRAFTED = "batch.drafted"
    BATCH_CHANGED = "batch.changed"
    BATCH_DISCARDED = "batch.discarded"
    AWARD_WITHDRAWN = "award.withdrawn"
    AWARD_REISSUED = "award.reissued"
    AWARD_NAME_CORRECTED = "award.name-corrected"
    AWARD_CHANGED = "award.changed"
    MAIL_SENT_AGAIN = "award.mail-again"
    API_KEY_MADE = "api-key.made"
    API_KEY_WITHDRAWN = "api-key.withdrawn"
    ENDORSEMENT_ASKED = "endorsement.asked"
    ENDORSEMENT_ASKED_AGAIN = "endorsement.asked-again"
    ENDORSEMENT_TAKEN_BACK = "endorsement.request-taken-back"
    ENDORSEMENT_DECLINED = "endorsement.declined"
    ENDORSED = "endorsement.made"
    ENDORSEMENT_WITHDRAWN = "endorsement.withdrawn"
    KEY_MADE = "key.made"
    KEY_RETIRED = "key.retired"
    KEY_COMPROMISED = "key.compromised"
    KEYS_BACKED_UP = "keys.backed-up"
    KEYS_RESTORED = "keys.restored"
    PASSPHRASE_CHANGED = "keys.passphrase-changed"  # noqa: S105 — what was done
    SIGNED = "key.signed"


ACTION_WORDING: Final[dict[Action, Wording]] = {
    Action.INSTANCE_MADE: say("Made the instance"),
    Action.ORGANISATION_ADDED: say("Added an organisation"),
    Action.ORGANISATION_CHANGED: say("Changed an organisation"),
    Action.ORGANISATION_MOVED: say("Put an organisation below another"),
    Action.ORGANISATION_MERGED: say("Made an organisation a part of another"),
    Action.PACK_PUBLISHED: say("Published a pack of badges"),
    Action.PACK_IMPORTED: say("Brought a pack of badges in"),
    Action.PACK_ADOPTED: say("Adopted a pack of badges"),
    Action.PACK_UPDATED: say("Took the newer version of a pack"),
    Action.CLASS_ADDED: say("Added a badge"),
    Action.CLASS_DRAFTED: say("Changed the draft of a badge"),
    Action.CLASS_DISCARDED: say("Threw the draft of a badge away"),
    Action.CLASS_VERSION_ADDED: say("Published a badge"),
    Action.CLASS_RETIRED: say("Retired a badge"),
    Action.CLASS_BROUGHT_BACK: say("Brought a badge back"),
    Action.ACCOUNT_ADDED: say("Added an account"),
    Action.ACCOUNT_CHANGED: say("Changed an account"),
    Action.INVITED: say("Invited somebody"),
    Action.INVITED_AGAIN: say("Sent an invitation again"),
    Action.INVITATION_WITHDRAWN: say("Withdrew an invitation"),
    Action.INVITATION_ACCEPTED: say("Accepted an invitation"),
    Action.ROLE_GIVEN: say("Gave a role"),
    Action.ROLE_TAKEN: say("Took a role away"),
    Action.SIGNED_IN: say("Signed in"),
    Action.SIGNED_OUT: say("Signed out"),
    Action.PASSWORD_SET: say("Set a password"),
    Action.SESSION_ENDED: say("Ended a session"),
    Action.SECOND_FACTOR_SET: say("Set up an authenticator app"),
    Action.SECOND_FACTOR_TAKEN: say("Took an authenticator app away"),
    Action.PASSKEY_ADDED: say("Added a passkey"),
    Action.PASSKEY_TAKEN: say("Took a passkey away"),
    Action.RECOVERY_CODES_MADE: say("Made recovery codes"),
    Action.IDENTITY_LINKED: say("Linked a work account"),
    Action.IDENTITY_UNLINKED: say("Unlinked a work account"),
    Action.PROVIDER_CHANGED: say("Changed how people sign in"),
    Action.SIGN_IN_LINK_MADE: say("Asked for a sign-in link"),
    Action.AWARDED: say("Awarded a badge"),
    Action.BATCH_DRAFTED: say("Handed in a list of people to award"),
    Action.BATCH_CHANGED: say("Changed a row of a list of people to award"),
    Action.BATCH_STARTED: say("Started to award a list of people"),
    Action.BATCH_UNDONE: say("Stopped the award of a list of people before it began"),
    Action.BATCH_DISCARDED: say("Threw a list of people to award away"),
    Action.AWARD_WITHDRAWN: say("Withdrew an award"),
    Action.AWARD_REISSUED: say("Signed an award anew"),
    Action.AWARD_NAME_CORRECTED: say("Put the name of an award right"),
    Action.AWARD_CHANGED: say("Chose what the badge's page shows"),
    Action.MAIL_SENT_AGAIN: say("Had a mail sent again"),
    Action.API_KEY_MADE: say("Made a key for another system"),
    Action.API_KEY_WITHDRAWN: say("Withdrew a key of another system"),
    Action.ENDORSEMENT_ASKED: say("Asked for an endorsement"),
    Action.ENDORSEMENT_ASKED_AGAIN: say("Asked for an endorsement again"),
    Action.ENDORSEMENT_TAKEN_BACK: say("Took a request for an endorsement back"),
    Action.ENDORSEMENT_DECLINED: say("Declined to endorse"),
    Action.ENDORSED: say("Endorsed"),
    Action.ENDORSEMENT_WITHDRAWN: say("Withdrew an endorsement"),
    Action.KEY_MADE: say("Made a signing key"),
    Action.KEY_RETIRED: say("Retired a signing key"),
    Action.KEY_COMPROMISED: say("Declared a signing key stolen"),
    Action.KEYS_BACKED_UP: say("Backed the keys up"),
    Action.KEYS_RESTORED: say("Brought keys back from a backup"),
    Action.PASSPHRASE_CHANGED: say("Changed the passphrase of the keys"),
    Action.SIGNED: say("Signed"),
}

ACTOR_WORDING: Final[dict[ActorKind, Wording]] = {
    ActorKind.PERSON: say("a person"),
    ActorKind.SHELL: say("the operator, from the shell"),
    ActorKind.WORKER: say("the service itself"),
    ActorKind.LINK: say("whoever has a secret link"),
    ActorKind.API_KEY: say("another system, by its key"),
    ActorKind.PUBLIC: say("a visitor"),
}
