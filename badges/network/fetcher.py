"""Gets documents from the web: https only, public addresses only, bounded in size and time."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException, HTTPResponse
from typing import Final, Protocol
from urllib.parse import urlencode, urljoin

from badges.clock import Clock, system_clock
from badges.network.addresses import is_public_address
from badges.network.connection import (
    Connect,
    Deadline,
    DeadlineError,
    TooManyBytesError,
    VettedConnection,
    open_socket,
)
from badges.network.lifetimes import fresh_for, may_be_kept
from badges.network.names import Resolve, resolve_name
from badges.network.targets import Target, parse_target
from badges.standards.fetching import FetchedDocument, FetchError, FetchProblem

USER_AGENT: Final = "badges (open badge service; checks a badge)"
_ETAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,200}"')
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """What an address answered, and how long it may be kept.

    may_be_kept: by a cache that many share. fresh_for: how long it needs no asking again; None if nobody said.
    A redirect on the way counts too: the shortest lifetime is that of all. etag: for asking whether it is still so,
    "" if there is none. is_unchanged: the copy whose etag was given is still right; the document is empty then.
    """

    document: FetchedDocument
    may_be_kept: bool = True
    fresh_for: timedelta | None = None
    etag: str = ""
    is_unchanged: bool = False


class Web(Protocol):
    """What gets answers, and says how long they may be kept."""

    def ask(self, url: str, accept: str, etag: str = "") -> WebAnswer:
        """Return the answer, whatever its status code. etag: of a copy at hand. Raises FetchError."""
        ...


@dataclass(frozen=True, slots=True)
class _Hop:
    """One answer on the way. leads_to: the address that it redirects to, or ""."""

    document: FetchedDocument
    headers: Mapping[str, str]
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class _Body:
    """What is sent with a request, other than asking."""

    method: str
    content: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much one document may cost."""

    total_seconds: float = 10.0
    body_bytes: int = 2 * 1024 * 1024
    header_bytes: int = 128 * 1024
    redirects: int = 5


