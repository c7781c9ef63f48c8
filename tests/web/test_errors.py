"""Whatever goes wrong: a page for people, problem details for machines, never a traceback."""

from __future__ import annotations

import json
import logging
import sqlite3

import pytest
from sqlalchemy import update

from badges.storage.records import AchievementVersionRecord
from tests.instances import ORGANISATION, Bench
from tests.web.browsing import Page, PageClient, open_app, sign_in
from tests.web.conftest import Standing

INNER_WORDS = ("Traceback", 'File "', "sqlalchemy", "sqlite3", "badges/", ".py", "nonsense")


def assert_plain(text: str) -> None:
    """Fail when an answer shows what is inside."""
    for word in INNER_WORDS:
        assert word not in text


def break_classes(bench: Bench) -> None:
    """Damage rows so that a view fails in a way that nobody thought of."""
    with bench.service.database.write() as session:
        session.execute(update(AchievementVersionRecord).values(achievement_type="nonsense"))


class TestUnexpected:
    def test_person_gets_a_page_with_a_reference_that_is_in_the_log(
        self, bench: Bench, client: PageClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        break_classes(bench)
        with caplog.at_level(logging.ERROR):
            response = client.get("/")
        assert response.status_code == 500
        assert_plain(response.text)
        (record,) = [record for record in caplog.records if record.name == "badges.web.errors"]
        reference = record.getMessage().split()[2]
        assert len(reference) == 8
        assert reference in Page(response.text).text
        assert record.exc_info is not None
        assert response.headers["Cache-Control"] == "no-store"

    def test_machine_gets_problem_details(self, bench: Bench, client: PageClient) -> None:
        """Source: RFC 9457, section 3."""
        break_classes(bench)
        response = client.get(f"/achievements/{ORGANISATION}/supporter/1.json", headers={"Accept": "*/*"})
        assert response.status_code == 500
        assert response.mimetype == "application/problem+json"
        problem = json.loads(response.data)
        assert problem["status"] == 500
        assert problem["type"] == "about:blank"
        assert set(problem) == {"type", "title", "status", "detail", "reference"}
        assert_plain(response.text)

    def test_form_that_fails_leaves_nothing(self, bench: Bench, signed_in_client: PageClient) -> None:
        path = f"/admin/award/{ORGANISATION}/supporter"
        form = signed_in_client.page(path).form(path)
        break_classes(bench)
        before = bench.dump()
        response = signed_in_client.post(path, data={**form.values, "email": "sam@example.org"})
        assert response.status_code == 500
        assert_plain(response.text)
        assert bench.dump() == before


class TestDatabase:
    def test_damaged_file_is_a_plain_page(self, bench: Bench, client: PageClient) -> None:
        client.get("/")
        bench.service.database.close()
        bench.folders.database.write_bytes(b"no database at all " * 1000)
        for path in bench.folders.instance.glob("badges.sqlite-*"):
            path.unlink()
        response = client.get("/")
        assert response.status_code == 503
        assert "try again" in Page(response.text).text.lower()
        assert "Traceback" not in response.text

    def test_locked_database_is_a_plain_page_and_reading_goes_on(self, bench: Bench) -> None:
        service = bench.again(database_url=f"sqlite:///{bench.folders.database}?timeout=0.05")
        client = sign_in(PageClient(open_app(service)), service)
        path = f"/admin/award/{ORGANISATION}/supporter"
        form = client.page(path).form(path)
        holder = sqlite3.connect(bench.folders.database, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        before = bench.dump()
        response = client.post(path, data={**form.values, "email": "sam@example.org"})
        assert response.status_code == 503
        assert "Nothing was changed" in Page(response.text).text
        assert client.get("/").status_code == 200
        holder.close()
        assert bench.dump() == before
        assert client.post(path, data={**form.values, "email": "sam@example.org"}).status_code == 303


class TestKnown:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/nothing", 404),
            ("GET", "/mine/nothing", 404),
            ("GET", f"/organisations/{'x' * 3000}", 404),
            ("GET", "/organisations/%00", 404),
            ("GET", "/organisations/%ff%fe", 404),
            ("DELETE", "/", 405),
            ("POST", "/sign-in", 400),
        ],
    )
    @pytest.mark.parametrize("accept", ["text/html", "*/*"])
    def test_person_gets_a_page_and_a_machine_problem_details(
        self, standing: Standing, method: str, path: str, status: int, accept: str
    ) -> None:
        response = standing.client.open(path, method=method, headers={"Accept": accept})
        assert response.status_code == status
        assert_plain(response.text)
        if accept == "text/html":
            assert Page(response.text).title
        else:
            problem = json.loads(response.data)
            assert problem["status"] == status
            assert problem["title"]
            assert problem["detail"]
            assert response.mimetype == "application/problem+json"

    def test_too_large_form_is_refused(self, client: PageClient) -> None:
        response = client.post("/verify", data={"pasted": "x" * (12 * 1024 * 1024)})
        assert response.status_code == 413
        assert "too large" in Page(response.text).text
        assert_plain(response.text)

    def test_form_with_too_many_parts_is_refused(self, client: PageClient) -> None:
        response = client.post("/verify", data={f"field-{number}": "x" for number in range(2000)})
        assert response.status_code in (400, 413)
        assert_plain(response.text)

    def test_error_page_keeps_the_viewer_signed_in(self, signed_in_client: PageClient) -> None:
        assert signed_in_client.get("/nothing").status_code == 404
        assert signed_in_client.get("/admin").status_code == 200
