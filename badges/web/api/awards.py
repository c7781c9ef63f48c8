"""Awarding by another system, and looking an award up. Described in docs/api-awards.md."""

from __future__ import annotations

import time
from typing import Final
from uuid import UUID

from flask import Response, make_response, request

from badges.errors import ConflictError, InvalidInputError, NotFoundError
from badges.jobs.batches import award_batch
from badges.services.api_awards import begin_awards, finish_awards, read_request
from badges.services.award_values import find_award
from badges.standards.json_text import write_json
from badges.standards.moments import write_moment
from badges.web.current import acting_service, call_worker, installation, require_key, sender, service, write

_PAUSES_SECONDS: Final = (0, 0.1, 0.2, 0.5, 1, 2, 4)


def make_awards() -> Response:
    """POST /api/v1/awards: awards to one, or up to 1,000; signed and stored before the answer."""
    key = require_key()
    if request.mimetype != "application/json":
        raise InvalidInputError("Send the request as application/json.")
    asked = read_request(request.get_data(parse_form_data=False))
    once = request.headers.get("Idempotency-Key")
    with write() as session:
        begun = begin_awards(session, installation(), key, asked, once)
    if begun.answer is not None:
        return _answer(begun.answer, is_repeat=begun.is_repeat)
    assert begun.batch_id is not None
    _award(begun.batch_id)
    with write() as session:
        answer = finish_awards(session, installation(), key, begun.batch_id, once)
    call_worker()
    return _answer(answer, is_repeat=begun.is_repeat)


def _award(batch_id: int) -> None:
    """Award a list here, or wait a while for the worker, which may have taken it a moment before.

    Raises ConflictError when that is still at work.
    """
    for pause in _PAUSES_SECONDS:
        time.sleep(pause)
        if award_batch(acting_service(), batch_id, by=sender(), processes=1):
            return
    raise ConflictError("This request is still being worked on. Send it again in a minute, with the same key.")


def award(award_id: UUID) -> Response:
    """GET /api/v1/awards/<uuid>: whether a badge of the key's organisation stands."""
    key = require_key()
    with service().database.read() as session:
        found = find_award(session, award_id)
        if found.organisation_id != key.organisation_id:
            raise NotFoundError("There is no badge with the number %(id)s here.", id=award_id)
        now = installation().clock()
        is_over = found.valid_until is not None and found.valid_until <= now
        moments = {"valid_from": found.valid_from, "valid_until": found.valid_until, "withdrawn_at": found.revoked_at}
        text = write_json(
            {
                "id": str(found.id),
                "url": installation().addresses.url("credential", award_id=found.id),
                "badge": found.achievement_version.achievement.slug,
                "state": "withdrawn" if found.revoked_at else "over" if is_over else "valid",
                **{name: write_moment(moment) for name, moment in moments.items() if moment is not None},
            }
        )
    return _answer(text)


def _answer(text: str, *, is_repeat: bool = False) -> Response:
    response = make_response(text)
    response.mimetype = "application/json"
    response.headers["Cache-Control"] = "no-store"
    if is_repeat:
        response.headers["Idempotent-Replayed"] = "true"
    return response
