"""Signing in as a person does: by link, by code, by password; and out again."""

from __future__ import annotations

import re

import pytest

from badges.services.signing_in import CODE_TRIES, LINK_LIFETIME_MINUTES
from badges.storage.records import OutboxMailRecord, SignInLinkRecord
from tests.instances import ADMIN, Bench, text_of
from tests.web.browsing import Page, PageClient, sign_in

PASSWORD = "tea lamp river seven"


def ask_for_link(bench: Bench, client: PageClient, email: str = ADMIN) -> tuple[str, str]:
    """Ask for a link, let the worker send it, and return the link's path and the code from the mail."""
    response = client.send("/sign-in", "/sign-in", button={"how": "link"}, email=email)
    assert (response.status_code, response.location) == (303, "/sign-in/code")
    bench.deliver()
    text = text_of(bench.mails()[-1])
    link = re.search(r"http://localhost:8000(/sign-in/\S+)", text)
    code = re.search(r"\b(\d{6})\b", text)
    assert link is not None
    assert code is not None
    return link.group(1), code.group(1)


def is_signed_in(client: PageClient) -> bool:
    return client.get("/admin").status_code == 200


class TestByLink:
    def test_link_of_the_mail_signs_in_with_one_press_and_once(self, bench: Bench, client: PageClient) -> None:
        link, _ = ask_for_link(bench, client)
        assert not is_signed_in(client)
        response = client.send(link, link)
        assert (response.status_code, response.location) == (303, "/admin")
        assert is_signed_in(client)
        stranger = PageClient(client.application)
        assert stranger.get(link).status_code == 410

    def test_opening_the_link_signs_nobody_in(self, bench: Bench, client: PageClient) -> None:
        """Mail scanners open links, by GET and by HEAD."""
        link, _ = ask_for_link(bench, client)
        before = bench.dump()
        for _ in range(3):
            assert ADMIN in client.page(link).text
            client.head(link)
        assert bench.dump() == before
        assert not is_signed_in(client)
        client.send(link, link)
        assert is_signed_in(client)

    def test_other_browser_is_told_to_type_the_code_where_it_was_asked_for(
        self, bench: Bench, client: PageClient
    ) -> None:
        link, code = ask_for_link(bench, client)
        other = PageClient(client.application)
        response = other.send(link, link)
        assert response.status_code == 403
        assert "another browser" in response.text
        assert not is_signed_in(other)
        client.send("/sign-in/code", "/sign-in/code", code=code)
        assert is_signed_in(client)

    def test_link_runs_out(self, bench: Bench, client: PageClient) -> None:
        link, _ = ask_for_link(bench, client)
        bench.clock.advance(minutes=LINK_LIFETIME_MINUTES)
        response = client.get(link)
        assert response.status_code == 410
        assert "run out" in response.text

    def test_page_that_was_wanted_is_opened_afterwards(self, bench: Bench, client: PageClient) -> None:
        wanted = client.get("/admin/awards?q=sam").location
        client.send(wanted, "/sign-in", button={"how": "link"}, email=ADMIN)
        bench.deliver()
        link = re.search(r"http://localhost:8000(/sign-in/\S+)", text_of(bench.mails()[-1]))
        assert link is not None
        assert client.send(link.group(1), link.group(1)).location == "/admin/awards?q=sam"

    def test_new_session_has_nothing_of_the_old_one(self, bench: Bench, client: PageClient) -> None:
        """Source: OWASP, session fixation."""
        link, _ = ask_for_link(bench, client)
        before = client.get_cookie("badges")
        client.send(link, link)
        after = client.get_cookie("badges")
        assert before is not None
        assert after is not None
        assert before.value != after.value
        with client.session_transaction(base_url="http://localhost:8000") as session:
            assert "sign_in_mark" not in session
            assert "sign_in_pending" not in session


class TestByCode:
    def test_code_of_the_mail_signs_in(self, bench: Bench, client: PageClient) -> None:
        _, code = ask_for_link(bench, client)
        response = client.send("/sign-in/code", "/sign-in/code", code=f"{code[:3]} {code[3:]}")
        assert (response.status_code, response.location) == (303, "/admin")
        assert is_signed_in(client)

    def test_wrong_ones_are_said_beside_the_field_and_counted(self, bench: Bench, client: PageClient) -> None:
        _, code = ask_for_link(bench, client)
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        for _ in range(CODE_TRIES):
            response = client.send("/sign-in/code", "/sign-in/code", code=wrong)
            assert response.status_code == 400
            assert_error_beside(response.text, "code", "not the code")
        response = client.send("/sign-in/code", "/sign-in/code", code=code)
        assert response.status_code == 400
        assert_error_beside(response.text, "code", "run out")
        assert not is_signed_in(client)

    @pytest.mark.parametrize("code", ["", "²²²²²²", "x" * 1000, "\x00"])
    def test_odd_ones_are_wrong(self, bench: Bench, client: PageClient, code: str) -> None:
        ask_for_link(bench, client)
        assert client.send("/sign-in/code", "/sign-in/code", code=code).status_code == 400

    def test_page_is_for_who_asked(self, client: PageClient) -> None:
        response = client.get("/sign-in/code")
        assert (response.status_code, response.location) == (303, "/sign-in")


