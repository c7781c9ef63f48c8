"""What the worker does. Each step is its own transaction; everything is safe to repeat."""

from __future__ import annotations

import contextlib
import logging
from enum import StrEnum
from uuid import UUID

from badges.bootstrap import Service
from badges.errors import BadgesError, ConflictError
from badges.network.mailers import MailDelayedError, MailRefusedError
from badges.services.api_awards import delete_old_api_requests
from badges.services.audit_heads import seal
from badges.services.award_values import find_award
from badges.services.batches import forget_old_rows
from badges.services.endorsement_asking import delete_old_requests
from badges.services.endorsement_values import find_endorsement
from badges.services.endorsements import carriers, list_carried_still
from badges.services.mail_composing import compose_mail
from badges.services.notices import (
    delete_old_invitations,
    delete_old_sign_in_links,
    mark_bounced,
    mark_dropped,
    mark_failed,
    mark_sent,
    take_due_mail,
)
from badges.services.pack_adopting import recognise_older_classes
from badges.services.pack_signing import ensure_starter_pack
from badges.services.registry import renew_registry
from badges.services.reminders import queue_reminders
from badges.services.sessions import delete_old_sessions
from badges.services.status_lists import lists_to_renew, renew_list
from badges.services.superseding import supersede_award
from badges.vocab.status import SupersessionReason

_log = logging.getLogger(__name__)


def deliver_due_mail(service: Service, limit: int = 500) -> int:
    """Send the mails that are due, one by one: a bad one never stops the rest. Returns how many were sent.

    A mail server that does not answer ends the round: the other mails would only wait for it one after the other.
    """
    sent = 0
    try:
        for _ in range(limit):
            with service.database.write() as session:
                mail_id = take_due_mail(session, service.installation)
            if mail_id is None:
                break
            outcome = _deliver(service, mail_id)
            sent += outcome is _Outcome.SENT
            if outcome is _Outcome.NO_SERVER:
                break
    finally:
        service.mailer.rest()
    return sent


class _Outcome(StrEnum):
    SENT = "sent"
    NOT_SENT = "not sent"
    NO_SERVER = "no server"


def _deliver(service: Service, mail_id: UUID) -> _Outcome:
    """Make and send one mail, and note what came of it."""
    outcome, problem, for_good = _Outcome.NOT_SENT, "", False
    try:
        with service.database.read() as session:
            message = compose_mail(session, service.installation, service.mail_texts, mail_id)
        if message is None:
            with service.database.write() as session:
                mark_dropped(session, mail_id)
            return outcome
        service.mailer.send(message)
    except MailRefusedError as error:
        problem, for_good = str(error), True
    except MailDelayedError as error:
        outcome, problem = _Outcome.NO_SERVER if error.is_server_gone else outcome, str(error)
    except Exception:  # noqa: BLE001 — the worker's loop goes on whatever one mail does
        _log.exception("The mail %s could not be made", mail_id)
        problem = "The mail could not be made; the log says why."
    with service.database.write() as session:
        if problem:
            mark_failed(session, service.installation, mail_id, problem, for_good=for_good)
            return outcome
        mark_sent(session, service.installation, mail_id)
    return _Outcome.SENT


def note_bounces(service: Service) -> int:
    """Note which mails were taken and did not arrive, where the mailer knows. Returns how many are news."""
    try:
        undelivered = service.mailer.undelivered()
    except MailDelayedError as problem:
        _log.warning("Which mails did not arrive could not be asked: %s", problem)
        return 0
    if not undelivered:
        return 0
    found = 0
    with service.database.write() as session:
        for each in undelivered:
            with contextlib.suppress(ValueError):  # the reference of a mail that is not ours
                found += mark_bounced(session, UUID(each.mail_id), each.why)
    return found


def renew_status_lists(service: Service) -> int:
    """Sign again the status lists whose signature runs out soon. Returns how many; one that cannot be signed (a key
    is missing) is logged, and holds up no other.
    """
    with service.database.read() as session:
        numbers = lists_to_renew(session, service.installation)
    renewed = 0
    for number in numbers:
        try:
            with service.database.write() as session:
                renew_list(session, service.installation, number)
            renewed += 1
        except BadgesError:
            _log.exception("The status list %s could not be signed again", number)
    return renewed


def publish_registry(service: Service) -> None:
    """Sign the list of organisations anew where it is not what it should be. What fails is logged, and tried again."""
    try:
        with service.database.write() as session:
            renew_registry(session, service.installation)
    except BadgesError:
        _log.exception("The register of organisations could not be signed")


def seal_audit(service: Service) -> bool:
    """Sign the end of the audit, where there are new lines. What cannot be written is logged, and tried again."""
    try:
        with service.database.read() as session:
            seal(session, service.installation)
    except BadgesError:
        _log.exception("The end of the audit could not be signed")
        return False
    return True


def sign_carriers_anew(service: Service) -> None:
    """Sign anew the badges that carry an endorsement which was withdrawn by its link. A transaction for each."""
    with service.database.read() as session:
        waiting = list_carried_still(session)
        left = {each.id: carriers(session, service.installation, each) for each in waiting}
    for endorsement_id, award_ids in left.items():
        for award_id in award_ids:
            with contextlib.suppress(ConflictError), service.database.write() as session:  # withdrawn a moment ago
                supersede_award(
                    session, service.installation, find_award(session, award_id), SupersessionReason.ENDORSEMENT
                )
        with service.database.write() as session:
            find_endorsement(session, endorsement_id).is_carried_still = False


def offer_starter_pack(service: Service) -> None:
    """Sign the starter pack of this release where it is new: those who use it are then offered the difference."""
    try:
        with service.database.write() as session:
            starter = ensure_starter_pack(session, service.installation)
            recognise_older_classes(session, service.installation, starter)
    except BadgesError:
        _log.exception("The starter pack could not be signed")


def remind(service: Service) -> int:
    """Queue the mails to those whose badge ends soon. Returns how many."""
    queued = 0
    while True:
        with service.database.write() as session:
            some = queue_reminders(session, service.installation)
        queued += some
        if not some:
            return queued


def tidy_up(service: Service) -> None:
    """Delete what is of no use any more."""
    with service.database.write() as session:
        delete_old_sign_in_links(session, service.installation)
        delete_old_invitations(session, service.installation)
        delete_old_requests(session, service.installation)
        delete_old_sessions(session, service.installation)
        delete_old_api_requests(session, service.installation)
        forget_old_rows(session, service.installation)
