"""A demonstration badge: checked anywhere without a network, over after a day, and nobody's."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badges.errors import ConfigurationError
from badges.issuing.lints import DEMONSTRATION_LINTS, LintError, run_lints
from badges.keyring.signers import throwaway_signer
from badges.network.sources import OfflineFetcher
from badges.services.demonstration import bake_demonstration, make_demonstration
from badges.standards.baking.png import extract_png
from badges.standards.did.did_key import resolve_did_key
from badges.standards.did.multikey import decode_public_key
from badges.standards.signer import KeyAlgorithm
from badges.verifying.pipeline import verify
from badges.verifying.report import CheckName, Outcome, Verdict
from tests.instances import START, Bench
from tests.interop.second_opinion import openbadgeslib_verify_embedded

PERSON = {"type": "IdentityObject", "hashed": False, "identityHash": "sam@example.org", "identityType": "emailAddress"}


@pytest.fixture
def text(bench: Bench) -> str:
    return make_demonstration(bench.service.installation)


def test_is_valid_without_a_network_for_a_day(text: str) -> None:
    """Source: did:key method v0.9: the identifier is its own document."""
    for at, verdict in (
        (START, Verdict.VALID),
        (START + timedelta(hours=23), Verdict.VALID),
        (START + timedelta(days=1, seconds=1), Verdict.INVALID),
    ):
        report = verify(text, fetcher=OfflineFetcher(), at=at)
        assert report.verdict is verdict
        assert report.documents == ()


def test_says_what_it_is_wherever_somebody_looks(text: str) -> None:
    document = json.loads(text)
    assert "demonstration" in document["issuer"]["name"]
    for each in (document, document["issuer"], document["credentialSubject"]["achievement"]):
        assert "It proves nothing" in each["description"]


def test_has_no_key_of_this_installation_and_leaves_nothing(bench: Bench) -> None:
    before, files = bench.dump(), sorted(bench.folders.keys.iterdir())
    first, second = (json.loads(make_demonstration(bench.service.installation)) for _ in range(2))
    assert (bench.dump(), sorted(bench.folders.keys.iterdir())) == (before, files)
    assert first["issuer"]["id"] != second["issuer"]["id"]
    did = first["issuer"]["id"]
    (method,) = resolve_did_key(did)["verificationMethod"]
    assert first["proof"][0]["verificationMethod"] == method["id"]
    assert isinstance(decode_public_key(method["publicKeyMultibase"]), Ed25519PublicKey)
    assert method["publicKeyMultibase"] not in json.dumps([bench.json("jwks"), bench.json("service_did")])


def test_picture_holds_it(bench: Bench, text: str) -> None:
    picture = bake_demonstration(text)
    assert extract_png(picture).credential == text
    assert bench.verify(picture, offline=True).verdict is Verdict.VALID


def test_changed_one_fails(text: str) -> None:
    changed = text.replace("Nobody (demonstration)", "Anytown Hospitals Library")
    assert changed != text
    report = verify(changed, fetcher=OfflineFetcher(), at=START)
    assert report.check(CheckName.PROOF).outcome is Outcome.FAILED


def test_others_accept_it(bench: Bench) -> None:
    """openbadgeslib judges by this machine's own clock."""
    from badges.clock import system_clock

    bench.clock.now = system_clock()
    document = json.loads(make_demonstration(bench.service.installation))
    assert openbadgeslib_verify_embedded(document).valid
    document["name"] = "Another demonstration"
    assert not openbadgeslib_verify_embedded(document).valid


@pytest.mark.parametrize(
    ("place", "value", "where"),
    [
        (("issuer", "id"), "did:web:example.org", "/issuer/id"),
        (("issuer", "name"), "A library", "/issuer/name"),
        (("name",), "Evidence search", "/name"),
        (("validUntil",), "2027-12-01T10:00:00Z", "/validUntil"),
        (("validUntil",), None, "/validUntil"),
        (("credentialSubject", "identifier"), [PERSON], "may name the recipient"),
        (("credentialStatus",), {"id": "https://example.org/status/1#1", "type": "X"}, "credentialStatus"),
        (("credentialSubject", "achievement", "id"), "https://example.org/a", "/credentialSubject/achievement/id"),
    ],
)
def test_nothing_else_is_signed_as_one(
    bench: Bench, text: str, place: tuple[str, ...], value: object, where: str
) -> None:
    document = json.loads(text)
    del document["proof"]
    addresses = bench.service.installation.addresses
    run_lints(document, DEMONSTRATION_LINTS, addresses)
    *path, last = place
    inner = document
    for name in path:
        inner = inner[name]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    with pytest.raises(LintError, match=where):
        run_lints(document, DEMONSTRATION_LINTS, addresses)


def test_only_algorithms_that_we_sign_with_have_throwaway_keys() -> None:
    assert throwaway_signer(KeyAlgorithm.ES256).sign(b"text")
    with pytest.raises(ConfigurationError, match="ES384"):
        throwaway_signer(KeyAlgorithm.ES384)
