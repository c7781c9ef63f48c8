"""Endorsements as documents: what every schema accepts, alone and inside a badge."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from badges.standards.jsonld.expansion import expand_safely
from badges.standards.ob2.endorsements import hosted_endorsement_document
from badges.standards.ob2.model import check_shape as check_shape_ob2
from badges.standards.ob3.documents import credential_document
from badges.standards.ob3.endorsements import Endorsements, endorsement_document, with_endorsements
from badges.standards.ob3.model import ENDORSEMENT_CREDENTIAL, check_shape
from badges.vocab.endorsement import Endorsement
from badges.vocab.status import StatusPosition
from tests.standards.ob3.schemas import CREDENTIALS, W3C, load_schema
from tests.standards.samples import ACHIEVEMENT, HOST, ISSUER, PLAIN_AWARD

SCHEMAS = ("ob30/plain-ghpages-2025-03/endorsementcredential.json", W3C)
ENDORSEMENT = Endorsement(
    url=f"{HOST}/endorsements/0b6c1f5e-55a1-4d0e-9d57-b6a1c6e0f9d1",
    ob2_url=f"{HOST}/ob2/endorsements/0b6c1f5e-55a1-4d0e-9d57-b6a1c6e0f9d1",
    endorser=ISSUER,
    name="North Library: Evidence Search Skills",
    endorsed_id=ACHIEVEMENT.id,
    endorsed_ob2_url=ACHIEVEMENT.ob2_url,
    comment="We **teach** from it.\x00",
    valid_from=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    status=StatusPosition(f"{HOST}/status/4", 17),
)
PROOF = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2026-11-22T09:30:00Z",
    "verificationMethod": f"{ISSUER.did}#z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd",
    "proofPurpose": "assertionMethod",
    "proofValue": "z3FXQjecWufY46yg5abdVZsXqLhxhueuSoZgNSARiKBk9czhSePTFehP8c3PGfb6a22gkfUKMAjrTwvMZ",
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_endorsement_passes_every_schema(schema: str, standards_data: Path) -> None:
    signed = {**endorsement_document(ENDORSEMENT), "proof": [PROOF]}
    assert [error.message for error in load_schema(standards_data, schema).iter_errors(signed)] == []


def test_endorsement_has_no_shape_problem_and_no_undefined_term() -> None:
    document = endorsement_document(ENDORSEMENT)
    assert check_shape(document, ENDORSEMENT_CREDENTIAL) == []
    assert ACHIEVEMENT.id in json.dumps(expand_safely(document))
    assert document["credentialSubject"]["endorsementComment"] == "We **teach** from it."


@pytest.mark.parametrize("schema", CREDENTIALS)
def test_badge_that_carries_endorsements_passes_every_schema(schema: str, standards_data: Path) -> None:
    signed = ({**endorsement_document(ENDORSEMENT), "proof": [PROOF]},)
    badge = with_endorsements(credential_document(PLAIN_AWARD), Endorsements(signed, signed, signed))
    assert [error.message for error in load_schema(standards_data, schema).iter_errors(badge)] == []
    assert check_shape(badge) == []
    assert expand_safely(badge)
    assert "endorsementJwt" not in json.dumps(badge)


def test_hosted_endorsement_has_no_shape_problem() -> None:
    """Open Badges 2.0 Endorsements, "Endorsement"."""
    document = hosted_endorsement_document(ENDORSEMENT)
    assert check_shape_ob2(document, "Endorsement") == []
    assert (document["claim"]["id"], document["issuer"]) == (ACHIEVEMENT.ob2_url, ISSUER.ob2_url)