def test_asking_tells_nobody_who_has_an_account(bench: Bench, client: PageClient) -> None:
    nobody = PageClient(client.application)
    response = nobody.send("/sign-in", "/sign-in", button={"how": "link"}, email="nobody@example.org")
    assert (response.status_code, response.location) == (303, "/sign-in/code")
    ask_for_link(bench, client)
    pages = [
        visitor.page("/sign-in/code").text.replace(email, "X")
        for visitor, email in ((client, ADMIN), (nobody, "nobody@example.org"))
    ]
    assert pages[0] == pages[1]
    assert nobody.send("/sign-in/code", "/sign-in/code", code="123456").status_code == 400
    assert bench.count(OutboxMailRecord) == 1
    assert bench.count(SignInLinkRecord) == 1


def assert_error_beside(html: str, name: str, words: str) -> None:
    """Fail unless the field is described by an error that says this, and the summary above leads to it."""
    field = re.search(rf'<(?:input|textarea)[^>]* id="{name}"[^>]*>|<fieldset[^>]*aria-describedby="{name}[^>]*>', html)
    assert field is not None, f"no field {name}"
    described = re.search(r'aria-describedby="([^"]+)"', field.group(0))
    assert described is not None, f"{name} has no error"
    said = " ".join(
        found.group(1) for identifier in described.group(1).split()
        if (found := re.search(rf'id="{identifier}"[^>]*>(.*?)</(?:span|div|p)>\s', html, re.DOTALL))
    )  # fmt: skip
    assert words in re.sub(r"<[^>]+>", "", said), said
    page = Page(html)
    assert page.title.startswith("Error:")
    assert f"#{name}" in page.links


class TestByPassword:
    @pytest.fixture
    def with_password(self, bench: Bench, client: PageClient) -> PageClient:
        """A browser that nobody is signed in with, of an account that has a password."""
        other = sign_in(PageClient(client.application), bench.service)
        response = other.send("/admin/account/password", "", new_password=PASSWORD)
        assert response.status_code == 303
        return client

    def test_signs_in(self, with_password: PageClient) -> None:
        response = with_password.send("/sign-in", "/sign-in", {"how": "password"}, email=ADMIN, password=PASSWORD)
        assert (response.status_code, response.location) == (303, "/admin")
        assert is_signed_in(with_password)

    @pytest.mark.parametrize(
        ("email", "password", "status", "field", "words"),
        [
            (ADMIN, "wrong", 403, "password", "not right"),
            ("nobody@example.org", PASSWORD, 403, "password", "not right"),
            (ADMIN, "", 400, "password", "Type your password"),
            ("nobody", PASSWORD, 400, "email", "no e-mail address"),
            ("", "", 400, "email", "no e-mail address"),
        ],
    )
    def test_error_is_beside_its_field_and_the_address_is_kept(
        self, with_password: PageClient, email: str, password: str, status: int, field: str, words: str
    ) -> None:
        response = with_password.send("/sign-in", "/sign-in", {"how": "password"}, email=email, password=password)
        assert response.status_code == status
        assert_error_beside(response.text, field, words)
        values = Page(response.text).form("/sign-in").values
        assert values["email"] == email
        assert values["password"] == ""
        assert not is_signed_in(with_password)

    def test_changing_it_asks_for_the_old_one_and_ends_other_sessions(
        self, bench: Bench, with_password: PageClient
    ) -> None:
        with_password.send("/sign-in", "/sign-in", {"how": "password"}, email=ADMIN, password=PASSWORD)
        other = sign_in(PageClient(with_password.application), bench.service)
        wrong = with_password.send("/admin/account/password", "", current_password="wrong", new_password=PASSWORD + "!")
        assert wrong.status_code == 400
        assert_error_beside(wrong.text, "current_password", "not the password")
        assert is_signed_in(other)
        right = with_password.send(
            "/admin/account/password", "", current_password=PASSWORD, new_password=PASSWORD + "!"
        )
        assert right.status_code == 303
        assert is_signed_in(with_password)
        assert not is_signed_in(other)

    def test_weak_one_is_refused_beside_its_field(self, signed_in_client: PageClient) -> None:
        response = signed_in_client.send("/admin/account/password", "", new_password="short")
        assert response.status_code == 400
        assert_error_beside(response.text, "new_password", "at least 12")


def test_signing_out_ends_the_session(signed_in_client: PageClient) -> None:
    response = signed_in_client.send("/admin", "/sign-out")
    assert (response.status_code, response.location) == (303, "/")
    assert not is_signed_in(signed_in_client)


def test_signed_in_person_is_led_on(signed_in_client: PageClient) -> None:
    assert signed_in_client.get("/sign-in").location == "/admin"
