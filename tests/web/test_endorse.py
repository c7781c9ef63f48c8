"""The page of a request for an endorsement, and a mail scanner that opens its links and sends its forms."""

from __future__ import annotations

import re

import pytest

from tests.instances import Bench, text_of
from tests.web.browsing import PageClient, is_redirect

ADMIN_PAGE = "/admin/organisations/anytown-hospitals-library/endorsements"


@pytest.fixture
def link(bench: Bench, signed_in_client: PageClient) -> tuple[str, str]:
    """The path and the code of a request, from the mail."""
    answer = signed_in_client.send(
        ADMIN_PAGE,
        endorser_name="Society of Professionals",
        email="kim@professionals.example.org",
        subject="class/supporter",
    )
    assert is_redirect(answer)
    bench.deliver()
    mail = next(each for each in bench.mails() if each["To"] == "kim@professionals.example.org")
    path = re.search(r"http://localhost:8000(/endorse/\S+)", text_of(mail))
    code = re.search(r": (\d{6})\b", text_of(mail))
    assert path is not None
    assert code is not None
    return path.group(1), code.group(1)


def typed(code: str) -> dict[str, str]:
    return {"comment": "We rely on it.", "name": "Kim Lee", "role": "Head of Standards", "code": code}


def test_scanner_that_opens_links_and_sends_forms_does_no_harm(
    bench: Bench, client: PageClient, link: tuple[str, str]
) -> None:
    path, _ = link
    before = bench.dump()
    buttons = ("", "give", "draft", "signed", "decline", "withdraw", "nonsense")
    for _ in range(2):
        assert client.get(path).status_code == 200
        form = client.page(path).form("/endorse/")
        for do in buttons:
            for values in ({}, form.values):
                assert client.post(path, data={**values, "do": do}).status_code in (400, 409)
    assert {name: rows for name, rows in bench.dump().items() if name != "endorsement_request"} == {
        name: rows for name, rows in before.items() if name != "endorsement_request"
    }
    assert client.get(path).status_code == 200  # the link still works


def test_given_shown_and_withdrawn_without_an_account(bench: Bench, client: PageClient, link: tuple[str, str]) -> None:
    path, code = link
    answer = client.send(path, "/endorse/", {"do": "give"}, **typed(code))
    assert is_redirect(answer)
    page = client.get(path)
    assert "Thank you" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    shown = client.get("/achievements/anytown-hospitals-library/supporter/1", headers={"Accept": "text/html"}).text
    assert "Society of Professionals" in shown
    assert "Kim Lee, Head of Standards" in shown
    client.send(path, "/endorse/", {"do": "withdraw"}, code=code)
    assert "no longer stands behind" in client.get(path).text
    shown = client.get("/achievements/anytown-hospitals-library/supporter/1", headers={"Accept": "text/html"}).text
    assert "Society of Professionals" not in shown


def test_what_was_typed_stays_when_something_is_wrong(client: PageClient, link: tuple[str, str]) -> None:
    path, code = link
    answer = client.send(path, "/endorse/", {"do": "give"}, **{**typed(code), "role": ""})
    assert answer.status_code == 400
    assert "We rely on it." in answer.text
    wrong = "000000" if code != "000000" else "000001"
    answer = client.send(path, "/endorse/", {"do": "give"}, **typed(wrong))
    assert answer.status_code == 400
    assert "not the code" in answer.text


def test_text_to_sign_is_given_out_and_nothing_is_kept(bench: Bench, client: PageClient, link: tuple[str, str]) -> None:
    path, _ = link
    before = bench.dump()
    answer = client.send(
        path, "/endorse/", {"do": "draft"}, comment="We rely on it.", did="did:web:professionals.example.org"
    )
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["issuer"]["id"] == "did:web:professionals.example.org"
    assert answer.json["credentialSubject"]["endorsementComment"] == "We rely on it."
    assert "proof" not in answer.json
    assert bench.dump() == before


def test_declining_needs_the_code_and_tells_who_asked(bench: Bench, client: PageClient, link: tuple[str, str]) -> None:
    path, code = link
    assert client.send(path, "/endorse/", {"do": "decline"}, note="Not now.").status_code == 400
    assert client.send(path, "/endorse/", {"do": "decline"}, note="Not now.", code=code).status_code == 200
    assert client.get(path).status_code == 410
    bench.deliver()
    assert any("Not now." in text_of(mail) for mail in bench.mails())


def test_page_shows_the_answer_and_takes_a_request_back(
    bench: Bench, signed_in_client: PageClient, client: PageClient, link: tuple[str, str]
) -> None:
    page = signed_in_client.get(ADMIN_PAGE)
    assert "No answer yet" in page.text
    signed_in_client.send(ADMIN_PAGE, "/endorsements/", {"do": "back"})
    assert "Taken back" in signed_in_client.get(ADMIN_PAGE).text
    assert client.get(link[0]).status_code == 410


def test_requests_of_others_are_not_there(bench: Bench, signed_in_client: PageClient, link: tuple[str, str]) -> None:
    bench.add_organisation("county-library")
    number = re.search(r"/endorsements/([0-9a-f-]{36})", signed_in_client.get(ADMIN_PAGE).text)
    assert number is not None
    answer = signed_in_client.post(
        f"/admin/organisations/county-library/endorsements/{number.group(1)}",
        data={
            "do": "back",
            "csrf_token": signed_in_client.page(ADMIN_PAGE).form("/endorsements/").values["csrf_token"],
        },
    )
    assert answer.status_code == 404


def test_next_version_says_that_it_begins_without_endorsements(
    client: PageClient, signed_in_client: PageClient, link: tuple[str, str]
) -> None:
    path, code = link
    note = "/admin/badges/anytown-hospitals-library/supporter/note"
    assert "begins without them" not in signed_in_client.get(note).text
    client.send(path, "/endorse/", {"do": "give"}, **typed(code))
    assert "stand: Society of Professionals. The next version begins without them" in signed_in_client.get(note).text
