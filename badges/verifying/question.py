"""What the pipelines of the verifier are asked, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from badges.verifying.documents import Documents
from badges.verifying.intake import Submission
from badges.verifying.report import CheckName, CredentialKind, Finding, Inside
from badges.vocab.view import CredentialView

Findings: TypeAlias = dict[CheckName, Finding]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one badge. at: the moment for which it is judged. email: to compare, or None.

    may_refresh: whether a newer version is looked for. It is, once: a newer one is never asked for one newer still.
    depth: how many credentials it is inside of.
    """

    submission: Submission
    documents: Documents
    at: datetime
    email: str | None
    may_refresh: bool = True
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """findings: by check; those that are missing were skipped. view: what the badge says. inside: what it carries."""

    findings: Findings
    view: CredentialView | None = None
    kind: CredentialKind | None = CredentialKind.BADGE
    inside: tuple[Inside, ...] = ()
