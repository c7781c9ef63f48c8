"""Keys that their organisation has declared stolen: with a ledger of what it issued, without one, with a bad one."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from badges.standards.ledger import issued_hash, ledger_service, shard_document
from badges.standards.proofs import vc_jwt
from badges.verifying.plain import PlainQuestion, verify_plain_credential
from badges.verifying.report import CheckName, Outcome, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import (
    AT,
    AWARDED,
    DID_URL,
    ISSUER,
    JWKS_URL,
    KEY_URL,
    LIST_URL,
    Library,
    credential,
    entry,
    moment,
    outcomes,
    sign,
    sign_json,
    status_list,
)

LEDGER: str = "https://library.example/keys/k/issued/"


@pytest.fixture
def library() -> Library:
    return Library()


def revoke(library: Library, since: datetime, *, ledger_url: str = "") -> None:
    """Publish that the library's Ed25519 key was stolen."""
    document = copy.deepcopy(library.did_document)
    document["verificationMethod"][0]["revoked"] = moment(since)
    if ledger_url:
        document["service"] = [ledger_service(ISSUER, library.method, ledger_url)]
    library.world.put(DID_URL, document)


def put_part(library: Library, badge: JsonObject | str, *listed: str, **changes: Any) -> None:
    """Publish the part of the ledger in which the badge would stand."""
    issued = issued_hash(badge if isinstance(badge, str) else json.dumps(badge))
    library.world.put(LEDGER + issued[:3], {**shard_document("k", issued[:3], listed), **changes})


class TestWithoutLedger:
    def test_badge_that_says_it_is_older_stays_open(self, library: Library) -> None:
        """Source: Controlled Identifiers v1.0, 2.2 (`revoked`): the date in a badge is the signer's word."""
        badge = library.embedded()
        revoke(library, AWARDED + timedelta(days=1))
        report = library.check(badge)
        assert (report.verdict, outcomes(report)["issuer"]) == (Verdict.UNKNOWN, "unknown")

    def test_badge_that_says_it_is_younger_fails(self, library: Library) -> None:
        badge = library.embedded()
        revoke(library, AWARDED)
        assert outcomes(library.check(badge))["issuer"] == "failed"

    def test_moment_that_is_none_helps_nobody(self, library: Library) -> None:
        badge = library.embedded()
        document = copy.deepcopy(library.did_document)
        document["verificationMethod"][0]["revoked"] = "some day"
        library.world.put(DID_URL, document)
        assert outcomes(library.check(badge))["issuer"] == "failed"


class TestWithLedger:
    def test_listed_badge_stands_with_a_note(self, library: Library) -> None:
        badge = library.embedded()
        revoke(library, AWARDED - timedelta(days=1), ledger_url=LEDGER)
        put_part(library, badge, issued_hash(json.dumps(badge)))
        report = library.check(badge)
        assert (report.verdict, outcomes(report)["issuer"]) == (Verdict.VALID, "warning")

    def test_asking_tells_only_three_digits(self, library: Library) -> None:
        badge = library.embedded()
        revoke(library, AWARDED, ledger_url=LEDGER)
        library.check(badge)
        asked = [url for url in library.world.asked if "/issued/" in url]
        assert asked == [LEDGER + issued_hash(json.dumps(badge))[:3]]

    def test_badge_that_is_not_listed_fails(self, library: Library) -> None:
        badge = library.embedded()
        revoke(library, AWARDED + timedelta(days=1), ledger_url=LEDGER)
        issued = issued_hash(json.dumps(badge))
        put_part(library, badge, issued[:3] + "0" * 61)
        assert outcomes(library.check(badge))["issuer"] == "failed"

    @pytest.mark.parametrize(
        "damage",
        [
            {"type": "Other"},
            {"prefix": "fff0"},
            {"sha256": "text"},
            {"sha256": None},
            {"sha256": [7]},
            {"sha256": ["AB"]},
        ],
    )
    def test_ledger_that_is_none_leaves_it_open(self, library: Library, damage: JsonObject) -> None:
        badge = library.embedded()
        revoke(library, AWARDED, ledger_url=LEDGER)
        put_part(library, badge, issued_hash(json.dumps(badge)), **damage)
        assert outcomes(library.check(badge))["issuer"] == "unknown"

    def test_ledger_of_another_key_does_not_count(self, library: Library) -> None:
        badge = library.embedded()
        document = copy.deepcopy(library.did_document)
        document["verificationMethod"][0]["revoked"] = moment(AWARDED)
        document["service"] = [ledger_service(ISSUER, f"{ISSUER}#other", LEDGER)]
        library.world.put(DID_URL, document)
        put_part(library, badge, issued_hash(json.dumps(badge)))
        assert outcomes(library.check(badge))["issuer"] == "failed"

    def test_second_proof_by_a_key_that_nobody_knows_does_not_soften_it(self, library: Library) -> None:
        badge = library.embedded()
        stranger = Library("did:web:gone.example")
        badge["proof"] = [*sign(credential(), stranger.ed25519, stranger.method)["proof"], *badge["proof"]]
        revoke(library, AWARDED, ledger_url=LEDGER)
        put_part(library, badge)
        assert library.check(badge).verdict is Verdict.INVALID

    def test_list_by_the_same_key_is_not_believed(self, library: Library) -> None:
        badge = library.embedded(credentialStatus=entry())
        assert library.check(badge).verdict is Verdict.VALID
        revoke(library, AWARDED, ledger_url=LEDGER)
        put_part(library, badge, issued_hash(json.dumps(badge)))
        report = library.check(badge)
        assert (outcomes(report)["issuer"], outcomes(report)["status"]) == ("warning", "unknown")


