"""Signing through the agent of the worker, beside signing in the same process: what BADGES_SIGN_IN_WEB=0 costs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from badges.bootstrap import Service, make_service
from badges.config import read_settings
from badges.jobs.signing import start_agent
from badges.services.awards import AwardRequest, award_badge
from badges.services.instance import make_instance, prepare_folders
from badges.services.organisations import list_organisations
from badges.services.signing_keys import signing_hand
from badges.standards.signer import KeyAlgorithm
from badges.storage.schema import upgrade_schema
from benchmarks._measuring import print_table, rates_side_by_side, report

# An award in the web process is verified, stored and written to the disk; the agent must not be what it waits for.
LEAST_SHARE: Final = 0.8


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="badges-") as folder:
        variables = {
            "BADGES_INSTANCE": f"{folder}/instance",
            "BADGES_KEYS": f"{folder}/keys",
            "BADGES_SIGNING_SOCKET": f"{folder}/s",
            "BADGES_SIGN_IN_WEB": "0",
        }
        settings = read_settings(variables)
        worker = make_service(settings)
        prepare_folders(worker.installation)
        upgrade_schema(worker.database)
        with worker.database.write() as session:
            make_instance(session, worker.installation, organisation=None, admin_email=None)
        agent = start_agent(worker)
        web = make_service(settings, asks_for_signatures=True)
        signed, signed_by_agent = rates_side_by_side(_signing(worker), _signing(web))
        awarded, awarded_by_agent = rates_side_by_side(_awarding(worker, "a"), _awarding(web, "b"))
        agent.stop()
        assert Path(folder).is_dir()
    print_table(
        "Sign through the agent of the worker, a second, in one process",
        (
            ("Ed25519 signatures, in the same process", signed, ""),
            ("Ed25519 signatures, through the agent", signed_by_agent, f"{1000 / signed_by_agent:.2f} ms each"),
            ("awards, in the same process", awarded, ""),
            ("awards, through the agent", awarded_by_agent, f"{awarded_by_agent / awarded:.0%}"),
        ),
    )
    report([(f"at least {LEAST_SHARE:.0%} of the awards without the agent", awarded_by_agent >= LEAST_SHARE * awarded)])


def _signing(service: Service) -> Callable[[], object]:
    with service.database.read() as session:
        home = list_organisations(session)[0]
        signer = signing_hand(session, service.installation, home, KeyAlgorithm.EDDSA).signer
    return lambda: signer.sign(b"h" * 64)


def _awarding(service: Service, name: str) -> Callable[[], object]:
    count = iter(range(10**9))

    def work() -> None:
        with service.database.write() as session:
            award_badge(session, service.installation, AwardRequest("supporter", f"{name}{next(count)}@example.org"))

    return work


if __name__ == "__main__":
    main()
