"""Whether two web addresses are of one host."""

from __future__ import annotations

from urllib.parse import urlsplit

Origin = tuple[str, str, int | None]


def origin_of(url: str) -> Origin | None:
    """Return (scheme, host, port) of a web address, or None if it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        return None
    default = 443 if parts.scheme == "https" else 80
    return parts.scheme, parts.hostname, port or default


def is_same_host(url: str, other: str) -> bool:
    """Whether two web addresses have the same host and port; the usual ports of http and https are the same."""
    return _host(url) is not None and _host(url) == _host(other)


def _host(url: str) -> tuple[str, int | None] | None:
    origin = origin_of(url)
    if origin is None:
        return None
    scheme, name, port = origin
    return name, None if (scheme, port) in {("https", 443), ("http", 80)} else port
