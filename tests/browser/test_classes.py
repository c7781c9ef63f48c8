"""The life of a badge in a browser: designed, published, awarded, changed, copied, shared in a pack, retired."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, CheckAxe, PageAt, TakeScreenshot
from tests.browser.journey import sign_in
from tests.service import Instance


def open_fold(page: Page, words: str) -> None:
    page.locator("summary", has_text=words).first.click()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "javascript"), [(DESK, True), (PHONE, False)])
def test_from_an_idea_to_a_pack(
    live_service: Instance,
    page_at: PageAt,
    axe: CheckAxe,
    screenshot: TakeScreenshot,
    width: int,
    javascript: bool,
) -> None:
    page = page_at(width, javascript=javascript, base_url=live_service.base_url)
    sign_in(page, live_service)
    name = f"Journal Club Leader {width}"

    def look(what: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth") if javascript else True
        if javascript:
            axe(page)
        screenshot(page, f"class {what}")

    # Make one.
    page.goto("/admin/badges")
    page.get_by_role("link", name="Make a badge").click()
    look("new")
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("must not be empty")
    page.fill("#name", name)
    page.fill("#description", "Leads a journal club where evidence is read together.")
    page.fill("#criteria", "What you did:\n\n- You chose a paper.\n- You led a session.")
    page.locator("label[for=silhouette-hexagon]").click()
    open_fold(page, "More signs")
    page.locator("label[for=icon-microscope]").click()
    page.locator("#ground").evaluate("e => e.value") if javascript else None
    page.fill("#lit_dots", "7")
    page.fill("#label", "Journal club")
    if javascript:
        expect(page.locator("[data-art-describes]")).to_contain_text("microscope")
        assert "microscope" in (page.locator("[data-art-picture]").last.get_attribute("src") or "")
        page.fill("#lit_dots", "77")
        expect(page.locator("[data-art-problem]")).to_contain_text("not possible")
        page.fill("#lit_dots", "7")
        expect(page.locator("[data-art-problem]")).to_be_empty()
    else:
        page.get_by_role("button", name="Draw it again").click()
        assert "microscope" in page.input_value("#alt_text")
        assert page.input_value("#name") == name
    page.fill("#alt_text", "A hexagon with a microscope.")
    look("form")
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    look("first look")
    address = re.sub(r"/publish$", "", page.url)
    public = address.replace("/admin/badges/", "/achievements/")
    stranger = page_at(width, base_url=live_service.base_url)
    assert stranger.request.get(f"{public}/1").status == 404  # a draft is nobody else's business
    page.get_by_role("button", name="Publish it").click()
    expect(page.get_by_text("Published. It can be awarded now.")).to_be_visible()
    look("published")

    # Award it, then change what has to be done.
    live_service.badges("award", address.rpartition("/")[2], "--email", f"kim.{width}@nhs.net")
    page.get_by_role("link", name="Change the text or the picture").click()
    page.fill("#criteria", "What you did:\n\n- You chose two papers.\n- You led a session.")
    page.locator("label[for=icon-books]").click() if javascript else None
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.locator("ins").first).to_contain_text("two")
    look("side by side")
    page.get_by_role("button", name="Publish it").click()
    stranger.goto(f"{public}/1")
    expect(stranger.get_by_role("heading", name="What had to be done when it was awarded")).to_be_visible()
    expect(stranger.locator(".am-prose")).to_contain_text("a paper")
    screenshot(stranger, "class old version")
    stranger.get_by_role("link", name="See the newest version").click()
    expect(stranger.locator(".am-prose")).to_contain_text("two papers")
    expect(stranger.get_by_role("link", name="Copy this")).to_be_visible()

    # Share it.
    page.goto("/admin/organisations/anytown-hospitals-library/packs")
    look("packs")
    page.get_by_role("link", name="Share your badges").click()
    page.fill("#name", f"Journal clubs {width}")
    page.fill("#description", "For those who read together.")
    page.get_by_label(name).check()
    page.get_by_label("Creative Commons Attribution 4.0", exact=True).check()
    look("pack publish")
    page.get_by_role("button", name="Sign and publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Journal clubs {width}")
    look("pack public")
    page.goto("/admin/organisations/anytown-hospitals-library/packs/use/starter")
    look("pack adopt")
    page.goto("/packs")
    look("packs public")

    # Copy it, throw the copy away, and retire the first.
    page.goto(address + "/copy")
    look("copy")
    page.get_by_role("button", name="Copy it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change this badge")
    look("edit")
    page.goto(re.sub(r"/edit$", "", page.url))
    page.get_by_role("button", name="Throw the draft away").click()
    expect(page.get_by_text("The draft is gone.")).to_be_visible()
    look("list")
    page.goto(address)
    page.get_by_role("link", name="Retire it").click()
    look("retire")
    page.get_by_role("button", name="Retire it").click()
    expect(page.get_by_text("Retired: it is not awarded any more")).to_be_visible()
    refused = live_service.badges("award", address.rpartition("/")[2], "--email", "lee@nhs.net", check=False)
    assert "retired" in refused.stderr
    stranger.goto(f"{public}/2")
    expect(stranger.get_by_text("This badge is not awarded any more.")).to_be_visible()

    # A badge of a pack takes a note, and nothing else.
    page.goto("/admin/badges/anytown-hospitals-library/evidence-partner/edit")
    expect(page.get_by_role("heading", level=1)).to_have_text("A note of your own")
    page.fill("#local_note", f"Ask at the desk of the library, {width}.")
    look("note")
    page.get_by_role("button", name="Save").click()
    stranger.goto("/achievements/anytown-hospitals-library/evidence-partner")
    expect(stranger.get_by_text(f"Ask at the desk of the library, {width}.")).to_be_visible()
