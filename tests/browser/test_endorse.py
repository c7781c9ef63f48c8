"""An endorsement by somebody outside: asked for on a page, given from the mail, shown, withdrawn. No account."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, CheckAxe, PageAt, TakeScreenshot
from tests.browser.journey import link_in, sign_in, wait_for_mail
from tests.service import Instance


@pytest.mark.browser
@pytest.mark.parametrize(("width", "javascript"), [(DESK, True), (PHONE, False)])
def test_from_the_request_to_the_withdrawal(
    live_service: Instance,
    page_at: PageAt,
    axe: CheckAxe,
    screenshot: TakeScreenshot,
    width: int,
    javascript: bool,
) -> None:
    admin = page_at(width, javascript=javascript, base_url=live_service.base_url)
    college, address = f"College of Readers {width}", f"kim.{width}@readers.example.org"
    sign_in(admin, live_service)
    admin.goto("/admin/organisations/anytown-hospitals-library")
    admin.get_by_role("link", name="Endorsements").click()
    admin.fill("#endorser_name", college)
    admin.fill("#email", address)
    admin.get_by_label("What are they to endorse?").select_option(label="The badge “Evidence Search Skills”")
    admin.fill("#message", "You teach this too. Would you say so?")
    if javascript:
        axe(admin)
    screenshot(admin, "endorse ask")
    admin.get_by_role("button", name="Send the request").click()
    expect(admin.get_by_text("No answer yet").first).to_be_visible()
    screenshot(admin, "endorse list")

    mail = wait_for_mail(admin, live_service, address)
    body = mail.get_body(("plain",))
    assert body is not None
    code = re.search(r": (\d{6})\s", body.get_content())
    assert code is not None
    page = page_at(width, javascript=javascript)
    page.goto(link_in(mail))
    expect(page.get_by_role("heading", level=1)).to_have_text("Do you stand behind this?")
    if javascript:
        axe(page)
    screenshot(page, "endorse request")
    page.get_by_role("button", name="Yes, we stand behind it").click()
    expect(page.locator(".nhsuk-error-summary")).to_be_visible()
    page.fill("#comment", "We teach from it, and see what it changes.")
    page.fill("#name", "Kim Lee")
    page.fill("#role", "Head of Standards")
    page.fill("#code", code.group(1))
    page.get_by_role("button", name="Yes, we stand behind it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. It is signed.")
    if javascript:
        axe(page)
    screenshot(page, "endorse given")
    page.get_by_role("link", name="The page of your endorsement").click()
    expect(page.get_by_text("an address at readers.example.org")).to_be_visible()
    if javascript:
        axe(page)
    screenshot(page, "endorse page")
    page.get_by_role("link", name=college).first.click()
    expect(page.get_by_text("It awards no badges here.")).to_be_visible()
    screenshot(page, "endorse endorser")
    page.goto(f"{live_service.base_url}/achievements/anytown-hospitals-library/evidence-searcher")
    expect(page.get_by_role("link", name=college)).to_be_visible()
    screenshot(page, "endorse class")

    # The same link withdraws it.
    page.goto(link_in(mail))
    page.locator("summary", has_text="Withdraw it").click()
    page.fill("#code", code.group(1))
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Withdrawn")
    page.goto(f"{live_service.base_url}/achievements/anytown-hospitals-library/evidence-searcher")
    expect(page.get_by_role("link", name=college)).to_have_count(0)
    admin.reload()
    expect(admin.get_by_text("Given, and withdrawn").first).to_be_visible()