class TestSameGraphInOtherWords:
    """A thief writes an issued badge anew: same graph, same hash, but readers of the JSON see no status and no end."""

    def honest(self, library: Library) -> JsonObject:
        return library.embedded(credentialStatus=entry(), validUntil=moment(AT - timedelta(hours=1)))

    def hidden(self, honest: JsonObject) -> JsonObject:
        document = {name: value for name, value in honest.items() if name != "proof"}
        listed, end = document.pop("credentialStatus"), document.pop("validUntil")
        status = "https://www.w3.org/ns/credentials/status#"
        document["https://www.w3.org/2018/credentials#credentialStatus"] = {
            "@id": listed["id"],
            "@type": f"{status}BitstringStatusListEntry",
            f"{status}statusPurpose": listed["statusPurpose"],
            f"{status}statusListIndex": listed["statusListIndex"],
            f"{status}statusListCredential": {"@id": LIST_URL},
        }
        date = "http://www.w3.org/2001/XMLSchema#dateTime"
        document["https://www.w3.org/2018/credentials#validUntil"] = {"@value": end, "@type": date}
        return document

    @pytest.fixture
    def honest_badge(self, library: Library) -> JsonObject:
        badge = self.honest(library)
        revoke(library, AWARDED, ledger_url=LEDGER)
        put_part(library, badge, issued_hash(json.dumps(badge)))
        assert library.check(badge).verdict is Verdict.INVALID  # it has ended
        return badge

    def test_is_not_confirmed_when_the_thief_signs_its_json(self, library: Library, honest_badge: JsonObject) -> None:
        forged = sign_json(self.hidden(honest_badge), library.ed25519, library.method)
        assert issued_hash(json.dumps(forged)) == issued_hash(json.dumps(honest_badge))
        report = library.check(forged)
        assert (report.verdict, outcomes(report)["issuer"]) == (Verdict.INVALID, "failed")

    def test_is_not_confirmed_when_the_thief_signs_its_graph(self, library: Library, honest_badge: JsonObject) -> None:
        forged = sign(self.hidden(honest_badge), library.ed25519, library.method)
        assert library.check(forged).verdict is Verdict.INVALID

    def test_is_not_confirmed_by_the_rules_of_the_w3c_alone(self, library: Library, honest_badge: JsonObject) -> None:
        forged = sign(self.hidden(honest_badge), library.ed25519, library.method)
        found = verify_plain_credential(forged, PlainQuestion(library.world, AT))
        assert {check.name: check.outcome for check in found}[CheckName.ISSUER] is Outcome.FAILED

    def test_json_signature_is_not_confirmed_even_in_the_same_words(self, library: Library) -> None:
        """The ledger lists graphs. That of a JSON signature was never what the organisation signed."""
        badge = library.embedded()
        revoke(library, AWARDED, ledger_url=LEDGER)
        put_part(library, badge, issued_hash(json.dumps(badge)))
        again = sign_json(credential(), library.ed25519, library.method)
        assert outcomes(library.check(again))["issuer"] == "failed"


