"""What the worker does. Each step is its own transaction; everything is safe to repeat."""

from __future__ import annotations

import logging
from uuid import UUID

from badges.bootstrap import Service
from badges.network.mailers import MailDelayedError, MailRefusedError
from badges.services.mail_composing import compose_mail
from badges.services.notices import mark_failed, mark_sent, take_due_mail
from badges.services.status_lists import lists_to_renew, renew_list

_log = logging.getLogger(__name__)


def deliver_due_mail(service: Service, limit: int = 1000) -> int:
    """Send the mails that are due, one by one: a bad one never stops the rest. Returns how many were sent."""
    sent = 0
    for _ in range(limit):
        with service.database.write() as session:
            mail_id = take_due_mail(session, service.installation)
        if mail_id is None:
            break
        sent += _deliver(service, mail_id)
    return sent


def _deliver(service: Service, mail_id: UUID) -> bool:
    problem, for_good = "", False
    try:
        with service.database.read() as session:
            message = compose_mail(session, service.installation, service.mail_texts, mail_id)
        if message is None:
            problem, for_good = "There is nobody left to write to, or the link in it has run out.", True
        else:
            service.mailer.send(message)
    except MailRefusedError as error:
        problem, for_good = str(error), True
    except MailDelayedError as error:
        problem = str(error)
    except Exception:  # noqa: BLE001 — the worker's loop goes on whatever one mail does
        _log.exception("The mail %s could not be made", mail_id)
        problem = "The mail could not be made; the log says why."
    with service.database.write() as session:
        if problem:
            mark_failed(session, service.installation, mail_id, problem, for_good=for_good)
        else:
            mark_sent(session, service.installation, mail_id)
    return not problem


def renew_status_lists(service: Service) -> int:
    """Sign again the status lists whose signature runs out soon. Returns how many."""
    with service.database.read() as session:
        numbers = lists_to_renew(session, service.installation)
    for number in numbers:
        with service.database.write() as session:
            renew_list(session, service.installation, number)
    return len(numbers)
