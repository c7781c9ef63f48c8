"""The W3C's VC API, in test mode only: issues and verifies any credential, for test suites.

The key that signs is made for this and belongs to nobody: its did:key is the issuer of whatever is issued here,
so no organisation's name can ever be put under anything. It is derived from a secret of the instance, so that
all serving processes have the same. The statuses that were set are empty files in the instance folder.

Source: Verifiable Credentials API v0.3 (W3C CCG), "Issue Credential", "Verify Credential", "Verify Presentation".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges.errors import InvalidInputError, NotFoundError, RefusedError, StandardsError
from badges.issuing.sign import TEST_SUITES, sign_test_credential
from badges.keyring.signers import PrivateKeySigner
from badges.services.context import Installation
from badges.standards.did.did_key import did_key_of
from badges.standards.fetching import FetchedDocument, Fetcher
from badges.standards.json_text import write_json
from badges.standards.jsonld.contexts import bundled_context
from badges.standards.signer import KeyAlgorithm, Signer
from badges.standards.status.bitstring import MINIMUM_LENGTH, bitstring_of
from badges.standards.status.status_list import status_entry, status_list_document
from badges.verifying.plain import (
    PlainQuestion,
    check_plain_shape,
    verify_plain_credential,
    verify_plain_presentation,
)
from badges.verifying.report import Check, Outcome
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.status import StatusPosition, StatusPurpose

STATUS_LIST_PATH: Final = "/credentials/status-lists/"
_PLACE: Final = re.compile(r"[0-9]{1,6}")
PURPOSES: Final = (StatusPurpose.REVOCATION, StatusPurpose.SUSPENSION)
# Two contexts of the W3C that define every word, for examples and tests: with one of them nothing is undefined,
# so they are known here and nowhere else. Source: VC Data Model 2.0, section B.1; the documents at these addresses.
EXAMPLE_CONTEXTS: Final[dict[str, JsonObject]] = {
    "https://www.w3.org/ns/credentials/examples/v2": {
        "@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}
    },
    "https://www.w3.org/ns/credentials/undefined-terms/v2": {
        "@context": {"@vocab": "https://www.w3.org/ns/credentials/undefined-term#"}
    },
}


def example_context(url: str) -> JsonObject:
    """Return the context document at a URL: those of the service, and the W3C's for examples."""
    return EXAMPLE_CONTEXTS.get(url) or bundled_context(url)


def signer_for_tests(installation: Installation) -> Signer:
    """Return the signer with the test key of this instance. Raises ConfigurationError if its secrets are missing."""
    seed = hmac.digest(installation.secrets.secret("sessions"), b"test key of the VC API", hashlib.sha256)
    return PrivateKeySigner("test", KeyAlgorithm.EDDSA, Ed25519PrivateKey.from_private_bytes(seed))


def issue(installation: Installation, credential: JsonObject, options: JsonObject) -> JsonObject:
    """Return a credential signed by the test key.

    credential: without proof. The id of its issuer becomes the test key's, whatever it was. options: "cryptosuite"
    (default eddsa-rdfc-2022), and "credentialStatus" {"type": "BitstringStatusListEntry", "statusPurpose"} to get
    a status entry; without an id its place is a random one.

    Raises InvalidInputError if the credential does not follow the data model or an option is unknown.
    """
    cryptosuite = options.get("cryptosuite", TEST_SUITES[0])
    if cryptosuite not in TEST_SUITES:
        raise _invalid("The cryptosuites offered here are: %(names)s.", "options", names=", ".join(TEST_SUITES))
    if "proof" in credential:
        raise _invalid("The credential has a proof already.", "credential")
    shape = check_plain_shape(credential, context_of=example_context)
    if shape.outcome is Outcome.FAILED:
        reason = shape.details[0] if shape.details else shape.message
        raise _invalid("The credential does not follow the data model. %(reason)s", "credential", reason=reason)
    signer = signer_for_tests(installation)
    document = {**credential, "issuer": _as_issuer(credential.get("issuer"), signer)}
    if "credentialStatus" in options:
        document["credentialStatus"] = _status_entry(installation, document, options["credentialStatus"])
    created = installation.clock().replace(microsecond=0)
    try:
        return sign_test_credential(
            document, signer, created=created, cryptosuite=cryptosuite, context_of=example_context
        )
    except (StandardsError, RefusedError) as error:
        raise _invalid("The credential cannot be signed. %(reason)s", "credential", reason=error.message) from error


def verify_credential(
    installation: Installation, credential: JsonValue, options: JsonObject, web: Fetcher
) -> tuple[Check, ...]:
    """Return the checks of a credential. options: "challenge", "domain", and "checks", a list of what to look at."""
    return verify_plain_credential(credential, _question(installation, options, web))


def verify_presentation(
    installation: Installation, presentation: JsonValue, options: JsonObject, web: Fetcher
) -> tuple[Check, ...]:
    """Return the checks of a presentation and what is in it. options: as verify_credential."""
    return verify_plain_presentation(presentation, _question(installation, options, web))


