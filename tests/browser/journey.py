"""Steps that the browser tests share: signing in with the printed link, reading the outbox."""

from __future__ import annotations

import email
import re
from email.message import EmailMessage
from email.policy import default
from typing import Final

from playwright.sync_api import Page, expect

from tests.service import Instance

CLASS: Final = "anytown-hospitals-library/induction"


def printed_sign_in_link(instance: Instance) -> str:
    """Return a one-time link as an admin without mail gets it, in the terminal."""
    return instance.badges("sign-in-link", "librarian@example.org").stdout.strip()


def sign_in(page: Page, instance: Instance) -> None:
    """Open a one-time link and press the button."""
    page.goto(printed_sign_in_link(instance))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What next?")


def mails_to(instance: Instance, address: str) -> list[EmailMessage]:
    """Return the mails in the outbox to this address, oldest first."""
    found = []
    for path in sorted(instance.outbox_folder.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=default)
        if address in str(message["To"]):
            found.append(message)
    return found


def link_in(message: EmailMessage) -> str:
    """Return the address that the mail's text asks to open."""
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(r"^http\S+", body.get_content(), re.MULTILINE)
    assert found is not None
    return found.group()


def wait_for_mail(page: Page, instance: Instance, address: str, count: int = 1) -> EmailMessage:
    """Wait until the worker has sent so many mails to an address; return the newest."""
    for _ in range(150):
        found = mails_to(instance, address)
        if len(found) >= count:
            return found[-1]
        page.wait_for_timeout(200)
    raise AssertionError(f"no mail to {address} came")
