"""How the standards and the verifier ask for a document at an address. The doing is in `badges/network/`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from badges.errors import BadgesError
from badges.wording import Wording


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """What an address answered. url: where it came from, after redirects. media_type: lower case, no parameters."""

    url: str
    status_code: int
    media_type: str
    body: bytes


class FetchProblem(StrEnum):
    """Why there is no document. BUSY: we did not ask, because we ask too many others just now."""

    OFFLINE = "offline"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    TOO_LARGE = "too-large"
    BUSY = "busy"


class FetchError(BadgesError):
    """The document could not be had: no statement about the badge. `problem` says which kind."""

    def __init__(self, template: str | Wording, *, problem: FetchProblem, **values: object) -> None:
        super().__init__(template, **values)
        self.problem = problem


class Fetcher(Protocol):
    """Gets documents. Redirects are followed inside, each hop checked; sizes and times are bounded."""

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        """Return the answer, whatever its status code. accept: value of the Accept header. Raises FetchError."""
        ...
