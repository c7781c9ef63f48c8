"""The badge's page: what anybody sees, what its holder decides, and whether it is somebody's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import update

from badges.addresses import PATHS
from badges.jobs.tasks import renew_status_lists
from badges.storage.records import AwardRecord, CredentialForm, CredentialTextRecord
from badges.vocab.award import Evidence
from badges.vocab.status import REVOCATION_WORDING, RevocationReason
from tests.instances import Bench, text_of
from tests.services.test_awards import set_validity
from tests.web.browsing import Page, PageClient
from tests.web.test_documents import get
from tests.web.test_routes import path_of
from tests.web.test_sign_in import assert_error_beside

NAME = "Quentin Zanzibar"


@pytest.fixture
def award(bench: Bench) -> AwardRecord:
    return bench.award(email="quentin@zanzibar.example", name=NAME, narrative="Led a search for the ward.")


@pytest.fixture
def mine(bench: Bench, award: AwardRecord) -> str:
    """The path of the holder's own link, from the mail."""
    bench.deliver()
    link = re.search(r"http://localhost:8000(/mine/\S+)", text_of(bench.mails()[-1]))
    assert link is not None
    return link.group(1)


def public(award: AwardRecord) -> str:
    return f"/credentials/{award.id}"


def save(client: PageClient, mine: str, **typed: Any) -> None:
    response = client.send(mine, "/mine/", **typed)
    assert response.status_code == 303, response.text
    assert response.location.startswith(mine)


class TestPublicPage:
    def test_answers_in_one_sentence_first(self, client: PageClient, award: AwardRecord) -> None:
        page = client.page(public(award))
        (heading,) = [said for level, said in page.headings if level == 1]
        assert " ".join(heading.split()).startswith("Valid")
        for part in ("Anytown Hospitals Library", "Supporter", "1 December 2026"):
            assert part in heading

    def test_says_the_checks_the_criteria_the_evidence_and_the_details(
        self, bench: Bench, client: PageClient, award: AwardRecord
    ) -> None:
        page = client.page(public(award))
        for part in ("Is it unchanged?", "Does it still stand?", "Led a search for the ward."):
            assert part in page.text
        for name in ("credential_json", "credential_jwt", "credential_png", "credential_svg", "ob2_assertion"):
            assert bench.service.installation.addresses.url(name, award_id=award.id) in client.get(public(award)).text

    def test_narratives_are_markdown_and_never_html(self, bench: Bench, client: PageClient) -> None:
        """Open Badges 3.0, "Evidence": narrative is Markdown."""
        text = "Did **it**. <script>alert(1)</script> [x](javascript:alert(1))"
        html = client.get(public(bench.award(evidence=(Evidence(text, ""),)))).text
        assert "<strong>it</strong>" in html
        assert "<script>alert" not in html
        assert 'href="javascript' not in html

    def test_shows_no_name_and_no_address_until_the_holder_wants_it(
        self, client: PageClient, award: AwardRecord
    ) -> None:
        text = client.get(public(award)).text.lower()
        assert "quentin" not in text
        assert "zanzibar" not in text

    def test_says_that_it_is_for_practice_in_a_trial(self, client: PageClient, award: AwardRecord) -> None:
        assert "practice" in client.page(public(award)).text

    @pytest.mark.parametrize("reason", RevocationReason)
    def test_withdrawn_badge_says_why_and_not_the_note(
        self, bench: Bench, client: PageClient, award: AwardRecord, reason: RevocationReason
    ) -> None:
        bench.revoke(award, reason, note="A private note")
        page = client.page(public(award))
        (heading,) = [said for level, said in page.headings if level == 1]
        assert heading.strip().startswith("Withdrawn")
        assert str(REVOCATION_WORDING[reason]) in page.text
        assert "A private note" not in page.text
        assert "Valid." not in page.text

    def test_expired_badge_says_so(self, bench: Bench, client: PageClient) -> None:
        set_validity(bench, 12)
        award = bench.award()
        bench.clock.advance(days=366)
        renew_status_lists(bench.service)
        page = client.page(public(award))
        (heading,) = [said for level, said in page.headings if level == 1]
        assert heading.strip().startswith("Expired")

    def test_badge_whose_bytes_were_changed_is_not_called_valid(
        self, bench: Bench, client: PageClient, award: AwardRecord
    ) -> None:
        """The page verifies what is stored; it does not believe its own table."""
        changed = bench.form(award).replace("Led a search", "Led the trust")
        with bench.service.database.write() as session:
            session.execute(update(CredentialTextRecord).values(content=changed))
        page = client.page(public(award))
        (heading,) = [said for level, said in page.headings if level == 1]
        assert heading.strip().startswith("Not valid")

    def test_what_was_typed_is_shown_as_text(self, bench: Bench, client: PageClient) -> None:
        hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&lt;"
        award = bench.award(email="x@example.org", name=hostile, narrative=hostile)
        mine = path_of(bench, PATHS["holder"], award)
        for path in (public(award), mine):
            html = client.get(path).text
            assert "<script>alert" not in html
            assert "<img src=x" not in html
        assert "<script>alert(1)</script>" in client.page(mine).text


