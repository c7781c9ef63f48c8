"""Verifying anybody's badge in the browser."""

from __future__ import annotations

import html
import io
import json
import logging
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from badges.services.endorsement_values import name_of_ours
from badges.services.endorsements import EndorsementRequest, endorse
from badges.standards.fetching import FetchedDocument, FetchError, FetchProblem
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import CredentialForm
from badges.vocab.endorsement import EndorsedKind
from badges.vocab.json import JsonObject
from badges.web.app import UPLOAD_LIMIT_BYTES
from tests.instances import BASE_URL, ORGANISATION, Bench, text_of
from tests.standards.baking.pictures import PNG
from tests.verifying import test_kinds as kinds
from tests.verifying.making import FreshSigner, Library, World, credential, sign
from tests.verifying.test_endorsements import ENDORSER, endorsed, endorsement
from tests.web.browsing import Page, PageClient
from tests.web.test_sign_in import assert_error_beside

VECTORS = Path(__file__).parents[1] / "vectors" / "data"


@pytest.fixture
def library(bench: Bench) -> Library:
    """An issuer elsewhere, whose documents the service can see."""
    library = Library()
    object.__setattr__(bench.service, "web_fetcher", library.world)
    return library


def hand_in(
    client: PageClient, pasted: str = "", file: bytes | None = None, name: str = "badge.png", email: str = ""
) -> TestResponse:
    """Send the form, as it is on the page."""
    form = client.page("/verify").form("/verify")
    assert "pasted" in form.names
    data: dict[str, object] = {**form.values, "pasted": pasted, "email": email}
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

    def test_names_are_cut_in_headings_and_whole_in_the_report(self, client: PageClient, library: Library) -> None:
        issuer = {**credential()["issuer"], "name": "Issuer " * 70}
        response = hand_in(client, json.dumps(library.embedded(name="Badge " * 70, issuer=issuer)))
        assert heading(response).startswith("Valid. Issuer Issuer")
        assert len(heading(response)) < 400
        shown, _, report = response.text.partition("<pre")
        assert "Badge " * 30 not in shown
        assert "Badge " * 69 in report
        assert "Issuer " * 69 in report

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
            ("hello there", "This is not a badge. We found neither a badge nor a link in it."),
            ("{}", "This is not a badge."),
            ("https://example.org/badge", "Not certain"),
            ("http://127.0.0.1:22/", "Not"),
            ("[" * 100_000, "Not valid. There is no badge here that we can read."),
            ('["http', "Not valid. This badge is damaged"),
            ("\x00\x01", "This is not a badge."),
            ("www.example.org/badge", "Not certain"),
            ("It is at www.example.org/badge.", "Not certain"),
        ],
    )
    def test_anything_gets_an_answer(self, client: PageClient, pasted: str, starts: str) -> None:
        response = hand_in(client, pasted)
        assert response.status_code == 200
        assert heading(response).startswith(starts)

    def test_picture_without_a_badge_is_called_that(self, client: PageClient) -> None:
        page = hand_in(client, file=PNG)
        assert heading(page).startswith("This is not a badge. There is none in this picture")

    @pytest.mark.parametrize("form", CredentialForm)
    def test_cut_off_text_is_called_damaged(self, bench: Bench, client: PageClient, form: CredentialForm) -> None:
        """The links in it are those of the badge's own documents: it would be silly to ask which one is the badge."""
        text = bench.form(bench.award(), form)
        cut = text[: text.rindex(".") - 9 if text.startswith("ey") else len(text) // 2]
        cut = cut.replace(".", "") if text.startswith("ey") else cut
        for page in (hand_in(client, f" {cut}\n"), hand_in(client, file=cut.encode())):
            assert heading(page).endswith("This badge is damaged: its text was cut off or changed on the way.")


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

    def test_two_files_are_too_many(self, client: PageClient) -> None:
        files = MultiDict([("file", (io.BytesIO(data), "badge.png")) for data in (b"one", b"two")])
        response = client.post("/verify", data=files, content_type="multipart/form-data")
        assert response.status_code == 400
        assert_error_beside(response.text, "file", "two badges")

    def test_empty_file_is_said(self, client: PageClient) -> None:
        response = hand_in(client, file=b"")
        assert response.status_code == 400
        assert_error_beside(response.text, "file", "empty")

    def test_several_links_are_asked_about(self, bench: Bench, client: PageClient) -> None:
        ours = f"{BASE_URL}/credentials/{bench.award().id}"
        response = hand_in(client, f"Is it https://a.example/1 or {ours}?", email="sam@example.org")
        assert heading(response) == "Which one is the badge?"
        form = Page(response.text).form("/verify")
        assert form.values == {"pasted": "https://a.example/1", "email": "sam@example.org"}
        answer = client.post("/verify", data={**form.values, "pasted": ours})
        assert heading(answer).startswith("Valid")

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

    def test_our_organisation_s_page_is_called_what_it_is(self, client: PageClient) -> None:
        response = hand_in(client, f"{BASE_URL}/organisations/{ORGANISATION}")
        assert heading(response).startswith("Not a badge. This describes who awards badges.")

    def test_a_presentation_says_which_badges_it_shows(self, bench: Bench, client: PageClient) -> None:
        badge = json.loads(bench.form(bench.award(), CredentialForm.OB3))
        shown = {"@context": badge["@context"][:1], "type": "VerifiablePresentation", "verifiableCredential": [badge]}
        response = hand_in(client, json.dumps(shown))
        assert heading(response).startswith("Valid. Anytown Hospitals Library awarded “")
        assert "Awarded by Anytown Hospitals Library." in Page(response.text).text
        shown["verifiableCredential"] = [badge, badge]
        assert heading(hand_in(client, json.dumps(shown))) == "Valid. Badges that it shows: 2, all valid."

    def test_a_record_says_what_it_holds(self, client: PageClient, library: Library) -> None:
        document = sign(kinds.record(library.embedded()), library.ed25519, library.method)
        response = hand_in(client, json.dumps(document))
        made = "Valid. Anytown Hospitals Library made the record “What Sam learned”."
        assert heading(response) == f"{made} Badges in it: 1, all valid."
        assert "Awarded by Anytown Hospitals Library." in Page(response.text).text

    def test_an_endorsement_says_who_endorses_what(self, client: PageClient, library: Library) -> None:
        document = sign(kinds.endorsement(), library.ed25519, library.method)
        report = hand_in(client, json.dumps(document))
        assert heading(report) == "Valid. Anytown Hospitals Library made the endorsement “Endorsement”."
        assert kinds.BADGE_ID in Page(report.text).text
        assert "This is an endorsement, not a badge." in Page(report.text).text

    def test_an_endorsement_of_something_of_ours_names_it(self, bench: Bench, client: PageClient) -> None:
        award, record = bench.award(), bench.endorsement()
        made = bench.document("endorsement", endorsement_id=record.id).body.decode()
        assert heading(hand_in(client, made)) == "Valid. County-Library endorses “Anytown Hospitals Library”."
        with bench.service.database.write() as session:
            request = EndorsementRequest(EndorsedKind.BADGE, str(award.id), "county-library", "Good.")
            record = endorse(session, bench.service.installation, request)
        response = hand_in(client, f"{BASE_URL}/endorsements/{record.id}")
        assert heading(response) == "Valid. County-Library endorses “A Million Decisions Supporter”."
        assert f'href="{BASE_URL}/credentials/{award.id}"' in response.text

    @pytest.mark.parametrize(
        ("path", "name"),
        [
            ("/achievements/{slug}/supporter/1", "A Million Decisions Supporter"),
            ("/ob2/badge-classes/{slug}/supporter/1", "A Million Decisions Supporter"),
            ("/ob2/issuers/{slug}", "Anytown Hospitals Library"),
            ("/achievements/{slug}/supporter/99", ""),
            ("/achievements/{slug}/supporter/1.png", ""),
            ("/organisations/nobody", ""),
            ("/verify", ""),
            ("", ""),
        ],
    )
    def test_whatever_is_ours_has_its_name(self, bench: Bench, path: str, name: str) -> None:
        addresses = bench.service.installation.addresses
        with bench.service.database.read() as session:
            for base in (BASE_URL, "https://else.example"):
                found = name_of_ours(session, addresses, base + path.format(slug=ORGANISATION))
                assert found == (name if base == BASE_URL else "")

    def test_what_it_is_is_said_of_one_that_was_changed_too(self, bench: Bench, client: PageClient) -> None:
        bench.award()
        changed = client.get("/status/1").text.replace("/status/1#list", "/status/2#list")
        response = hand_in(client, changed)
        assert heading(response).startswith("Not valid.")
        assert "This is a list of withdrawn badges, not a badge." in Page(response.text).text

    def test_endorsements_inside_are_shown_one_by_one(self, client: PageClient) -> None:
        by_a_key = endorsement(did=f"did:key:{ENDORSER.multikey}")
        badge = endorsed(Library(), by_a_key, endorsement("urn:uuid:else", did=f"did:key:{ENDORSER.multikey}"))
        page = Page(hand_in(client, json.dumps(badge)).text).text
        assert "About this kind of badge" in page
        assert "About something else" in page
        assert "Says to be an endorsement by A college. Not confirmed: It is unchanged, but who signed it" in page
        assert "Says to be an endorsement by A college. Not confirmed: It endorses something else" in page


class TestWhatIsNotKnown:
    """A headline tells nothing as a fact that nobody vouches for."""

    NOT_KNOWN = "It is unchanged, but who signed it is not known. It was signed with a key that nobody vouches for."

    def by_a_key(self, name: str = "NHS England") -> JsonObject:
        signer = FreshSigner(KeyAlgorithm.EDDSA)
        did = f"did:key:{signer.multikey}"
        return sign(credential(issuer={"id": did, "type": ["Profile"], "name": name}), signer, f"{did}#{did[8:]}")

    def test_a_key_under_any_name_is_not_said_to_be_who_it_says(self, client: PageClient) -> None:
        response = hand_in(client, json.dumps(self.by_a_key()))
        assert heading(response) == f"Valid. {self.NOT_KNOWN}"
        page = Page(response.text).text
        assert "Says it is from NHS England" in page
        assert "Awarded by" not in page
        response = hand_in(client, json.dumps(self.by_a_key()), email="kim@example.org")
        assert heading(response).startswith("Another address. It was not awarded to the one that you gave.")
        assert "NHS England" not in heading(response)

    @pytest.mark.parametrize("name", ["record.json", "endorsement.json"])
    def test_a_record_or_an_endorsement_by_a_key_is_from_nobody_known(self, client: PageClient, name: str) -> None:
        response = hand_in(client, (VECTORS / "kinds" / name).read_text())
        assert heading(response) == f"Valid. {self.NOT_KNOWN}"

    def test_a_badge_by_a_key_inside_is_not_said_to_be_awarded(self, client: PageClient) -> None:
        page = Page(hand_in(client, (VECTORS / "kinds" / "record.json").read_text()).text).text
        assert "Says to be awarded by A library. It is unchanged, but who signed it is not known." in page

    @pytest.mark.parametrize("name", ["nothing-mandatory", "all-mandatory"])
    def test_a_partial_copy_is_not_said_to_count_still(self, bench: Bench, client: PageClient, name: str) -> None:
        world = World()
        issuer = (VECTORS / "embedded-proofs" / "issuer.json").read_text()
        world.put("https://college.example/.well-known/did.json", issuer)
        object.__setattr__(bench.service, "web_fetcher", world)
        copy = (VECTORS / "embedded-proofs" / f"ecdsa-sd-2023-{name}.json").read_text()
        said = heading(hand_in(client, copy))
        assert said == "Valid. What it shows is genuine. Whether it still counts cannot be seen from this copy."

    def test_a_badge_whose_issuer_was_not_seen_only_says_who_that_is(self, client: PageClient) -> None:
        page = Page(hand_in(client, json.dumps(Library().embedded())).text).text
        assert "Says it is from Anytown Hospitals Library" in page

    def test_a_forged_copy_does_not_lead_to_the_answer_about_the_genuine_one(
        self, bench: Bench, client: PageClient
    ) -> None:
        forged = bench.form(bench.award(), CredentialForm.OB3).replace("Supporter", "Champion")
        response = hand_in(client, forged)
        assert heading(response).startswith("Not valid.")
        assert not [link for link in Page(response.text).links if "/verify?url=" in link]


class TestEmail:
    def test_holder_s_address_is_confirmed(self, bench: Bench, client: PageClient) -> None:
        response = hand_in(client, bench.form(bench.award(email="sam@example.org")), email=" Sam@Example.org")
        assert heading(response).startswith("Valid.")
        assert "awarded to the e-mail address that you gave" in Page(response.text).text

    def test_other_address_does_not_make_the_badge_a_bad_one(self, bench: Bench, client: PageClient) -> None:
        response = hand_in(client, bench.form(bench.award(email="sam@example.org")), email="kim@example.org")
        assert heading(response).startswith("Another address. Anytown Hospitals Library awarded")
        assert "it still counts, but not to the e-mail address that you gave" in heading(response)

    def test_other_address_hides_no_other_fault(self, bench: Bench, client: PageClient) -> None:
        award = bench.revoke(bench.award(email="sam@example.org"))
        assert heading(hand_in(client, bench.form(award), email="kim@example.org")).startswith("Withdrawn.")
        changed = bench.form(bench.award()).replace("Supporter", "Champion")
        assert heading(hand_in(client, changed, email="kim@example.org")).startswith("Not valid.")

    def test_address_is_in_no_answer_no_log_and_no_address(
        self, bench: Bench, client: PageClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        text = bench.form(bench.award(email="sam@example.org"))
        for email in ("sam@example.org", "kim@example.org"):
            response = hand_in(client, text, email=email)
            assert email not in response.text
            assert response.headers["Cache-Control"] == "no-store"
            assert email not in caplog.text
        assert [form.method for form in client.page("/verify").forms if "email" in form.names] == ["post"]

    def test_address_in_the_page_s_address_is_not_looked_at(self, bench: Bench, client: PageClient) -> None:
        url = f"{BASE_URL}/credentials/{bench.award().id}"
        assert "e-mail address that you gave" not in client.get(f"/verify?url={url}&email=sam@example.org").text

    def test_address_that_is_none_is_said_beside_the_field_and_kept_there(self, client: PageClient) -> None:
        response = hand_in(client, "some text", email="no address")
        assert response.status_code == 400
        assert response.headers["Cache-Control"] == "no-store"
        assert_error_beside(response.text, "email", "no address")
        assert Page(response.text).form("/verify").values == {"pasted": "some text", "email": "no address"}


class CountingFetcher:
    """A web that is empty and counts who asks."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        self.asked.append(url)
        raise FetchError("No.", problem=FetchProblem.UNREACHABLE)


class TestLinkToAnAnswer:
    """/verify?url=…: a GET asks no other server, whoever opens it."""

    @pytest.fixture
    def web(self, bench: Bench) -> CountingFetcher:
        web = CountingFetcher()
        object.__setattr__(bench.service, "web_fetcher", web)
        return web

    @pytest.mark.parametrize("ending", ["", ".json", ".jwt", ".png"])
    def test_of_our_badge_is_the_answer(
        self, bench: Bench, client: PageClient, web: CountingFetcher, ending: str
    ) -> None:
        url = f"{BASE_URL}/credentials/{bench.award().id}{ending}"
        response = client.get(f"/verify?url={url}")
        assert heading(response).startswith("Valid.")
        assert response.headers["Cache-Control"] == "no-store"
        assert 'content="noindex"' in response.text
        assert web.asked == []

    def test_of_our_address_without_a_badge_is_an_answer_too(self, client: PageClient, web: CountingFetcher) -> None:
        for path in ("/", "/verify?url=x", "/nothing", "/credentials/6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00"):
            response = client.get("/verify", query_string={"url": BASE_URL + path})
            assert "There is no such badge here." in heading(response)
        assert web.asked == []

    def test_of_somebody_else_s_is_a_button(self, client: PageClient, web: CountingFetcher) -> None:
        response = client.get("/verify?url=https://a.example/badge?x=1")
        assert heading(response) == "Check this badge"
        assert 'content="noindex"' in response.text
        assert "https://a.example/badge?x=1" in Page(response.text).text
        assert web.asked == []
        form = Page(response.text).form("/verify")
        assert heading(client.post(form.action, data=form.values)).startswith("Not certain.")
        assert web.asked[0] == "https://a.example/badge?x=1"

    @pytest.mark.parametrize("url", ["", "hello", "javascript:alert(1)", "ftp://a.example/", "https://a.example b"])
    def test_of_no_address_is_the_form(self, client: PageClient, web: CountingFetcher, url: str) -> None:
        response = client.get("/verify", query_string={"url": url})
        assert heading(response) == "Check a badge"
        assert "javascript:" not in response.text
        assert web.asked == []

    def test_is_given_with_the_answer(self, bench: Bench, client: PageClient) -> None:
        """For a badge that came as a link, and for ours however they came."""
        url = f"{BASE_URL}/credentials/{bench.award().id}"
        for pasted in (url, bench.form(bench.award(email="kim@example.org"))):
            links = Page(hand_in(client, pasted).text).links
            (link,) = [link for link in links if "/verify?url=" in link]
            assert heading(client.get(link.removeprefix(BASE_URL))).startswith("Valid.")

    @pytest.mark.parametrize("pasted", ["hello", "https://a.example/badge", f"{BASE_URL}/credentials/nope"])
    def test_is_not_given_where_no_badge_was_had(self, client: PageClient, pasted: str) -> None:
        assert not [link for link in Page(hand_in(client, pasted).text).links if "url=" in link]

    def test_may_be_handed_in_like_the_badge(self, bench: Bench, client: PageClient) -> None:
        url = f"{BASE_URL}/credentials/{bench.award().id}"
        (link,) = [link for link in Page(hand_in(client, url).text).links if "/verify?url=" in link]
        for pasted in (link, f"Look: {link}.", f"{BASE_URL}/verify?url={quote(link, safe='')}"):
            response = hand_in(client, pasted)
            assert heading(response).startswith("Valid.")
            assert link in Page(response.text).links

    def test_to_somebody_else_s_asks_there_only_when_it_is_posted(
        self, client: PageClient, web: CountingFetcher
    ) -> None:
        link = f"{BASE_URL}/verify?url=https://a.example/badge%3Fx%3D1"
        assert heading(client.get("/verify", query_string={"url": link})) == "Check this badge"
        assert web.asked == []
        hand_in(client, link)
        assert web.asked[0] == "https://a.example/badge?x=1"


class TestPrivateLinks:
    """Mails hold them, so people paste them."""

    @pytest.mark.parametrize(
        "template",
        [
            "{ours}/mine/{secret}",
            "{ours}/mine/{secret}/?from=mail#top",
            "{ours}/%6dine/{secret}",
            "Your badge is here: {ours}/mine/{secret} and we are at https://a.example/",
            "{ours}/verify?url={ours}/mine/{secret}",
        ],
    )
    def test_are_neither_opened_nor_repeated(
        self, bench: Bench, client: PageClient, caplog: pytest.LogCaptureFixture, template: str
    ) -> None:
        caplog.set_level(logging.DEBUG)
        bench.award()
        bench.deliver()
        (secret,) = re.findall(r"/mine/([\w-]+)", text_of(bench.mails()[0]))
        pasted = template.format(ours=BASE_URL, secret=secret)
        page = hand_in(client, pasted)
        assert "This is the holder's private link." in heading(page)
        assert "Ask for the address of the badge's page." in Page(page.text).text
        answer = client.post("/api/verify", json={"badge": pasted})
        assert json.loads(answer.text)["verdict"] == "invalid"
        for text in (page.text, answer.text, caplog.text):
            assert secret not in text

    def test_for_signing_in_are_not_repeated_either(self, client: PageClient) -> None:
        page = hand_in(client, f"{BASE_URL}/sign-in/abcdef")
        assert "This is a private link for signing in." in heading(page)
        assert "abcdef" not in page.text


class TestTrust:
    def test_answer_says_who_that_is(self, bench: Bench, client: PageClient) -> None:
        page = Page(hand_in(client, bench.form(bench.award())).text)
        assert "Anytown Hospitals Library has been part of the campaign since 1 December 2026." in page.text

    def test_what_is_no_badge_is_from_nobody(self, client: PageClient) -> None:
        assert "Who they are" not in Page(hand_in(client, "hello").text).text
