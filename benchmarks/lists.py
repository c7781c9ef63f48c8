"""What an admin waits for when there are many badges: the first page, lists, search, the outbox, one withdrawal.

    python -m benchmarks.lists [BADGES]

BADGES: 100,000 if left out. They are awarded first, by one batch, into SQLite in a fresh folder.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.bootstrap import Service
from badges.jobs.batches import award_batch
from badges.services.award_values import find_award
from badges.services.revocation import revoke_award
from badges.services.status_lists import lists_to_renew, renew_list
from badges.storage.queries.awards import (
    AwardScope,
    count_awards,
    count_by_achievement,
    last_awarded,
    search_awards,
)
from badges.storage.queries.batches import list_batches
from badges.storage.queries.mails import list_mails
from badges.storage.records import (
    AchievementRecord,
    AwardRecord,
    MailState,
    OrganisationRecord,
    StatusListRecord,
)
from badges.vocab.audit import SHELL
from benchmarks._measuring import asked_for, machine, report
from benchmarks.batch import fresh_service, hand_in, write_people

BADGES: Final = 100_000
MOST_MS: Final = 100
MOST_REBUILDING_MS: Final = 1_000
_TIMES: Final = 7


def main() -> None:
    badges = asked_for("badges", BADGES)
    with tempfile.TemporaryDirectory(prefix="badges-") as folder:
        service = fresh_service(Path(folder), "")
        assert award_batch(service, hand_in(service, write_people(Path(folder), badges)), by=SHELL)
        print(f"{machine()}, {badges:,} badges")
        _measure(service, badges)


def _measure(service: Service, badges: int) -> None:
    with service.database.read() as session:
        organisation = session.scalars(select(AwardRecord.organisation_id).limit(1)).one()
        home = session.get_one(OrganisationRecord, organisation)
        classes = list(session.scalars(select(AchievementRecord.id)))
        award_ids = session.scalars(select(AwardRecord.id).limit(1)).all()
    scope = AwardScope([organisation], [organisation], 1)
    since = service.installation.clock() - timedelta(days=30)
    last_page = badges // 30 - 1
    asked: dict[str, Callable[[Session], object]] = {
        "first page: numbers": lambda session: count_awards(session, scope, since),
        "first page: by badge": lambda session: count_by_achievement(session, [organisation], classes),
        "award a badge: those awarded last": lambda session: last_awarded(session, [organisation]),
        "awards: first page": lambda session: search_awards(session, scope),
        "awards: last page": lambda session: search_awards(session, scope, page=last_page),
        "awards: find an address": lambda session: search_awards(session, scope, words=f"person{badges - 7}@"),
        "awards: find two words": lambda session: search_awards(session, scope, words=f"person {badges // 2}"),
        "awards: find what everybody has": lambda session: search_awards(session, scope, words="example.org"),
        "awards: find a badge": lambda session: search_awards(session, scope, words="supporter"),
        "awards: a page in the middle": lambda session: search_awards(session, scope, page=last_page // 2),
        "awards: find nobody": lambda session: search_awards(session, scope, words="nobody"),
        "awards: mail not delivered": lambda session: search_awards(session, scope, mail_failed=True),
        "outbox: waiting": lambda session: list_mails(session, scope, MailState.WAITING),
        "outbox: sent": lambda session: list_mails(session, scope, MailState.SENT),
        "lists of people": lambda session: list_batches(session, [home.id], 1),
    }
    checks = []
    for name, question in asked.items():
        took = _median_ms(service, question)
        print(f"  {name:36} {took:9,.1f} ms")
        checks.append((f"{name}: below {MOST_MS} ms", took < MOST_MS))
    took = _rebuilding_ms(service, award_ids[0])
    with service.database.read() as session:
        lists = session.scalar(select(func.count()).select_from(StatusListRecord))
    print(f"  {'withdraw one: its status list signed':36} {took:9,.1f} ms  ({lists} lists in all)")
    checks.append((f"the list of a withdrawal rebuilt: below {MOST_REBUILDING_MS:,} ms", took < MOST_REBUILDING_MS))
    report(checks)


def _median_ms(service: Service, question: Callable[[Session], object]) -> float:
    took = []
    for _ in range(_TIMES):
        with service.database.read() as session:
            started = time.perf_counter()
            question(session)
            took.append((time.perf_counter() - started) * 1_000)
    return statistics.median(took)


def _rebuilding_ms(service: Service, award_id: object) -> float:
    started = time.perf_counter()
    with service.database.write() as session:
        revoke_award(session, service.installation, find_award(session, award_id), "mistake")  # type: ignore[arg-type]
    with service.database.read() as session:
        waiting = lists_to_renew(session, service.installation)
    for number in waiting:
        with service.database.write() as session:
            renew_list(session, service.installation, number)
    return (time.perf_counter() - started) * 1_000


if __name__ == "__main__":
    main()
