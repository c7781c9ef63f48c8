"""`badges check`: is everything there that the service needs? Each answer says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.config import Settings
from badges.errors import BadgesError, UnavailableError
from badges.keyring import key_folder
from badges.keyring.agent import AgentKeyring
from badges.keyring.secret_files import SECRETS
from badges.network.mailers import MailDelayedError, Mailer
from badges.services.audit_verifying import verify_audit
from badges.services.context import Installation
from badges.services.facts import fixed_base_url, require_base_url
from badges.services.issuer_lists import list_state
from badges.services.key_files import keys_without_backup, last_backup
from badges.services.notices import waiting_since
from badges.services.organisations import list_organisations
from badges.services.signing_keys import list_keys, missing_algorithms, owner_name
from badges.standards.did.jwk import jwk_to_public_key
from badges.standards.signer import KeyAlgorithm
from badges.storage.engine import Database
from badges.storage.records import AuditHeadRecord, KeyState
from badges.storage.schema import is_schema_current

_MAIL_PATIENCE: Final = timedelta(minutes=10)
_AUDIT_LINES: Final = 1_000
_LIST_NOTICE: Final = timedelta(days=14)
# Before this the clock cannot be right: the service was written later.
_EARLIEST: Final = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Health:
    """One thing that was looked at. message: what was found, or what to do."""

    name: str
    ok: bool
    message: str


def check_installation(database: Database, installation: Installation, mailer: Mailer) -> list[Health]:
    """Return the state of database, keys, base URL, list of issuers, mail, audit and clock."""
    first = _check_database(database)
    if not first.ok:
        return [first, _check_mail(None, installation, mailer), _check_clock(installation)]
    with database.read() as session:
        return [
            first,
            _check_keys(session, installation),
            *_check_signing(installation),
            _check_backup(session),
            _check_base_url(session, installation),
            _check_issuer_list(session, installation),
            _check_mail(session, installation, mailer),
            _check_audit(session, installation),
            _check_clock(installation),
        ]


def _check_database(database: Database) -> Health:
    try:
        current = is_schema_current(database)
    except UnavailableError as problem:
        reason = str(problem.__cause__).splitlines()[0]
        return Health("database", False, f"It cannot be opened: {reason}. See BADGES_DATABASE_URL.")
    kind = database.engine.dialect.name
    try:
        with database.write():
            pass  # a writer's lock can be had
    except UnavailableError as problem:
        return Health("database", False, f"It can be read but not written: {problem.__cause__}. Is the disk full?")
    if not current:
        return Health("database", False, f"The {kind} database has no tables yet or old ones. Run `badges init`.")
    return Health("database", True, f"The {kind} database is there and up to date.")


def _check_keys(session: Session, installation: Installation) -> Health:
    organisations = list_organisations(session)
    if not organisations:
        return Health("keys", False, "There is no organisation yet. Run `badges init`.")
    keys = [key for key in list_keys(session) if key.state == KeyState.ACTIVE]
    try:
        for key in keys:
            public_key = jwk_to_public_key(key.public_jwk)
            installation.keys.signer(key.uri, key.id, KeyAlgorithm(key.algorithm), public_key).sign(b"a test")
        for name in SECRETS:
            installation.secrets.secret(name)
    except BadgesError as problem:
        return Health("keys", False, str(problem))
    for owner in (None, *organisations):
        if missing := missing_algorithms(session, owner):
            message = f"{owner_name(owner)} has no active {' and '.join(missing)} key. Run `badges init`."
            return Health("keys", False, message)
    settings = installation.settings
    doubts = key_folder(settings).doubts() + installation.secrets.doubts()
    if doubts:
        return Health("keys", False, " ".join(str(doubt) for doubt in doubts))
    return Health("keys", True, f"{len(keys)} signing keys open and sign.{_compromised(session)}{_beside(settings)}")


def _beside(settings: Settings) -> str:
    """Say that the passphrase is where whoever gets the keys gets it too."""
    folder = key_folder(settings)
    if not settings.sign_in_web and folder.reads_passphrase_from_file and not settings.web_user:
        return (
            " The web process could read the file with the passphrase: it runs under the same account. Set "
            "BADGES_KEY_PASSPHRASE instead, or let it run under another (docs/keys.md)."
        )
    if folder.keeps_passphrase and not settings.is_trial:
        return " The passphrase lies beside the keys: better set BADGES_KEY_PASSPHRASE_FILE."
    return ""


def _check_backup(session: Session) -> Health:
    """Say which keys would be lost with the machine: as advice, because who copies the whole folder needs no other."""
    last, missing = last_backup(session), keys_without_backup(session)
    when = f"The last backup of the keys is of {last:%d %B %Y}." if last else "No backup of the keys was made here."
    if not missing:
        return Health("key backup", True, when)
    return Health("key backup", True, f"{when} Keys that are not in it: {len(missing)}. Run `badges keys backup FILE`.")


def _check_signing(installation: Installation) -> list[Health]:
    """Look whether the worker signs for the web process, where that has no keys."""
    settings = installation.settings
    if settings.sign_in_web:
        return []
    try:
        AgentKeyring(settings.signing_socket).ask({"do": "greet"})
    except UnavailableError:
        message = "Nobody signs for the web process: is `badges serve` or `badges worker` running?"
        return [Health("signing", False, f"{message} ({settings.signing_socket})")]
    except BadgesError as problem:
        return [Health("signing", False, str(problem))]
    return [Health("signing", True, f"The worker signs for the web process, at {settings.signing_socket}.")]


def _compromised(session: Session) -> str:
    """Say which keys may be in the hands of others: that stays so for ever."""
    found = [key.id for key in list_keys(session) if key.state == KeyState.COMPROMISED]
    if not found:
        return ""
    return f" Warning: compromised ({', '.join(found)}); of their badges only those in the ledger are valid."


def _check_base_url(session: Session, installation: Installation) -> Health:
    try:
        require_base_url(session, installation)
    except BadgesError as problem:
        return Health("base URL", False, str(problem))
    url = installation.addresses.base_url
    fixed = "inside signed badges, so fixed" if fixed_base_url(session) else "not in any badge yet"
    trial = (
        " Trial: strangers cannot reach it; set BADGES_MODE=production for real badges."
        if (installation.settings.is_trial)
        else ""
    )
    return Health("base URL", True, f"{url} ({fixed}).{trial}")


def _check_issuer_list(session: Session, installation: Installation) -> Health:
    state = list_state(session, installation)
    if state.problem is not None:
        path = installation.settings.issuer_list_path
        return Health("issuer list", False, f"{path} is not used. {state.problem} See `badges issuers sign`.")
    if state.issuer_list is None:
        return Health("issuer list", True, "There is none: only our own organisations are known.")
    days = (state.issuer_list.valid_until - installation.clock()).days
    advice = " Sign a new one soon." if days < _LIST_NOTICE.days else ""
    count = len(state.issuer_list.entries)
    return Health("issuer list", True, f"Organisations in it: {count}. It counts for {days} more days.{advice}")


def _check_audit(session: Session, installation: Installation) -> Health:
    """Look at the end of the audit; the whole of it is for `badges audit verify`."""
    end = session.scalar(select(AuditHeadRecord.number)) or 0
    report = verify_audit(session, installation, since=max(0, end - _AUDIT_LINES))
    if not report.is_whole:
        return Health("audit", False, f"{report.findings[0]} See `badges audit verify`.")
    if not report.heads:
        return Health("audit", True, f"Lines: {report.lines}. None is sealed yet: `badges serve` does that.")
    return Health("audit", True, f"Lines: {report.lines}, sealed up to line {report.sealed}.")


def _check_mail(session: Session | None, installation: Installation, mailer: Mailer) -> Health:
    try:
        where = mailer.check()
    except MailDelayedError as problem:
        return Health("mail", False, f"{problem} See BADGES_SMTP_URL.")
    since = waiting_since(session) if session else None
    if since is not None and since < installation.clock() - _MAIL_PATIENCE:
        return Health("mail", False, f"{where} Some wait since {since:%d %B, %H:%M} UTC: is `badges serve` running?")
    return Health("mail", True, where)


def _check_clock(installation: Installation) -> Health:
    now = installation.clock()
    if now < _EARLIEST:
        return Health("clock", False, f"The clock says {now:%d %B %Y}. Set it: badges carry the time of their award.")
    return Health("clock", True, f"{now:%d %B %Y, %H:%M:%S} UTC.")
