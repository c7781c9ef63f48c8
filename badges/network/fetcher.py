"""Gets documents from the web: https only, public addresses only, bounded in size and time."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Final
from urllib.parse import urljoin

from badges.network.addresses import is_public_address
from badges.network.connection import (
    Connect,
    Deadline,
    DeadlineError,
    TooManyBytesError,
    VettedConnection,
    open_socket,
)
from badges.network.names import Resolve, resolve_name
from badges.network.targets import Target, parse_target
from badges.standards.fetching import FetchedDocument, FetchError, FetchProblem

USER_AGENT: Final = "badges (open badge service; checks a badge)"
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


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
    resolve, connect, monotonic, context: the outside world; tests put their own.
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
    ) -> None:
        self._limits = limits or FetchLimits()
        self._trusted_origins = trusted_origins
        self._resolve = resolve
        self._connect = connect
        self._monotonic = monotonic
        self._context = context or ssl.create_default_context()

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        """Return what the address answers in the end. Raises FetchError; its message is in plain words."""
        deadline = Deadline(self._monotonic() + self._limits.total_seconds, self._monotonic)
        for _ in range(self._limits.redirects + 1):
            target = parse_target(url, self._trusted_origins)
            answer = self._ask(target, accept, deadline)
            if isinstance(answer, FetchedDocument):
                return answer
            url = answer
        raise FetchError(
            "%(host)s sent us on to another address more than %(count)d times.",
            problem=FetchProblem.REFUSED,
            host=target.host,
            count=self._limits.redirects,
        )

    def _ask(self, target: Target, accept: str, deadline: Deadline) -> FetchedDocument | str:
        """Return the document, or the address that the answer redirects to."""
        try:
            *others, last = self._vetted_addresses(target, deadline)
            for address in others:
                with suppress(ConnectionError):  # a host may answer on one of its addresses only
                    return self._exchange(target, address, accept, deadline)
            return self._exchange(target, last, accept, deadline)
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

    def _exchange(self, target: Target, address: str, accept: str, deadline: Deadline) -> FetchedDocument | str:
        connection = VettedConnection(
            target.host,
            target.port,
            address=address,
            context=self._context if target.is_secure else None,
            deadline=deadline,
            limit_bytes=self._limits.body_bytes + self._limits.header_bytes,
            connect=self._connect,
        )
        headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": USER_AGENT}
        try:
            connection.request("GET", target.path, headers={**headers, "Connection": "close"})
            response = connection.getresponse()
            location = response.getheader("Location")
            if response.status in REDIRECTS and location:
                return urljoin(target.url, location)
            return self._read(target, response)
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


def _too_large(target: Target) -> FetchError:
    template = "The answer of %(host)s is larger than we read."
    return FetchError(template, problem=FetchProblem.TOO_LARGE, host=target.host)
