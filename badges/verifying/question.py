"""What the pipelines of the verifier are asked, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from badges.standards.signer import PublicKey
from badges.verifying.documents import Documents
from badges.verifying.intake import Submission
from badges.verifying.reading import as_list
from badges.verifying.report import CheckName, CredentialKind, Finding, Inside
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.view import CredentialView

Findings: TypeAlias = dict[CheckName, Finding]


@dataclass(slots=True)
class Allowance:
    """How much of what lies inside one badge is still opened, so that no small file makes endless work.

    A record of fifty badges, each with an endorsement, stays well within it. credentials: how many. values: JSON
    values. contexts: entries of `@context`, which cost most.
    """

    credentials: int = 128
    values: int = 40_000
    contexts: int = 500

    def take(self, document: JsonObject) -> bool:
        """Whether a credential may still be opened; what it costs is then taken off."""
        self.credentials -= 1
        waiting: list[JsonValue] = [document]
        while waiting and self.values >= 0:
            value = waiting.pop()
            self.values -= 1
            if isinstance(value, dict):
                self.contexts -= len(as_list(value.get("@context")))
                waiting.extend(value.values())
            elif isinstance(value, list):
                waiting.extend(value)
        return min(self.credentials, self.values, self.contexts) >= 0


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one badge. at: the moment for which it is judged. email: to compare, or None.

    may_refresh: whether a newer version is looked for. It is, once: a newer one is never asked for one newer still.
    depth: how many credentials it is inside of. allowance: shared by all that lie inside one badge.
    """

    submission: Submission
    documents: Documents
    at: datetime
    email: str | None
    may_refresh: bool = True
    depth: int = 0
    allowance: Allowance = field(default_factory=Allowance)


@dataclass(frozen=True, slots=True)
class Answer:
    """findings: by check; those that are missing were skipped. view: what the badge says. inside: what it carries.

    judged: the newer version that all this is about, where that is not what was handed in.
    key, hides_its_end: as in the report.
    """

    findings: Findings
    view: CredentialView | None = None
    kind: CredentialKind | None = CredentialKind.BADGE
    inside: tuple[Inside, ...] = ()
    judged: Submission | None = None
    key: PublicKey | None = None
    hides_its_end: bool = False
