"""How many answers of other servers are waited for at the same time."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Final

from badges.network.fetcher import Web, WebAnswer
from badges.standards.fetching import FetchError, FetchProblem

MOST_AT_A_TIME: Final = 6


class Turnstile:
    """Lets only so many threads of this process through to `web`; the others are turned away at once.

    Whoever waits for a slow server holds a thread. Without a limit a handful of slow servers could hold them
    all, and nobody would get an answer of any kind.
    """

    def __init__(self, web: Web, most_at_a_time: int = MOST_AT_A_TIME) -> None:
        self._web = web
        self._turns = BoundedSemaphore(most_at_a_time)

    def ask(self, url: str, accept: str, etag: str = "") -> WebAnswer:
        """Return what `web` answers. Raises FetchError: busy when no turn is free."""
        if not self._turns.acquire(blocking=False):
            raise FetchError("We ask too many other servers just now.", problem=FetchProblem.BUSY)
        try:
            return self._web.ask(url, accept, etag)
        finally:
            self._turns.release()
