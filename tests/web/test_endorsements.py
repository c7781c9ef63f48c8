"""The page of an endorsement, and endorsements on the page of a badge."""

from __future__ import annotations

from badges.services.endorsements import EndorsementRequest, endorse, withdraw_endorsement
from badges.storage.records import EndorsementRecord
from badges.vocab.endorsement import EndorsedKind, WithdrawalReason
from tests.instances import ORGANISATION, Bench
from tests.web.browsing import PageClient


def test_page_says_who_stands_behind_what(bench: Bench, client: PageClient) -> None:
    record = bench.endorsement()
    page = client.page(f"/endorsements/{record.id}")
    assert "County-Library stands behind “Anytown Hospitals Library”" in page.text
    assert "<em>rely</em>" in client.get(f"/endorsements/{record.id}").text
    with bench.service.database.write() as session:
        withdraw_endorsement(session, bench.service.installation, record.id, WithdrawalReason.CHANGED)
    page = client.page(f"/endorsements/{record.id}")
    assert "no longer stands behind" in page.text
    assert "does not say this any more" in page.text


def test_machines_get_the_signed_document(bench: Bench, client: PageClient) -> None:
    record = bench.endorsement()
    for path in (f"/endorsements/{record.id}", f"/endorsements/{record.id}.json"):
        answer = client.get(path, headers={"Accept": "application/ld+json"})
        assert answer.data == bench.document("endorsement", endorsement_id=record.id).body


def test_class_and_badge_are_led_to(bench: Bench, client: PageClient) -> None:
    award = bench.award(name="Sam Jones")
    bench.add_organisation("county-library")
    targets = {EndorsedKind.CLASS: f"{ORGANISATION}/supporter", EndorsedKind.BADGE: str(award.id)}
    paths = {
        EndorsedKind.CLASS: f"/achievements/{ORGANISATION}/supporter/1",
        EndorsedKind.BADGE: f"/credentials/{award.id}",
    }
    for kind, target in targets.items():
        with bench.service.database.write() as session:
            request = EndorsementRequest(kind, target, "county-library", "Good.")
            record = endorse(session, bench.service.installation, request)
        page = client.page(f"/endorsements/{record.id}")
        assert paths[kind] in page.links
        assert "Supporter" in page.text


def test_badge_page_shows_who_else_stands_behind_it(bench: Bench, client: PageClient) -> None:
    record = bench.endorsement()
    award = bench.award(f"{ORGANISATION}/supporter")
    page = client.page(f"/credentials/{award.id}")
    assert "Who else stands behind it" in page.text
    assert f"/endorsements/{record.id}" in page.links
    with bench.service.database.write() as session:
        withdraw_endorsement(session, bench.service.installation, record.id, WithdrawalReason.CHANGED)
    bench.clock.advance(minutes=2)
    assert "Who else stands behind it" not in client.page(f"/credentials/{award.id}").text


def endorse_class(bench: Bench, by: str, comment: str) -> EndorsementRecord:
    with bench.service.database.write() as session:
        request = EndorsementRequest(EndorsedKind.CLASS, f"{ORGANISATION}/supporter", by, comment)
        return endorse(session, bench.service.installation, request)


def test_badge_page_says_what_each_is_about(bench: Bench, client: PageClient) -> None:
    bench.endorsement()
    endorse_class(bench, "county-library", "A *good* one.")
    award = bench.award(f"{ORGANISATION}/supporter")
    text = client.page(f"/credentials/{award.id}").text
    assert text.count("About the organisation that awards it") == 1
    assert text.count("About this kind of badge") == 1
    assert "About this very badge" not in text


def test_pages_of_classes_and_organisations_show_who_stands_behind_them(bench: Bench, client: PageClient) -> None:
    said = {
        f"/organisations/{ORGANISATION}": bench.endorsement(),
        f"/achievements/{ORGANISATION}/supporter/1": endorse_class(bench, "county-library", "We *rely* on it."),
    }
    for path, record in said.items():
        page = client.page(path)
        assert f"/endorsements/{record.id}" in page.links
        assert f"/endorsements/{list(said.values())[path.startswith('/org')].id}" not in page.links
        assert "County-Library" in page.text
        assert "<em>rely</em>" in client.get(path).text
    for path, record in said.items():
        with bench.service.database.write() as session:
            withdraw_endorsement(session, bench.service.installation, record.id, WithdrawalReason.CHANGED)
        assert "Who else stands behind it" not in client.page(path).text


def test_an_endorsement_that_cannot_be_confirmed_is_not_shown(bench: Bench, client: PageClient) -> None:
    record = bench.endorsement()
    with bench.service.database.write() as session:
        session.merge(record).content = record.content.replace("rely", "doubt")
    assert "Who else stands behind it" not in client.page(f"/organisations/{ORGANISATION}").text
    assert "Not valid" in client.page(f"/endorsements/{record.id}").text


def test_endorsement_page_says_whether_it_stands_and_leads_to_the_check(bench: Bench, client: PageClient) -> None:
    record = bench.endorsement()
    page = client.page(f"/endorsements/{record.id}")
    assert "Valid" in page.text
    check = next(link for link in page.links if link.startswith("/verify?url="))
    answer = client.page(check).text
    assert "This is an endorsement, not a badge." in answer
    assert "Valid" in answer
    with bench.service.database.write() as session:
        withdraw_endorsement(session, bench.service.installation, record.id, WithdrawalReason.CHANGED)
    html = client.get(f"/endorsements/{record.id}").text
    assert "am-state--withdrawn" in html
    title = html.partition("<title>")[2].partition("</title>")[0]
    assert "no longer stands behind" in title