class TestHolder:
    def test_link_of_the_mail_opens_the_badge_with_what_can_be_done(self, client: PageClient, mine: str) -> None:
        page = client.page(mine)
        for part in ("yours", "Save picture", "Show my name", "Only me"):
            assert part in page.text
        downloads = [link for link in page.links if link.endswith("?download")]
        assert len(downloads) == 3
        for link in downloads:
            assert client.get(link).headers["Content-Disposition"].startswith("attachment")

    def test_opening_it_changes_nothing(self, bench: Bench, client: PageClient, mine: str) -> None:
        before = bench.dump()
        for method in ("GET", "HEAD", "OPTIONS", "GET"):
            client.open(mine, method=method)
        assert bench.dump() == before

    def test_link_stays_valid(self, bench: Bench, client: PageClient, mine: str) -> None:
        bench.clock.advance(days=1000)
        assert client.get(mine).status_code == 200

    def test_sending_the_form_untouched_changes_nothing_that_others_see(
        self, bench: Bench, client: PageClient, award: AwardRecord, mine: str
    ) -> None:
        before = client.page(public(award)).text
        save(client, mine)
        assert client.page(public(award)).text == before

    @pytest.mark.parametrize(
        "typed", [{}, {"name": "Forged"}, {"show_name": "yes"}, {"page": ""}, {"page": "nonsense", "name": "Forged"}]
    )
    def test_form_that_says_nothing_about_the_page_changes_nothing(
        self, bench: Bench, client: PageClient, mine: str, typed: dict[str, str]
    ) -> None:
        """As a mail scanner would send it."""
        before = bench.dump()
        assert client.post(mine, data=typed).status_code == 400
        assert bench.dump() == before

    def test_name_is_shown_and_hidden_again(self, client: PageClient, award: AwardRecord, mine: str) -> None:
        save(client, mine, show_name="yes")
        assert NAME in client.page(public(award)).text
        form = client.page(mine).form("/mine/")
        assert form.values["show_name"] == "yes"
        response = client.post(mine, data={**form.values, "show_name": ""})
        assert response.status_code == 303
        assert NAME not in client.page(public(award)).text

    def test_holder_may_write_another_name(self, client: PageClient, award: AwardRecord, mine: str) -> None:
        save(client, mine, name="  Q.\n Zanzibar ", show_name="yes")
        assert "Q. Zanzibar" in client.page(public(award)).text
        assert NAME not in client.page(public(award)).text

    @pytest.mark.parametrize(("name", "words"), [("", "Type the name"), ("a" * 121, "at most 120")])
    def test_error_is_beside_the_field_and_what_was_typed_stays(
        self, bench: Bench, client: PageClient, award: AwardRecord, mine: str, name: str, words: str
    ) -> None:
        before = bench.dump()
        response = client.send(mine, "/mine/", name=name, show_name="yes", page="private")
        assert response.status_code == 400
        assert_error_beside(response.text, "name", words)
        values = Page(response.text).form("/mine/").values
        assert (values["name"], values["show_name"], values["page"]) == (name, "yes", "private")
        assert bench.dump() == before

    def test_name_never_gets_into_the_badge(
        self, bench: Bench, client: PageClient, award: AwardRecord, mine: str
    ) -> None:
        save(client, mine, show_name="yes")
        for form in CredentialForm:
            assert "anzibar" not in bench.form(award, form)
        for ending in ("json", "jwt", "png", "svg"):
            assert b"anzibar" not in client.get(f"{public(award)}.{ending}").data

    def test_link_is_on_no_page_that_others_see(self, client: PageClient, award: AwardRecord, mine: str) -> None:
        token = mine.rsplit("/", 1)[1]
        for path in ("/", public(award), f"{public(award)}.json"):
            assert token not in client.get(path).text


