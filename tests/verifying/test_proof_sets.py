"""Several proofs on one badge: sets, of which one good one is enough, and chains, which hold as a whole.

Source: VC Data Integrity 1.0, 2.1.1 "Proof Sets", 2.1.2 "Proof Chains", 4.5.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from badges.standards.did.multikey import encode_base58
from badges.standards.proofs import eddsa_rdfc_2022
from badges.standards.signer import KeyAlgorithm
from badges.verifying.checks.proof import check_each_proof
from badges.verifying.documents import Documents
from badges.verifying.report import CheckName, Outcome, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import AT, AWARDED, FreshSigner, Library, World, credential, moment, outcomes

FIRST, SECOND, THIRD = (f"urn:uuid:00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))


@pytest.fixture
def library() -> Library:
    return Library()


class Notary:
    """Somebody else who signs badges too, with a key that is its own name."""

    def __init__(self) -> None:
        self.signer = FreshSigner(KeyAlgorithm.EDDSA)
        self.method = f"did:key:{self.signer.multikey}#{self.signer.multikey}"


def add_proof(
    document: JsonObject, signer: FreshSigner, method: str, *, over: list[JsonObject] | None = None, **options: Any
) -> JsonObject:
    """Add a proof to a document. over: the proofs that it builds on, as they are when it is made."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": moment(AWARDED),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        **options,
    }
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    if over is not None:
        unsecured["proof"] = over
    value = "z" + encode_base58(signer.sign(eddsa_rdfc_2022.hash_data(unsecured, proof)))
    return {**document, "proof": [*document.get("proof", []), {**proof, "proofValue": value}]}


def chained(library: Library, **options: Any) -> JsonObject:
    """A badge that a notary signed, and then the library over the notary's proof. options: of the notary's."""
    notary = Notary()
    badge = add_proof(credential(), notary.signer, notary.method, **{"id": FIRST, **options})
    return add_proof(badge, library.ed25519, library.method, over=badge["proof"], previousProof=FIRST)


def proof_outcome(library: Library, badge: JsonObject) -> str:
    return outcomes(library.check(badge))["proof"]


# Sets.


def test_the_proof_of_the_issuer_counts_wherever_it_stands(library: Library) -> None:
    notary = Notary()
    badge = add_proof(credential(), notary.signer, notary.method)
    badge = add_proof(badge, library.ed25519, library.method)
    assert library.check(badge).verdict is Verdict.VALID
    badge["proof"].reverse()
    assert library.check(badge).verdict is Verdict.VALID
    only_the_notary = {**badge, "proof": badge["proof"][1]}
    assert outcomes(library.check(only_the_notary))["issuer"] == "failed"


def test_a_bad_proof_of_another_does_no_harm(library: Library) -> None:
    notary = Notary()
    badge = add_proof(add_proof(credential(name="X"), notary.signer, notary.method), library.ed25519, library.method)
    badge["proof"][0] = {**badge["proof"][0], "created": moment(AT)}
    assert library.check(badge).verdict is Verdict.VALID


def test_a_key_of_the_issuer_that_was_not_seen_is_a_doubt_and_no_failure(library: Library) -> None:
    """Another's proof beside it neither makes the badge nor breaks it."""
    notary = Notary()
    badge = add_proof(credential(), notary.signer, notary.method)
    badge = add_proof(badge, library.ed25519, library.did_document["id"] + "#key-1")
    report = library.check(badge, fetcher=World())
    assert (report.verdict, outcomes(report)["proof"]) == (Verdict.UNKNOWN, "unknown")


def test_of_two_good_proofs_the_one_without_a_warning_counts(library: Library) -> None:
    badge = add_proof(credential(), library.ed25519, library.method, domain="https://else.example")
    assert proof_outcome(library, badge) == "warning"
    assert proof_outcome(library, add_proof(badge, library.ed25519, library.method)) == "passed"


def test_too_many_proofs_are_refused(library: Library) -> None:
    badge = library.embedded()
    badge["proof"] = [copy.deepcopy(badge["proof"][0]) for _ in range(9)]
    assert proof_outcome(library, badge) == "failed"


@pytest.mark.parametrize("option", ["domain", "challenge"])
def test_a_proof_for_one_place_or_occasion_is_a_warning(library: Library, option: str) -> None:
    options: dict[str, Any] = {option: "https://gate.example"}
    badge = add_proof(credential(), library.ed25519, library.method, **options)
    report = library.check(badge)
    check = report.check(CheckName.PROOF)
    assert (report.verdict, check.outcome) == (Verdict.VALID, Outcome.WARNING)
    assert "https://gate.example" in str(check.details[0])
    del badge["proof"][0][option]
    assert proof_outcome(library, badge) == "failed"


# Chains.


def results_of(library: Library, badge: JsonObject) -> list[Outcome]:
    documents = Documents(library.world)
    return [result.finding.outcome for result in check_each_proof(badge, documents, AT)]


