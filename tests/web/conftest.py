"""For tests that only read: one badge with all its forms, shared by the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from badges.storage.records import AwardRecord, CredentialForm
from tests.instances import Bench, Folders, SettableClock, open_service
from tests.web.browsing import PageClient, open_app, sign_in


@dataclass(frozen=True)
class Standing:
    """A badge that stands, who looks at it, and where."""

    bench: Bench
    award: AwardRecord
    client: PageClient
    signed_in_client: PageClient


@pytest.fixture(scope="module")
def standing(made_instance: Folders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """An award that nobody may change: the tests that share it fail in the end if one did."""
    folders = made_instance.copy_to(tmp_path_factory.mktemp("standing"))
    clock = SettableClock()
    bench = Bench(open_service(folders.settings(), clock), clock, folders)
    award = bench.award(name="Sam Jones")
    for form in CredentialForm:
        bench.form(award, form)
    bench.stolen_key()
    bench.endorsement()
    client, signed_in_client = (PageClient(open_app(bench.service)) for _ in range(2))
    sign_in(signed_in_client, bench.service)

    def state() -> dict[str, object]:
        return {
            name: rows
            for name, rows in bench.dump().items()
            if name not in ("sign_in_link", "audit_line", "audit_head")
        }

    before = state()
    yield Standing(bench, award, client, signed_in_client)
    assert state() == before
    bench.close()
