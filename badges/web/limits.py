"""How often the same visitor may try what could be guessed or is costly."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections import Counter
from threading import Lock
from typing import Final

from flask import Flask, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import TooManyRequests

from badges.network.turnstile import MOST_AT_A_TIME
from badges.services.context import Installation
from badges.web.tries import SCHEME, tries_file

# By endpoint: tries from one visitor, by POST or with a link in the address, whichever process answers. Generous,
# because a hospital shares one address.
LIMITS: Final[dict[str, str]] = {
    "public.sign_in": "60 per 10 minutes",
    "public.sign_in_code": "60 per 10 minutes",
    "public.sign_in_link": "60 per 10 minutes",
    "public.sign_in_second": "60 per 10 minutes",
    "public.sign_in_passkey": "60 per 10 minutes",
    "public.passkey_options": "120 per 10 minutes",
    "public.choose_provider": "60 per 10 minutes",
    "public.sign_in_with": "60 per 10 minutes",
    "public.back_from_provider": "60 per 10 minutes",
    "public.invitation": "60 per 10 minutes",
    "public.endorse": "60 per 10 minutes",
    "public.credential_email": "120 per 10 minutes",
    "public.verify": "120 per minute",
    "public.verify_api": "120 per minute",
}
# What may wait for other servers, and how much of it one visitor may have under way at once in this process: fewer
# than may wait altogether, so that nobody alone can keep all others waiting.
SLOW: Final = frozenset({"public.verify", "public.verify_api"})
MOST_UNDER_WAY: Final = MOST_AT_A_TIME - 2
_RETRY_SECONDS: Final = 10


class UnderWay:
    """How many requests of each visitor are being worked on."""

    def __init__(self, most: int = MOST_UNDER_WAY) -> None:
        self._most = most
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def enter(self, visitor: str) -> bool:
        """Count one more, if it may be."""
        with self._lock:
            if self._counts[visitor] >= self._most:
                return False
            self._counts[visitor] += 1
            return True

    def leave(self, visitor: str) -> None:
        """Count one less; a visitor with none is forgotten."""
        with self._lock:
            self._counts[visitor] -= 1
            if self._counts[visitor] <= 0:
                del self._counts[visitor]


# Where opening an address costs as much as sending a form: another server is asked.
_COSTLY_TO_OPEN: Final = frozenset({"public.sign_in_with", "public.back_from_provider"})


def _asks_in_address() -> bool:
    """Whether this is a link to an answer (`/verify?url=`), a whole check of one of our badges at every opening, or
    leads to another server.
    """
    return (request.endpoint == "public.verify" and "url" in request.args) or request.endpoint in _COSTLY_TO_OPEN


def prepare(app: Flask, installation: Installation) -> None:
    """Count tries at the endpoints above; past the limit the answer is 429."""
    under_way = UnderWay()
    secret = hmac.digest(installation.secrets.secret("sessions"), b"who tries what", hashlib.sha256)
    limiter = Limiter(
        get_remote_address,
        storage_uri=f"{SCHEME}://",
        storage_options={
            "filename": str(tries_file(installation.settings.instance_folder)),
            "secret": secret.hex(),
        },
        headers_enabled=False,
        key_prefix="badges",
    )
    limiter.init_app(app)
    # At lower levels it would write visitors' addresses into the log.
    logging.getLogger("flask-limiter").setLevel(logging.ERROR)

    @app.before_request
    def count_tries() -> None:
        rate = LIMITS.get(request.endpoint or "")
        if rate and (request.method == "POST" or _asks_in_address()):
            with limiter.limit(rate, scope=f"{request.endpoint} {request.method}"):
                pass

    @app.before_request
    def count_under_way() -> None:
        if request.method == "POST" and request.endpoint in SLOW:
            visitor = get_remote_address()
            if not under_way.enter(visitor):
                raise TooManyRequests(retry_after=_RETRY_SECONDS)
            g.under_way = visitor

    @app.teardown_request
    def count_as_done(_error: BaseException | None) -> None:
        visitor = g.pop("under_way", None)
        if visitor is not None:
            under_way.leave(visitor)
