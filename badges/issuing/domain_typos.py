"""Addresses that are probably mistyped: nhs.ent for nhs.net. A warning, never a change that nobody asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

# The endings that staff, students and patients in England mostly have.
KNOWN_DOMAINS: Final = (
    "nhs.net", "nhs.uk", "nhs.scot", "ac.uk", "gov.uk", "doctors.org.uk", "nihr.ac.uk", "wales.nhs.uk",
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "live.co.uk", "live.com", "yahoo.com",
    "yahoo.co.uk", "icloud.com", "me.com", "btinternet.com", "sky.com", "aol.com", "talktalk.net", "virginmedia.com",
    "protonmail.com", "proton.me", "msn.com",
)  # fmt: skip
# Real domains that differ from a known one by one letter.
_REAL: Final = frozenset(
    {"ymail.com", "mail.com", "email.com", "gmx.com", "gmx.net", "live.co", "me.co", "ms.com", "aon.com"}
)
# Slips too far away to be counted in letters.
_SLIPS: Final = {"gmail.co.uk": "gmail.com", "nhs.co.uk": "nhs.uk", "nhs.com": "nhs.net", "nhs.org": "nhs.net"}
_SHORTEST: Final = 6


def suggested_address(address: str) -> str | None:
    """Return the address that is probably meant, None for one that looks right. address: normalised."""
    local, _, domain = address.rpartition("@")
    meant = _meant(domain)
    return f"{local}@{meant}" if meant else None


@lru_cache(maxsize=4096)
def _meant(domain: str) -> str | None:
    if domain in KNOWN_DOMAINS or domain in _REAL:
        return None
    if domain in _SLIPS:
        return _SLIPS[domain]
    for known in KNOWN_DOMAINS:
        if len(known) >= _SHORTEST and _is_one_slip(domain, known):
            return known
        # trust.nhs.ent
        ending = f".{known}"
        tail = domain[-len(ending) :]
        if len(known) >= _SHORTEST and len(domain) > len(ending) and tail != ending and _is_swap(tail, ending):
            return domain[: -len(ending)] + ending
    return None


def _is_one_slip(one: str, other: str) -> bool:
    """Whether a letter is missing, too much, wrong, or two are swapped."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1 or _is_swap(one, other)
    short, long = sorted((one, other), key=len)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def _is_swap(one: str, other: str) -> bool:
    """Whether two neighbouring letters are swapped."""
    wrong = [place for place in range(min(len(one), len(other))) if one[place] != other[place]]
    return (
        len(one) == len(other)
        and len(wrong) == 2
        and wrong[1] == wrong[0] + 1
        and one[wrong[0]] == other[wrong[1]]
        and one[wrong[1]] == other[wrong[0]]
    )