class TestPrivate:
    @pytest.fixture
    def private(self, client: PageClient, award: AwardRecord, mine: str) -> AwardRecord:
        """A badge whose name was shown, and whose page was then switched off."""
        save(client, mine, show_name="yes", page="private")
        return award

    def test_page_says_that_it_is_private_and_nothing_else(self, client: PageClient, private: AwardRecord) -> None:
        response = client.get(public(private))
        assert response.status_code == 200
        assert "private" in Page(response.text).title.lower()
        for part in ("Zanzibar", "Supporter", "Led a search", "Anytown Hospitals Library", ".png"):
            assert part not in response.text

    def test_signed_in_admin_sees_the_same_public_page(
        self, signed_in_client: PageClient, private: AwardRecord
    ) -> None:
        assert "Zanzibar" not in signed_in_client.get(public(private)).text

    def test_check_of_an_address_answers_nothing(self, client: PageClient, private: AwardRecord) -> None:
        """It would tell a stranger whose badge it is."""
        right = client.post(f"{public(private)}/check-email", data={"email": "quentin@zanzibar.example"})
        wrong = client.post(f"{public(private)}/check-email", data={"email": "kim@example.org"})
        assert Page(right.text).text == Page(wrong.text).text
        assert "Yes" not in Page(right.text).text

    def test_documents_that_verifiers_need_stay_and_hold_no_name(
        self, bench: Bench, client: PageClient, private: AwardRecord
    ) -> None:
        assert get(client, public(private)).data == bench.form(private).encode()
        for ending in ("json", "jwt", "png", "svg"):
            response = client.get(f"{public(private)}.{ending}")
            assert response.status_code == 200
            assert b"anzibar" not in response.data
        assert bench.verify(bench.form(private)).verdict == "valid"

    def test_holder_still_sees_it_and_can_switch_it_on(
        self, client: PageClient, private: AwardRecord, mine: str
    ) -> None:
        assert "Supporter" in client.page(mine).text
        assert client.page(mine).form("/mine/").values["page"] == "private"
        save(client, mine, page="public")
        assert NAME in client.page(public(private)).text


class TestCheckingAnAddress:
    @pytest.mark.parametrize("email", ["quentin@zanzibar.example", " QUENTIN@Zanzibar.example "])
    def test_right_one_is_confirmed(self, client: PageClient, award: AwardRecord, email: str) -> None:
        response = client.send(public(award), "check-email", email=email)
        assert "Yes. This badge was awarded to that address." in Page(response.text).text
        assert response.headers["Cache-Control"] == "no-store"

    def test_other_one_is_not(self, client: PageClient, award: AwardRecord) -> None:
        response = client.send(public(award), "check-email", email="kim@example.org")
        assert "No. This badge was not awarded to that address." in Page(response.text).text

    @pytest.mark.parametrize("email", ["", "quentin", "quentin@@zanzibar.example"])
    def test_what_is_no_address_is_said_beside_the_field(
        self, client: PageClient, award: AwardRecord, email: str
    ) -> None:
        response = client.send(public(award), "check-email", email=email)
        assert_error_beside(response.text, "email", "e-mail address")
        assert Page(response.text).form("check-email").values["email"] == email

    def test_keeps_nothing(self, bench: Bench, client: PageClient, award: AwardRecord) -> None:
        before = bench.dump()
        client.send(public(award), "check-email", email="kim@example.org")
        assert bench.dump() == before

    def test_badge_that_names_nobody_has_no_such_form(self, bench: Bench, client: PageClient) -> None:
        award = bench.award(email=None)
        assert not [form for form in client.page(public(award)).forms if "check-email" in form.action]
