"""The browser fixtures see what they are there to see. The pages are made up: no service is needed."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Error, Page

from tests.browser.conftest import DESK, PHONE, CheckAxe, PageAt, TakeScreenshot, Watch

pytestmark = pytest.mark.browser

GOOD = '<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1></main></html>'
UNLABELLED = GOOD.replace("</main>", "<input></main>")


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A web site of two pages on this machine."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = (UNLABELLED if self.path == "/unlabelled" else GOOD).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            # As strict as our own: axe must work under it.
            self.send_header("Content-Security-Policy", "default-src 'self'")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def open_at(page_at: PageAt, url: str, width: int = PHONE) -> Page:
    page = page_at(width)
    page.goto(url)
    return page


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_page_has_the_width_that_was_asked_for(
    page_at: PageAt, screenshot: TakeScreenshot, site: str, width: int
) -> None:
    page = open_at(page_at, site, width)
    assert page.evaluate("window.innerWidth") == width
    with Image.open(screenshot(page, "Fixture page")) as picture:
        assert picture.width == width


def test_axe_accepts_a_good_page(page_at: PageAt, axe: CheckAxe, site: str) -> None:
    axe(open_at(page_at, site))


def test_axe_names_the_violation_and_its_place(page_at: PageAt, axe: CheckAxe, site: str) -> None:
    page = open_at(page_at, site + "/unlabelled")
    with pytest.raises(AssertionError, match=r"label \(critical\)[\s\S]*<input>"):
        axe(page)


def test_request_to_another_host_is_stopped_and_remembered(page_at: PageAt, watch: Watch, site: str) -> None:
    page = open_at(page_at, site)
    with pytest.raises(Error, match="ERR_FAILED"):
        page.goto("https://example.org/")
    assert watch.faults == ["asked another host: https://example.org/"]
    watch.faults.clear()


def test_failing_script_is_remembered(page_at: PageAt, watch: Watch, site: str) -> None:
    page = open_at(page_at, site)
    page.evaluate("setTimeout(() => { throw new Error('broken') }, 0)")
    page.wait_for_timeout(200)
    assert [fault.rpartition(": ")[2] for fault in watch.faults] == ["broken"]
    watch.faults.clear()
