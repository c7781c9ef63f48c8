"""What protects those who use the pages: headers, hosts, cookies, tokens of forms, limits."""

from __future__ import annotations

import logging
import re
from typing import Final

import pytest
from sqlalchemy import update

from badges.services.accounts import find_account
from badges.storage.records import AwardRecord
from badges.vocab.people import Permission
from badges.web.access import safe_next
from badges.web.limits import LIMITS
from badges.web.routes import ROUTES
from badges.web.tries import tries_file
from tests.instances import ADMIN, Bench
from tests.web.browsing import PageClient, open_app, sign_in
from tests.web.conftest import Standing
from tests.web.test_routes import path_of

SECURE: Final = "https://badges.example.org"


@pytest.fixture
def secure_client(bench: Bench) -> PageClient:
    """A browser at an installation in production."""
    service = bench.again(base_url=SECURE, mode="production")
    return PageClient(open_app(service))


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/verify", "/sign-in", "/nothing", "/admin"])
    def test_pages_load_nothing_from_elsewhere_and_are_in_no_frame(self, standing: Standing, path: str) -> None:
        headers = standing.client.get(path).headers
        policy = headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
            assert part in policy
        for weak in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*"):
            assert weak not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"]
        assert headers["Permissions-Policy"]
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"

    def test_pages_are_not_kept_by_shared_caches(self, bench: Bench, signed_in_client: PageClient) -> None:
        award = bench.award()
        for path in ("/", f"/credentials/{award.id}", "/admin", "/admin/awards"):
            assert signed_in_client.get(path).headers["Cache-Control"] in ("private, no-cache", "no-store")

    def test_pages_with_a_secret_in_their_address_tell_nobody(self, bench: Bench, client: PageClient) -> None:
        award = bench.award()
        for rule in ("/mine/<token>", "/sign-in/<token>"):
            headers = client.get(path_of(bench, rule, award)).headers
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Cache-Control"] == "no-store"

    def test_badge_s_picture_runs_nothing_when_opened(self, bench: Bench, client: PageClient) -> None:
        headers = client.get(f"/credentials/{bench.award().id}.svg").headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "sandbox" in headers["Content-Security-Policy"]
        assert "script-src" not in headers["Content-Security-Policy"]

    def test_static_files_are_kept_for_ever_under_an_address_with_their_digest(self, client: PageClient) -> None:
        address = next(link for link in re.findall(r'href="(/static/[^"]+\.css[^"]*)"', client.get("/").text))
        assert "?v=" in address
        assert "immutable" in client.get(address).headers["Cache-Control"]

    def test_transport_security_is_asked_for_on_https_only(self, client: PageClient, secure_client: PageClient) -> None:
        assert "Strict-Transport-Security" not in client.get("/").headers
        assert "max-age=" in secure_client.get("/", base_url=SECURE).headers["Strict-Transport-Security"]

    def test_server_does_not_say_what_it_is_made_of(self, client: PageClient) -> None:
        assert "X-Powered-By" not in client.get("/").headers


class TestHosts:
    @pytest.mark.parametrize("host", ["evil.example.org", "localhost.evil.example.org", "localhost:8000@evil.org", ""])
    def test_other_hosts_are_refused_plainly(self, standing: Standing, host: str) -> None:
        response = standing.client.get("/sign-in", headers={"Host": host})
        assert response.status_code == 400
        assert response.json is not None
        assert set(response.json) == {"type", "title", "status", "detail"}

    @pytest.mark.parametrize("host", ["localhost:8000", "localhost", "127.0.0.1:8000"])
    def test_this_machine_s_are_answered_in_a_trial(self, standing: Standing, host: str) -> None:
        assert standing.client.get("/", headers={"Host": host}).status_code == 200

    def test_only_the_public_one_and_those_allowed_are_answered_in_production(self, bench: Bench) -> None:
        service = bench.again(base_url=SECURE, mode="production", allowed_hosts="inner.example.org")
        client = PageClient(open_app(service))
        assert client.get("/", base_url=SECURE).status_code == 200
        assert client.get("/", base_url="https://inner.example.org").status_code == 200
        assert client.get("/", base_url="http://localhost:8000").status_code == 400

    def test_forwarded_host_counts_only_behind_a_proxy(self, bench: Bench, client: PageClient) -> None:
        forged = {"X-Forwarded-Host": "evil.example.org", "X-Forwarded-Proto": "https"}
        assert client.get("/", headers=forged).status_code == 200
        behind = PageClient(open_app(bench.again(trusted_proxies="1")))
        assert behind.get("/", headers=forged).status_code == 400

    def test_addresses_never_come_from_the_request(self, bench: Bench, client: PageClient) -> None:
        """Source: what is written into documents and mails is the base URL's."""
        award = bench.award()
        text = client.get(f"/credentials/{award.id}", headers={"Host": "127.0.0.1:9999"}).text
        assert f"http://localhost:8000/credentials/{award.id}" in text
        assert "127.0.0.1:9999" not in text


