"""From signing in to a stranger's check, in a real browser: the main job of the service."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, CheckAxe, PageAt, TakeScreenshot
from tests.browser.journey import CLASS, link_in, sign_in, wait_for_mail
from tests.service import Instance


@pytest.mark.browser
@pytest.mark.parametrize(("width", "javascript"), [(DESK, True), (PHONE, True), (PHONE, False)])
def test_from_signing_in_to_a_strangers_check(
    live_service: Instance,
    page_at: PageAt,
    axe: CheckAxe,
    screenshot: TakeScreenshot,
    tmp_path: Path,
    width: int,
    javascript: bool,
) -> None:
    address = f"sam.{width}.{str(javascript).lower()}@nhs.net"

    def look_at(page: object, name: str) -> None:
        if javascript:  # axe is itself a script
            axe(page)  # type: ignore[arg-type]
            screenshot(page, name)  # type: ignore[arg-type]

    # The librarian signs in, awards from the keyboard, and the next empty row appears.
    admin = page_at(width, javascript=javascript, base_url=live_service.base_url)
    sign_in(admin, live_service)
    look_at(admin, "dashboard")
    admin.goto(f"/admin/award/{CLASS}")
    admin.fill("#email", "no address")
    admin.keyboard.press("Enter")
    expect(admin.locator(".nhsuk-error-summary")).to_contain_text("no address")
    assert admin.input_value("#email") == "no address"
    look_at(admin, "award with an error")
    admin.fill("#email", address.upper())
    admin.fill("#name", "Sam Jones")
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("link", name="Sam Jones")).to_be_visible()
    assert admin.input_value("#email") == ""
    look_at(admin, "award one done")

    # The colleague opens the mail's link: the badge itself, no account. Opening it changes nothing.
    mail = wait_for_mail(admin, live_service, address)
    assert mail["Subject"] == "Your badge: Know Your Knowledge Service"
    holder = page_at(width, javascript=javascript)
    holder.goto(link_in(mail))
    expect(holder.get_by_role("heading", name="It’s yours")).to_be_visible()
    expect(holder.get_by_role("heading", level=1)).to_contain_text("Valid.")
    expect(holder.get_by_role("heading", level=1)).not_to_contain_text("Sam Jones")
    look_at(holder, "holder")
    with holder.expect_download() as download:
        holder.get_by_role("link", name="Save picture").click()
    picture = tmp_path / "badge.png"
    download.value.save_as(picture)
    public_address = holder.locator("#badge-link").input_value()

    # Strangers see the name only once the holder shows it.
    stranger = page_at(width, javascript=javascript)
    stranger.goto(public_address)
    expect(stranger.locator("main")).not_to_contain_text("Sam Jones")
    holder.check("#show_name")
    holder.get_by_role("button", name="Save", exact=True).click()
    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Sam Jones")
    look_at(stranger, "badge page")
    stranger.fill("#email", address)
    stranger.get_by_role("button", name="Compare").click()
    expect(stranger.locator("main")).to_contain_text("Yes. This badge was awarded to that address.")

    # The picture alone is enough to check the badge.
    stranger.goto(f"{live_service.base_url}/verify")
    look_at(stranger, "verify")
    stranger.set_input_files("#file", picture)
    stranger.get_by_role("button", name="Check this badge").click()
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Valid.")
    look_at(stranger, "verify result")

    # Switched off, the page says so and the file still verifies.
    holder.check("#page-2")
    holder.get_by_role("button", name="Save", exact=True).click()
    stranger.goto(public_address)
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Private.")
    expect(stranger.locator("body")).not_to_contain_text("Sam Jones")
    look_at(stranger, "private")
    assert live_service.badges("verify", str(picture)).stdout.startswith("Valid")

    # Withdrawn, everybody reads why, and the file does not verify any more.
    admin.goto("/admin/awards?q=" + address)
    admin.get_by_role("link", name="Sam Jones").click()
    look_at(admin, "award detail")
    admin.get_by_role("link", name="Withdraw this badge").click()
    admin.get_by_role("button", name="Withdraw it").click()
    expect(admin.locator(".nhsuk-error-summary")).to_be_visible()
    look_at(admin, "withdraw with an error")
    admin.check("#reason")
    admin.get_by_role("button", name="Withdraw it").click()
    expect(admin.locator("main")).to_contain_text("Withdrawn")
    holder.reload()
    expect(holder.get_by_role("heading", level=1)).to_contain_text("Withdrawn.")
    expect(holder.locator("main")).to_contain_text("It was awarded by mistake.")
    look_at(holder, "withdrawn")
    assert live_service.badges("verify", str(picture), check=False).returncode == 1
    wait_for_mail(admin, live_service, address, 2)


@pytest.mark.browser
def test_signing_in_by_mail_needs_the_browser_that_asked_or_the_code(
    live_service: Instance, page_at: PageAt, axe: CheckAxe
) -> None:
    asking = page_at(DESK, base_url=live_service.base_url)
    asking.goto("/sign-in?next=/admin/awards")
    asking.fill("#email", "Librarian@Example.org")
    asking.get_by_role("button", name="Send me a link instead").click()
    axe(asking)
    mail = wait_for_mail(asking, live_service, "librarian@example.org")
    body = mail.get_body(("plain",))
    assert body is not None
    code = next(word for word in body.get_content().split() if word.isdigit() and len(word) == 6)

    scanner = page_at(DESK)
    for _ in range(2):
        scanner.goto(link_in(mail))
    scanner.get_by_role("button", name="Sign in").click()
    expect(scanner.locator("main")).to_contain_text("asked for in another browser")

    asking.fill("#code", "000000" if code != "000000" else "111111")
    asking.get_by_role("button", name="Sign in").click()
    expect(asking.locator(".nhsuk-error-summary")).to_contain_text("not the code")
    asking.fill("#code", f"{code[:3]} {code[3:]}")
    asking.get_by_role("button", name="Sign in").click()
    expect(asking.get_by_role("heading", level=1)).to_have_text("Awards")


@pytest.mark.browser
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_other_page_is_accessible(
    live_service: Instance, page_at: PageAt, axe: CheckAxe, screenshot: TakeScreenshot, width: int
) -> None:
    page = page_at(width, base_url=live_service.base_url)
    for path in (
        "/",
        f"/achievements/{CLASS}/1",
        "/organisations/anytown-hospitals-library",
        "/sign-in",
        "/mine/unknown",
        "/nothing-here",
    ):
        page.goto(path)
        axe(page)
        assert_no_sideways_scrolling(page.evaluate("document.documentElement.scrollWidth"), width, path)
        screenshot(page, path)
    page.goto("/verify")
    page.fill("#pasted", "this is no badge")
    page.get_by_role("button", name="Check this badge").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("This is not a badge.")
    axe(page)
    sign_in(page, live_service)
    for path in ("/admin", "/admin/award", "/admin/awards?q=nobody", "/admin/badges", f"/admin/badges/{CLASS}"):
        page.goto(path)
        axe(page)
        assert_no_sideways_scrolling(page.evaluate("document.documentElement.scrollWidth"), width, path)
        screenshot(page, path)
    page.goto("/admin/account/password")
    page.fill("#new_password", "short")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("at least 12")
    axe(page)


def assert_no_sideways_scrolling(content_width: int, width: int, path: str) -> None:
    """A page is never wider than the window (WCAG 2.2, 1.4.10)."""
    assert content_width <= width, f"{path} is {content_width} pixels wide at {width}"
