"""Every route against the table: what a stranger and what a signed-in person gets, and that reading changes nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from badges.services.accounts import find_account
from badges.services.endorsement_asking import Asked, ask, endorse_url
from badges.services.holders import holder_url
from badges.services.invitations import invitation_url, invite
from badges.services.organisations import find_organisation
from badges.services.signing_in import create_sign_in_link, sign_in_url
from badges.storage.records import (
    AwardRecord,
    BatchRecord,
    CredentialForm,
    EndorsementRecord,
    EndorsementRequestRecord,
    InvitationRecord,
    MembershipRecord,
    OrganisationRecord,
    SigningKeyRecord,
    StatusListRecord,
)
from badges.web.routes import ROUTES
from tests.instances import ADMIN, ORGANISATION, Bench
from tests.web.browsing import PageClient, is_redirect
from tests.web.conftest import Standing

TABLE: Final = Path(__file__).with_name("route_table.txt")
VISITORS: Final = ("stranger", "nobody", "awarder", "author", "reviewer", "reporter", "owner", "above", "elsewhere")
ROWS: Final = [tuple(line.split()) for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
IDS: Final = [f"{row[0]} {row[1]}" for row in ROWS]
NOBODY: Final = "6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00"
# What anybody can see may be copied by whoever makes badges anywhere.
OPEN_TO_OTHERS: Final = "/admin/badges/<slug:organisation>/<slug:achievement>/copy"
DOCUMENTS: Final = {route.rule for route in ROUTES if route.is_document}


def values_of(bench: Bench, award: AwardRecord) -> dict[str, str]:
    """Return values that are there, for every place of a rule but the token."""
    with bench.service.database.read() as session:
        key = session.scalars(select(SigningKeyRecord.id).where(SigningKeyRecord.algorithm == "RS256")).one()
        endorsement = session.scalars(select(EndorsementRecord.id)).first()
        account = find_account(session, ADMIN)
        invitation = session.scalars(select(InvitationRecord.id)).first()
        batch = session.scalars(select(BatchRecord.id)).first()
    assert account is not None
    return {
        "award_id": str(award.id),
        "organisation": ORGANISATION,
        "achievement": "supporter",
        "version": "1",
        "number": "1",
        "key_id": key,
        "prefix": "0a1",
        "purpose": "revocation",
        "endorsement_id": str(endorsement),
        "form": "csv",
        "pack": "starter",
        "passkey_id": "1",
        "identity_id": "1",
        "account_id": str(account.id),
        "invitation_id": str(invitation),
        "request_id": NOBODY,
        "api_key_id": NOBODY,
        "batch_id": str(batch),
    }


def path_of(bench: Bench, rule: str, award: AwardRecord) -> str:
    """Fill a rule in."""
    values = values_of(bench, award)
    installation = bench.service.installation
    if rule == "/mine/<token>":
        return installation.addresses.path_of(holder_url(installation, award))
    if rule == "/invitation/<token>":
        with bench.service.database.write() as session:
            record = session.scalars(select(InvitationRecord)).first()
            if record is None:
                organisation = find_organisation(session, ORGANISATION)
                record = invite(session, installation, organisation, "new@example.org", ["awarder"])
            return installation.addresses.path_of(invitation_url(installation, record))
    if rule == "/endorse/<token>":
        with bench.service.database.write() as session:
            asked = session.scalars(select(EndorsementRequestRecord)).first()
            if asked is None:
                wanted = Asked("organisation", "", "kim@college.example.org", "Royal College")
                asked = ask(session, installation, find_organisation(session, ORGANISATION), wanted)
            return installation.addresses.path_of(endorse_url(installation, asked))
    if rule == "/sign-in/<token>":
        with bench.service.database.write() as session:
            account = find_account(session, ADMIN)
            assert account is not None
            link = create_sign_in_link(session, installation, account, None)
            return installation.addresses.path_of(sign_in_url(installation, link))
    if rule.startswith("/keys/<slug:key_id>/issued/"):
        values["key_id"] = bench.stolen_key()
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda place: values[place.group(1)], rule)


def made(bench: Bench) -> AwardRecord:
    """Return an award all of whose forms were made, so that asking for one makes nothing new."""
    award = bench.award(name="Sam Jones")
    for form in CredentialForm:
        bench.form(award, form)
    bench.endorsement()
    bench.draft()
    return award


def check(client: PageClient, method: str, path: str, expected: str, visitor: str) -> None:
    response = client.open(path, method=method)
    if expected.isdigit():
        assert response.status_code == int(expected), f"{visitor}: {response.status}"
    else:
        where = "/sign-in" if expected == "sign-in" else expected
        assert is_redirect(response), f"{visitor}: {response.status}"
        assert response.location.startswith(where), f"{visitor}: {response.location}"


def test_table_has_every_route_and_method_and_no_other() -> None:
    registered = {(method, route.rule) for route in ROUTES for method in route.methods}
    assert {(row[0], row[1]) for row in ROWS} == registered
    assert len(ROWS) == len(registered)


def test_application_has_the_routes_of_the_table_and_static_files_only(client: PageClient) -> None:
    rules = {rule.rule for rule in client.application.url_map.iter_rules()}
    assert rules == {route.rule for route in ROUTES} | {"/static/<path:filename>"}


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_everybody_gets_what_the_table_says(standing: Standing, row: tuple[str, ...]) -> None:
    method, rule, *expected = row
    assert len(expected) in (1, len(VISITORS)), "one answer for all, or one for each"
    answers = expected * len(VISITORS) if len(expected) == 1 else expected
    for visitor, answer in zip(VISITORS, answers, strict=True):
        check(standing.clients[visitor], method, path_of(standing.bench, rule, standing.award), answer, visitor)


@pytest.mark.parametrize(
    "rule",
    sorted(
        {row[1] for row in ROWS if "<slug:organisation>" in row[1] and row[1].startswith("/admin")} - {OPEN_TO_OTHERS}
    ),
)
def test_what_is_somebody_else_s_is_answered_as_what_is_not_there(standing: Standing, rule: str) -> None:
    """The answer does not tell whether the thing exists."""
    client = standing.clients["elsewhere"]
    there = path_of(standing.bench, rule, standing.award)
    not_there = there.replace(ORGANISATION, "nothing-of-that-name")
    for method in ("GET", "POST"):
        first, second = client.open(there, method=method), client.open(not_there, method=method)
        assert first.status_code == second.status_code
        words = [response.text.replace(ORGANISATION, "nothing-of-that-name") for response in (first, second)]
        assert re.sub(r'value="[^"]{40,}"', "", words[0]) == re.sub(r'value="[^"]{40,}"', "", words[1])


def test_reading_changes_nothing_whoever_asks_and_how(
    bench: Bench, client: PageClient, signed_in_client: PageClient
) -> None:
    """GET, HEAD and OPTIONS of every route, as mail scanners and link previews send them."""
    award = made(bench)
    paths = [path_of(bench, rule, award) for method, rule, *_ in ROWS if method == "GET"]
    before = bench.dump()
    for path in paths:
        for visitor in (client, signed_in_client):
            for method in ("GET", "HEAD", "OPTIONS"):
                visitor.open(path, method=method)
    assert bench.dump() == before


def test_head_is_answered_as_get_without_a_body(standing: Standing) -> None:
    for path in [path_of(standing.bench, rule, standing.award) for method, rule, *_ in ROWS if method == "GET"]:
        get, head = standing.signed_in_client.get(path), standing.signed_in_client.open(path, method="HEAD")
        assert head.status_code == get.status_code, path
        assert head.data == b""
        assert head.content_type == get.content_type, path


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_other_methods_are_refused_naming_those_that_are_known(standing: Standing, method: str) -> None:
    for route in ROUTES:
        if method in route.methods or "<token>" in route.rule:
            continue
        path = path_of(standing.bench, route.rule, standing.award)
        response = standing.client.open(path, method=method)
        assert response.status_code == 405, route.rule
        assert set(response.headers["Allow"].split(", ")) >= set(route.methods), route.rule


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/credentials/1",
        f"/credentials/{NOBODY}",
        f"/credentials/{NOBODY}.png",
        f"/ob2/assertions/{NOBODY}",
        f"/achievements/{ORGANISATION}/supporter/2",
        f"/achievements/{ORGANISATION}/supporter/0",
        f"/achievements/{ORGANISATION}/supporter/99999999999999999999",
        f"/achievements/{ORGANISATION}/nothing",
        "/achievements/elsewhere/supporter/1",
        "/organisations/elsewhere",
        "/organisations/elsewhere/did.json",
        "/keys/0000000000000000.jwk",
        "/status/7",
        "/status/99999999999999999999",
        "/mine/xyz",
        "/sign-in/xyz",
        "/static/nothing.css",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
    ],
)
def test_what_is_not_there_is_not_found(standing: Standing, path: str) -> None:
    response = standing.client.get(path)
    assert response.status_code == 404
    assert "immutable" not in response.headers.get("Cache-Control", "")


class TestScope:
    """Who is signed in sees and changes only what belongs to their own organisation."""

    @pytest.fixture
    def foreign(self, bench: Bench) -> UUID:
        """An award of another organisation."""
        bench.add_organisation("elsewhere")
        return bench.award("elsewhere/supporter", email="foreign@example.org", name="Foreign Person").id

    @pytest.mark.parametrize(
        "path",
        ["/admin/awards/{id}", "/admin/awards/{id}/withdraw", "/admin/award/elsewhere/supporter",
         "/admin/award/elsewhere/supporter/many",
         "/admin/badges/elsewhere/supporter"],
    )  # fmt: skip
    def test_pages_about_others_are_not_found(self, signed_in_client: PageClient, foreign: UUID, path: str) -> None:
        assert signed_in_client.get(path.format(id=foreign)).status_code == 404

    @pytest.mark.parametrize(
        "path", ["/admin/awards/{id}/withdraw", "/admin/awards/{id}/resend", "/admin/award/elsewhere/supporter"]
    )
    def test_forms_about_others_change_nothing(
        self, bench: Bench, signed_in_client: PageClient, foreign: UUID, path: str
    ) -> None:
        token = signed_in_client.page("/admin/account/password").form().values["csrf_token"]
        typed = {"csrf_token": token, "reason": "mistake", "email": "kim@example.org"}
        before = bench.dump()
        response = signed_in_client.post(path.format(id=foreign), data=typed)
        assert response.status_code == 404
        assert bench.dump() == before

    def test_lists_leave_others_out(self, bench: Bench, signed_in_client: PageClient, foreign: UUID) -> None:
        bench.award(f"{ORGANISATION}/supporter", name="Our Person")
        for path in ("/admin/organisations", "/admin/awards", "/admin/awards?q=supporter", "/admin/badges"):
            page = signed_in_client.page(path)
            assert "Foreign Person" not in page.text
            assert "foreign@example.org" not in page.text
            assert not [link for link in page.links if "/elsewhere/" in link]
        assert "Our Person" in signed_in_client.page("/admin/awards").text
        assert "Foreign Person" not in signed_in_client.page("/admin/awards?q=foreign").text

    def test_account_without_an_organisation_sees_no_admin_page(
        self, bench: Bench, signed_in_client: PageClient
    ) -> None:
        with bench.service.database.write() as session:
            session.execute(delete(MembershipRecord))
        for path in ("/admin/organisations", "/admin/awards", "/admin/award", "/admin/badges"):
            assert signed_in_client.get(path).status_code == 404
        assert signed_in_client.get("/admin/account/password").status_code == 200

    def test_page_of_the_fixture_is_there_for_its_own(self, bench: Bench, foreign: UUID) -> None:
        """So that the tests above do not pass because nothing is there at all."""
        assert bench.count(OrganisationRecord) == 2
        assert bench.count(StatusListRecord) == 1
        assert bench.document("credential_json", award_id=foreign).status_code == 200
