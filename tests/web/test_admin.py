"""The pages of those who award: award one after the other, find awards, send mails again, withdraw."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from badges.storage.queries import award_search
from badges.storage.records import AwardRecord, OutboxMailRecord
from badges.vocab.status import REVOCATION_WORDING
from tests.instances import ORGANISATION, Bench
from tests.web.browsing import Page, PageClient, open_app, sign_in
from tests.web.test_sign_in import assert_error_beside

AWARD = f"/admin/award/{ORGANISATION}/supporter"


class TestAwarding:
    def test_awards_and_shows_the_next_empty_row(self, bench: Bench, signed_in_client: PageClient) -> None:
        response = signed_in_client.send(AWARD, AWARD, email="sam@example.org", name="Sam Jones")
        assert (response.status_code, response.location) == (303, AWARD)
        page = signed_in_client.page(AWARD)
        assert "Sam Jones" in page.text
        assert "Next one" in page.text
        values = page.form(AWARD).values
        assert values["email"] == values["name"] == values["narrative"] == values["evidence_url"] == ""
        signed_in_client.send(AWARD, AWARD, email="kim@example.org")
        assert bench.count(AwardRecord) == 2
        assert "Sam Jones" in signed_in_client.page(AWARD).text

    def test_award_is_the_viewer_s_and_its_mail_is_queued(self, bench: Bench, signed_in_client: PageClient) -> None:
        signed_in_client.send(
            AWARD, AWARD, email="sam@example.org", narrative="Led it", evidence_url="https://example.org/e"
        )
        with bench.service.database.read() as session:
            award = session.query(AwardRecord).one()
            mail = session.query(OutboxMailRecord).filter_by(award_id=award.id).one()
        assert award.awarded_by_id == 1
        assert award.evidence == [{"narrative": "Led it", "url": "https://example.org/e"}]
        assert mail.notice == "badge_awarded"

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("email", "", "Type the e-mail address"),
            ("email", "sam", "exactly one @"),
            ("email", "sam@localhost", "full name"),
            ("name", "a" * 121, "at most 120"),
            ("narrative", "a" * 2001, "at most 2000"),
            ("evidence_url", "javascript:alert(1)", "does not look right"),
        ],
    )
    def test_error_is_beside_its_field_and_everything_typed_is_kept(
        self, bench: Bench, signed_in_client: PageClient, field: str, value: str, words: str
    ) -> None:
        typed: dict[str, Any] = {
            "email": "sam@example.org",
            "name": "Sam",
            "narrative": "Led it",
            "evidence_url": "https://e.org/",
        }
        typed |= {field: value}
        before = bench.dump()
        response = signed_in_client.send(AWARD, AWARD, **typed)
        assert response.status_code == 400
        assert_error_beside(response.text, field, words)
        values = Page(response.text).form(AWARD).values
        assert {name: values[name] for name in typed} == typed
        assert bench.dump() == before

    def test_held_already_is_said_with_the_way_to_the_first_and_can_be_overridden(
        self, bench: Bench, signed_in_client: PageClient
    ) -> None:
        first = bench.award(email="sam@example.org")
        response = signed_in_client.send(AWARD, AWARD, email="SAM@example.org", name="Sam Jones")
        assert response.status_code == 409
        assert_error_beside(response.text, "email", "already")
        page = Page(response.text)
        assert f"/admin/awards/{first.id}" in page.links
        form = page.form(AWARD)
        assert form.values["email"] == "SAM@example.org"
        assert "again" in form.names
        again = signed_in_client.post(AWARD, data={**form.values, "again": "yes"})
        assert again.status_code == 303
        assert bench.count(AwardRecord) == 2

    def test_missing_key_is_said_and_nothing_is_half_written(self, bench: Bench, signed_in_client: PageClient) -> None:
        form = signed_in_client.page(AWARD).form(AWARD)
        for path in bench.folders.keys.glob("*.pem"):
            path.unlink()
        before = bench.dump()
        response = signed_in_client.post(AWARD, data={**form.values, "email": "sam@example.org"})
        assert response.status_code == 503
        assert "key" in Page(response.text).text
        assert bench.dump() == before

    def test_choosing_shows_every_class_those_awarded_last_first(
        self, bench: Bench, signed_in_client: PageClient
    ) -> None:
        bench.award("career-explorer")
        page = signed_in_client.page("/admin/award")
        classes = [link for link in page.links if link.startswith("/admin/award/")]
        assert len(set(classes)) == 14
        assert classes[0].endswith("/career-explorer")

    def test_name_that_is_html_is_text(self, signed_in_client: PageClient) -> None:
        signed_in_client.send(AWARD, AWARD, email="sam@example.org", name="<b>Sam</b>")
        assert "<b>Sam</b>" in signed_in_client.page(AWARD).text
        assert "<b>Sam</b>" not in signed_in_client.get("/admin/awards").text


class TestList:
    def test_finds_by_name_address_and_badge(self, bench: Bench, signed_in_client: PageClient) -> None:
        bench.award(email="sam@example.org", name="Sam Jones")
        bench.award("career-explorer", email="kim@example.org", name="Kim Smith")
        for words, found in (
            ("sam", "Sam Jones"),
            ("JONES", "Sam Jones"),
            ("kim@example", "Kim Smith"),
            ("Sam@Example.org", "Sam Jones"),
            ("explorer", "Kim Smith"),
            ("kim explorer", "Kim Smith"),
        ):
            text = signed_in_client.page(f"/admin/awards?q={words}").text
            assert found in text
            assert ("Sam Jones" in text) != ("Kim Smith" in text)

    @pytest.mark.parametrize("words", ["nobody", "%", "_", "!", "sam kim", "'; DROP TABLE award; --"])
    def test_odd_words_find_nothing(self, bench: Bench, signed_in_client: PageClient, words: str) -> None:
        bench.award(name="Sam Jones")
        response = signed_in_client.get("/admin/awards", query_string={"q": words})
        assert response.status_code == 200
        assert "Sam Jones" not in Page(response.text).text
        assert "Try the first letters" in Page(response.text).text

    def test_more_than_a_thousand_are_said_to_be_more(
        self, bench: Bench, signed_in_client: PageClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(award_search, "MOST_FOUND", 1)
        for number in range(2):
            bench.award(email=f"{number}@example.org", name=f"Person {number}")
        assert "More than 1 awards" in signed_in_client.page("/admin/awards?q=person").text
        assert "More than" not in signed_in_client.page("/admin/awards").text

    def test_characters_that_no_database_takes_are_left_out(self, either_bench: Bench) -> None:
        client = sign_in(PageClient(open_app(either_bench.service)), either_bench.service)
        either_bench.award(name="Sam Jones")
        response = client.get("/admin/awards", query_string={"q": "s\x00am \x1b"})
        assert response.status_code == 200
        assert "Sam Jones" in Page(response.text).text

    @pytest.mark.parametrize("page", ["0", "-1", "2", "x", "²", "999999999999", ""])
    def test_odd_pages_are_pages_that_there_are(self, bench: Bench, signed_in_client: PageClient, page: str) -> None:
        bench.award(name="Sam Jones")
        assert "Sam Jones" in signed_in_client.page(f"/admin/awards?page={page}").text

    def test_goes_on_on_the_next_page(self, bench: Bench, signed_in_client: PageClient) -> None:
        for number in range(31):
            bench.clock.advance(seconds=1)
            bench.award(email=f"{number}@example.org", name=f"Person {number:02}")
        first, second = (signed_in_client.page(f"/admin/awards?page={page}&q=person") for page in (1, 2))
        assert "Person 30" in first.text
        assert "Person 00" not in first.text
        assert "Person 00" in second.text
        assert "Person 30" not in second.text
        assert any("page=2" in link and "q=person" in link for link in first.links)

    def test_mails_that_were_not_delivered_are_found(self, bench: Bench, signed_in_client: PageClient) -> None:
        bench.award(email="good@example.org", name="Good")
        bad = bench.award(email="bad@example.org", name="Bad")
        with bench.service.database.write() as session:
            session.execute(
                update(OutboxMailRecord)
                .where(OutboxMailRecord.award_id == bad.id)
                .values(state="refused", problem="The mail server said 550.")
            )
        text = signed_in_client.page("/admin/awards?mail=failed").text
        assert "Bad" in text
        assert "Good" not in text
        assert "550" in signed_in_client.page(f"/admin/awards/{bad.id}").text


class TestDetail:
    def test_says_who_what_when_and_where_the_mail_is(self, bench: Bench, signed_in_client: PageClient) -> None:
        award = bench.award(name="Sam Jones", narrative="Led it", awarded_by_id=1)
        path = f"/admin/awards/{award.id}"
        text = signed_in_client.page(path).text
        for part in ("Sam Jones", "sam@example.org", "Supporter", "Led it", "librarian@example.org"):
            assert part in text
        before = signed_in_client.page(path).text
        bench.deliver()
        assert signed_in_client.page(path).text != before

    def test_mail_is_sent_again(self, bench: Bench, signed_in_client: PageClient) -> None:
        award = bench.award()
        bench.deliver()
        path = f"/admin/awards/{award.id}"
        response = signed_in_client.send(path, "/resend")
        assert (response.status_code, response.location) == (303, path)
        assert "on its way again" in signed_in_client.page(path).text
        assert "on its way again" not in signed_in_client.page(path).text
        bench.deliver()
        assert len(bench.mails()) == 2

    def test_mail_that_waits_already_is_not_queued_twice(self, bench: Bench, signed_in_client: PageClient) -> None:
        award = bench.award()
        token = signed_in_client.page("/admin/account/password").form().values["csrf_token"]
        response = signed_in_client.post(f"/admin/awards/{award.id}/resend", data={"csrf_token": token})
        assert response.status_code == 409
        assert bench.count(OutboxMailRecord) == 1

    def test_award_without_an_address_has_no_mail(self, bench: Bench, signed_in_client: PageClient) -> None:
        award = bench.award(email=None)
        page = signed_in_client.page(f"/admin/awards/{award.id}")
        assert not [form for form in page.forms if "resend" in form.action]


class TestWithdrawing:
    def test_reason_is_chosen_and_everybody_sees_it(
        self, bench: Bench, signed_in_client: PageClient, client: PageClient
    ) -> None:
        award = bench.award(name="Sam Jones")
        path = f"/admin/awards/{award.id}/withdraw"
        page = signed_in_client.page(path)
        for wording in REVOCATION_WORDING.values():
            assert str(wording) in page.text
        response = signed_in_client.send(path, "", reason="request", note="Rang on Monday")
        assert (response.status_code, response.location) == (303, f"/admin/awards/{award.id}")
        detail = signed_in_client.page(f"/admin/awards/{award.id}").text
        assert "Withdrawn" in detail
        assert "Rang on Monday" in detail
        public = client.page(f"/credentials/{award.id}").text
        assert str(REVOCATION_WORDING["request"]) in public  # type: ignore[index]
        assert "Rang on Monday" not in public

    @pytest.mark.parametrize(
        ("typed", "field", "words"),
        [
            ({"note": "kept"}, "reason", "Choose why"),
            ({"reason": "because", "note": "kept"}, "reason", "not in the list"),
            ({"reason": "mistake", "note": "a" * 2001}, "note", "at most 2000"),
        ],
    )
    def test_error_is_beside_its_field_and_the_note_is_kept(
        self, bench: Bench, signed_in_client: PageClient, typed: dict[str, Any], field: str, words: str
    ) -> None:
        award = bench.award()
        before = bench.dump()
        response = signed_in_client.send(f"/admin/awards/{award.id}/withdraw", "", **typed)
        assert response.status_code == 400
        assert_error_beside(response.text, field, words)
        assert Page(response.text).form().values["note"] == typed["note"]
        assert bench.dump() == before

    def test_second_time_leads_to_the_award(self, bench: Bench, signed_in_client: PageClient) -> None:
        award = bench.award()
        path = f"/admin/awards/{award.id}/withdraw"
        form = signed_in_client.page(path).form()
        bench.revoke(award)
        assert signed_in_client.get(path).location == f"/admin/awards/{award.id}"
        assert signed_in_client.post(path, data={**form.values, "reason": "mistake"}).status_code == 409


def test_dashboard_counts(bench: Bench, signed_in_client: PageClient) -> None:
    bench.award(email="before@example.org", name="Before")
    bench.clock.advance(days=40)
    bench.award(email="now@example.org", name="Now")
    bench.revoke(bench.award(email="gone@example.org", name="Gone"))
    sign_in(signed_in_client, bench.service)  # the session of forty days ago has run out
    page = signed_in_client.page("/admin")
    for name in ("Before", "Now", "Gone"):
        assert name in page.text


def test_class_shows_how_often_it_was_awarded(bench: Bench, signed_in_client: PageClient) -> None:
    bench.award(name="Sam Jones")
    bench.award("career-explorer", name="Kim Smith")
    page = signed_in_client.page(f"/admin/badges/{ORGANISATION}/supporter")
    assert "Sam Jones" in page.text
    assert "Kim Smith" not in page.text
