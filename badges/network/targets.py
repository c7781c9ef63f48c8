"""What an address may look like before anybody is asked: scheme, host, port, no credentials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from badges.standards.fetching import FetchError, FetchProblem

_LONGEST_URL: Final = 4096
_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f\\]")
# 443, and what a program of an ordinary user may listen on. The ports between belong to mail, files and
# databases, which do not speak HTTP and might act on a line that looks like a command.
_LOWEST_FREE_PORT: Final = 1024


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart. url: without fragment. host: ASCII. path: with the query, percent-encoded."""

    url: str
    is_secure: bool
    host: str
    port: int
    path: str
    is_trusted: bool


def parse_target(url: str, trusted_origins: frozenset[str]) -> Target:
    """Take an address apart, if it is one that we fetch.

    trusted_origins: "scheme://host:port" of servers that may be plain http and have a private address.

    Raises FetchError (refused) for other schemes, credentials in the address, ports of other services.
    """
    parts, port = _split(url)
    host = _ascii_host(parts.hostname or "", url)
    is_secure = parts.scheme == "https"
    port = port or (443 if is_secure else 80)
    is_trusted = f"{parts.scheme}://{_bracketed(host)}:{port}" in trusted_origins
    if not is_trusted:
        _check_policy(url, parts.scheme, port)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    clean_url = f"{parts.scheme}://{parts.netloc}{path}" + (f"?{query}" if query else "")
    return Target(clean_url, is_secure, host, port, path + (f"?{query}" if query else ""), is_trusted)


def _split(url: str) -> tuple[SplitResult, int | None]:
    if len(url) > _LONGEST_URL or _FORBIDDEN.search(url):
        raise _refused("This is not an address that we can ask: %(url)s", url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refused("This is not an address that we can ask: %(url)s", url) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _refused("This is not a web address: %(url)s", url)
    if parts.username is not None or parts.password is not None:
        raise _refused("The address has a user name in it, so we did not ask it: %(url)s", url)
    return parts, port


def _check_policy(url: str, scheme: str, port: int) -> None:
    if scheme != "https":
        raise _refused("The address is not a secure (https) one, so we did not ask it: %(url)s", url)
    if port != 443 and port < _LOWEST_FREE_PORT:
        raise _refused("The address uses a port of another service, so we did not ask it: %(url)s", url)


def _ascii_host(host: str, url: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise _refused("This is not an address that we can ask: %(url)s", url) from error


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _refused(template: str, url: str) -> FetchError:
    return FetchError(template, problem=FetchProblem.REFUSED, url=url[:200])
