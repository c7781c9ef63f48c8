"""Which addresses may host an issuer's Open Badges 2.0 assertions."""

from __future__ import annotations

from urllib.parse import urlsplit

from badges.verifying.hosts import Origin, is_same_host, origin_of
from badges.verifying.reading import as_list, as_text, member
from badges.vocab.json import JsonObject


def is_in_scope(assertion_id: str, issuer: JsonObject, issuer_address: str) -> bool:
    """Whether the issuer's profile, found at its address, lets assertions live at this address.

    Each rule that the profile states must be met: one of its `startsWith`, one of its `allowedOrigins`. If it
    states none, the assertion must be on the host of the profile; http and https are one host here, as in the
    official validators. A prefix must name the same host as well: "https://a.example" is not the beginning of
    "https://a.example.evil.test/".

    Source: Open Badges 2.0, "VerificationObject", "HostedBadge Verification".
    """
    rules = issuer.get("verification") or issuer.get("verify")
    prefixes = [as_text(each) for each in as_list(member(rules, "startsWith"))]
    hosts = [as_text(each).lower() for each in as_list(member(rules, "allowedOrigins"))]
    origin = origin_of(assertion_id)
    if origin is None or _climbs(assertion_id):
        return False
    if prefixes and not any(_is_prefix(prefix, assertion_id) for prefix in prefixes):
        return False
    if hosts and not any(_is_allowed(origin, host) for host in hosts):
        return False
    return bool(prefixes or hosts) or is_same_host(assertion_id, issuer_address)


def _is_prefix(prefix: str, url: str) -> bool:
    return url.startswith(prefix) and is_same_host(prefix, url)


def _is_allowed(origin: Origin, host: str) -> bool:
    """allowedOrigins holds host names; whole origins are seen too."""
    _, name, port = origin
    return host in {name, f"{name}:{port}"} or origin_of(host) == origin


def _climbs(url: str) -> bool:
    """Whether the path steps upwards, so that a prefix says nothing about where it ends."""
    path = urlsplit(url).path.lower().replace("%2e", ".").replace("%2f", "/").replace("\\", "/")
    return ".." in path.split("/")