def test_a_chain_that_holds_is_valid(library: Library) -> None:
    badge = chained(library)
    assert results_of(library, badge) == [Outcome.PASSED, Outcome.PASSED]
    assert library.check(badge).verdict is Verdict.VALID
    badge["proof"].reverse()
    assert library.check(badge).verdict is Verdict.VALID


def test_a_proof_does_not_hold_when_the_one_it_builds_on_does_not(library: Library) -> None:
    """The notary's proof is over another badge. The library signed over it all the same."""
    notary = Notary()
    other = add_proof(credential(name="Another"), notary.signer, notary.method, id=FIRST)
    badge = {**credential(), "proof": other["proof"]}
    badge = add_proof(badge, library.ed25519, library.method, over=badge["proof"], previousProof=FIRST)
    eddsa_rdfc_2022.verify(badge, badge["proof"][1], library.ed25519.public_key)
    assert results_of(library, badge) == [Outcome.FAILED, Outcome.FAILED]
    report = library.check(badge)
    assert report.verdict is Verdict.INVALID


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        ({"expires": moment(AWARDED)}, "failed"),
        ({"proofPurpose": "authentication"}, "failed"),
        ({"cryptosuite": "bbs-2023"}, "unknown"),
        ({"verificationMethod": "did:web:nowhere.example#key-1"}, "unknown"),
    ],
)
def test_a_proof_is_as_doubtful_as_the_one_it_builds_on(
    library: Library, options: dict[str, str], outcome: str
) -> None:
    badge = chained(library, **options)
    assert [each.value for each in results_of(library, badge)] == [outcome, outcome]
    assert library.check(badge).verdict is not Verdict.VALID


def test_a_proof_that_builds_on_one_by_a_withdrawn_key_does_not_hold(library: Library) -> None:
    badge = add_proof(credential(), library.ed25519, library.method, id=FIRST)
    badge = add_proof(badge, library.ed25519, library.method, over=badge["proof"], previousProof=FIRST)
    document = copy.deepcopy(library.did_document)
    document["verificationMethod"][0]["revoked"] = moment(AWARDED)
    library.world.put("https://library.example/.well-known/did.json", document)
    assert results_of(library, badge)[1] is Outcome.FAILED


@pytest.mark.parametrize("previous", ["urn:uuid:nobody", [FIRST, "urn:uuid:nobody"], [FIRST, FIRST], [], None, 7, {}])
def test_a_missing_previous_proof_is_refused(library: Library, previous: object) -> None:
    badge = add_proof(credential(), library.ed25519, library.method, id=FIRST)
    badge = add_proof(badge, library.ed25519, library.method, over=badge["proof"], previousProof=FIRST)
    badge["proof"][1]["previousProof"] = previous
    assert results_of(library, badge) == [Outcome.PASSED, Outcome.FAILED]


def test_two_previous_proofs_of_one_id_are_refused(library: Library) -> None:
    notary = Notary()
    badge = add_proof(credential(), notary.signer, notary.method, id=FIRST)
    badge = add_proof(badge, library.ed25519, library.method, id=FIRST)
    for previous in (FIRST, [FIRST, SECOND]):
        whole = add_proof(badge, library.ed25519, library.method, over=badge["proof"], previousProof=previous)
        assert results_of(library, whole)[2] is Outcome.FAILED


def test_a_circle_of_proofs_is_refused(library: Library) -> None:
    badge = credential()
    for own, previous in ((FIRST, SECOND), (SECOND, THIRD), (THIRD, FIRST)):
        badge = add_proof(badge, library.ed25519, library.method, id=own, over=[], previousProof=previous)
    assert results_of(library, badge) == [Outcome.FAILED] * 3
    badge = add_proof(credential(), library.ed25519, library.method, id=FIRST, over=[], previousProof=FIRST)
    assert results_of(library, badge) == [Outcome.FAILED]


def test_a_proof_cannot_be_taken_out_of_its_chain(library: Library) -> None:
    badge = chained(library)
    alone = copy.deepcopy(badge["proof"][1])
    del alone["previousProof"]
    for proof in (alone, badge["proof"][1]):
        assert library.check({**badge, "proof": [proof]}).verdict is Verdict.INVALID


def test_a_long_chain_is_checked_within_its_bound(library: Library) -> None:
    badge = add_proof(credential(), library.ed25519, library.method, id="urn:x:0")
    for number in range(1, 8):
        badge = add_proof(
            badge,
            library.ed25519,
            library.method,
            over=[badge["proof"][-1]],
            id=f"urn:x:{number}",
            previousProof=f"urn:x:{number - 1}",
        )
    assert results_of(library, badge) == [Outcome.PASSED] * 8
    badge["proof"][0]["proofValue"] = badge["proof"][1]["proofValue"]
    assert results_of(library, badge) == [Outcome.FAILED] * 8
