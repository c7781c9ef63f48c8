"""Endorsements that somebody outside signs with a key of their own: what they sign, and how it is checked."""

from __future__ import annotations

import re
from typing import Final

from badges.errors import BadgesError, InvalidInputError
from badges.network.sources import CachingFetcher
from badges.services.context import Installation
from badges.services.endorsements import Endorsed, SignedElsewhere
from badges.standards.did.did_web import did_web_to_url
from badges.standards.fetching import Fetcher
from badges.standards.json_text import read_json_object
from badges.standards.moments import read_moment
from badges.standards.ob3.endorsements import endorsement_document
from badges.storage.records import EndorsementRequestRecord
from badges.verifying.caveats import caveat_of
from badges.verifying.checks.contents import deciding_message
from badges.verifying.documents import DID_ACCEPT
from badges.verifying.pipeline import verify
from badges.verifying.report import CredentialKind, Verdict
from badges.vocab.endorsement import Endorsement
from badges.vocab.json import JsonObject
from badges.vocab.profile import Profile

LARGEST_BYTES: Final = 256 * 1024
_DID_WEB: Final = re.compile(r"did:web:[A-Za-z0-9.%:_-]{3,400}")


def checked_did(installation: Installation, text: str) -> str:
    """Return the did:web of an endorser. Raises InvalidInputError."""
    did = text.strip()
    if not _DID_WEB.fullmatch(did):
        raise InvalidInputError("It looks like did:web:example.org.", field="did")
    if did == installation.addresses.service_did or did.startswith(f"{installation.addresses.service_did}:"):
        raise InvalidInputError(
            "This name is one of this service. Leave it empty, and the key is kept here.", field="did"
        )
    return did


def unsigned_endorsement(
    installation: Installation,
    record: EndorsementRequestRecord,
    endorsed: Endorsed,
    *,
    did: str,
    name: str,
    url: str,
    comment: str,
) -> JsonObject:
    """Return the EndorsementCredential that an endorser is to sign. Its number is that of the request.

    It has no status: whoever signs may add one of their own.
    """
    addresses = installation.addresses
    return endorsement_document(
        Endorsement(
            url=addresses.url("endorsement", endorsement_id=record.id),
            ob2_url="",
            endorser=Profile(did=did, ob2_url="", slug="", name=name, url=url),
            name=f"{name}: {endorsed.name}",
            endorsed_id=endorsed.id,
            endorsed_ob2_url="",
            comment=comment,
            valid_from=installation.clock().replace(microsecond=0),
            status=None,
        )
    )


def checked_upload(
    installation: Installation,
    record: EndorsementRequestRecord,
    endorsed: Endorsed,
    data: bytes,
    *,
    did: str,
    comment: str,
    fetcher: Fetcher,
) -> SignedElsewhere:
    """Return what an endorser has signed elsewhere, verified as a stranger would. Asks the network.

    Raises InvalidInputError saying what is wrong.
    """
    if not data or len(data) > LARGEST_BYTES:
        raise InvalidInputError("Choose the signed file. It has at most 256 kilobytes.", field="signed")
    run = CachingFetcher(fetcher)
    try:
        text = data.decode()
        document = read_json_object(text)
        report = verify(text, fetcher=run, at=installation.clock())
        held = run.fetch(did_web_to_url(did), DID_ACCEPT)
    except (BadgesError, UnicodeDecodeError) as problem:
        raise InvalidInputError(
            "This file cannot be checked. %(problem)s", field="signed", problem=problem
        ) from problem
    if report.verdict is not Verdict.VALID or report.kind is not CredentialKind.ENDORSEMENT or caveat_of(report):
        raise InvalidInputError(
            "This is no endorsement that is signed as it should be. %(problem)s",
            field="signed",
            problem=str(caveat_of(report) or deciding_message(report)),
        )
    subject = document.get("credentialSubject")
    begins = read_moment(document.get("validFrom"))
    as_asked = (
        report.view is not None
        and report.view.issuer.id == did
        and document.get("id") == installation.addresses.url("endorsement", endorsement_id=record.id)
        and isinstance(subject, dict)
        and subject.get("id") == endorsed.id
        and subject.get("endorsementComment") == comment
        and begins is not None
    )
    if not as_asked or begins is None:
        raise InvalidInputError(
            "This is signed, and is another text than the one that you were given: the id, the issuer, what is "
            "endorsed and the sentence must be the same.",
            field="signed",
        )
    return SignedElsewhere(record.id, did, text, begins, held.body.decode(errors="replace"))
