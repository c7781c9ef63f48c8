"""What must not be signed as an endorsement or as a learner record."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from badges.addresses import Addresses
from badges.issuing.lints import ENDORSEMENT_LINTS, LEARNER_RECORD_LINTS, LintError, run_lints
from badges.standards.clr.documents import LearnerRecord, clr_document
from badges.standards.ob3.documents import credential_document
from badges.standards.ob3.endorsements import endorsement_document
from badges.vocab.json import JsonObject
from badges.vocab.profile import Profile
from tests.standards.ob3.test_endorsements import ENDORSEMENT, PROOF
from tests.standards.samples import FULL_AWARD, HOST

ADDRESSES = Addresses(HOST)
Change = Callable[[JsonObject], Any]


def endorsement() -> JsonObject:
    document = endorsement_document(ENDORSEMENT)
    document["issuer"]["id"] = "did:web:badges.example.org:organisations:north"
    return copy.deepcopy(document)


def record() -> JsonObject:
    service = Profile(ADDRESSES.service_did, "", "", "Badge service", HOST)
    badge = {**credential_document(FULL_AWARD), "proof": [PROOF]}
    return copy.deepcopy(
        clr_document(
            LearnerRecord(
                "urn:uuid:0b6c1f5e-55a1-4d0e-9d57-b6a1c6e0f9d1",
                "Open badges",
                service,
                FULL_AWARD.recipient,
                FULL_AWARD.valid_from,
                [badge],
            )
        )
    )


def test_sound_ones_pass() -> None:
    run_lints(endorsement(), ENDORSEMENT_LINTS, ADDRESSES)
    run_lints(record(), LEARNER_RECORD_LINTS, ADDRESSES)


@pytest.mark.parametrize(
    ("change", "lint"),
    [
        (lambda document: document.pop("name"), "lint_endorsement_shape"),
        (lambda document: document.update(endorsementJwt=["a.b.c"]), "lint_disputed_terms"),
        (lambda document: document["credentialSubject"].update(endorsementComment="a\x00"), "lint_text"),
        (lambda document: document.update(id="https://elsewhere.example/1"), "lint_own_addresses"),
        (lambda document: document["issuer"].update(id="did:web:elsewhere.example"), "lint_own_addresses"),
        (lambda document: document["credentialSubject"].update(id="https://elsewhere.example/1"), "lint_endorsement"),
        (lambda document: document["credentialSubject"].update(id=document["issuer"]["id"]), "lint_endorsement"),
        (lambda document: document["credentialSubject"].update(familyName="Jones"), "lint_endorsement"),
    ],
)
def test_endorsement_with_a_fault_is_not_signed(change: Change, lint: str) -> None:
    document = endorsement()
    change(document)
    with pytest.raises(LintError, match=lint):
        run_lints(document, ENDORSEMENT_LINTS, ADDRESSES)


@pytest.mark.parametrize(
    ("change", "lint"),
    [
        (lambda document: document["credentialSubject"].pop("verifiableCredential"), "lint_record_shape"),
        (lambda document: document.update(awardedDate="2026-11-22T09:30:00Z"), "lint_disputed_terms"),
        (lambda document: document.update(description=None), "lint_text"),
        (
            lambda document: document["issuer"].update(id="did:web:badges.example.org:organisations:north"),
            "lint_record",
        ),
        (lambda document: document["credentialSubject"].update(name="Sam Jones"), "lint_record"),
        (lambda document: document["credentialSubject"]["identifier"][0].update(hashed=False), "lint_record"),
        (lambda document: document["credentialSubject"].update(id="mailto:sam@example.org"), "lint_record"),
        (lambda document: document["credentialSubject"]["verifiableCredential"][0].pop("proof"), "lint_record"),
    ],
)
def test_record_with_a_fault_is_not_signed(change: Change, lint: str) -> None:
    document = record()
    change(document)
    with pytest.raises(LintError, match=lint):
        run_lints(document, LEARNER_RECORD_LINTS, ADDRESSES)
