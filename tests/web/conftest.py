"""For tests that only read: one badge with all its forms, shared by the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from badges.services.accounts import add_account, create_account
from badges.services.endorsement_asking import Asked, ask
from badges.services.invitations import invite
from badges.services.organisations import find_organisation
from badges.services.people import set_roles
from badges.storage.records import AwardRecord, CredentialForm
from badges.vocab.people import Role
from tests.instances import ADMIN, ORGANISATION, Bench, Folders, SettableClock, open_service
from tests.web.browsing import PageClient, open_app, sign_in


@dataclass(frozen=True)
class Standing:
    """A badge that stands, who looks at it, and where."""

    bench: Bench
    award: AwardRecord
    clients: dict[str, PageClient]

    @property
    def client(self) -> PageClient:
        """A stranger's."""
        return self.clients["stranger"]

    @property
    def signed_in_client(self) -> PageClient:
        """An owner's."""
        return self.clients["owner"]


def add_people(bench: Bench) -> dict[str, str]:
    """Add somebody of every kind; return their addresses. "above" owns the organisation above and all below it;
    "elsewhere" owns another, "nobody" has an account and no role.
    """
    installation = bench.service.installation
    with bench.service.database.write() as session:
        home = find_organisation(session, ORGANISATION)
        nation = bench.add_organisation_above(session, home)
        add_account(session, installation, "nobody@example.org")
        for role in (Role.AUTHOR, Role.AWARDER, Role.REVIEWER, Role.REPORTER):
            create_account(session, installation, f"{role}@example.org", home, role)
        county = find_organisation(session, "county-library")
        create_account(session, installation, "elsewhere@example.org", county, Role.OWNER)
        above = add_account(session, installation, "above@example.org")
        set_roles(session, installation, nation, above, [Role.OWNER], covers_below=True)
        invite(session, installation, home, "new@example.org", ["awarder"])
        ask(session, installation, home, Asked("organisation", "", "kim@college.example.org", "Royal College"))
    kinds = ("nobody", "awarder", "author", "reviewer", "reporter", "above", "elsewhere")
    return {"owner": ADMIN, **{kind: f"{kind}@example.org" for kind in kinds}}


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
    bench.draft()
    clients = {"stranger": PageClient(open_app(bench.service))}
    for kind, address in add_people(bench).items():
        clients[kind] = sign_in(PageClient(open_app(bench.service)), bench.service, address)

    def state() -> dict[str, object]:
        return {
            name: rows
            for name, rows in bench.dump().items()
            if name not in ("sign_in_link", "audit_line", "audit_head")
        }

    before = state()
    yield Standing(bench, award, clients)
    assert state() == before
    bench.close()
