"""Whether an embedded proof fits the badge and the key that it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from badges.errors import BadgesError, RefusedError
from badges.standards.jsonld.contexts import ContextSource, UnknownContextError, bundled_context
from badges.standards.moments import read_moment
from badges.standards.proofs import InvalidSignatureError, MalformedProofError, UnsupportedProofError
from badges.standards.proofs.data_integrity import EmbeddedSuite, previous_proofs
from badges.standards.proofs.embedded import suite_of
from badges.standards.proofs.sd_proof_value import BaseProofError
from badges.standards.signer import PublicKey
from badges.verifying.documents import Documents
from badges.verifying.keys import PURPOSE, MalformedKeyNameError, SigningKey, Standing, find_signing_key, issuer_id_of
from badges.verifying.reading import as_list, as_text, id_of
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
    """What was found about the signature, and the key that made it, if one was found.

    signing_input: what a token signs; empty for an embedded proof.
    is_partial: whether the holder chose which parts of the document to show. signs_graph: whether it is of a suite
    that signs the graph, not the JSON.
    """

    finding: Finding
    key: SigningKey | None = None
    signing_input: bytes = b""
    is_partial: bool = False
    signs_graph: bool = False

    @property
    def is_good(self) -> bool:
        """Whether the signature fits, be it with a warning."""
        return self.finding.outcome in {Outcome.PASSED, Outcome.WARNING}


def signs_graph(document: JsonObject) -> bool:
    """Whether proofs of a document sign the graph that it stands for, so that its JSON needs a look of its own.

    Only where every proof of a kind that we know signs the JSON itself (JCS) does nothing need to be feared.
    """
    proofs = [proof for proof in as_list(document.get("proof")) if isinstance(proof, dict)]
    suites = [suite for suite in map(suite_of, proofs) if suite is not None]
    return not suites or any(suite.signs_graph for suite in suites)


def check_embedded_proof(
    document: JsonObject,
    documents: Documents,
    at: datetime,
    *,
    context_of: ContextSource = bundled_context,
    purpose: str = PURPOSE,
) -> ProofResult:
    """Check the proofs of a credential: one that fits is enough, those of other kinds are left alone.

    Of several that fit, the one by a key that the issuer itself lists counts; of a presentation, the holder. purpose:
    what the proofs must be for.

    Source: Open Badges 3.0, "Linked Data Proof Format"; VC Data Integrity 1.0, 2.1.1, 2.1.2 and 4.5.
    """
    results = check_each_proof(document, documents, at, context_of=context_of, purpose=purpose)
    signer_id = issuer_id_of(document) if purpose == PURPOSE else id_of(document.get("holder"))
    return min(results, key=lambda result: _rank(result, signer_id))


def check_each_proof(
    document: JsonObject,
    documents: Documents,
    at: datetime,
    *,
    context_of: ContextSource = bundled_context,
    purpose: str = PURPOSE,
) -> list[ProofResult]:
    """Return what was found about each proof, in their order; at least one result, even where there is no proof."""
    proofs = as_list(document.get("proof"))
    if not proofs:
        return [ProofResult(_failed(say("This badge is not signed, so anybody could have made it.")))]
    if len(proofs) > MOST_PROOFS:
        return [ProofResult(_failed(say("This badge carries more signatures than any honest badge.")))]
    checked = _Proofs(document, documents, at, context_of, purpose)
    return [checked.check(proof) for proof in proofs]


def _rank(result: ProofResult, signer_id: str) -> tuple[int, bool]:
    """Return how little a result tells: the least counts. Good ones by the signer who is named come first, then
    doubts about a key of theirs, then good ones by others, then failures; what we could not check comes last."""
    key, outcome = result.key, result.finding.outcome
    is_warning = outcome is Outcome.WARNING
    if result.is_good and key is not None:
        if key.standing is Standing.LISTED:
            return (0 if key.controller == signer_id else 5), is_warning
        if key.standing is Standing.REVOKED:
            return (1 if key.controller == signer_id else 5), is_warning
        return {Standing.BARE: 2, Standing.UNSEEN: 3}.get(key.standing, 5), is_warning
    if outcome is Outcome.FAILED:
        return 6, is_warning
    return (4 if key is not None and key.name.partition("#")[0] == signer_id else 7), is_warning


@dataclass(slots=True)
class _Proofs:
    """The proofs of one document, each checked at most once. results: by the identity of the proof object."""

    document: JsonObject
    documents: Documents
    at: datetime
    context_of: ContextSource
    purpose: str
    results: dict[int, ProofResult] = field(default_factory=dict)

    def check(self, proof: JsonValue, above: frozenset[int] = frozenset()) -> ProofResult:
        """Check one proof, and first those that it builds on. above: the proofs that build on this one."""
        if not isinstance(proof, dict):
            return ProofResult(_failed(_UNREADABLE))
        number = id(proof)
        if number in above:
            return ProofResult(_failed(_BROKEN_CHAIN, say("Each of two proofs builds on the other.")))
        if number not in self.results:
            self.results[number] = self._check_one(proof, above | {number})
        return self.results[number]

    def _check_one(self, proof: JsonObject, above: frozenset[int]) -> ProofResult:
        suite = suite_of(proof)
        if suite is None:
            return ProofResult(_unsupported(proof))
        problem = _check_terms_of_use(proof, self.at, self.purpose) or self._check_previous(proof, above)
        if problem is not None:
            return ProofResult(problem)
        signed_at = read_moment(proof.get("created")) or self.at
        try:
            key = find_signing_key(
                as_text(proof.get("verificationMethod")), self.documents, signed_at, purpose=self.purpose
            )
        except MalformedKeyNameError as error:
            return ProofResult(_failed(say("The key that this badge names cannot be a key."), error.message))
        if key.public_key is None:
            return ProofResult(no_key(key), key)
        problem = self._check_signature(suite, proof, key.public_key)
        finding = problem or _judge_good(suite, proof)
        return ProofResult(finding, key, is_partial=suite.is_partial, signs_graph=suite.signs_graph)

    def _check_previous(self, proof: JsonObject, above: frozenset[int]) -> Finding | None:
        """Return what stands against the proofs that this one builds on; they hold in their own right.

        Source: VC Data Integrity 1.0, 2.1.2 "Proof Chains".
        """
        try:
            previous = previous_proofs(self.document, proof)
        except MalformedProofError as error:
            return _failed(_BROKEN_CHAIN, error.message)
        for each in previous:
            result = self.check(each, above)
            if result.finding.outcome is Outcome.UNKNOWN:
                message = say("The signature of this badge builds on another one that we could not check.")
                return Finding(Outcome.UNKNOWN, message, ASK_ISSUER, (result.finding.message,))
            if not result.is_good:
                return _failed(_BROKEN_CHAIN, result.finding.message)
            if result.key is not None and result.key.standing in {Standing.REFUSED, Standing.REVOKED}:
                return _failed(_BROKEN_CHAIN, *([result.key.reason] if result.key.reason else []))
        return None

    def _check_signature(self, suite: EmbeddedSuite, proof: JsonObject, public_key: PublicKey) -> Finding | None:
        """Return what stands against the signature, or None if it fits."""
        try:
            workload = self.documents.workload
            suite.verify(self.document, proof, public_key, context_of=self.context_of, workload=workload)
        except InvalidSignatureError as error:
            return Finding(Outcome.FAILED, CHANGED, ASK_HOLDER, (error.message,))
        except BaseProofError as error:
            message = say("This is the holder's own copy of the badge, from which copies for others are made.")
            mend = say("Ask the holder for a copy that is made to be shown.")
            return Finding(Outcome.FAILED, message, mend, (error.message,))
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
        return None


def no_key(key: SigningKey) -> Finding:
    """The finding when the signature cannot be checked for want of its key."""
    message = say("We could not see the key of this badge, so we could not check its signature.")
    return Finding(Outcome.UNKNOWN, message, say("Try again later."), (key.reason,) if key.reason else ())


def _judge_good(suite: EmbeddedSuite, proof: JsonObject) -> Finding:
    """Return the finding for a signature that fits. One for another place or occasion may not be meant for us.

    Source: VC Data Integrity 1.0, 2.1 (domain, challenge).
    """
    named = [*as_list(proof.get("domain")), *as_list(proof.get("challenge"))]
    if named:
        message = say(
            "The badge has not been changed, but its signature was made for one certain place or occasion. "
            "We cannot know whether that is here."
        )
        place = say("Made for: %(place)s", place=", ".join(map(as_text, named))[:200] or "–")
        return Finding(Outcome.WARNING, message, ASK_HOLDER, (place,))
    if suite.is_old:
        message = say("The badge has not been changed since it was awarded. It is signed in an older way.")
        return Finding(Outcome.WARNING, message, ASK_ISSUER, (say("Kind of proof: %(kind)s", kind=suite.name),))
    if suite.is_partial:
        message = say("What it shows has not been changed since it was awarded. Its holder chose which parts to show.")
        return Finding(Outcome.PASSED, message)
    return Finding(Outcome.PASSED, UNCHANGED)


def _check_terms_of_use(proof: JsonObject, at: datetime, purpose: str) -> Finding | None:
    """Check what the proof says about itself. Source: VC Data Integrity 1.0, 2.1 and 4.4."""
    if proof.get("proofPurpose") != purpose:
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
_BROKEN_CHAIN: Final = say("The signature of this badge builds on another one that does not hold.")


def _failed(message: Wording, *details: Wording) -> Finding:
    return Finding(Outcome.FAILED, message, ASK_ISSUER, details)
