"""Embedded proofs made by others, through the verifier: the cases of the W3C, and badges signed by npm packages."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from badges.standards.proofs.embedded import CRYPTOSUITES
from badges.verifying.checks.proof import check_each_proof
from badges.verifying.documents import Documents
from badges.verifying.pipeline import verify
from badges.verifying.report import CheckName, Outcome, Report, Verdict
from badges.vocab.json import JsonObject, JsonValue
from tests.vectors.example_contexts import context_source, read_document
from tests.verifying.making import World, outcomes

DATA: Final = Path(__file__).parent / "data" / "embedded-proofs"
AT: Final = datetime(2026, 12, 3, 12, tzinfo=UTC)
WHOLE: Final = (
    "eddsa-rdfc-2022",
    "eddsa-jcs-2022",
    "ecdsa-rdfc-2019-p256",
    "ecdsa-rdfc-2019-p384",
    "ecdsa-jcs-2019-p256",
    "ecdsa-jcs-2019-p384",
    "set-of-two",
)
PARTIAL: Final = tuple(
    f"ecdsa-sd-2023-{name}"
    for name in ("one-of-each", "whole-subject", "nothing-mandatory", "all-mandatory", "no-blank-nodes")
)
W3C_EDDSA: Final = (
    "eddsa-rdfc-2022/signedDataInt.json",
    "eddsa-rdfc-2022/employ/signedDataInt.json",
    "eddsa-jcs-2022/signedJCS.json",
    "Ed25519Signature2020/signedEdSig.json",
    "proof-set-chain/signedProofSet1.json",
    "proof-set-chain/signedProofSet2.json",
    "proof-set-chain/signedProofChain1.json",
    "proof-set-chain/signedProofChain2.json",
)


W3C_ECDSA: Final = tuple(sorted(path.name for path in (DATA.parent / "w3c-vc-di-ecdsa").glob("*.json")))


def college() -> World:
    world = World()
    world.put("https://college.example/.well-known/did.json", read_document(DATA / "issuer.json"))
    return world


def check(badge: JsonObject) -> Report:
    return verify(json.dumps(badge), fetcher=college(), at=AT)


def proof_of(badge: JsonObject) -> JsonObject:
    proof = badge["proof"]
    found: JsonObject = proof[0] if isinstance(proof, list) else proof
    return found


def check_w3c(standards_data: Path, document: JsonObject) -> list[str]:
    results = check_each_proof(document, Documents(World()), AT, context_of=context_source(standards_data))
    return [result.finding.outcome.value for result in results]


@pytest.mark.parametrize("name", W3C_EDDSA)
def test_every_ed25519_proof_of_the_w3c_passes_the_verifier(standards_data: Path, name: str) -> None:
    document = read_document(standards_data / "w3c-vc-di-eddsa" / name)
    outcome = "warning" if "Signature2020" in name else "passed"
    count = len(document["proof"]) if isinstance(document["proof"], list) else 1
    assert check_w3c(standards_data, document) == [outcome] * count
    document["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000"
    assert check_w3c(standards_data, document) == ["failed"] * count


@pytest.mark.parametrize("name", W3C_ECDSA)
def test_every_ecdsa_proof_of_the_w3c_passes_the_verifier(standards_data: Path, name: str) -> None:
    document = read_document(DATA.parent / "w3c-vc-di-ecdsa" / name)
    assert check_w3c(standards_data, document) == ["passed"]
    document["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000"
    assert check_w3c(standards_data, document) == ["failed"]


def test_the_w3cs_cases_for_ecdsa_are_all_there() -> None:
    assert len(W3C_ECDSA) == 8


def test_every_suite_has_a_badge_of_others_here() -> None:
    made = {proof_of(read_document(DATA / f"{name}.json"))["cryptosuite"] for name in (*WHOLE, *PARTIAL)}
    assert made == CRYPTOSUITES.keys() - {"eddsa-2022"}


@pytest.mark.parametrize("name", [*WHOLE, *PARTIAL])
def test_a_badge_signed_by_others_is_valid(name: str) -> None:
    report = check(read_document(DATA / f"{name}.json"))
    assert report.verdict is Verdict.VALID
    assert (outcomes(report)["proof"], outcomes(report)["issuer"]) == ("passed", "passed")


@pytest.mark.parametrize(
    ("name", "validity"), [("one-of-each", "warning"), ("nothing-mandatory", "warning"), ("whole-subject", "passed")]
)
def test_a_partial_copy_says_that_it_is_one(name: str, validity: str) -> None:
    """What it does not show may be an end date, or the way to see that it was withdrawn."""
    report = check(read_document(DATA / f"ecdsa-sd-2023-{name}.json"))
    assert "Its holder chose which parts to show." in str(report.check(CheckName.PROOF).message)
    assert (outcomes(report)["status"], outcomes(report)["validity"]) == ("warning", validity)
    assert outcomes(check(read_document(DATA / "eddsa-rdfc-2022.json")))["status"] == "passed"


def test_a_partial_copy_that_has_expired_is_invalid() -> None:
    badge = read_document(DATA / "ecdsa-sd-2023-whole-subject.json")
    report = verify(json.dumps(badge), fetcher=college(), at=datetime(2037, 1, 1, tzinfo=UTC))
    assert outcomes(report)["validity"] == "failed"


def test_a_partial_copy_without_what_a_badge_must_have_fits_but_is_no_badge() -> None:
    badge = read_document(DATA / "ecdsa-sd-2023-names.json")
    (result,) = check_each_proof(badge, Documents(college()), AT)
    assert result.finding.outcome is Outcome.PASSED
    assert outcomes(check(badge))["shape"] == "failed"


def test_a_base_proof_is_not_for_others_to_see() -> None:
    report = check(read_document(DATA / "ecdsa-sd-2023-base.json"))
    assert report.verdict is Verdict.INVALID
    assert "This is the holder's own copy" in str(report.check(CheckName.PROOF).message)


def texts(value: JsonValue, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every text and number in a document, contexts and proofs left out."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name not in {"@context", "proof"}:
                yield from texts(item, (*path, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from texts(item, (*path, number))
    else:
        yield path


@pytest.mark.parametrize("name", [*WHOLE, *PARTIAL])
def test_no_value_can_be_changed(name: str) -> None:
    badge = read_document(DATA / f"{name}.json")
    for path in texts(badge):
        changed = copy.deepcopy(badge)
        place: Any = changed
        for step in path[:-1]:
            place = place[step]
        value = place[path[-1]]
        place[path[-1]] = f"{value}x" if isinstance(value, str) else value + 1
        assert check(changed).verdict is Verdict.INVALID, path


@pytest.mark.parametrize("name", [*WHOLE, *PARTIAL])
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("created", "2026-12-01T09:00:02Z"),
        ("expires", "2036-12-01T09:00:00Z"),
        ("challenge", "x"),
        ("@context", "https://www.w3.org/ns/credentials/v2"),
    ],
)
def test_what_a_proof_says_of_itself_cannot_be_changed(name: str, option: str, value: str) -> None:
    badge = read_document(DATA / f"{name}.json")
    for proof in badge["proof"] if isinstance(badge["proof"], list) else [badge["proof"]]:
        proof[option] = value
    assert check(badge).verdict is Verdict.INVALID


@pytest.mark.parametrize("name", WHOLE)
def test_a_signature_fits_one_suite_only(name: str) -> None:
    badge = read_document(DATA / f"{name}.json")
    for other in CRYPTOSUITES.keys() - {"eddsa-2022"}:
        changed = copy.deepcopy(badge)
        changed["proof"] = proof_of(changed)
        if changed["proof"]["cryptosuite"] != other:
            changed["proof"]["cryptosuite"] = other
            assert check(changed).verdict is Verdict.INVALID


@pytest.mark.parametrize("name", ["eddsa-jcs-2022", "ecdsa-jcs-2019-p256"])
def test_a_suite_that_signs_json_covers_what_the_graph_does_not_see(name: str) -> None:
    """The order of a list, one value or a list of one, a member without a value."""
    badge = read_document(DATA / f"{name}.json")
    for changed in (
        {**badge, "type": badge["type"][::-1]},
        {**badge, "evidence": badge["evidence"][::-1]},
        {**badge, "image": None},
        {**badge, "image": []},
    ):
        assert check(changed).verdict is Verdict.INVALID
    assert check(dict(sorted(badge.items()))).verdict is Verdict.VALID


ODD: Final[tuple[JsonValue, ...]] = (
    None, True, 0, -1, 2**70, 1.5, "", "z", "u", "u2V0BhQ", "z" * 600, "\ud800", [], [[]], {}, {"id": []}, ["z", 7],
)  # fmt: skip


@pytest.mark.parametrize("name", ["eddsa-jcs-2022", "ecdsa-rdfc-2019-p256", "ecdsa-sd-2023-one-of-each"])
@pytest.mark.parametrize("member", ["previousProof", "id", "domain", "nonce", "expires", "@context", "x", None])
def test_odd_values_in_a_proof_are_findings(name: str, member: str | None) -> None:
    badge = read_document(DATA / f"{name}.json")
    for place in [member] if member else list(badge["proof"]):
        for value in ODD:
            report = check({**badge, "proof": [{**badge["proof"], place: value}]})
            assert report.verdict is not Verdict.VALID
