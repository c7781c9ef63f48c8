"""After an award: put right, its mail looked after; and a key for another system. Looked at on a desk and a phone."""

from __future__ import annotations

import json
from urllib.request import Request, urlopen

import pytest

from tests.browser.conftest import DESK, PHONE, CheckAxe, PageAt, TakeScreenshot
from tests.browser.journey import sign_in
from tests.instances import ORGANISATION
from tests.service import Instance


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_key_is_made_used_and_what_it_awarded_is_put_right(
    live_service: Instance, page_at: PageAt, axe: CheckAxe, screenshot: TakeScreenshot, width: int
) -> None:
    page = page_at(width, base_url=live_service.base_url)
    sign_in(page, live_service)

    def look(what: str) -> None:
        page.wait_for_load_state("networkidle")
        wide = """[...document.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.tagName + "." + e.className)"""
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (what, page.evaluate(wide))
        axe(page)
        screenshot(page, f"after {what}")

    page.goto(f"/admin/organisations/{ORGANISATION}")
    page.get_by_role("link", name="Other systems").click()
    look("no keys")
    page.get_by_role("button", name="Make a key").click()
    look("key without a name")
    page.get_by_label("What is it for?").fill("Our learning system")
    page.get_by_role("button", name="Make a key").click()
    secret = page.locator(".am-code").inner_text().strip()
    look("key shown once")
    page.goto(f"/admin/organisations/{ORGANISATION}/api-keys")
    assert secret not in page.content()

    address = f"person{width}@example.org"
    request = Request(
        f"{live_service.base_url}/api/v1/awards",
        data=json.dumps({"badge": "supporter", "recipients": [{"email": address, "name": "Smaantha"}]}).encode(),
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as response:
        [result] = json.load(response)["results"]
    assert result["state"] == "awarded"

    page.goto(f"/admin/awards/{result['id']}")
    page.get_by_role("link", name="Put the name or the address right").click()
    look("put right")
    page.get_by_label("Name").fill("Samantha")
    page.get_by_role("button", name="Put it right").click()
    page.get_by_text("The name was put right").wait_for()
    look("award")
    page.goto("/admin/awards")
    page.get_by_role("link", name="Outbox").click()
    look("outbox")
    page.get_by_role("link", name="Sent").click()
    page.get_by_text("Samantha").first.wait_for()
    look("outbox sent")

    page.goto("/developers")
    look("developers")