class WebFetcher:
    """Fetches by GET, without cookies, proxies or credentials.

    Each hop's name is resolved once, every address that is not public is left out, and the connection goes to
    one of those that remain: a name that points elsewhere a moment later changes nothing.

    trusted_origins: origins ("http://127.0.0.1:8000") for which neither https nor a public address is asked.
    resolve, connect, monotonic, context, clock: the outside world; tests put their own.
    """

    def __init__(
        self,
        limits: FetchLimits | None = None,
        *,
        trusted_origins: frozenset[str] = frozenset(),
        resolve: Resolve = resolve_name,
        connect: Connect = open_socket,
        monotonic: Callable[[], float] = time.monotonic,
        context: ssl.SSLContext | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._limits = limits or FetchLimits()
        self._trusted_origins = trusted_origins
        self._resolve = resolve
        self._connect = connect
        self._monotonic = monotonic
        self._clock = clock
        self._context = context or ssl.create_default_context()

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        """Return what the address answers in the end. Raises FetchError; its message is in plain words."""
        return self.ask(url, accept).document

    def post_form(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> FetchedDocument:
        """Send a form and return the answer. Redirects are not followed. Raises FetchError."""
        deadline = Deadline(self._monotonic() + self._limits.total_seconds, self._monotonic)
        body = urlencode(fields).encode()
        said = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        target = parse_target(url, self._trusted_origins)
        return self._ask(target, headers.get("Accept", "*/*"), deadline, "", _Body("POST", body, said)).document

    def ask(self, url: str, accept: str, etag: str = "") -> WebAnswer:
        """As `fetch`, with what the headers say of keeping. etag: of a copy at hand; it may still be right."""
        deadline = Deadline(self._monotonic() + self._limits.total_seconds, self._monotonic)
        hops: list[_Hop] = []
        for _ in range(self._limits.redirects + 1):
            target = parse_target(url, self._trusted_origins)
            hops.append(self._ask(target, accept, deadline, "" if hops else etag))
            if not hops[-1].leads_to:
                return _answer_of(hops, self._clock())
            url = hops[-1].leads_to
        raise FetchError(
            "%(host)s sent us on to another address more than %(count)d times.",
            problem=FetchProblem.REFUSED,
            host=target.host,
            count=self._limits.redirects,
        )

    def _ask(self, target: Target, accept: str, deadline: Deadline, etag: str, sent: _Body | None = None) -> _Hop:
        try:
            *others, last = self._vetted_addresses(target, deadline)
            for address in others:
                with suppress(ConnectionError):  # a host may answer on one of its addresses only
                    return self._exchange(target, address, accept, deadline, etag, sent)
            return self._exchange(target, last, accept, deadline, etag, sent)
        except FetchError:
            raise
        except (DeadlineError, TimeoutError) as error:
            template = "%(host)s took too long to answer."
            raise FetchError(template, problem=FetchProblem.UNREACHABLE, host=target.host) from error
        except TooManyBytesError as error:
            raise _too_large(target) from error
        except ssl.SSLError as error:
            template = "The secure connection to %(host)s could not be made."
            raise FetchError(template, problem=FetchProblem.UNREACHABLE, host=target.host) from error
        except (OSError, HTTPException, ValueError) as error:
            template = "%(host)s could not be reached."
            raise FetchError(template, problem=FetchProblem.UNREACHABLE, host=target.host) from error

    def _vetted_addresses(self, target: Target, deadline: Deadline) -> list[str]:
        addresses = self._resolve(target.host, target.port, deadline.remaining_seconds())
        vetted = [each for each in addresses if target.is_trusted or is_public_address(each)]
        if not addresses:
            template = "There is no host of the name %(host)s."
            raise FetchError(template, problem=FetchProblem.UNREACHABLE, host=target.host)
        if not vetted:
            template = "%(host)s is not a public address, so we did not ask it."
            raise FetchError(template, problem=FetchProblem.REFUSED, host=target.host)
        return vetted

    def _exchange(
        self, target: Target, address: str, accept: str, deadline: Deadline, etag: str, sent: _Body | None
    ) -> _Hop:
        connection = VettedConnection(
            target.host,
            target.port,
            address=address,
            context=self._context if target.is_secure else None,
            deadline=deadline,
            limit_bytes=self._limits.body_bytes + self._limits.header_bytes,
            connect=self._connect,
        )
        headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": USER_AGENT, "Connection": "close"}
        try:
            if sent is None:
                connection.request("GET", target.path, headers=headers | ({"If-None-Match": etag} if etag else {}))
            else:
                connection.request(sent.method, target.path, body=sent.content, headers=headers | dict(sent.headers))
            response = connection.getresponse()
            said = _headers_of(response)
            if response.status in REDIRECTS and said.get("location"):
                empty = FetchedDocument(target.url, response.status, "", b"")
                return _Hop(empty, said, urljoin(target.url, said["location"]))
            return _Hop(self._read(target, response), said)
        finally:
            connection.shut()

    def _read(self, target: Target, response: HTTPResponse) -> FetchedDocument:
        encoding = response.getheader("Content-Encoding", "identity").strip().lower()
        if encoding not in {"", "identity"}:
            # We asked for none: what is never unpacked can never be a decompression bomb.
            template = "%(host)s answered in a packed form that we did not ask for."
            raise FetchError(template, problem=FetchProblem.REFUSED, host=target.host)
        body = response.read(self._limits.body_bytes + 1)
        if len(body) > self._limits.body_bytes:
            raise _too_large(target)
        media_type = response.getheader("Content-Type", "").split(";")[0].strip().lower()
        return FetchedDocument(target.url, response.status, media_type, body)


def _answer_of(hops: Sequence[_Hop], at: datetime) -> WebAnswer:
    """Return the last hop's document with what all hops say of keeping it."""
    last = hops[-1]
    stated = [lifetime for hop in hops if (lifetime := fresh_for(hop.headers, at)) is not None]
    keepable, is_direct = all(may_be_kept(hop.headers) for hop in hops), len(hops) == 1
    etag = last.headers.get("etag", "") if keepable and is_direct else ""
    return WebAnswer(
        document=last.document,
        may_be_kept=keepable,
        fresh_for=min(stated, default=None),
        etag=etag if _ETAG.fullmatch(etag) else "",
        is_unchanged=is_direct and last.document.status_code == 304,
    )


def _headers_of(response: HTTPResponse) -> dict[str, str]:
    """Return the headers by name in lower case; those that are there twice together, as RFC 9110, 5.2 joins them."""
    found: dict[str, str] = {}
    for name, value in response.getheaders():
        found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
    return found


def _too_large(target: Target) -> FetchError:
    template = "The answer of %(host)s is larger than we read."
    return FetchError(template, problem=FetchProblem.TOO_LARGE, host=target.host)
