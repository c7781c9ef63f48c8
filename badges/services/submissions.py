"""What is handed in, where links to this very service are looked at before anything is fetched."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from badges.addresses import PATHS, Addresses
from badges.network.sources import Home
from badges.standards.fetching import Fetcher, FetchError
from badges.verifying.intake import Submission, begins_badge, take_in, take_in_url, take_in_words
from badges.verifying.links import links_in, with_scheme
from badges.verifying.report import Finding, Format, Outcome
from badges.wording import Wording, say

# A link to an answer about a link to an answer: nobody makes them, but a copied one may hold another.
_MOST_WRAPPERS: Final = 2
_ASK_FOR_PAGE: Final = say("Ask for the address of the badge's page.")
_PRIVATE: Final[dict[str, Wording]] = {
    "holder": say("This is the holder's private link."),
    "sign_in_link": say("This is a private link for signing in."),
}
_NO_SUCH_BADGE: Final = say("There is no such badge here.")


def take_submission(badge: bytes | str, addresses: Addresses, fetcher: Fetcher, home: Home | None) -> Submission:
    """Return the badge that was handed in as a file, a text or a link; a link is followed. Never fails.

    home: answers for our own addresses; None where they cannot be known. A private link is never opened, and stands
    nowhere in what is returned.
    """
    submission = take_in_words(badge) if isinstance(badge, str) else take_in(badge)
    links = [submission.address] if submission.address else links_without_badge(badge, submission)
    for link in links:
        if private := _private_link(addresses, badge_link(addresses, link)):
            return _refused(private, submission)
    if not submission.address:
        return submission
    link = badge_link(addresses, submission.address)
    fetched = take_in_url(link, fetcher)
    if home is not None and _is_not_here(fetched, link, addresses, home):
        return _refused(_NO_SUCH_BADGE, submission)
    return replace(fetched, picture=fetched.picture or submission.picture)


def links_without_badge(badge: bytes | str, submission: Submission) -> list[str]:
    """Return the links in a text in which there was no badge, nor the beginning of one, nor one link alone."""
    is_without = submission.problem is not None and not submission.document
    return links_in(badge) if isinstance(badge, str) and is_without and not begins_badge(badge) else []


def badge_link(addresses: Addresses, link: str) -> str:
    """Return where the badge is that a link is about: a link to one of our own answers (`/verify?url=…`) names it."""
    for _ in range(_MOST_WRAPPERS):
        if not addresses.is_ours(link) or _path(link) != PATHS["verify"]:
            break
        try:
            named = parse_qs(urlsplit(link).query, max_num_fields=10).get("url", [""])[0].strip()
        except ValueError:
            break
        if links_in(named) != [with_scheme(named)]:
            break
        link = with_scheme(named)
    return link


def is_private_link(addresses: Addresses, link: str) -> bool:
    """Whether a link is one of ours that only one person should have."""
    return _private_link(addresses, badge_link(addresses, link)) is not None


def _private_link(addresses: Addresses, link: str) -> Wording | None:
    """Return what a private link is. Told by how it begins: it may have been cut off, or written on."""
    if not addresses.is_ours(link):
        return None
    path = _path(link) + "/"
    beginnings = ((PATHS[name].partition("<")[0], words) for name, words in _PRIVATE.items())
    return next((words for beginning, words in beginnings if path.startswith(beginning)), None)


def _path(link: str) -> str:
    """The path of one of our addresses, without slashes that change nothing."""
    return "/" + unquote(urlsplit(link).path).strip("/")


def _is_not_here(fetched: Submission, link: str, addresses: Addresses, home: Home) -> bool:
    """Whether nothing was had from an address of ours because there is nothing."""
    if fetched.problem is None or fetched.problem.outcome is not Outcome.UNKNOWN or not addresses.is_ours(link):
        return False
    try:
        return home(addresses.path_of(link.partition("#")[0]), "") is None
    except FetchError:
        return False


def _refused(message: Wording, submission: Submission) -> Submission:
    problem = Finding(Outcome.FAILED, message, _ASK_FOR_PAGE)
    return Submission(Format.UNRECOGNISED, picture=submission.picture, problem=problem)
