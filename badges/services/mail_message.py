"""A mail as a message: its headers, its two texts, in whose name it goes."""

from __future__ import annotations

import contextlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from badges.services.context import Installation
from badges.storage.records import OrganisationRecord, OutboxMailRecord


def sender_of(organisation: OrganisationRecord) -> dict[str, str]:
    """Return in whose name a mail goes, and who gets the answers."""
    name = organisation.sender_name or organisation.name
    return {"sender_name": name, "reply_to": organisation.reply_to or organisation.email}


def message_of(
    installation: Installation,
    mail: OutboxMailRecord,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    *,
    sender_name: str = "",
    reply_to: str = "",
) -> EmailMessage:
    """Return a mail of text and HTML. Its Message-ID follows from the row, so that a repeat can be recognised."""
    settings = installation.settings
    name, address = parseaddr(settings.mail_sender)
    host = urlsplit(settings.base_url).hostname
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = _address(address, sender_name or name)
    message["To"] = _address(recipient)
    if reply_to:
        message["Reply-To"] = _address(reply_to)
    message["Date"] = format_datetime(installation.clock())
    message["Message-ID"] = f"<{mail.id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def _address(text: str, name: str = "") -> Address:
    """Return an address for a header. Its domain is written in ASCII, which every mail server takes.

    Source: RFC 3490, section 4.1 (ToASCII). The part before the @ stays as it is: only its own server may change it.
    """
    local, _, domain = text.rpartition("@")
    with contextlib.suppress(UnicodeError):  # longer than a name may be: the mail server will say so
        domain = domain.encode("idna").decode("ascii")
    return Address(name, username=local, domain=domain)