def set_status(installation: Installation, request: JsonObject) -> None:
    """Set or clear the status of a credential that was issued here.

    request: {"credentialId"?, "credentialStatus": {"statusPurpose", "statusListIndex"?}, "status"?: true}. A credential
    without an id is named by its place, the statusListIndex of its entry.
    Raises InvalidInputError.
    """
    entry = request.get("credentialStatus")
    if not isinstance(entry, dict):
        raise _invalid("A change of status names credentialId and credentialStatus.", "credentialStatus")
    path = _folder(installation) / _purpose(entry).value / str(_place(request.get("credentialId"), entry))
    path.parent.mkdir(parents=True, exist_ok=True)
    if request.get("status", True) is True:
        path.touch()
    else:
        path.unlink(missing_ok=True)


def status_list_text(installation: Installation, purpose: str) -> str:
    """Return the signed status list for a purpose, as it is now. Raises NotFoundError if there is none."""
    if purpose not in PURPOSES:
        raise NotFoundError("There is no such list.")
    folder = _folder(installation) / purpose
    marked = [int(path.name) for path in folder.iterdir()] if folder.is_dir() else []
    signer = signer_for_tests(installation)
    now = installation.clock().replace(microsecond=0)
    document = status_list_document(
        url=_list_url(installation, StatusPurpose(purpose)),
        issuer=did_key_of(signer.public_key),
        purpose=StatusPurpose(purpose),
        bitstring=bitstring_of(marked),
        valid_from=now,
        valid_until=now + timedelta(hours=1),
    )
    signed = sign_test_credential(document, signer, created=now, cryptosuite=TEST_SUITES[0], context_of=example_context)
    return write_json(signed)


@dataclass(frozen=True, slots=True)
class _ListsAtHome:
    """Answers for the status lists of the test mode; everything else is asked elsewhere."""

    installation: Installation
    elsewhere: Fetcher

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        for purpose in PURPOSES:
            if url == _list_url(self.installation, purpose):
                body = status_list_text(self.installation, purpose).encode()
                return FetchedDocument(url, 200, "application/json", body)
        return self.elsewhere.fetch(url, accept)


def _question(installation: Installation, options: JsonObject, web: Fetcher) -> PlainQuestion:
    checks = options.get("checks")
    return PlainQuestion(
        fetcher=_ListsAtHome(installation, web),
        at=installation.clock(),
        domain=_text_option(options, "domain"),
        challenge=_text_option(options, "challenge"),
        with_status=not isinstance(checks, list) or not checks or "credentialStatus" in checks,
        context_of=example_context,
    )


def _text_option(options: JsonObject, name: str) -> str:
    value = options.get(name, "")
    if not isinstance(value, str):
        raise _invalid("The option %(name)s is a text.", "options", name=name)
    return value


def _as_issuer(issuer: JsonValue, signer: Signer) -> JsonValue:
    did = did_key_of(signer.public_key)
    return {**issuer, "id": did} if isinstance(issuer, dict) else did


def _status_entry(installation: Installation, document: JsonObject, wanted: JsonValue) -> JsonObject:
    if not isinstance(wanted, dict) or wanted.get("type") != "BitstringStatusListEntry":
        raise _invalid("The option credentialStatus has the type BitstringStatusListEntry.", "options")
    purpose, name = _purpose(wanted), document.get("id")
    index = _index(name) if isinstance(name, str) else installation.random.below(MINIMUM_LENGTH)
    return status_entry(StatusPosition(_list_url(installation, purpose), index, purpose))


def _purpose(entry: JsonObject) -> StatusPurpose:
    purpose = entry.get("statusPurpose", StatusPurpose.REVOCATION.value)
    if purpose not in [each.value for each in PURPOSES]:
        raise _invalid("The statusPurpose is revocation or suspension.", "credentialStatus")
    return StatusPurpose(purpose)


def _place(credential_id: JsonValue, entry: JsonObject) -> int:
    """The place that a change of status is about."""
    if isinstance(credential_id, str):
        return _index(credential_id)
    index = entry.get("statusListIndex")
    if credential_id is None and isinstance(index, str) and _PLACE.fullmatch(index) and int(index) < MINIMUM_LENGTH:
        return int(index)
    raise _invalid("A change of status names credentialId, or the statusListIndex in credentialStatus.", "credentialId")


def _index(credential_id: str) -> int:
    """The place of a credential in the lists: told by its id, so that nothing needs to be remembered."""
    return int.from_bytes(hashlib.sha256(credential_id.encode()).digest()[:8], "big") % MINIMUM_LENGTH


def _list_url(installation: Installation, purpose: StatusPurpose) -> str:
    return f"{installation.settings.base_url}{STATUS_LIST_PATH}{purpose.value}"


def _folder(installation: Installation) -> Path:
    return installation.settings.instance_folder / "test-mode"


def _invalid(template: str, field: str, **values: object) -> InvalidInputError:
    return InvalidInputError(template, field=field, **values)
