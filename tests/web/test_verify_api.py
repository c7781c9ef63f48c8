"""POST /api/verify: anybody's badge, for programs."""

from __future__ import annotations

import io
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from badges.network.cache import DocumentCache
from badges.network.fetcher import WebFetcher
from badges.network.turnstile import Turnstile
from badges.standards.fetching import FetchedDocument
from badges.storage.records import CredentialForm
from badges.web.app import UPLOAD_LIMIT_BYTES
from badges.web.current import SERVICE
from badges.web.limits import MOST_UNDER_WAY
from tests.instances import BASE_URL, Bench
from tests.web.browsing import BROWSER_ACCEPT, PageClient, open_app

API: Final = "/api/verify"
EMAIL: Final = "sam@example.org"


def ask(client: PageClient, data: Any, content_type: str = "application/octet-stream", **more: str) -> TestResponse:
    return client.post(API, data=data, content_type=content_type, headers={"Accept": "*/*", **more})


def report(response: TestResponse) -> dict[str, Any]:
    """Read a report, and what holds for every answer."""
    assert response.status_code == 200, response.text
    assert response.mimetype == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response.headers
    found: dict[str, Any] = json.loads(response.text)
    return found


def problem(response: TestResponse, status: int) -> dict[str, Any]:
    """Read problem details. Source: RFC 9457, 3.1."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = json.loads(response.text)
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    return found


def outcome(found: dict[str, Any], name: str) -> str:
    return str(next(check["outcome"] for check in found["checks"] if check["name"] == name))


class TestBodies:
    @pytest.mark.parametrize("ending", ["png", "svg", "json", "jwt"])
    @pytest.mark.parametrize("content_type", ["", "application/octet-stream", "application/x-www-form-urlencoded"])
    def test_badge_as_it_is_is_judged(self, bench: Bench, client: PageClient, ending: str, content_type: str) -> None:
        """The last content type is what curl writes above anything that it is not told about."""
        badge = client.get(f"/credentials/{bench.award().id}.{ending}").data
        assert report(ask(client, badge, content_type))["verdict"] == "valid"

    @pytest.mark.parametrize("form", CredentialForm)
    def test_text_in_a_json_object_is_judged(self, bench: Bench, client: PageClient, form: CredentialForm) -> None:
        text = bench.form(bench.award(), form)
        found = report(ask(client, json.dumps({"badge": text}), "application/json"))
        assert found["verdict"] == "valid"
        assert outcome(found, "recipient") == "skipped"

    def test_object_in_a_json_object_is_judged(self, bench: Bench, client: PageClient) -> None:
        text = bench.form(bench.award())
        assert report(ask(client, f'{{"badge": {text}}}', "application/json"))["verdict"] == "valid"

    def test_link_is_followed(self, bench: Bench, client: PageClient) -> None:
        body = json.dumps({"badge": f"{BASE_URL}/credentials/{bench.award().id}"})
        assert report(ask(client, body, "application/json"))["verdict"] == "valid"

    def test_form_with_a_file_is_judged(self, bench: Bench, client: PageClient) -> None:
        png = client.get(f"/credentials/{bench.award().id}.png").data
        parts = {"badge": (io.BytesIO(png), "badge.png"), "email": EMAIL}
        found = report(ask(client, parts, "multipart/form-data"))
        assert (found["verdict"], outcome(found, "recipient")) == ("valid", "passed")

    def test_form_with_a_link_is_judged(self, bench: Bench, client: PageClient) -> None:
        fields = {"badge": f"{BASE_URL}/credentials/{bench.award().id}", "email": EMAIL.upper()}
        for content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
            assert outcome(report(ask(client, fields, content_type)), "recipient") == "passed"

    def test_two_badges_are_refused_unless_they_are_one(self, bench: Bench, client: PageClient) -> None:
        """Whoever sends on what was judged may send on the other."""
        ours, other = (bench.form(bench.award(email=email)) for email in (EMAIL, "kim@example.org"))
        for first, second in (
            ((io.BytesIO(ours.encode()), "a.json"), (io.BytesIO(other.encode()), "b.json")),
            ((io.BytesIO(ours.encode()), "a.json"), other),
            (ours, other),
        ):
            refused = ask(client, MultiDict([("badge", first), ("badge", second)]), "multipart/form-data")
            assert "two badges" in problem(refused, 400)["detail"]
        fields = MultiDict([("badge", ours), ("badge", other)])
        assert "two badges" in problem(ask(client, fields, "application/x-www-form-urlencoded"), 400)["detail"]
        copies = MultiDict([("badge", (io.BytesIO(ours.encode()), name)) for name in ("a.json", "b.json")])
        assert report(ask(client, copies, "multipart/form-data"))["verdict"] == "valid"

    @pytest.mark.parametrize(
        "body",
        [b"hello", b"[]", b"{}", b'{"badge": "a", "badge": "b"}', b"\x89PNG\r\n\x1a\n", b"[" * 100_000, b"\xff\xfe\x00",
         b'{"@context": "https://w3id.org/openbadges/v1", "badge": {}, "recipient": {}}'],
    )  # fmt: skip
    def test_whatever_is_no_badge_is_judged_too(self, client: PageClient, body: bytes) -> None:
        for content_type in ("application/json", "text/plain", "image/png"):
            assert report(ask(client, body, content_type))["verdict"] in ("invalid", "unknown")

    @pytest.mark.parametrize(("path", "verdict"), [("", "valid"), ("/revoked", "invalid")])
    def test_status_is_200_whatever_the_verdict(
        self, bench: Bench, client: PageClient, path: str, verdict: str
    ) -> None:
        award = bench.revoke(bench.award()) if path else bench.award()
        assert report(ask(client, bench.form(award)))["verdict"] == verdict

    def test_browser_s_accept_header_changes_nothing(self, bench: Bench, client: PageClient) -> None:
        badge = bench.form(bench.award())
        assert report(ask(client, badge, Accept=BROWSER_ACCEPT))["verdict"] == "valid"
        assert problem(ask(client, b"", Accept=BROWSER_ACCEPT), 400)


class TestEmail:
    def test_is_compared(self, bench: Bench, client: PageClient) -> None:
        badge = bench.form(bench.award(email=EMAIL))
        for email, expected in ((" Sam@Example.org ", "passed"), ("kim@example.org", "failed"), ("", "skipped")):
            found = report(ask(client, json.dumps({"badge": badge, "email": email}), "application/json"))
            assert outcome(found, "recipient") == expected

    def test_is_in_no_answer_and_no_log(
        self, bench: Bench, client: PageClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        badge = bench.form(bench.award(email=EMAIL))
        for body in ({"badge": badge, "email": EMAIL}, {"email": EMAIL}, {"badge": "x", "email": EMAIL, "y": 1}):
            assert EMAIL not in ask(client, json.dumps(body), "application/json").text
        assert EMAIL not in caplog.text

    def test_address_that_is_none_is_said_to_be(self, client: PageClient) -> None:
        body = json.dumps({"badge": "x", "email": "no address"})
        assert "no address" in problem(ask(client, body, "application/json"), 400)["detail"]


class TestErrors:
    @pytest.mark.parametrize(
        ("body", "content_type", "word"),
        [
            (b"", "application/octet-stream", "no badge"),
            (b" \n", "image/png", "no badge"),
            (b"", "multipart/form-data; boundary=x", "no badge"),
            (b"badge=", "application/x-www-form-urlencoded", "no badge"),
            (b"badge=x" + b"&a=b" * 20, "application/x-www-form-urlencoded", "more fields"),
            (b'{"email": "sam@example.org"}', "application/json", "badge"),
            (b'{"badge": ""}', "application/json", "no badge"),
            (b'{"badge": 1}', "application/json", "a text"),
            (b'{"badge": "x", "email": []}', "application/json", "a text"),
            (b'{"badge": "x", "mail": "sam@example.org"}', "application/json", '"mail"'),
        ],
    )
    def test_request_without_a_badge_says_what_is_missing(
        self, client: PageClient, body: bytes, content_type: str, word: str
    ) -> None:
        assert word in problem(ask(client, body, content_type), 400)["detail"]

    def test_too_large_body_is_refused(self, client: PageClient) -> None:
        assert "10 MB" in problem(ask(client, b"x" * (UPLOAD_LIMIT_BYTES + 1)), 413)["detail"]

    def test_get_is_refused_naming_what_works(self, client: PageClient) -> None:
        response = client.get(API, headers={"Accept": BROWSER_ACCEPT})
        assert response.status_code == 405
        assert response.mimetype == "application/problem+json"
        assert "POST" in response.headers["Allow"]
        assert json.loads(response.text)["detail"] == "Use POST."

    def test_too_many_say_when_to_come_back(self, client: PageClient) -> None:
        answers = [ask(client, b"") for _ in range(121)]
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
        problem(answers[-1], 429)

    @pytest.mark.parametrize("path", [API, "/verify"])
    def test_full_house_says_when_to_come_back(self, bench: Bench, client: PageClient, path: str) -> None:
        """Our own badges need no other server, so they are answered all the same."""
        service = bench.service
        full_house = DocumentCache(Turnstile(WebFetcher(), 0), bench.clock)
        object.__setattr__(service, "web_fetcher", full_house)
        data = {"badge": "https://elsewhere.example/badge", "pasted": "https://elsewhere.example/badge"}
        response = client.post(path, data=data, content_type="multipart/form-data")
        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) > 0
        ours = bench.form(bench.award())
        data = {"badge": ours, "pasted": ours}
        assert client.post(path, data=data, content_type="multipart/form-data").status_code == 200


class SlowServer:
    """A web whose every server answers when the test lets it."""

    def __init__(self) -> None:
        self.is_asked = threading.Semaphore(0)
        self.may_answer = threading.Event()

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        self.is_asked.release()
        assert self.may_answer.wait(30)
        return FetchedDocument(url, 404, accept, b"")


class TestCrowd:
    def test_one_visitor_cannot_keep_all_others_waiting(self, bench: Bench) -> None:
        server = SlowServer()
        app = open_app(bench.again(trusted_proxies="1"))
        object.__setattr__(app.extensions[SERVICE], "web_fetcher", server)
        body = json.dumps({"badge": "https://slow.example/badge"})

        def visit(visitor: str) -> int:
            headers = {"X-Forwarded-For": visitor}
            return ask(PageClient(app), body, "application/json", **headers).status_code

        with ThreadPoolExecutor(MOST_UNDER_WAY + 1) as threads:
            waiting = [threads.submit(visit, "192.0.2.1") for _ in range(MOST_UNDER_WAY)]
            for _ in waiting:
                assert server.is_asked.acquire(timeout=30)
            assert visit("192.0.2.1") == 429
            other = threads.submit(visit, "192.0.2.2")
            assert server.is_asked.acquire(timeout=30)
            server.may_answer.set()
            assert [each.result(30) for each in [*waiting, other]] == [200] * (MOST_UNDER_WAY + 1)
        assert visit("192.0.2.1") == 200

    def test_visitor_who_made_mistakes_is_not_counted_for_ever(self, client: PageClient) -> None:
        for _ in range(MOST_UNDER_WAY * 2):
            problem(ask(client, b""), 400)


class TestNeighbours:
    def test_page_elsewhere_may_ask(self, client: PageClient) -> None:
        """A JSON body is asked for first. Source: Fetch, 4.8 "CORS-preflight fetch"."""
        asked = {"Origin": "https://elsewhere.example.org", "Access-Control-Request-Method": "POST",
                 "Access-Control-Request-Headers": "content-type"}  # fmt: skip
        headers = client.open(API, method="OPTIONS", headers=asked).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "POST" in headers["Access-Control-Allow-Methods"]
        assert "Content-Type" in headers["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in headers

    def test_cookie_is_not_looked_at(self, bench: Bench, signed_in_client: PageClient, client: PageClient) -> None:
        badge = bench.form(bench.award())
        assert ask(signed_in_client, badge).data == ask(client, badge).data

    def test_keeps_nothing(self, bench: Bench, client: PageClient) -> None:
        badge = bench.form(bench.award())
        before = bench.dump()
        ask(client, json.dumps({"badge": badge, "email": EMAIL}), "application/json")
        ask(client, b"")
        assert bench.dump() == before
