"""What the canonical forms of one submission may cost together."""

from __future__ import annotations

import pytest

from badges.errors import RefusedError
from badges.standards.jsonld.canonical import canonical_digest
from badges.standards.jsonld.rdfc10 import Budget, PoisonGraphError, canonicalize
from badges.standards.jsonld.workload import Workload
from badges.vocab.json import JsonObject
from tests.verifying.making import credential


def tangled(size: int) -> JsonObject:
    """A credential with unnamed parts that all point at each other. More than six or so take too many steps."""
    names = [f"_:n{number}" for number in range(size)]
    subjects = [
        {
            "id": name,
            "type": "VerifiableCredential",
            "credentialSubject": [{"id": other} for other in names if other != name],
        }
        for name in names
    ]
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "credentialSubject": subjects,
    }


def test_a_document_is_worked_out_once_for_each_hash_however_often_it_is_copied() -> None:
    workload, document = Workload(), credential()
    for _ in range(3):
        for hash_name in ("sha256", "sha384"):
            assert workload.digest(dict(document), hash_name) == canonical_digest(document, hash_name=hash_name)
    assert workload.count == 2


def test_documents_that_are_only_equal_are_not_the_same() -> None:
    """1, 1.0 and true are equal in Python, and other statements in a graph."""
    workload, document = Workload(), credential()
    context = [*document["@context"], {"@vocab": "urn:x:"}]
    documents = [{**document, "@context": context, "extra": value} for value in (1, True, 1.5)]
    assert len({workload.digest(each) for each in documents}) == 3


def test_a_refusal_is_remembered_too() -> None:
    workload, document = Workload(), tangled(9)
    for _ in range(3):
        with pytest.raises(PoisonGraphError):
            workload.digest(dict(document))
    assert workload.count == 1


def test_one_budget_is_for_all_and_documents_that_need_none_of_it_are_hashed_after_its_end() -> None:
    workload = Workload()
    for number in range(20):
        with pytest.raises(RefusedError):
            workload.digest({**tangled(9), "id": f"urn:x:{number}"})
    steps_of_the_refused = 2 * 9 * 9  # each stops with its first part
    assert -20 * steps_of_the_refused < workload.budget.steps < 0
    assert workload.digest(credential()) == canonical_digest(credential())


def test_datasets_may_share_a_budget() -> None:
    pair = [("_:a", "<urn:p>", "_:b", ""), ("_:b", "<urn:p>", "_:a", "")]
    budget = Budget(1000)
    canonicalize(pair, budget=budget)
    spent = 1000 - budget.steps
    assert spent > 0
    canonicalize(pair, budget=budget)
    assert budget.steps == 1000 - 2 * spent
    with pytest.raises(PoisonGraphError):
        canonicalize(pair, budget=Budget(spent - 1))
