"""Fetchers that stand before the web: files, this very service, memory, nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from badges.addresses import Addresses
from badges.standards.did.did_key import DidError
from badges.standards.did.did_web import did_web_to_url
from badges.standards.fetching import FetchedDocument, Fetcher, FetchError, FetchProblem

Home = Callable[[str, str], FetchedDocument | None]


class OfflineFetcher:
    """Has nothing and asks nobody."""

    def fetch(self, url: str, accept: str) -> FetchedDocument:  # noqa: ARG002
        """Raises FetchError, always: offline."""
        raise FetchError("We did not fetch %(url)s.", problem=FetchProblem.OFFLINE, url=url)


class MapFetcher:
    """Answers from files that somebody gave for certain addresses; asks `then` for all others.

    documents: from address to file. They win over the network. An address counts without its fragment; a
    did:web stands for the address of its document.
    """

    def __init__(self, documents: Mapping[str, Path], then: Fetcher) -> None:
        self._documents = {_document_key(url): path for url, path in documents.items()}
        self._then = then

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        """Return the file's bytes as if the address had answered them. Raises FetchError."""
        path = self._documents.get(_document_key(url))
        if path is None:
            return self._then.fetch(url, accept)
        try:
            body = path.read_bytes()
        except OSError as error:
            template = "The file given for %(url)s cannot be read: %(path)s"
            problem = FetchProblem.UNREACHABLE
            raise FetchError(template, problem=problem, url=url, path=path) from error
        return FetchedDocument(_without_fragment(url), 200, _media_type_of(path), body)


class CachingFetcher:
    """Remembers every answer, and every refusal, for as long as it lives: one run.

    total_seconds: after this time nothing new is asked, so that a badge which points at many slow servers
    cannot hold a worker. monotonic: seconds, never going back.
    was_busy: whether a document is missing only because this service was asking too many others at the time.
    """

    def __init__(
        self, then: Fetcher, total_seconds: float = 30.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._then = then
        self._monotonic = monotonic
        self._ends_at = monotonic() + total_seconds
        self._answers: dict[tuple[str, str], FetchedDocument | FetchError] = {}
        self.was_busy = False

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        """Return the remembered answer, or ask once. Raises FetchError."""
        key = (_without_fragment(url), accept)
        if key not in self._answers:
            self._answers[key] = self._ask(url, accept)
        answer = self._answers[key]
        if isinstance(answer, FetchError):
            raise answer
        return answer

    def _ask(self, url: str, accept: str) -> FetchedDocument | FetchError:
        if self._monotonic() >= self._ends_at:
            template = "Asking for documents took too long altogether, so we did not ask for %(url)s."
            return FetchError(template, problem=FetchProblem.UNREACHABLE, url=url)
        try:
            return self._then.fetch(url, accept)
        except FetchError as error:
            self.was_busy |= error.problem is FetchProblem.BUSY
            return error


class HomeFirstFetcher:
    """Answers for this service's own addresses in process; asks `then` for all others.

    home: from a path with its query, and an Accept value, to the answer, or None when nothing is there. Our
    own addresses never go out over the network, so a service cannot be made to call itself.
    """

    def __init__(self, addresses: Addresses, home: Home, then: Fetcher) -> None:
        self._addresses = addresses
        self._home = home
        self._then = then

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        """Return our own answer or the next fetcher's. Raises FetchError."""
        if not self._addresses.is_ours(url):
            return self._then.fetch(url, accept)
        path = self._addresses.path_of(_without_fragment(url))
        answer = self._home(path, accept)
        return answer or FetchedDocument(_without_fragment(url), 404, "", b"")


def _document_key(url: str) -> str:
    """Return under which name a file is kept.

    A trial on http://localhost has a did:web that is read over https all the same: on this very machine the two
    are one.
    """
    try:
        address = _without_fragment(did_web_to_url(url) if url.startswith("did:web:") else url)
        parts = urlsplit(address)
    except (ValueError, DidError):
        return url  # a stranger's text that is no address: no file goes by that name
    is_here = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    return f"https{address.removeprefix('http')}" if is_here else address


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _media_type_of(path: Path) -> str:
    return {
        ".json": "application/json",
        ".jwt": "text/plain",
        ".jws": "text/plain",
        ".png": "image/png",
        ".svg": "image/svg+xml",
    }.get(path.suffix.lower(), "")
