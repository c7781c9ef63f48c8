"""Every page of an admin at both widths: nothing that axe finds, nothing wider than the window."""

from __future__ import annotations

from typing import Final

import pytest

from tests.browser.conftest import DESK, PHONE, CheckAxe, PageAt, TakeScreenshot
from tests.browser.journey import sign_in
from tests.service import Instance

PAGES: Final = {
    "organisations": "/admin/organisations",
    "organisation": "/admin/organisations/anytown-hospitals-library",
    "keys": "/admin/organisations/anytown-hospitals-library/keys",
    "keys rotate": "/admin/organisations/anytown-hospitals-library/keys/rotate",
    "audit": "/admin/audit",
    "badges": "/admin/badges",
}


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_every_page_is_in_order(
    live_service: Instance, page_at: PageAt, axe: CheckAxe, screenshot: TakeScreenshot, width: int
) -> None:
    admin = page_at(width, base_url=live_service.base_url)
    sign_in(admin, live_service)
    for name, path in PAGES.items():
        admin.goto(path)
        axe(admin)
        screenshot(admin, f"admin {name}")
        assert admin.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
