"""Documents of others, kept for as long as they may be: one cache for all threads of a process, in memory."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from badges.clock import Clock
from badges.network.fetcher import Web, WebAnswer
from badges.network.lifetimes import UNSAID
from badges.standards.fetching import FetchedDocument, FetchError, FetchProblem
from badges.standards.status.lifetime import stated_lifetime

# Whatever a document says: a key or a badge that its issuer takes back is noticed after this time.
LONGEST: Final = timedelta(minutes=10)
# A server that did not answer, or with an error, is asked again soon.
FAILURES: Final = timedelta(seconds=20)
MOST_ENTRIES: Final = 1000
MOST_BYTES: Final = 32 * 1024 * 1024
_ENTRY_BYTES: Final = 1000  # about what an entry takes besides its body


@dataclass(frozen=True, slots=True)
class _Entry:
    """An answer that is kept. It may be given out until `fresh_until`; after that with `etag` asked whether it is
    still so.
    """

    outcome: FetchedDocument | FetchError
    fresh_until: datetime
    etag: str = ""

    @property
    def size(self) -> int:
        return _ENTRY_BYTES + (len(self.outcome.body) if isinstance(self.outcome, FetchedDocument) else 0)


class DocumentCache:
    """Gives out what it has while it is fresh, and asks `web` for the rest.

    Lifetimes are those of the documents (Cache-Control, Expires, Age; the ttl of a status list), at most LONGEST.
    What was not used for longest goes first when there is too much.
    """

    def __init__(
        self, web: Web, clock: Clock, *, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES
    ) -> None:
        self._web = web
        self._clock = clock
        self._most_entries = most_entries
        self._most_bytes = most_bytes
        self._entries: OrderedDict[tuple[str, str], _Entry] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        """Return the document, kept or fresh. Raises FetchError.

        A form that was asked for with another Accept value is another document (RFC 9111, 4.1).
        """
        key = (url.partition("#")[0], accept)
        with self._lock:
            kept = self._entries.get(key)
            if kept is not None:
                self._entries.move_to_end(key)
        if kept is not None and self._clock() < kept.fresh_until:
            return _given(kept.outcome)
        entry = self._ask(key, kept)
        self._keep(key, entry)
        return _given(entry.outcome)

    def _ask(self, key: tuple[str, str], kept: _Entry | None) -> _Entry:
        """Ask with the lock open: others go on meanwhile."""
        url, accept = key
        try:
            answer = self._web.ask(url, accept, kept.etag if kept else "")
        except FetchError as error:
            if error.problem is FetchProblem.BUSY:
                raise
            bare = FetchError(error.message, problem=error.problem)  # without what it holds on to
            return _Entry(bare, self._clock() + FAILURES)
        now = self._clock()
        if answer.is_unchanged and kept is not None and kept.etag and isinstance(kept.outcome, FetchedDocument):
            return replace(kept, fresh_until=now + _lifetime(answer, kept.outcome, now))
        return _Entry(answer.document, now + _lifetime(answer, answer.document, now), answer.etag)

    def _keep(self, key: tuple[str, str], entry: _Entry) -> None:
        with self._lock:
            old = self._entries.pop(key, None)
            self._bytes -= old.size if old else 0
            if entry.size > self._most_bytes or not (entry.etag or self._clock() < entry.fresh_until):
                return
            self._entries[key] = entry
            self._bytes += entry.size
            while len(self._entries) > self._most_entries or self._bytes > self._most_bytes:
                _, oldest = self._entries.popitem(last=False)
                self._bytes -= oldest.size


def _lifetime(answer: WebAnswer, document: FetchedDocument, at: datetime) -> timedelta:
    if not answer.may_be_kept:
        return timedelta(0)
    if document.status_code not in (200, 404, 410):
        return FAILURES if answer.fresh_for is None else min(answer.fresh_for, FAILURES)
    stated = [each for each in (answer.fresh_for, stated_lifetime(document.body, at)) if each is not None]
    return max(min([*stated, LONGEST] if stated else [UNSAID]), timedelta(0))


def _given(outcome: FetchedDocument | FetchError) -> FetchedDocument:
    if isinstance(outcome, FetchError):
        # A new one each time: an error that is raised again grows by where it was raised.
        raise FetchError(outcome.message, problem=outcome.problem)
    return outcome
