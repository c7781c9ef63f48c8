"""What one submission may cost altogether, counted, not timed."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from types import FrameType

from badges.standards.did.multikey import encode_base58
from badges.standards.jsonld.canonical import canonical_digest
from badges.standards.jsonld.rdfc10 import WORK_LIMIT, Budget
from badges.verifying.report import Report, Verdict
from badges.vocab.json import JsonObject
from tests.standards.jsonld.test_workload import tangled
from tests.verifying.making import AWARDED, ISSUER, Library, credential, moment

CONTEXT = "https://www.w3.org/ns/credentials/v2"


def steps_in(work: Callable[[], Report]) -> tuple[Report, int, int]:
    """Return a report, how many steps of the search for names were paid for, and how many documents were hashed."""
    steps = hashed = 0

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal steps, hashed
        if event == "call" and frame.f_code is Budget.spend.__code__:
            steps += frame.f_locals["steps"]
        elif event == "call" and frame.f_code is canonical_digest.__code__:
            hashed += 1

    sys.setprofile(watch)
    try:
        report = work()
    finally:
        sys.setprofile(None)
    return report, steps, hashed


def proofs(library: Library, count: int) -> list[JsonObject]:
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": moment(AWARDED),
        "verificationMethod": library.method,
        "proofPurpose": "assertionMethod",
        "proofValue": "z" + encode_base58(b"\1" * 64),
    }
    return [copy.deepcopy(proof) for _ in range(count)]


def hostile(library: Library, number: int) -> JsonObject:
    dated = {"issuer": ISSUER, "validFrom": moment(AWARDED)}
    return {**tangled(7), "id": f"https://x.example/{number}", **dated, "proof": proofs(library, 8)}


def test_many_tangled_credentials_with_many_proofs_cost_one_budget() -> None:
    """45 credentials of 8 proofs each: each search alone would be within what one document may cost."""
    library = Library()
    inside = [*(hostile(library, number) for number in range(45)), library.embedded()]
    presentation = {"@context": [CONTEXT], "type": ["VerifiablePresentation"], "verifiableCredential": inside}
    report, steps, _ = steps_in(lambda: library.check(presentation))
    assert report.verdict is Verdict.INVALID
    assert WORK_LIMIT < steps < WORK_LIMIT + 45 * 500
    assert report.inside[-1].report.verdict is Verdict.VALID  # the honest one needs no search


def test_a_document_is_worked_out_once_for_all_its_proofs() -> None:
    library = Library()
    one, eight = ({**credential(), "proof": proofs(library, count)} for count in (1, 8))
    _, _, hashed_for_one = steps_in(lambda: library.check(one))
    _, _, hashed_for_eight = steps_in(lambda: library.check(eight))
    # The options of the proofs are the same, and are remembered from one verification to the next.
    assert hashed_for_one in (1, 2)
    assert hashed_for_eight == 1
