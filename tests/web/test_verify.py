"""Verifying anybody's badge in the browser."""

from __future__ import annotations

import html
import io
import json

import pytest
from werkzeug.test import TestResponse

from badges.storage.records import CredentialForm
from badges.web.app import UPLOAD_LIMIT_BYTES
from tests.instances import BASE_URL, Bench
from tests.verifying.making import Library
from tests.verifying.test_endorsements import ACHIEVEMENT, endorsed, endorsement
from tests.web.browsing import Page, PageClient
from tests.web.test_sign_in import assert_error_beside


def hand_in(client: PageClient, pasted: str = "", file: bytes | None = None, name: str = "badge.png") -> TestResponse:
    """Send the form, as it is on the page."""
    form = client.page("/verify").form("/verify")
    assert "pasted" in form.names
    data: dict[str, object] = {**form.values, "pasted": pasted}
    if file is not None:
        data["file"] = (io.BytesIO(file), name)
    return client.post("/verify", data=data, content_type="multipart/form-data")


def heading(response: TestResponse) -> str:
    (found,) = [said for level, said in Page(response.text).headings if level == 1]
    return " ".join(found.split())


class TestOurs:
    @pytest.mark.parametrize("form", CredentialForm)
    def test_pasted_text_is_valid(self, bench: Bench, client: PageClient, form: CredentialForm) -> None:
        response = hand_in(client, bench.form(bench.award(), form))
        assert response.status_code == 200
        assert heading(response).startswith("Valid. Anytown Hospitals Library awarded “A Million Decisions Supporter”")
        assert response.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("ending", ["png", "svg", "json", "jwt"])
    def test_file_is_valid(self, bench: Bench, client: PageClient, ending: str) -> None:
        content = client.get(f"/credentials/{bench.award().id}.{ending}").data
        assert heading(hand_in(client, file=content, name=f"badge.{ending}")).startswith("Valid")

    @pytest.mark.parametrize("ending", ["", ".json", ".png"])
    def test_link_is_valid(self, bench: Bench, client: PageClient, ending: str) -> None:
        response = hand_in(client, f" {BASE_URL}/credentials/{bench.award().id}{ending}\n")
        assert heading(response).startswith("Valid")

    def test_withdrawn_one_is_said_to_be(self, bench: Bench, client: PageClient) -> None:
        award = bench.revoke(bench.award())
        assert heading(hand_in(client, bench.form(award))).startswith("Withdrawn")

    def test_one_changed_word_is_noticed(self, bench: Bench, client: PageClient) -> None:
        changed = bench.form(bench.award()).replace("Supporter", "Champion")
        assert heading(hand_in(client, changed)).startswith("Not valid")

    def test_whole_report_is_there_for_those_who_want_it(self, bench: Bench, client: PageClient) -> None:
        page = Page(hand_in(client, bench.form(bench.award())).text)
        assert '"verdict": "valid"' in page.text


class TestOthers:
    def test_badge_of_somebody_whose_documents_cannot_be_had_is_not_certain(
        self, client: PageClient, bench: Bench
    ) -> None:
        """The web of these tests is empty."""
        elsewhere = json.loads(bench.form(bench.award()).replace("localhost%3A8000", "badges.example.org"))
        response = hand_in(client, json.dumps(elsewhere))
        assert heading(response).startswith(("Not certain", "Not valid"))
        assert "Valid." not in heading(response)

    def test_what_a_badge_says_is_shown_as_text(self, client: PageClient) -> None:
        hostile = {
            "@context": "https://w3id.org/openbadges/v2",
            "type": "Assertion",
            "id": "javascript:alert(1)",
            "badge": {"name": "<script>alert(1)</script>", "criteria": {"narrative": "[x](javascript:alert(1))"}},
        }
        text = hand_in(client, json.dumps(hostile)).text
        assert "<script>alert" not in text
        assert 'href="javascript:' not in text

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01"])
    def test_first_and_last_days_there_are_get_an_answer(self, bench: Bench, client: PageClient, moment: str) -> None:
        badge = json.loads(bench.form(bench.award())) | {"validFrom": moment, "validUntil": moment}
        assert hand_in(client, json.dumps(badge)).status_code == 200

    @pytest.mark.parametrize(
        ("pasted", "starts"),
        [
            ("hello", "Not valid"),
            ("{}", "Not valid"),
            ("https://example.org/badge", "Not certain"),
            ("http://127.0.0.1:22/", "Not"),
            ("[" * 100_000, "Not valid"),
            ("\x00\x01", "Not valid"),
        ],
    )
    def test_anything_gets_an_answer(self, client: PageClient, pasted: str, starts: str) -> None:
        response = hand_in(client, pasted)
        assert response.status_code == 200
        assert heading(response).startswith(starts)


class TestForm:
    def test_nothing_is_said_beside_the_field(self, client: PageClient) -> None:
        response = hand_in(client)
        assert response.status_code == 400
        assert_error_beside(response.text, "pasted", "Choose a file, or paste")

    def test_two_things_at_once_are_too_many_and_the_text_is_kept(self, client: PageClient) -> None:
        response = hand_in(client, "some text", b"some file")
        assert response.status_code == 400
        assert_error_beside(response.text, "pasted", "one at a time")
        assert Page(response.text).form("/verify").values["pasted"] == "some text"

    def test_empty_file_is_said(self, client: PageClient) -> None:
        response = hand_in(client, file=b"")
        assert response.status_code == 400
        assert_error_beside(response.text, "file", "empty")

    def test_link_in_the_address_is_filled_in_and_not_asked(self, bench: Bench, client: PageClient) -> None:
        page = client.page(f"/verify?link={BASE_URL}/credentials/x")
        assert page.form("/verify").values["pasted"] == f"{BASE_URL}/credentials/x"

    def test_too_large_file_is_refused_with_a_page(self, client: PageClient) -> None:
        response = hand_in(client, file=b"x" * (UPLOAD_LIMIT_BYTES + 1))
        assert response.status_code == 413
        assert "too large" in heading(response)

    def test_keeps_nothing(self, bench: Bench, client: PageClient) -> None:
        text = bench.form(bench.award())
        before = bench.dump()
        hand_in(client, text)
        hand_in(client, file=b"x" * 1000)
        assert bench.dump() == before


class TestNoBadge:
    def test_a_status_list_is_named(self, bench: Bench, client: PageClient) -> None:
        bench.award()
        response = hand_in(client, f"{BASE_URL}/status/1")
        assert heading(response) == "Not a badge. This is a list of withdrawn badges, not a badge."
        assert '"verdict": "not-a-badge"' in html.unescape(response.text)

    def test_an_endorsement_says_who_endorses_what(self, client: PageClient) -> None:
        report = hand_in(client, json.dumps(endorsement()))
        assert heading(report) == f"Valid. A college endorses {ACHIEVEMENT}. This is no badge."

    def test_endorsements_inside_are_shown_one_by_one(self, client: PageClient) -> None:
        badge = endorsed(Library(), endorsement(), endorsement("urn:uuid:else"))
        page = Page(hand_in(client, json.dumps(badge)).text).text
        assert "Endorsed by A college, and confirmed." in page
        assert "Says to be an endorsement by A college. Not confirmed: It endorses something else" in page
