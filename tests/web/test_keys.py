"""The page of an organisation's keys: what is seen, and new keys made once."""

from __future__ import annotations

from badges.services.compromise import compromise_key
from badges.services.key_changes import use_key
from badges.services.organisations import find_organisation
from badges.services.signing_keys import list_owned_keys
from badges.storage.records import AuditLineRecord, KeyState, SigningKeyRecord
from badges.vocab.audit import Action, ActorKind
from tests.instances import ORGANISATION, Bench
from tests.kms import KmsServer
from tests.web.browsing import PageClient

KEYS = f"/admin/organisations/{ORGANISATION}/keys"
ROTATE = f"{KEYS}/rotate"


def owned(bench: Bench) -> list[SigningKeyRecord]:
    with bench.service.database.read() as session:
        return list(list_owned_keys(session, find_organisation(session, ORGANISATION)))


def test_page_says_what_each_key_is_for_and_where_it_is(
    bench: Bench, signed_in_client: PageClient, kms: KmsServer
) -> None:
    with bench.service.database.write() as session:
        owner = find_organisation(session, ORGANISATION)
        uri = f"aws-kms:{kms.new_key('ECC_NIST_P256')}"
        use_key(session, bench.service.installation, owner, uri)
        stolen = next(key for key in list_owned_keys(session, owner) if key.algorithm == "RS256")
        compromise_key(session, bench.service.installation, stolen.id, bench.clock.now)
    page = signed_in_client.page(KEYS)
    for key in owned(bench):
        assert key.id in page.text
    for words in ("AWS KMS", "On this service", "Signs no more; its badges stay valid", "Stolen; only badges that you"):
        assert words in page.text
    assert uri not in page.text, "the account's number is nobody's business here"
    assert page.text.index("Stolen;") > page.text.index("Badges as short tokens"), "those that sign come first"


def test_hub_leads_to_it(signed_in_client: PageClient) -> None:
    assert KEYS in signed_in_client.page(f"/admin/organisations/{ORGANISATION}").links
    assert ROTATE in signed_in_client.page(KEYS).links


def test_new_keys_are_made_and_old_badges_stay_valid(bench: Bench, signed_in_client: PageClient) -> None:
    badge = bench.form(bench.award())
    before = {key.id for key in owned(bench)}
    answer = signed_in_client.send(ROTATE, action="")
    assert (answer.status_code, answer.location) == (303, KEYS)
    assert "New keys sign from now on" in signed_in_client.page(KEYS).text
    assert {key.id for key in owned(bench) if key.state == KeyState.RETIRED} == before
    assert len([key for key in owned(bench) if key.state == KeyState.ACTIVE]) == 3
    assert bench.verify(badge).verdict == "valid"
    assert bench.verify(bench.form(bench.award(email="kim@example.org"))).verdict == "valid"
    with bench.service.database.read() as session:
        line = session.query(AuditLineRecord).filter_by(action=Action.KEY_RETIRED).first()
    assert line is not None
    assert line.actor == ActorKind.PERSON


def test_form_that_is_sent_twice_makes_them_once(bench: Bench, signed_in_client: PageClient) -> None:
    form = signed_in_client.page(ROTATE).form()
    assert signed_in_client.post(ROTATE, data=form.values).status_code == 303
    count = len(owned(bench))
    answer = signed_in_client.post(ROTATE, data=form.values)
    assert answer.status_code == 409
    assert "others than when you opened the page" in answer.text
    assert len(owned(bench)) == count


def test_empty_form_changes_nothing(bench: Bench, signed_in_client: PageClient) -> None:
    token = signed_in_client.page(ROTATE).form().values["csrf_token"]
    before = len(owned(bench))
    assert signed_in_client.post(ROTATE, data={"csrf_token": token}).status_code == 409
    assert signed_in_client.post(ROTATE, data={}).status_code == 400
    assert len(owned(bench)) == before


def test_key_that_signs_on_is_named_with_what_to_do(bench: Bench, signed_in_client: PageClient, kms: KmsServer) -> None:
    with bench.service.database.write() as session:
        owner = find_organisation(session, ORGANISATION)
        key = use_key(session, bench.service.installation, owner, f"aws-kms:{kms.new_key('ECC_NIST_P256')}")
    signed_in_client.send(ROTATE, action="")
    text = signed_in_client.page(KEYS).text
    assert f"The key {key.id} signs on." in text
    assert "badges keys use" in text
