"""How often the same visitor may try what could be guessed or is costly. Counted in memory, kept nowhere."""

from __future__ import annotations

from typing import Final

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# By endpoint: tries by POST from one address. Generous, because a hospital shares one.
LIMITS: Final[dict[str, str]] = {
    "public.sign_in": "60 per 10 minutes",
    "public.sign_in_code": "60 per 10 minutes",
    "public.sign_in_link": "60 per 10 minutes",
    "public.credential_email": "120 per 10 minutes",
    "public.verify": "120 per minute",
    "public.verify_api": "120 per minute",
}


def prepare(app: Flask) -> None:
    """Count POSTs to the endpoints above; past the limit the answer is 429."""
    limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False, key_prefix="badges")
    limiter.init_app(app)

    @app.before_request
    def count_tries() -> None:
        rate = LIMITS.get(request.endpoint or "")
        if rate and request.method == "POST":
            with limiter.limit(rate, scope=request.endpoint):
                pass
