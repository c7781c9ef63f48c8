"""Two services become one, in a browser."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, CheckAxe, PageAt, TakeScreenshot
from tests.browser.journey import sign_in
from tests.service import Instance


@pytest.mark.browser
@pytest.mark.parametrize(("width", "javascript"), [(DESK, True), (PHONE, False)])
def test_two_services_become_one(
    live_service: Instance,
    page_at: PageAt,
    axe: CheckAxe,
    screenshot: TakeScreenshot,
    width: int,
    javascript: bool,
) -> None:
    badges = live_service.badges
    for name in ("Oldtown", "Newtown"):
        badges(
            "organisations",
            "add",
            f"{name} Library {width}",
            "--email",
            "a@example.org",
            "--slug",
            f"{name.lower()}-{width}",
        )
        badges("people", "give", f"{name.lower()}-{width}", "librarian@example.org", "owner")
    award = json.loads(
        badges("award", f"oldtown-{width}/induction", "--email", f"lee.{width}@nhs.net", "--json").stdout
    )
    page = page_at(width, javascript=javascript, base_url=live_service.base_url)

    def look(what: str) -> None:
        if javascript:
            axe(page)
        screenshot(page, f"merge {what}")

    sign_in(page, live_service)
    page.goto(f"/admin/organisations/oldtown-{width}")
    page.get_by_role("link", name="Become part of another").click()
    look("choose")
    page.get_by_label(f"Newtown Library {width}").check()
    page.get_by_role("button", name="Look what would move").click()
    look("plan")
    page.fill("#name", f"Oldtown Library {width}")
    page.get_by_role("button", name="Join them").click()
    expect(page.get_by_text(f"Oldtown Library {width} is now part of Newtown Library {width}.")).to_be_visible()
    page.goto(f"/organisations/oldtown-{width}")
    look("old page")
    page.get_by_role("link", name="The signed statement").click()
    look("statement")
    page.goto(f"/credentials/{award['id']}")
    expect(page.locator("h1")).to_contain_text("Valid.")
    expect(page.get_by_text(f"is now part of Newtown Library {width}.").first).to_be_visible()
    look("old badge")
    page.goto("/admin/organisations")
    look("list")