class TestCookies:
    def test_trial_s_cookie_is_for_this_site_and_no_script(self, bench: Bench, client: PageClient) -> None:
        cookie = self.session_cookie(sign_in(client, bench.service), "http://localhost:8000")
        assert cookie.startswith("badges=")
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain" not in cookie

    def test_production_s_cookie_is_bound_to_https_and_the_host(self, secure_client: PageClient) -> None:
        cookie = self.session_cookie(secure_client, SECURE)
        assert cookie.startswith("__Host-badges=")
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert part in cookie

    def session_cookie(self, client: PageClient, base_url: str) -> str:
        """Return the Set-Cookie of a page that begins a session: the one with a form."""
        client.delete_cookie("badges")
        (cookie,) = client.get("/sign-in", base_url=base_url).headers.getlist("Set-Cookie")
        return cookie

    def test_documents_and_home_set_none(self, bench: Bench, client: PageClient) -> None:
        award = bench.award()
        for path in ("/", f"/credentials/{award.id}.json", "/.well-known/jwks.json", "/nothing"):
            assert "Set-Cookie" not in client.get(path).headers

    def test_forged_one_is_nobody_s(self, client: PageClient) -> None:
        client.set_cookie("badges", "eyJhY2NvdW50IjoiMSJ9.aaaaaa.bbbbbb")
        assert client.get("/admin").status_code == 302


class TestTokensOfForms:
    GUARDED: Final = [route for route in ROUTES if route.guarded and "POST" in route.methods]

    @pytest.mark.parametrize("rule", [route.rule for route in GUARDED])
    @pytest.mark.parametrize("token", [None, "", "forged"])
    def test_form_without_ours_changes_nothing(self, standing: Standing, rule: str, token: str | None) -> None:
        bench = standing.bench
        path = path_of(bench, rule, standing.award)
        typed = {
            "email": "kim@example.org",
            "reason": "mistake",
            "how": "link",
            "new_password": "tea lamp river seven",
            "code": "123456",
        }
        before = bench.dump()
        response = standing.signed_in_client.post(path, data=typed | ({} if token is None else {"csrf_token": token}))
        assert response.status_code == 400
        assert "open for too long" in response.text
        assert bench.dump() == before

    def test_token_of_another_browser_is_none(self, bench: Bench, client: PageClient) -> None:
        other = sign_in(PageClient(client.application), bench.service)
        token = other.page("/admin/account/password").form().values["csrf_token"]
        victim = sign_in(client, bench.service)
        before = bench.dump()
        response = victim.post(
            "/admin/account/password", data={"csrf_token": token, "new_password": "tea lamp river seven"}
        )
        assert response.status_code == 400
        assert bench.dump() == before

    def test_forms_that_act_for_somebody_are_all_guarded(self) -> None:
        """Those for anybody act for nobody: the secret, where there is one, is in the address."""
        routes = [route for route in ROUTES if route.permission is not Permission.TEST_MODE]
        open_forms = {route.rule for route in routes if "POST" in route.methods and not route.guarded}
        assert open_forms == {
            "/verify",
            "/api/verify",
            "/api/v1/awards",
            "/credentials/<uuid:award_id>/check-email",
            "/endorse/<token>",
            "/mine/<token>",
        }


