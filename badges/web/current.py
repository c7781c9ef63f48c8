"""What a view works with: the service, the person who is signed in, the session of this request."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final, cast

from flask import current_app, g
from sqlalchemy.orm import Session

from badges.bootstrap import Service
from badges.errors import NotAllowedError, NotRecognisedError, UnavailableError
from badges.services.accounts import Grants
from badges.services.context import Installation
from badges.storage.records import AccountRecord, ApiKeyRecord
from badges.vocab.audit import LINK, PUBLIC, Actor, ActorKind
from badges.vocab.people import Permission

SERVICE: Final = "badges.service"
_log = logging.getLogger(__name__)
AfterAward = Callable[[], object]


def service() -> Service:
    """Return the service of this application."""
    return cast(Service, current_app.extensions[SERVICE])


def installation() -> Installation:
    """Return its installation."""
    return service().installation


def viewer() -> AccountRecord | None:
    """Return who is signed in."""
    return cast("AccountRecord | None", g.get("viewer"))


def require_viewer() -> AccountRecord:
    """Return who is signed in. Raises NotAllowedError; a route's permission has seen to it before."""
    account = viewer()
    if account is None:
        raise NotAllowedError("Sign in first.")
    return account


def require_key() -> ApiKeyRecord:
    """Return the key of the system that asks. Raises NotRecognisedError; a route's permission has seen to it before."""
    key = cast("ApiKeyRecord | None", g.get("api_key"))
    if key is None:
        raise NotRecognisedError("Send a key.")
    return key


def grants() -> Grants:
    """Return what whoever is signed in may do where."""
    return cast(Grants, g.get("grants") or Grants())


def acting_service() -> Service:
    """Return the service, with all that it writes in the name of whoever sent this request."""
    return replace(service(), database=service().database.acting_as(sender()))


@contextmanager
def write() -> Iterator[Session]:
    """Yield a session as `Database.write`, in the name of whoever sent this request."""
    with service().database.write(sender()) as session:
        yield session


def sender() -> Actor:
    """Return who sent this request, for the audit."""
    account = viewer()
    if account is not None:
        found = g.get("session_record")
        return Actor(ActorKind.PERSON, account.id, str(found.id) if found else None)
    key = g.get("api_key")
    if key is not None:
        return Actor(ActorKind.API_KEY, None, str(key.id))
    return LINK if g.get("permission") is Permission.LINK_HOLDER else PUBLIC


def call_worker(what: str = "after_award") -> None:
    """Tell the worker that something was queued, once it is committed. what: "after_start" for a list to be awarded.

    Should that fail (a full disk), what was committed stands all the same, and the worker finds it by itself.
    """
    try:
        cast(AfterAward, current_app.extensions[what])()
    except (OSError, sqlite3.Error, UnavailableError):
        _log.exception("The worker could not be told of new work; it will find it within a minute")
