"""Thirty people out of a spreadsheet: three rows are wrong, one is mended, the award is undone, and made again."""

from __future__ import annotations

import csv
import io
import sqlite3
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, CheckAxe, PageAt, TakeScreenshot
from tests.browser.journey import CLASS, mails_to, sign_in, wait_for_mail
from tests.service import Instance

WORK_SECONDS: Final = 20


def people(width: int) -> str:
    """Return thirty rows as Excel gives them: three of them wrong."""
    rows = [f"Person {n}\tperson{n}.{width}@nhs.net\t12/03/2026" for n in range(1, 28)]
    rows.insert(4, f"Slip\tslip.{width}@nhs.ent\t12/03/2026")
    rows.insert(9, f"Nobody\tnobody.{width}\t12/03/2026")
    rows.insert(19, f"Future\tfuture.{width}@nhs.net\t12/03/2099")
    return "Name\tEmail\tDate\n" + "\n".join(rows) + "\n"


def hasten(instance: Instance) -> None:
    """Let the minute for undoing be over: as if the clock had gone on."""
    connection = sqlite3.connect(instance.folder / "badges.sqlite", timeout=30)
    with connection:
        connection.execute(
            "UPDATE batch SET starts_at = datetime(starts_at, '-90 seconds') || '.000000' WHERE state = 'queued'"
        )
    connection.close()
    # The worker looks every minute; the shell does the same work at once.
    (number,) = sqlite3.connect(instance.folder / "badges.sqlite").execute("SELECT max(id) FROM batch").fetchone()
    instance.badges("award-batch", "--resume", str(number), check=False)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "javascript"), [(DESK, True), (PHONE, False)])
def test_thirty_people_with_three_wrong_ones(
    live_service: Instance,
    page_at: PageAt,
    axe: CheckAxe,
    screenshot: TakeScreenshot,
    width: int,
    javascript: bool,
) -> None:
    page = page_at(width, javascript=javascript, base_url=live_service.base_url)
    sign_in(page, live_service)

    def look(what: str) -> None:
        if javascript:
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            axe(page)
        screenshot(page, f"batch {what}")

    page.goto(f"/admin/award/{CLASS}")
    page.get_by_role("link", name="Many people?").click()
    look("box")
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("Paste the rows here")
    page.fill("#rows", people(width))
    page.get_by_role("button", name="Look at the rows").click()

    expect(page.locator("#what-now")).to_have_text("30 people in this list")
    expect(page.locator(".am-row")).to_have_count(3)
    expect(page.locator("#row-10")).to_contain_text("needs exactly one @")
    expect(page.locator("#row-20")).to_contain_text("12 March 2099 is in the future")
    look("aside")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the 3 rows").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert rows[0] == ["Name", "Email", "Date", "why"]
    assert [row[:3] for row in rows[1:]][1] == ["Nobody", f"nobody.{width}", "12/03/2026"]
    assert all(row[3] for row in rows[1:])

    # One slip is mended by a press, one address by typing.
    page.get_by_role("button", name=f"Use slip.{width}@nhs.net").click()
    page.locator("#row-10").get_by_role("link", name="Change").click()
    look("mending")
    expect(page.locator("#name")).to_have_value("Nobody")
    expect(page.locator("#date")).to_have_value("12/03/2026")
    page.fill("#email", f"somebody.{width}@nhs.net")
    page.get_by_role("button", name="Keep the changes").click()
    expect(page.locator(".am-row")).to_have_count(1)

    page.get_by_role("button", name="Award 29").click()
    expect(page.locator("#what-now")).to_have_text("29 badges are on their way")
    look("undo")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Nothing was signed or sent")).to_be_visible()
    assert not mails_to(live_service, f".{width}@nhs.net")

    # Again; the list's page shows what is under way, and not the button a second time.
    address = page.url
    page.get_by_role("button", name="Award 29").click()
    expect(page.locator("#what-now")).to_have_text("29 badges are on their way")
    page.goto(address)
    expect(page.locator("#what-now")).to_have_text("29 badges are on their way")
    hasten(live_service)
    if javascript:
        expect(page.locator("#what-now")).to_have_text("29 badges were awarded", timeout=WORK_SECONDS * 1000)
    else:
        page.get_by_role("link", name="Look again").click()
        expect(page.locator("#what-now")).to_have_text("29 badges were awarded")
    look("done")
    # Somebody who was not in the list, one by one: the worker is called for it, and sends all mails that are due.
    page.goto(f"/admin/award/{CLASS}")
    page.fill("#email", f"late.{width}@nhs.net")
    page.get_by_role("button", name="Award", exact=True).click()
    wait_for_mail(page, live_service, f"late.{width}@nhs.net")
    wait_for_mail(page, live_service, f"slip.{width}@nhs.net")
    wait_for_mail(page, live_service, f"person27.{width}@nhs.net")
    assert len(mails_to(live_service, f".{width}@nhs.net")) == 30
    page.goto("/admin/batches")
    expect(page.locator("tbody tr").first).to_contain_text("29")
    look("lists")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="Left aside 1").click()
    expect(page.locator(".am-row")).to_have_count(1)
