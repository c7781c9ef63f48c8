"""Checking a badge in a real browser: every page of it, on a phone and on a desk, with and without scripts."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, CheckAxe, PageAt, TakeScreenshot
from tests.browser.test_main_walk import assert_no_sideways_scrolling
from tests.service import Instance

EMAIL = "sam.verify@example.org"
LONG = "https://badges.another-organisation.example/assertions/" + "0123456789abcdef" * 6


@pytest.fixture(scope="module")
def badge_url(live_service: Instance) -> str:
    """The public address of a badge that was awarded to EMAIL."""
    award = live_service.badges("award", "supporter", "--email", EMAIL, "--json").stdout
    return f"{live_service.base_url}/credentials/{json.loads(award)['id']}"


@pytest.mark.browser
@pytest.mark.parametrize(("width", "javascript"), [(DESK, True), (PHONE, True), (PHONE, False)])
def test_from_a_message_to_an_answer_that_can_be_passed_on(
    live_service: Instance,
    badge_url: str,
    page_at: PageAt,
    axe: CheckAxe,
    screenshot: TakeScreenshot,
    width: int,
    javascript: bool,
) -> None:
    page = page_at(width, javascript=javascript, base_url=live_service.base_url)

    def look_at(shown: Page, name: str) -> None:
        if javascript:
            axe(shown)
            assert_no_sideways_scrolling(shown.evaluate("document.documentElement.scrollWidth"), width, name)
            screenshot(shown, f"check {name}")

    # The whole message that the link came in, and whose badge it should be.
    page.goto("/verify")
    page.fill("#email", "no address")
    page.fill("#pasted", "hello")
    page.get_by_role("button", name="Check this badge").click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("no address")
    look_at(page, "with an error")
    page.fill("#pasted", f"Dear all, here is my badge: {badge_url}. It was fun! Sam")
    page.fill("#email", EMAIL.upper())
    page.get_by_role("button", name="Check this badge").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Valid.")
    expect(page.locator("main")).to_contain_text("has been part of the campaign since")
    expect(page.locator("main")).to_contain_text("awarded to the e-mail address that you gave")
    assert "sam" not in page.url.lower()
    look_at(page, "answer")

    # Passed on, the answer is there at once.
    link = page.locator("a[href*='/verify?url=']").get_attribute("href")
    assert link is not None
    other = page_at(width, javascript=javascript)
    other.goto(link)
    expect(other.get_by_role("heading", level=1)).to_contain_text("Valid.")

    # Somebody else's address.
    page.goto("/verify")
    page.fill("#pasted", badge_url)
    page.fill("#email", "kim@example.org")
    page.get_by_role("button", name="Check this badge").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Another address.")
    look_at(page, "another address")

    # Two links: which one?
    page.goto("/verify")
    page.fill("#pasted", f"{LONG} or {badge_url}")
    page.get_by_role("button", name="Check this badge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which one is the badge?")
    look_at(page, "which one")
    page.get_by_label(badge_url).check()
    page.get_by_role("button", name="Check this badge").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Valid.")


@pytest.mark.browser
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_link_to_a_strangers_badge_waits_for_the_button(
    live_service: Instance, page_at: PageAt, axe: CheckAxe, screenshot: TakeScreenshot, width: int
) -> None:
    page = page_at(width, base_url=live_service.base_url)
    page.goto(f"/verify?url={quote(LONG, safe='')}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check this badge")
    axe(page)
    assert_no_sideways_scrolling(page.evaluate("document.documentElement.scrollWidth"), width, "ask")
    screenshot(page, "check a stranger s")
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Not certain.")
    axe(page)
    assert_no_sideways_scrolling(page.evaluate("document.documentElement.scrollWidth"), width, "answer")
    screenshot(page, "check not certain")
