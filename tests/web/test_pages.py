"""Public pages say what they are there for, and every link on them leads somewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from badges.services.compromise import compromise_key
from badges.services.organisations import find_organisation
from badges.services.signing_keys import list_owned_keys
from tests.instances import ORGANISATION, Bench
from tests.web.browsing import Page, PageClient


def test_home_has_the_campaign_s_two_lines_and_every_badge(client: PageClient) -> None:
    page = client.page("/")
    assert "Every day across the healthcare sector in England, a million decisions are made." in page.text
    assert "can help you make evidence based decisions" in page.text
    classes = {link for link in page.links if link.startswith("/achievements/")}
    assert len(classes) == 14


def test_class_says_criteria_alignment_and_who_may_earn_it(client: PageClient) -> None:
    page = client.page(f"/achievements/{ORGANISATION}/evidence-searcher/1")
    for part in ("Anytown Hospitals Library", "What has to be done", "What it supports", "Who can earn it"):
        assert part in page.text
    assert any(not link.startswith("/") for link in page.links), "alignments lead to their frameworks"


def test_organisation_says_who_it_is_and_its_keys(bench: Bench, client: PageClient) -> None:
    bench.clock.advance(days=1)
    bench.rotate()
    page = client.page(f"/organisations/{ORGANISATION}")
    assert "did:web:localhost%3A8000:organisations:" in page.text
    assert len([link for link in page.links if link.startswith("/keys/")]) == 6
    assert page.text.count("in use") == 3
    assert page.text.count("retired: its badges stay valid") == 3
    with bench.service.database.write() as session:
        key = list_owned_keys(session, find_organisation(session, ORGANISATION))[0]
        compromise_key(session, bench.service.installation, key.id, bench.clock())
    page = client.page(f"/organisations/{ORGANISATION}")
    assert page.text.count("may have been stolen") == 1
    assert "retired" in page.text


def test_every_link_leads_somewhere(bench: Bench, signed_in_client: PageClient) -> None:
    """From the home page and the dashboard on, every page within reach is opened once."""
    bench.award(name="Sam Jones")
    bench.revoke(bench.award("career-explorer", email="kim@example.org"))
    waiting, seen = ["/", "/admin"], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        response = signed_in_client.get(path, follow_redirects=True)
        gone = path.startswith("/ob2/assertions/")  # the one that was withdrawn says so
        assert response.status_code in ((200, 410) if gone else (200,)), path
        if response.mimetype != "text/html":
            continue
        for link in Page(response.text).links:
            parts = urlsplit(link)
            ours = parts.netloc in ("", "localhost:8000") and parts.scheme in ("", "http")
            if ours and parts.path and not parts.path.startswith("/static/"):
                waiting.append(parts.path)
    assert len(seen) > 50


@pytest.mark.parametrize("path", ["/", "/verify", "/sign-in", f"/organisations/{ORGANISATION}"])
def test_trial_is_called_one(client: PageClient, path: str) -> None:
    assert "practice" in client.page(path).text


@pytest.mark.parametrize("path", ["/", "/verify", "/nothing"])
def test_page_can_be_skipped_through_from_the_keyboard(client: PageClient, path: str) -> None:
    page = client.page(path, 404 if path == "/nothing" else 200)
    assert page.links[0] == "#maincontent"
    assert "maincontent" in page.ids
