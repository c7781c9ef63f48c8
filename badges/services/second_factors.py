"""Second factors: codes of an authenticator app, passkeys, and recovery codes for when both are lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from badges.errors import ConflictError, InvalidInputError, NotFoundError
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.signing_in import count_wrong_guess, locked_account, require_guess
from badges.services.vault import open_secret, seal_secret, secret_digest
from badges.standards.plain_text import strip_controls
from badges.storage.records import AccountRecord, OrganisationRecord, PasskeyRecord, RecoveryCodeRecord
from badges.vocab.audit import Action

ISSUER: Final = "A Million Decisions"
CODES: Final = 10
MOST_PASSKEYS: Final = 20
_STEP_SECONDS: Final = 30
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another
_CODE_LENGTH: Final = 10


def has_second_factor(session: Session, account: AccountRecord) -> bool:
    """Return whether somebody has an authenticator app or a passkey."""
    return account.totp_secret is not None or bool(count_passkeys(session, account))


def needs_second_factor(account: AccountRecord) -> bool:
    """Return whether an organisation in which somebody has a role asks for one."""
    return any(each.organisation.requires_second_factor for each in account.memberships)


def set_requirement(
    session: Session, installation: Installation, organisation: OrganisationRecord, by: AccountRecord, *, wanted: bool
) -> None:
    """Ask everybody with a role in an organisation for a second factor, or not.

    Raises ConflictError when who asks for it has none.
    """
    if wanted and not has_second_factor(session, by):
        raise ConflictError("Set up a second factor for yourself first: an authenticator app or a passkey.")
    if organisation.requires_second_factor != wanted:
        organisation.requires_second_factor = wanted
        leave_line(
            session,
            installation,
            Action.ORGANISATION_CHANGED,
            organisation.id,
            organisation=organisation,
            what="second factor",
            required=wanted,
        )


# The authenticator app. Source: RFC 6238 (TOTP), RFC 4226 (HOTP).


def new_totp_secret() -> str:
    """Return a secret for an authenticator app, in base32. It counts once a code of it was typed."""
    return pyotp.random_base32()


def totp_url(account: AccountRecord, secret: str) -> str:
    """Return what the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


def set_totp(session: Session, installation: Installation, account: AccountRecord, secret: str, code: str) -> None:
    """Set up an authenticator app, proven by a code of it. Raises InvalidInputError for a wrong code."""
    step = _matching_step(installation, secret, code)
    if step is None:
        raise InvalidInputError(
            "This is not the code that the app shows for this page. Wait for the next one and type that.",
            field="code",
        )
    account.totp_secret = seal_secret(installation, secret, of=f"totp:{account.id}")
    account.totp_last_step = step
    leave_line(session, installation, Action.SECOND_FACTOR_SET, account.id)


def remove_totp(session: Session, installation: Installation, account: AccountRecord) -> None:
    """Take the authenticator app away. Safe to repeat."""
    if account.totp_secret is not None:
        account.totp_secret = None
        leave_line(session, installation, Action.SECOND_FACTOR_TAKEN, account.id)


def check_second_code(session: Session, installation: Installation, account: AccountRecord, typed: str) -> bool:
    """Return whether this is a code of the account's app or a recovery code. Either works once; wrong ones are counted.

    Raises NotAllowedError when there were too many wrong tries.
    """
    account = locked_account(session, account)
    require_guess(installation, account)
    if _use_totp(installation, account, typed) or _use_recovery_code(session, installation, account, typed):
        return True
    count_wrong_guess(installation, account)
    return False


def _use_totp(installation: Installation, account: AccountRecord, typed: str) -> bool:
    if account.totp_secret is None:
        return False
    secret = open_secret(installation, account.totp_secret, of=f"totp:{account.id}")
    step = _matching_step(installation, secret, typed)
    if step is None or step <= account.totp_last_step:
        return False
    account.totp_last_step = step
    return True


def _matching_step(installation: Installation, secret: str, typed: str) -> int | None:
    """Return the step of 30 seconds that a code is of: the present one, or one beside it, because clocks differ."""
    code = re.sub(r"\D", "", typed)
    present = int(installation.clock().timestamp()) // _STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (present, present - 1, present + 1):
        if pyotp.utils.strings_equal(code, totp.generate_otp(step)):
            return step
    return None


# Recovery codes.


def make_recovery_codes(session: Session, installation: Installation, account: AccountRecord) -> list[str]:
    """Make new recovery codes; older ones work no more. They are shown once and kept as keyed hashes."""
    session.execute(delete(RecoveryCodeRecord).where(RecoveryCodeRecord.account_id == account.id))
    codes = [_new_code(installation) for _ in range(CODES)]
    for code in codes:
        session.add(RecoveryCodeRecord(account_id=account.id, digest=_code_digest(installation, account, code)))
    leave_line(session, installation, Action.RECOVERY_CODES_MADE, account.id)
    return codes


def count_recovery_codes(session: Session, account: AccountRecord) -> int:
    """Return how many recovery codes are left."""
    query = select(func.count()).where(
        RecoveryCodeRecord.account_id == account.id, RecoveryCodeRecord.used_at.is_(None)
    )
    return session.scalar(query) or 0


