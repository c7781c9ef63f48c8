"""Which internet addresses the fetcher may speak to: public ones only.

A badge is written by a stranger, and so are the addresses in it. Without this check a badge could make the
service read pages of the network that it stands in: its own database, a router, a cloud's key service.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

_REFUSED_IPV4: Final = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carriers' translation; also one cloud's metadata service
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # Azure's host service, which has a public address
        "169.254.0.0/16",  # link-local; most clouds' metadata service
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # measurements
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# Only 2000::/3 is given out to the public internet. Everything else (loopback, link-local, unique local,
# IPv4-mapped, NAT64, multicast) is outside it; these are the exceptions inside it.
_PUBLIC_IPV6: Final = IPv6Network("2000::/3")
_REFUSED_IPV6: Final = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries any IPv4 address
        "3fff::/20",  # documentation
    )
)


def is_public_address(address: str) -> bool:
    """Whether a numeric IPv4 or IPv6 address belongs to the public internet. What does not parse does not.

    Written out rather than left to `ipaddress.is_global`, whose tables differ between versions of Python.
    Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890).
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _REFUSED_IPV4)
    return _is_public_ipv6(parsed)


def _is_public_ipv6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in _PUBLIC_IPV6:
        return False
    return not any(address in network for network in _REFUSED_IPV6)