class TestNext:
    @pytest.mark.parametrize(
        "wanted",
        [
            "https://evil.example.org",
            "//evil.example.org",
            "/\\evil.example.org",
            "/admin//evil.example.org",
            "/admin\\evil",
            "javascript:alert(1)",
            "/sign-out",
            "admin",
            "",
        ],
    )
    def test_leads_nowhere_else(self, standing: Standing, wanted: str) -> None:
        with standing.client.application.test_request_context(base_url="http://localhost:8000"):
            assert safe_next(wanted) == "/admin"

    def test_leads_back_to_the_page_that_was_wanted(self, bench: Bench, client: PageClient) -> None:
        response = client.get("/admin/awards?q=sam&page=2")
        assert response.location == "/sign-in?next=/admin/awards?q%3Dsam%26page%3D2"
        form = client.page(response.location).form()
        assert form.values["next"] == "/admin/awards?q=sam&page=2"


class TestLimits:
    @pytest.mark.parametrize("endpoint", LIMITS)
    def test_tries_are_counted(self, bench: Bench, client: PageClient, endpoint: str) -> None:
        award = bench.award()
        with bench.service.database.write() as session:
            session.execute(update(AwardRecord).values(is_private=True))  # its page is short
        route = next(route for route in ROUTES if route.endpoint == endpoint)
        rule, is_form = route.rule, "POST" in route.methods
        path = rule.replace("<token>", "guessed") if "<token>" in rule else path_of(bench, rule, award)
        allowed = int(LIMITS[endpoint].split()[0])
        token = client.page("/sign-in").form().values["csrf_token"]
        answers = [
            client.open(
                path, method="POST" if is_form else "GET", data={"csrf_token": token}, headers={"Accept": "*/*"}
            ).status_code
            for _ in range(allowed + 1)
        ]
        assert answers[-1] == 429
        assert 429 not in answers[:-1]
        assert not is_form or client.get(path).status_code != 429

    def test_opened_links_to_answers_are_counted_by_themselves_and_the_form_is_not(self, client: PageClient) -> None:
        allowed = int(LIMITS["public.verify"].split()[0])
        path = "/verify?url=https://a.example/badge"
        answers = [client.get(path, headers={"Accept": "*/*"}).status_code for _ in range(allowed + 1)]
        assert answers == [200] * allowed + [429]
        assert client.get("/verify").status_code == 200
        assert client.post("/verify", data={"pasted": "hello"}).status_code == 200

    def test_visitors_behind_a_proxy_are_told_apart(self, bench: Bench) -> None:
        client = PageClient(open_app(bench.again(trusted_proxies="1")))
        allowed = int(LIMITS["public.sign_in"].split()[0])
        token = client.page("/sign-in").form().values["csrf_token"]

        def attempt(visitor: str) -> int:
            return client.post("/sign-in", data={"csrf_token": token}, headers={"X-Forwarded-For": visitor}).status_code

        answers = [attempt("192.0.2.1") for _ in range(allowed + 1)]
        assert answers[-1] == 429
        assert attempt("192.0.2.2") == 400

    def test_all_serving_processes_count_together(self, bench: Bench) -> None:
        clients = [PageClient(open_app(bench.again())) for _ in range(3)]
        allowed = int(LIMITS["public.verify_api"].split()[0])
        answers = [clients[turn % 3].post("/api/verify", data=b"{}").status_code for turn in range(allowed + 3)]
        assert 429 not in answers[:allowed]
        assert answers[allowed:] == [429, 429, 429]

    def test_nothing_tells_who_tried(self, bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        client = PageClient(open_app(bench.again(trusted_proxies="1")))
        allowed = int(LIMITS["public.sign_in"].split()[0])
        typed = {"csrf_token": client.page("/sign-in").form().values["csrf_token"]}
        visitor = {"X-Forwarded-For": "192.0.2.71"}
        answers = [client.post("/sign-in", data=typed, headers=visitor).status_code for _ in range(allowed + 1)]
        assert answers[-1] == 429
        assert "192.0.2.71" not in caplog.text
        assert b"192.0.2.71" not in tries_file(bench.service.settings.instance_folder).read_bytes()


def test_account_that_was_closed_is_signed_out_at_once(bench: Bench, signed_in_client: PageClient) -> None:
    assert signed_in_client.get("/admin").status_code == 200
    with bench.service.database.write() as session:
        account = find_account(session, ADMIN)
        assert account is not None
        account.is_active = False
    assert signed_in_client.get("/admin").status_code == 302
