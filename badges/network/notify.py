"""Handing mails over to GOV.UK Notify, and asking it which did not arrive.

The service's template there has the subject `((subject))` and the body `((body))`: what a mail says stays ours.
Source: GOV.UK Notify, REST API documentation ("Send an email", "Get the status of multiple messages").
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import parseaddr
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

import jwt

from badges.network.mailers import MailDelayedError, MailRefusedError, Undelivered

_TIMEOUT_SECONDS: Final = 20
_MOST_BYTES: Final = 4 * 1024 * 1024
_UUID_CHARACTERS: Final = 36
_WHY: Final = {
    "permanent-failure": "There is no such mailbox.",
    "temporary-failure": "The mailbox did not take it for three days: it may be full.",
    "technical-failure": "GOV.UK Notify had a fault.",
}


class NotifyMailer:
    """Sends through GOV.UK Notify. Replies go where its service there says."""

    def __init__(self, key: str, template_id: str, url: str) -> None:
        """key: an API key of the service there: its name, its id and its secret, with hyphens between.

        url: where Notify is.
        """
        self._service_id = key[-2 * _UUID_CHARACTERS - 1 : -_UUID_CHARACTERS - 1]
        self._secret = key[-_UUID_CHARACTERS:]
        self._template_id = template_id
        self._url = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over; it is known there by the id in its Message-ID.

        Raises MailRefusedError, MailDelayedError.
        """
        text = message.get_body(("plain",))
        status, answer = self._ask(
            "POST",
            "/v2/notifications/email",
            {
                "email_address": parseaddr(str(message["To"]))[1],
                "template_id": self._template_id,
                "reference": parseaddr(str(message["Message-ID"]))[1].partition("@")[0],
                "personalisation": {
                    "subject": str(message["Subject"]),
                    "body": text.get_content() if text is not None else "",
                },
            },
        )
        if status == 201:
            return
        said = f"GOV.UK Notify said {status}: {_reason(answer)}"
        if status == 400 and "email_address" in said:
            raise MailRefusedError(said)
        # Everything else is a matter of the whole service: the key, the template, its limit, its health.
        raise MailDelayedError(said, is_server_gone=True)

    def rest(self) -> None:
        """There is nothing to let go of."""

    def check(self) -> str:
        """Ask for the template. Raises MailDelayedError when the key or the template is not right."""
        status, answer = self._ask("GET", f"/v2/template/{self._template_id}")
        if status != 200:
            raise MailDelayedError(f"GOV.UK Notify said {status}: {_reason(answer)}")
        missing = [name for name in ("subject", "body") if f"(({name}))" not in str(answer.get(name, ""))]
        if missing:
            raise MailDelayedError(f"The template at GOV.UK Notify lacks (({')) and (('.join(missing)})).")
        return "GOV.UK Notify answers."

    def undelivered(self) -> Sequence[Undelivered]:
        """Return the newest mails that did not arrive after all, up to 250. Raises MailDelayedError."""
        status, answer = self._ask("GET", "/v2/notifications?template_type=email&status=failed")
        if status != 200:
            raise MailDelayedError(f"GOV.UK Notify said {status}: {_reason(answer)}")
        found = answer.get("notifications")
        return [
            Undelivered(str(each["reference"]), _WHY.get(str(each.get("status")), "It did not arrive."))
            for each in (found if isinstance(found, list) else ())
            if isinstance(each, dict) and each.get("reference")
        ]

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        kind = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        connection = kind(self._url.hostname or "", self._url.port, timeout=_TIMEOUT_SECONDS)
        token = jwt.encode({"iss": self._service_id, "iat": int(time.time())}, self._secret, algorithm="HS256")
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            text = response.read(_MOST_BYTES)
        except (OSError, HTTPException) as problem:
            raise MailDelayedError(f"GOV.UK Notify does not answer: {problem}", is_server_gone=True) from problem
        finally:
            connection.close()
        try:
            answer = json.loads(text)
        except ValueError:
            answer = {}
        return response.status, answer if isinstance(answer, dict) else {}


def _reason(answer: dict[str, Any]) -> str:
    """Return what it says is wrong."""
    errors = answer.get("errors")
    if not isinstance(errors, list):
        return "no reason"
    messages = [str(each.get("message", "")) for each in errors if isinstance(each, dict)]
    return "; ".join(messages)[:300] or "no reason"
