"""The first ten minutes of a new organisation, from the mail with the invitation, counted in screens and fields."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, CheckAxe, PageAt, TakeScreenshot
from tests.browser.journey import link_in, sign_in, wait_for_mail
from tests.service import Instance


def logo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 120), "#6A1B5D").save(buffer, "PNG")
    return buffer.getvalue()


def code_in(page: Page, instance: Instance, address: str) -> tuple[str, str]:
    """Return the link and the code of the invitation that came to an address."""
    mail = wait_for_mail(page, instance, address)
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r": (\d{6})\s", body.get_content())
    assert found is not None
    return link_in(mail), found.group(1)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "javascript"), [(DESK, True), (PHONE, False)])
def test_from_the_invitation_to_the_first_badge(
    live_service: Instance,
    page_at: PageAt,
    axe: CheckAxe,
    screenshot: TakeScreenshot,
    width: int,
    javascript: bool,
) -> None:
    name = f"Newtown {width} Knowledge Service"
    address = f"owner.{width}@nhs.net"
    live_service.badges("organisations", "add", f"England {width}", "--email", "en@example.org", "--kind", "nation")
    live_service.badges("people", "give", f"england-{width}", "librarian@example.org", "owner", "--below")
    national = page_at(width, javascript=javascript, base_url=live_service.base_url)
    sign_in(national, live_service)
    national.goto("/admin/organisations")
    national.get_by_role("link", name="Add an organisation").click()
    national.get_by_role("button", name="Add it").click()
    expect(national.locator(".nhsuk-error-summary")).to_be_visible()
    national.fill("#name", name)
    national.fill("#email", address)
    national.get_by_label("Library service").check()
    national.get_by_label(f"England {width}").check()
    if javascript:
        axe(national)
        screenshot(national, "add organisation")
    national.get_by_role("button", name="Add it").click()
    expect(national.get_by_role("heading", level=1)).to_have_text(name)
    page = page_at(width, javascript=javascript)
    screens: list[str] = []

    def look(what: str) -> None:
        screens.append(what)
        if javascript:
            axe(page)
            screenshot(page, f"first time {len(screens)} {what}")

    link, code = code_in(page, live_service, address)
    page.goto(link)
    look("invitation")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".nhsuk-error-summary")).to_be_visible()  # no code, no account
    page.fill("#code", code)
    page.get_by_role("button", name="Accept").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    assert page.input_value("#name") == name
    assert page.input_value("#email") == address
    page.set_input_files("#logo", {"name": "logo.png", "mimeType": "image/png", "buffer": logo()})
    page.fill("#colour", "#FFB81C")
    page.get_by_role("button", name="Yes, go on").click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("too light")
    if javascript:
        screenshot(page, "first time colour too light")
    page.fill("#colour", "#6A1B5D")
    page.set_input_files("#logo", {"name": "logo.png", "mimeType": "image/png", "buffer": logo()})
    look("profile")
    page.get_by_role("button", name="Yes, go on").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Which badges do you want to award?")
    assert page.locator("input[name=badges]:checked").count() == 5
    look("badges")
    page.get_by_role("button", name="Make them mine").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What next?")
    look("ready")
    assert screens == ["invitation", "profile", "badges", "ready"]
    fields = 1 + 2  # the code; the logo and the colour, both of which may be left

    # All is there: five badges, a page in its colour with its logo, keys, and the sender of its mails.
    assert page.locator(".am-pick__link").count() == 5
    page.get_by_role("link", name="Know Your Knowledge Service").click()
    page.fill("#email", f"sam.{width}@nhs.net")
    page.get_by_role("button", name="Award").click()
    mail = wait_for_mail(page, live_service, f"sam.{width}@nhs.net")
    assert name in str(mail["From"])
    assert mail["Reply-To"] == address
    slug = f"newtown-{width}-knowledge-service"
    page.goto(f"{live_service.base_url}/organisations/{slug}")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert page.evaluate("getComputedStyle(document.querySelector('.am-accent')).borderLeftColor") == "rgb(106, 27, 93)"
    look("page")
    assert fields == 3

    # The link opens nothing any more.
    stranger = page_at(width, javascript=javascript)
    stranger.goto(link)
    expect(stranger.locator("main")).to_contain_text("accepted already")