def _new_code(installation: Installation) -> str:
    text = "".join(_LETTERS[installation.random.below(len(_LETTERS))] for _ in range(_CODE_LENGTH))
    return f"{text[:5]}-{text[5:]}"


def _use_recovery_code(session: Session, installation: Installation, account: AccountRecord, typed: str) -> bool:
    found = session.scalar(
        select(RecoveryCodeRecord).where(
            RecoveryCodeRecord.account_id == account.id,
            RecoveryCodeRecord.digest == _code_digest(installation, account, typed),
            RecoveryCodeRecord.used_at.is_(None),
        )
    )
    if found is None:
        return False
    found.used_at = installation.clock()
    return True


def _code_digest(installation: Installation, account: AccountRecord, code: str) -> str:
    plain = re.sub(r"[^A-Z0-9]", "", code.upper())
    return secret_digest(installation, plain, of=f"recovery:{account.id}")


# Passkeys. Source: Web Authentication Level 3, 7.1 and 7.2.


def passkey_options(session: Session, installation: Installation, account: AccountRecord) -> tuple[str, str]:
    """Return what a browser is asked to make a passkey from, as JSON, and the challenge in it."""
    options = generate_registration_options(
        rp_id=_host(installation),
        rp_name=ISSUER,
        user_id=f"account-{account.id}".encode(),
        user_name=account.email,
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=each.credential_id) for each in list_passkeys(session, account)
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return options_to_json(options), bytes_to_base64url(options.challenge)


def add_passkey(
    session: Session, installation: Installation, account: AccountRecord, *, answer: str, challenge: str, name: str
) -> PasskeyRecord:
    """Keep a passkey that a browser made. Raises InvalidInputError when it was not made for this challenge."""
    if count_passkeys(session, account) >= MOST_PASSKEYS:
        raise InvalidInputError("You have %(most)s passkeys. Take one away first.", field="passkey", most=MOST_PASSKEYS)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(installation),
            expected_origin=installation.addresses.base_url,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise InvalidInputError("The passkey could not be made. Try again.", field="passkey") from error
    if session.scalar(select(PasskeyRecord.id).where(PasskeyRecord.credential_id == made.credential_id)):
        raise InvalidInputError("This passkey is there already.", field="passkey")
    label = " ".join(strip_controls(name).split())[:60] or f"Passkey {count_passkeys(session, account) + 1}"
    record = PasskeyRecord(
        account_id=account.id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=label,
        created_at=installation.clock(),
    )
    session.add(record)
    session.flush()
    leave_line(session, installation, Action.PASSKEY_ADDED, account.id, passkey=record.id)
    return record


def list_passkeys(session: Session, account: AccountRecord) -> Sequence[PasskeyRecord]:
    """Return somebody's passkeys, oldest first."""
    return session.scalars(
        select(PasskeyRecord).where(PasskeyRecord.account_id == account.id).order_by(PasskeyRecord.id)
    ).all()


def count_passkeys(session: Session, account: AccountRecord) -> int:
    """Return how many passkeys somebody has."""
    return session.scalar(select(func.count()).where(PasskeyRecord.account_id == account.id)) or 0


def remove_passkey(session: Session, installation: Installation, account: AccountRecord, passkey_id: int) -> None:
    """Take a passkey away. Raises NotFoundError."""
    record = session.get(PasskeyRecord, passkey_id)
    if record is None or record.account_id != account.id:
        raise NotFoundError("This passkey is not there any more.")
    session.delete(record)
    leave_line(session, installation, Action.PASSKEY_TAKEN, account.id, passkey=passkey_id)


def passkey_challenge(installation: Installation) -> tuple[str, str]:
    """Return what a browser is asked to sign in with a passkey, as JSON, and the challenge in it."""
    options = generate_authentication_options(
        rp_id=_host(installation), user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(options), bytes_to_base64url(options.challenge)


def account_of_passkey(
    session: Session, installation: Installation, *, answer: dict[str, Any], challenge: str
) -> AccountRecord | None:
    """Return whose passkey signed this challenge; None when it is nobody's, or did not."""
    try:
        credential_id = base64url_to_bytes(str(answer["id"]))
    except (KeyError, ValueError, TypeError):
        return None
    record = session.scalar(select(PasskeyRecord).where(PasskeyRecord.credential_id == credential_id).with_for_update())
    if record is None:
        return None
    try:
        used = verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(installation),
            expected_origin=installation.addresses.base_url,
            credential_public_key=record.public_key,
            credential_current_sign_count=record.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    record.sign_count, record.used_at = used.new_sign_count, installation.clock()
    account = session.get(AccountRecord, record.account_id)
    return account if account is not None and account.is_active else None


def reset_factors(session: Session, installation: Installation, account: AccountRecord) -> None:
    """Take all second factors away, for somebody who lost them all."""
    remove_totp(session, installation, account)
    for record in list_passkeys(session, account):
        remove_passkey(session, installation, account, record.id)
    session.execute(delete(RecoveryCodeRecord).where(RecoveryCodeRecord.account_id == account.id))


def _host(installation: Installation) -> str:
    return installation.addresses.base_url.partition("://")[2].partition(":")[0]
