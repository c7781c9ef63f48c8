"""Finding who awarded a badge among many organisations, beside among one: the cost must not grow with them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Final

from badges.bootstrap import Service, make_service
from badges.config import read_settings
from badges.services.instance import make_instance, prepare_folders
from badges.services.organisations import first_organisation
from badges.storage.records import OrganisationRecord
from badges.storage.schema import upgrade_schema
from benchmarks._measuring import print_table, rates_side_by_side, report

MANY: Final = 5_000
# Twenty-nine times as many as the campaign has; reading all of them would leave a fiftieth.
LEAST_SHARE: Final = 0.7


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="badges-") as folder:
        few, many = _service(f"{folder}/few", 0), _service(f"{folder}/many", MANY)
        among_one, among_many = rates_side_by_side(_looking_up(few), _looking_up(many))
    print_table(
        "Find who awarded a badge, what it is called and what has become of it, a second, in one process",
        (
            ("among 1 organisation", among_one, ""),
            (f"among {MANY:,} organisations", among_many, f"{among_many / among_one:.0%}"),
        ),
    )
    report([(f"at least {LEAST_SHARE:.0%} of the rate among one", among_many >= LEAST_SHARE * among_one)])


def _service(folder: str, more: int) -> Service:
    """Return a service with its first organisation and so many more, without keys: nothing is signed here."""
    service = make_service(read_settings({"BADGES_INSTANCE": f"{folder}/instance", "BADGES_KEYS": f"{folder}/keys"}))
    prepare_folders(service.installation)
    upgrade_schema(service.database)
    with service.database.write() as session:
        make_instance(session, service.installation, organisation=None, admin_email=None)
        now = service.installation.clock()
        session.add_all(
            OrganisationRecord(slug=f"library-{number}", name=f"Library {number}", url="", created_at=now)
            for number in range(more)
        )
    return service


def _looking_up(service: Service) -> Callable[[], object]:
    with service.database.read() as session:
        home = first_organisation(session)
        assert home is not None
        did, key = service.installation.addresses.organisation_did(home.slug), home.name_key

    def look_up() -> None:
        own = service.known_issuers().own
        assert own.of_id(did) is not None
        assert own.of_name(key)
        assert own.successor_of(did) is None

    return look_up


if __name__ == "__main__":
    main()
