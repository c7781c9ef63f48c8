"""A real Chromium for tests, and what holds on every page: accessible, and nothing from elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, sync_playwright

PHONE: Final = 375
DESK: Final = 1280
HEIGHTS: Final = {PHONE: 812, DESK: 900}
SCREENSHOTS: Final = Path(__file__).parents[2] / "test-results" / "screenshots"
OUR_HOSTS: Final = {"localhost", "127.0.0.1"}
# As root Chromium has no sandbox; the rest keeps it from asking its maker's servers for anything.
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PageAt = Callable[..., Page]
CheckAxe = Callable[[Page], None]
TakeScreenshot = Callable[[Page, str], Path]


def find_chromium() -> str:
    """Return the path of Chromium. Without one the test is skipped, or fails where CI must run it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = [sys.executable, "-m", "playwright", "--version"]
    if path and subprocess.run(driver, capture_output=True, check=False).returncode == 0:
        return path
    missing = "Playwright's driver does not start" if path else "no Chromium here"
    reason = f"{missing}; to have the browser tests: sudo apt-get install chromium libatomic1"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, one for all tests of a process."""
    path = find_chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


class Watch:
    """Keeps pages at home, and remembers what went wrong on them."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def keep_at_home(self, route: Route) -> None:
        """Let a request through if it stays on this machine; stop and remember any other."""
        url = route.request.url
        if urlsplit(url).hostname in OUR_HOSTS or not url.startswith(("http:", "https:")):
            route.continue_()
            return
        self.faults.append(f"asked another host: {url}")
        route.abort()

    def note_script_error(self, page: Page, error: Error) -> None:
        """Remember that a script failed."""
        self.faults.append(f"script error on {page.url}: {error.message}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What went wrong on the pages of a test. They fail it in the end; a test that wants one clears it."""
    watching = Watch()
    yield watching
    assert not watching.faults, "\n".join(watching.faults)


@pytest.fixture
def page_at(browser: Browser, watch: Watch) -> Iterator[PageAt]:
    """A function that opens a page: page_at(width=375, javascript=True, base_url=None, language="en-GB").

    Every page has its own cookies; context=page.context opens a second page that shares the first one's. The
    test fails in the end if a page asked another host for anything, or if a script failed.
    """
    contexts: list[BrowserContext] = []

    def open_page(
        width: int = PHONE,
        *,
        javascript: bool = True,
        base_url: str | None = None,
        language: str = "en-GB",
        context: BrowserContext | None = None,
    ) -> Page:
        if context is None:
            context = browser.new_context(
                viewport={"width": width, "height": HEIGHTS.get(width, 900)},
                has_touch=width <= PHONE,
                java_script_enabled=javascript,
                base_url=base_url,
                locale=language,
                reduced_motion="reduce",
                accept_downloads=True,
            )
            context.set_default_timeout(15_000)
            context.route("**/*", watch.keep_at_home)
            contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: watch.note_script_error(page, error))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> CheckAxe:
    """A function that fails when axe finds any violation on a page; it says which, where, and what to do."""
    checker = Axe()

    def check(page: Page) -> None:
        violations = checker.run(page).response["violations"]
        lines = [f"{len(violations)} violations of accessibility on {page.url}"]
        for violation in violations:
            lines.append(f"\n{violation['id']} ({violation['impact']}): {violation['help']}")
            lines.append(f"  {violation['helpUrl']}")
            for node in violation["nodes"]:
                summary = " ".join(node["failureSummary"].split())
                lines.append(f"  at {node['target']}: {node['html'][:200]}\n     {summary}")
        assert not violations, "\n".join(lines)

    return check


@pytest.fixture(scope="session")
def screenshot() -> TakeScreenshot:
    """A function that saves a picture of the whole page in test-results/screenshots/, with its width."""

    def take(page: Page, name: str) -> Path:
        width = (page.viewport_size or {"width": 0})["width"]
        path = SCREENSHOTS / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}-{width}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take
