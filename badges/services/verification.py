"""Verifying anybody's badge: the pure pipeline, given the documents that this service and the web have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from badges.errors import UnavailableError
from badges.network.sources import CachingFetcher, Home, HomeFirstFetcher, MapFetcher, OfflineFetcher
from badges.services.context import Installation
from badges.services.older_versions import FindNewer, lead_to_newer
from badges.services.submissions import take_submission
from badges.standards.fetching import Fetcher
from badges.verifying.pipeline import verify_submission
from badges.verifying.report import Report
from badges.verifying.trust import KnownIssuers, with_trust

NOBODY: Final = KnownIssuers()


def nothing_newer(_report: Report) -> str:
    """Where there is no instance, there are no badges of ours."""
    return ""


def verify_badge(
    installation: Installation,
    badge: bytes | str,
    *,
    home: Home | None,
    web: Fetcher,
    documents: Mapping[str, Path] | None = None,
    offline: bool = False,
    email: str | None = None,
    at: datetime | None = None,
    issuers: KnownIssuers = NOBODY,
    find_newer: FindNewer = nothing_newer,
) -> Report:
    """Return the report on a badge.

    Raises UnavailableError when this service asks so many other servers just now that it cannot look.

    badge: a file's bytes, or text: JSON, JWT, or a web address. home: answers for our own addresses; None where there
    is no instance. web: asks the network. documents: from address to file; they win. offline: fetch nothing, not even
    our own. issuers: whom this service knows, for the sentence on who awarded it. find_newer:
    finds the newer version of one of our badges of 2.0.
    """
    fetcher: Fetcher = (
        OfflineFetcher() if offline else HomeFirstFetcher(installation.addresses, home or _nobody_home, web)
    )
    if documents:
        fetcher = MapFetcher(documents, fetcher)
    run = CachingFetcher(fetcher)
    moment = at or installation.clock()
    submission = take_submission(badge, installation.addresses, run, None if offline else home)
    report = verify_submission(submission, fetcher=run, at=moment, email=email)
    if run.was_busy:
        raise UnavailableError("Many badges are being checked just now. Try again in a few seconds.")
    return with_trust(lead_to_newer(report, find_newer), issuers, moment)


def _nobody_home(_path: str, _accept: str) -> None:
    return None
