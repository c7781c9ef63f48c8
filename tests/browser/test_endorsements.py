"""Endorsements and a newer version in a real browser: accessible, and no wider than the screen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, CheckAxe, PageAt, TakeScreenshot
from tests.browser.journey import CLASS
from tests.browser.test_main_walk import assert_no_sideways_scrolling
from tests.service import Instance

BY = "county-library"
COMMENT = "Forty new starters have used what this taught them, and it *saved* them time."


@pytest.mark.browser
def test_who_stands_behind_a_badge_and_its_newer_version(
    live_service: Instance, page_at: PageAt, axe: CheckAxe, screenshot: TakeScreenshot, tmp_path: Path
) -> None:
    badges, organisation = live_service.badges, CLASS.partition("/")[0]
    name = "County Library and Knowledge Service"
    badges("organisations", "add", name, "--slug", BY, "--email", "library@county.example.org")
    badges("endorse", "organisation", organisation, "--by", BY, "--comment", COMMENT)
    of_class = json.loads(badges("endorse", "class", CLASS, "--by", BY, "--comment", COMMENT, "--json").stdout)
    award = json.loads(badges("award", CLASS, "--email", "lee.jones@example.org", "--json").stdout)
    older = tmp_path / "older.json"
    badges("export", award["id"], "--as", "json", "--output", str(older))
    badges("reissue", award["id"], "--narrative", "Led the session.")
    shown = {
        "endorsement": f"/endorsements/{of_class['id']}",
        "endorsed class": f"/achievements/{CLASS}/1",
        "endorsed organisation": f"/organisations/{organisation}",
        "endorsed badge": f"/credentials/{award['id']}",
    }
    for width in (PHONE, DESK):
        page = page_at(width, base_url=live_service.base_url)

        def look_at(page: Page, what: str, width: int = width) -> None:
            axe(page)
            assert_no_sideways_scrolling(page.evaluate("document.documentElement.scrollWidth"), width, what)
            screenshot(page, what)

        for what, path in shown.items():
            page.goto(path)
            expect(page.locator("main")).to_contain_text("Forty new starters")
            look_at(page, what)
        page.goto("/verify")
        page.set_input_files("#file", older)
        page.get_by_role("button", name="Check this badge").click()
        expect(page.locator("main")).to_contain_text("You gave us an older version")
        look_at(page, "check an older version")
