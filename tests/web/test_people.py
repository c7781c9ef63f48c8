"""The pages of people and invitations, as a browser and as a mail scanner use them."""

from __future__ import annotations

import io

import pytest

from badges.services.accounts import create_account, find_account
from badges.services.invitations import invitation_url, invite
from badges.services.organisations import find_organisation
from badges.vocab.people import Role
from tests.instances import ORGANISATION, Bench
from tests.web.browsing import Page, PageClient, open_app, sign_in

PEOPLE = f"/admin/organisations/{ORGANISATION}/people"


def test_scanner_that_opens_every_link_and_sends_every_form_accepts_nothing(bench: Bench, client: PageClient) -> None:
    with bench.service.database.write() as session:
        organisation = find_organisation(session, ORGANISATION)
        record = invite(session, bench.service.installation, organisation, "kim@example.org", ["owner"])
    path = bench.service.installation.addresses.path_of(invitation_url(bench.service.installation, record))
    for _ in range(2):
        page = Page(client.get(path).text)
        for form in page.forms:
            if form.method == "post" and "invitation" in form.action:
                client.post(form.action, data=form.values)
                client.post(form.action, data=form.values | {"accept": "yes"})
                client.post(form.action, data={})
    with bench.service.database.read() as session:
        assert find_account(session, "kim@example.org") is None
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"


def test_roles_that_are_taken_end_at_the_next_click(bench: Bench, signed_in_client: PageClient) -> None:
    with bench.service.database.write() as session:
        organisation = find_organisation(session, ORGANISATION)
        kim = create_account(session, bench.service.installation, "kim@example.org", organisation, Role.AWARDER)
    client = sign_in(PageClient(open_app(bench.service)), bench.service, "kim@example.org")
    assert client.get("/admin/award").status_code == 200
    path = f"{PEOPLE}/{kim.id}"
    assert signed_in_client.send(path, button={"do": "remove"}).status_code == 303
    assert client.get("/admin/award").status_code == 404
    assert "You have no part" in client.get("/admin").text
    assert signed_in_client.get(path).status_code == 404


def test_form_without_a_choice_changes_nothing(bench: Bench, signed_in_client: PageClient) -> None:
    with bench.service.database.read() as session:
        owner = find_account(session, "librarian@example.org")
    assert owner is not None
    response = signed_in_client.send(f"{PEOPLE}/{owner.id}")
    assert response.status_code == 400
    response = signed_in_client.send(f"{PEOPLE}/{owner.id}", button={"do": "remove"})
    assert response.status_code == 409
    assert "last one" in response.text


def test_what_was_typed_stays_beside_the_error(bench: Bench, signed_in_client: PageClient) -> None:
    response = signed_in_client.send(PEOPLE, action=PEOPLE, email="kim.nhs.net")
    assert response.status_code == 400
    assert 'value="kim.nhs.net"' in response.text


def test_awarder_sees_their_own_awards_and_no_others(bench: Bench) -> None:
    bench.award(email="before@example.org")
    with bench.service.database.write() as session:
        organisation = find_organisation(session, ORGANISATION)
        create_account(session, bench.service.installation, "kim@example.org", organisation, Role.AWARDER)
    client = sign_in(PageClient(open_app(bench.service)), bench.service, "kim@example.org")
    path = f"/admin/award/{ORGANISATION}/supporter"
    assert client.send(path, action=path, email="mine@example.org").status_code == 303
    page = client.get("/admin/awards").text
    assert "mine@example.org" in page
    assert "before@example.org" not in page


@pytest.mark.parametrize("upload", [b"", b"nothing", b"<svg><script/></svg>"])
def test_bad_logo_is_said_and_the_rest_of_the_form_stays(
    bench: Bench, signed_in_client: PageClient, upload: bytes
) -> None:
    path = f"/admin/organisations/{ORGANISATION}/profile"
    form = Page(signed_in_client.get(path).text).form("")

    data = form.values | {"name": "Typed name", "logo": (io.BytesIO(upload), "logo.png")}
    response = signed_in_client.post(path, data=data, content_type="multipart/form-data")
    if upload:
        assert response.status_code == 400
        assert 'value="Typed name"' in response.text
    else:
        assert response.status_code == 303