class TestToken:
    """The key of a token is a bare JWK; the issuer's key set and DID document say what became of it."""

    def mark(self, library: Library, **more: Any) -> None:
        since = AWARDED - timedelta(days=1)
        revoked = {"revoked": {"revoked_at": int(since.timestamp()), "reason": "compromised"}, **more}
        library.world.put(JWKS_URL, {"keys": [{**library.rsa.jwk, **revoked}]})

    def test_key_set_that_marks_it_counts(self, library: Library) -> None:
        token = library.jwt()
        assert library.check(token).verdict is Verdict.VALID
        self.mark(library)
        assert outcomes(library.check(token))["issuer"] == "failed"

    def test_ledger_that_the_key_names_is_asked(self, library: Library) -> None:
        token = library.jwt()
        self.mark(library, issuedCredentialLedger=LEDGER)
        put_part(library, token, issued_hash(token))
        assert outcomes(library.check(token))["issuer"] == "warning"
        put_part(library, token)
        assert outcomes(library.check(token))["issuer"] == "failed"

    def test_document_that_marks_it_counts_more_than_a_key_set_that_does_not(self, library: Library) -> None:
        token = library.jwt()
        document = copy.deepcopy(library.did_document)
        method = f"{ISSUER}#rsa"
        document["verificationMethod"].append(
            {
                "id": method,
                "type": "JsonWebKey",
                "controller": ISSUER,
                "publicKeyJwk": library.rsa.jwk,
                "revoked": moment(AWARDED),
            }
        )
        document["assertionMethod"].append(method)
        document["service"] = ledger_service(ISSUER, method, LEDGER)
        library.world.put(DID_URL, document)
        put_part(library, token)
        report = library.check(token)
        assert outcomes(report)["issuer"] == "failed"
        assert "among the badges" in str(report.check(CheckName.ISSUER).message)

    def test_list_by_the_same_key_is_not_believed(self, library: Library) -> None:
        token = library.jwt(credentialStatus=entry())
        library.world.put(LIST_URL, vc_jwt.sign(status_list(), library.rsa, KEY_URL))
        assert library.check(token).verdict is Verdict.VALID
        self.mark(library, issuedCredentialLedger=LEDGER)
        put_part(library, token, issued_hash(token))
        put_part(library, library.world.documents[LIST_URL].body.decode())
        report = library.check(token)
        assert (outcomes(report)["issuer"], outcomes(report)["status"]) == ("warning", "failed")

    def test_mark_at_the_address_of_the_key_alone_is_not_the_issuers_word(self, library: Library) -> None:
        """The address in `kid` may be anybody's."""
        token = library.jwt()
        library.world.put(KEY_URL, {**library.rsa.jwk, "issuedCredentialLedger": "https://evil.example/"})
        self.mark(library)
        assert outcomes(library.check(token))["issuer"] == "failed"


class TestHash:
    def test_token_is_hashed_without_its_signature(self, library: Library) -> None:
        """ECDSA makes another signature each time."""
        token = library.jwt()
        other = token.rpartition(".")[0] + ".AAAA"
        assert issued_hash(token) == issued_hash(other)
        assert issued_hash(library.jwt(name="Another")) != issued_hash(token)

    def test_document_is_hashed_without_its_proof(self, library: Library) -> None:
        badge = library.embedded()
        again = sign(credential(), library.ed25519, library.method, AWARDED + timedelta(days=1))
        assert issued_hash(json.dumps(badge)) == issued_hash(json.dumps(again))
        assert issued_hash(json.dumps(library.embedded(name="Another"))) != issued_hash(json.dumps(badge))
