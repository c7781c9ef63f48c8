"""Making one organisation a part of another on a page, and what its old pages say then."""

from __future__ import annotations

from badges.services.accounts import find_account
from badges.services.mergers import merge
from badges.services.organisations import create_organisation, find_organisation
from badges.services.people import set_roles
from badges.services.profiles import ProfileInput, update_profile
from badges.vocab.people import Role
from tests.instances import ADMIN, ORGANISATION, Bench
from tests.web.browsing import PageClient, is_redirect

PAGE = f"/admin/organisations/{ORGANISATION}/merge"


def add_new(bench: Bench, *, owned: bool) -> None:
    with bench.service.database.write() as session:
        installation = bench.service.installation
        made = create_organisation(
            session, installation, name="Newtown Library", url="", email="n@example.org", description=""
        )
        account = find_account(session, ADMIN)
        assert account is not None
        if owned:
            set_roles(session, installation, made, account, [Role.OWNER])


def test_done_by_an_owner_of_both_who_types_the_name(bench: Bench, signed_in_client: PageClient) -> None:
    award = bench.award()
    add_new(bench, owned=True)
    assert "Newtown Library" in signed_in_client.get(PAGE).text
    page = f"{PAGE}?into=newtown-library"
    assert "14 badges are awarded by the new one" in signed_in_client.get(page).text
    answer = signed_in_client.send(page, name="Something else")
    assert answer.status_code == 400
    assert "to say that you mean it" in answer.text
    assert is_redirect(signed_in_client.send(page, name="anytown hospitals  library"))
    shown = signed_in_client.get(f"/credentials/{award.id}", headers={"Accept": "text/html"}).text
    assert "Anytown Hospitals Library is now part of Newtown Library." in shown
    shown = signed_in_client.get(f"/organisations/{ORGANISATION}", headers={"Accept": "text/html"}).text
    assert "The signed statement" in shown
    assert signed_in_client.get(f"/admin/awards/{award.id}").status_code == 200


def test_other_organisation_must_be_owned_too(bench: Bench, signed_in_client: PageClient) -> None:
    add_new(bench, owned=False)
    assert "Newtown Library" not in signed_in_client.get(PAGE).text
    assert "Newtown Library" not in signed_in_client.get(f"{PAGE}?into=newtown-library").text
    token = signed_in_client.page(f"/admin/badges/{ORGANISATION}/supporter/retire").form().values["csrf_token"]
    data = {"csrf_token": token, "into": "newtown-library", "name": "Anytown Hospitals Library"}
    assert signed_in_client.post(PAGE, data=data).status_code == 404


def test_badge_page_says_the_name_of_then_and_of_now(bench: Bench, client: PageClient) -> None:
    award = bench.award()
    with bench.service.database.write() as session:
        home = find_organisation(session, ORGANISATION)
        given = ProfileInput(name="Anytown and District Library", email=home.email)
        update_profile(session, bench.service.installation, home, given)
    shown = client.get(f"/credentials/{award.id}", headers={"Accept": "text/html"}).text
    assert "Valid." in shown
    assert "Anytown Hospitals Library awarded" in shown
    assert "It is called Anytown and District Library now." in shown


def test_verify_page_says_what_has_become_of_it(bench: Bench, client: PageClient) -> None:
    badge = bench.form(bench.award())
    add_new(bench, owned=False)
    with bench.service.database.write() as session:
        merge(
            session,
            bench.service.installation,
            find_organisation(session, ORGANISATION),
            find_organisation(session, "newtown-library"),
        )
    answer = client.post("/verify", data={"pasted": badge})
    assert "is now part of Newtown Library" in answer.text


def test_merged_organisation_is_no_home_for_new_badges_people_or_requests(
    bench: Bench, signed_in_client: PageClient
) -> None:
    add_new(bench, owned=True)
    signed_in_client.send(f"{PAGE}?into=newtown-library", name="Anytown Hospitals Library")
    assert "Whose badge is it?" not in signed_in_client.get("/admin/badges/new").text
    people = f"/admin/organisations/{ORGANISATION}/people"
    token = signed_in_client.page("/admin/badges/new").form("").values["csrf_token"]
    answer = signed_in_client.post(people, data={"csrf_token": token, "email": "kim@example.org", "roles": "awarder"})
    assert answer.status_code == 409
    assert "Invite them there" in answer.text
    asked = {"csrf_token": token, "subject": "organisation", "email": "kim@example.org", "endorser_name": "College"}
    answer = signed_in_client.post(f"/admin/organisations/{ORGANISATION}/endorsements", data=asked)
    assert answer.status_code == 409
    assert "Ask from there" in answer.text
