"""Whether an embedded proof (eddsa-rdfc-2022) fits the badge and the key that it names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from badges.errors import BadgesError, RefusedError
from badges.standards.jsonld.contexts import UnknownContextError
from badges.standards.moments import read_moment
from badges.standards.proofs import InvalidSignatureError, UnsupportedProofError, eddsa_rdfc_2022
from badges.verifying.documents import Documents
from badges.verifying.keys import MalformedKeyNameError, SigningKey, Standing, find_signing_key
from badges.verifying.reading import as_list, as_text
from badges.verifying.report import Finding, Outcome
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

MOST_PROOFS: Final = 8
CLOCK_TOLERANCE: Final = timedelta(hours=1)
ASK_HOLDER: Final = say("Ask the holder for the badge again, or ask the organisation that awarded it.")
ASK_ISSUER: Final = say("The organisation that awarded it can put this right.")
CHANGED: Final = say("This badge has been changed since it was awarded, so it cannot be trusted.")
UNCHANGED: Final = say("The badge has not been changed since it was awarded.")


@dataclass(frozen=True, slots=True)
class ProofResult:
    """What was found about the signature, and the key that made it, if one was found."""

    finding: Finding
    key: SigningKey | None = None


def check_embedded_proof(document: JsonObject, documents: Documents, at: datetime) -> ProofResult:
    """Check the proofs of a credential: one that fits is enough, those of other kinds are left alone.

    Source: Open Badges 3.0, "Linked Data Proof Format"; VC Data Integrity 1.0, 4.2 and 4.3 (proof sets).
    """
    proofs = as_list(document.get("proof"))
    if not proofs:
        return ProofResult(_failed(say("This badge is not signed, so anybody could have made it.")))
    results = [_check_one(document, proof, documents, at) for proof in proofs[:MOST_PROOFS]]
    good = [result for result in results if result.finding.outcome is Outcome.PASSED]
    if good:
        return min(good, key=_standing_order)
    bad = [result for result in results if result.finding.outcome is Outcome.FAILED]
    return (bad or results)[0]


def _standing_order(result: ProofResult) -> int:
    order = (Standing.LISTED, Standing.UNSEEN, Standing.BARE, Standing.REFUSED)
    return order.index(result.key.standing) if result.key else len(order)


def _check_one(document: JsonObject, proof: JsonValue, documents: Documents, at: datetime) -> ProofResult:
    if not isinstance(proof, dict):
        return ProofResult(_failed(_UNREADABLE))
    if proof.get("type") != eddsa_rdfc_2022.PROOF_TYPE or (proof.get("cryptosuite") != eddsa_rdfc_2022.CRYPTOSUITE):
        return ProofResult(_unsupported(proof))
    problem = _check_terms_of_use(proof, at)
    if problem is not None:
        return ProofResult(problem)
    try:
        key = find_signing_key(as_text(proof.get("verificationMethod")), documents, read_moment(proof.get("created")))
    except MalformedKeyNameError as error:
        return ProofResult(_failed(say("The key that this badge names cannot be a key."), error.message))
    if key.public_key is None:
        return ProofResult(no_key(key), key)
    return ProofResult(_check_signature(document, proof, key), key)


def no_key(key: SigningKey) -> Finding:
    """The finding when the signature cannot be checked for want of its key."""
    message = say("We could not see the key of this badge, so we could not check its signature.")
    return Finding(Outcome.UNKNOWN, message, say("Try again later."), (key.reason,) if key.reason else ())


def _check_signature(document: JsonObject, proof: JsonObject, key: SigningKey) -> Finding:
    assert key.public_key is not None
    try:
        eddsa_rdfc_2022.verify(document, proof, key.public_key)
    except InvalidSignatureError as error:
        return Finding(Outcome.FAILED, CHANGED, ASK_HOLDER, (error.message,))
    except UnknownContextError as error:
        message = say("This badge uses a vocabulary that we do not have, so we could not check its signature.")
        return Finding(Outcome.UNKNOWN, message, ASK_ISSUER, (error.message,))
    except RefusedError as error:
        message = say("This badge is larger or more tangled than any honest badge, so we did not read on.")
        return _failed(message, error.message)
    except UnsupportedProofError as error:
        return _failed(say("The signature of this badge does not fit the kind of its key."), error.message)
    except BadgesError as error:
        return _failed(_UNREADABLE, error.message)
    return Finding(Outcome.PASSED, UNCHANGED)


def _check_terms_of_use(proof: JsonObject, at: datetime) -> Finding | None:
    """Check what the proof says about itself. Source: VC Data Integrity 1.0, 2.1 and 4.4."""
    if proof.get("proofPurpose") != "assertionMethod":
        message = say("The signature in this badge was made for another purpose than to award it.")
        return _failed(message, say("proofPurpose: %(purpose)s", purpose=str(proof.get("proofPurpose"))[:60]))
    created, expires = read_moment(proof.get("created")), read_moment(proof.get("expires"))
    for name, moment in (("created", created), ("expires", expires)):
        if name in proof and moment is None:
            return _failed(say("The signature in this badge has a date that is not a date."))
    if created is not None and created > at + CLOCK_TOLERANCE:
        return _failed(say("The signature in this badge says that it was made in the future."))
    if expires is not None and expires <= at:
        return _failed(say("The signature in this badge has run out."))
    return None


def _unsupported(proof: JsonObject) -> Finding:
    kind = as_text(proof.get("cryptosuite")) or as_text(proof.get("type")) or "–"
    message = say("This badge is signed in a way that we cannot check yet.")
    mend = say("Ask the holder for the badge in another form, or use another checker.")
    return Finding(Outcome.UNKNOWN, message, mend, (say("Kind of proof: %(kind)s", kind=kind[:60]),))


_UNREADABLE: Final = say("The signature in this badge is damaged.")


def _failed(message: Wording, *details: Wording) -> Finding:
    return Finding(Outcome.FAILED, message, ASK_ISSUER, details)
