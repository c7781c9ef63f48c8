"""The signed list of issuers in the instance folder: which organisations the verifier knows besides our own."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from badges.errors import BadgesError, InvalidInputError
from badges.issuing.sign import sign_issuer_list
from badges.services.context import Installation
from badges.services.own_documents import own_fetcher
from badges.services.signing_keys import service_hand
from badges.standards.issuer_list import IssuerList, IssuerListError
from badges.standards.json_text import read_json_object
from badges.standards.moments import write_moment
from badges.verifying.documents import Documents
from badges.verifying.trust import check_dates, open_issuer_list
from badges.vocab.json import JsonObject
from badges.wording import Wording, say

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ListState:
    """The list in the instance folder. problem: why it is not used; both are None when there is no file."""

    issuer_list: IssuerList | None = None
    problem: Wording | None = None


@dataclass(slots=True)
class _Kept:
    """What was read last: of which file, signed by whom; and which problem was logged last."""

    mark: tuple[object, ...] = ()
    state: ListState = ListState()
    logged: str = ""


# What this process keeps, for each installation that it serves.
_kept: Final[WeakKeyDictionary[Installation, _Kept]] = WeakKeyDictionary()


def usable_list(session: Session, installation: Installation) -> IssuerList | None:
    """Return the list in the instance folder, if there is one that counts. Why one does not is logged, once."""
    state = list_state(session, installation)
    kept = _kept.setdefault(installation, _Kept())
    problem = str(state.problem or "")
    if problem and problem != kept.logged:
        _log.warning("The list of issuers is not used. %s", problem)
    kept.logged = problem
    return state.issuer_list


def list_state(session: Session, installation: Installation) -> ListState:
    """Return the list in the instance folder, or why it does not count now. It is read again when the file changes."""
    path = installation.settings.issuer_list_path
    try:
        stat = path.stat()
    except FileNotFoundError:
        return ListState()
    except OSError as error:
        return ListState(problem=say("%(path)s cannot be read: %(reason)s.", path=path, reason=error.strerror))
    now = installation.clock()
    # Read again every ten minutes all the same: the key that signed it may have been taken back since.
    mark = (stat.st_mtime_ns, stat.st_size, stat.st_ino, int(now.timestamp() // 600))
    kept = _kept.setdefault(installation, _Kept())
    if kept.mark != mark:
        kept.mark, kept.state = mark, _open(session, installation)
    if kept.state.issuer_list is not None:
        try:
            check_dates(kept.state.issuer_list, now)
        except IssuerListError as error:
            return ListState(problem=error.message)
    return kept.state


def sign_list(session: Session, installation: Installation, text: bytes) -> JsonObject:
    """Return a list, signed by the service itself. text: the list as JSON; a proof that it has is made anew.

    What is missing of publisher and issued is filled in: this service, now.

    Raises InvalidInputError when it is no list that can be used, ConfigurationError without a key.
    """
    addresses, now = installation.addresses, installation.clock()
    try:
        given = read_json_object(text)
        document: JsonObject = {name: value for name, value in given.items() if name != "proof"}
        document = {"publisher": addresses.service_did, "issued": write_moment(now)} | document
        if document["publisher"] != addresses.service_did:
            raise IssuerListError(
                'Its "publisher" is %(publisher)s. This service signs as %(did)s only.',
                publisher=str(document["publisher"])[:200],
                did=addresses.service_did,
            )
        hand = service_hand(session, installation)
        return sign_issuer_list(document, hand.signer, hand.verification_method, created=now)
    except IssuerListError as error:
        raise InvalidInputError("This is no list that can be used. %(reason)s", reason=error.message) from error


def _open(session: Session, installation: Installation) -> ListState:
    signer = installation.settings.issuer_list_signer or installation.addresses.service_did
    path = installation.settings.issuer_list_path
    try:
        documents = Documents(own_fetcher(session, installation))
        return ListState(open_issuer_list(path.read_bytes(), signer=signer, documents=documents))
    except OSError as error:
        return ListState(problem=say("%(path)s cannot be read: %(reason)s.", path=path, reason=error.strerror))
    except BadgesError as error:
        return ListState(problem=error.message)
