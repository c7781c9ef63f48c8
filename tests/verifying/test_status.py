"""Status lists (Bitstring Status List v1.0, 3.2): what the bit says, and when nobody may believe the list."""

from __future__ import annotations

import copy
import gzip
from datetime import timedelta

import pytest

from badges.standards.base64url import encode_base64url
from badges.standards.proofs import vc_jwt
from badges.standards.signer import KeyAlgorithm
from badges.verifying.checks.status import check_status
from badges.verifying.documents import Documents
from badges.verifying.report import CheckName, Outcome, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import (
    AT,
    ISSUER,
    KEY_URL,
    LIST_URL,
    FreshSigner,
    Library,
    credential,
    entry,
    jwt_text,
    moment,
    outcomes,
    sign,
    status_list,
)


@pytest.fixture
def library() -> Library:
    return Library()


def status_of(library: Library, *, at_days: int = 0, **entry_changes: object) -> str:
    badge = library.embedded(credentialStatus={**entry(), **entry_changes})
    return outcomes(library.check(badge, at=AT + timedelta(days=at_days)))["status"]


def test_a_badge_without_a_status_stands_and_says_so(library: Library) -> None:
    check = library.check(library.embedded()).check(CheckName.STATUS)
    assert check.outcome is Outcome.PASSED
    assert "no status list" in str(check.message)


def test_a_withdrawn_badge_is_invalid(library: Library) -> None:
    badge = library.embedded(credentialStatus=entry(5))
    assert library.check(badge).verdict is Verdict.VALID
    library.put_list(5)
    report = library.check(badge)
    assert report.verdict is Verdict.INVALID
    expected = "The organisation that awarded this badge has withdrawn it."
    assert str(report.check(CheckName.STATUS).message) == expected
    library.put_list(4, 6)
    assert library.check(badge).verdict is Verdict.VALID


def test_a_list_that_was_not_seen_leaves_the_status_unknown(library: Library) -> None:
    del library.world.documents[LIST_URL]
    assert status_of(library) == "unknown"
    for answer, code in (("", 404), ("gone", 410), ("<html>", 200), ("[]", 200), ("error", 500)):
        library.world.put(LIST_URL, answer, code)
        assert status_of(library) == "unknown"


@pytest.mark.parametrize(
    ("purpose", "outcome"), [("suspension", "failed"), ("refresh", "warning"), ("message", "passed")]
)
def test_what_a_set_bit_means_depends_on_the_purpose(library: Library, purpose: str, outcome: str) -> None:
    library.put_list(5, purpose=purpose)
    assert status_of(library, statusPurpose=purpose) == outcome


def test_each_of_several_entries_counts(library: Library) -> None:
    library.put_list(7)
    document = credential(credentialStatus=[entry(5), entry(7)])
    assert check_status(document, None, Documents(library.world), AT).outcome is Outcome.FAILED
    document = credential(credentialStatus=[entry(number) for number in range(5)])
    assert check_status(document, None, Documents(library.world), AT).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "changes",
    [
        {"statusPurpose": "suspension"},
        {"statusListIndex": "131072"},
        {"statusListIndex": "-1"},
        {"statusListIndex": "five"},
        {"statusListIndex": 1.5},
        {"statusListIndex": None},
    ],
)
def test_an_entry_that_does_not_fit_its_list_is_invalid(library: Library, changes: JsonObject) -> None:
    assert status_of(library, **changes) in {"failed", "skipped"}


def test_a_number_as_index_is_read(library: Library) -> None:
    library.put_list(5)
    assert status_of(library, statusListIndex=5) == "failed"


def test_a_status_of_an_unknown_kind_is_unknown(library: Library) -> None:
    document = credential(credentialStatus={"id": "urn:uuid:1", "type": "TomorrowStatus"})
    finding = check_status(document, None, Documents(library.world), AT)
    assert finding.outcome is Outcome.UNKNOWN
    assert "TomorrowStatus" in str(finding.details[0])


# Whose list it is.


def test_the_list_of_another_issuer_does_not_count(library: Library) -> None:
    other = FreshSigner(KeyAlgorithm.EDDSA)
    did = f"did:key:{other.multikey}"
    library.world.put(LIST_URL, sign(status_list(issuer=did), other, f"{did}#{other.multikey}"))
    assert status_of(library) == "failed"


def test_a_list_that_another_signed_in_the_issuers_name_does_not_count(library: Library) -> None:
    other = FreshSigner(KeyAlgorithm.EDDSA)
    for name in (f"did:key:{other.multikey}#{other.multikey}", f"{library.did}#{other.multikey}"):
        library.world.put(LIST_URL, sign(status_list(), other, name))
        assert status_of(library) == "failed"


def test_another_list_of_the_same_issuer_does_not_count(library: Library) -> None:
    elsewhere = status_list(url="https://library.example/status/2")
    library.world.put(LIST_URL, sign(elsewhere, library.ed25519, library.method))
    assert status_of(library) == "failed"


def test_a_list_that_was_changed_or_not_signed_does_not_count(library: Library) -> None:
    signed = sign(status_list(5), library.ed25519, library.method)
    changed = copy.deepcopy(signed)
    changed["credentialSubject"]["encodedList"] = status_list()["credentialSubject"]["encodedList"]
    for document in (changed, status_list()):
        library.world.put(LIST_URL, document)
        assert status_of(library) == "failed"


def test_a_list_whose_signature_cannot_be_checked_leaves_the_status_unknown(library: Library) -> None:
    document = sign(status_list(), library.ed25519, library.method)
    document["proof"][0]["cryptosuite"] = "bbs-2023"
    library.world.put(LIST_URL, document)
    assert status_of(library) == "unknown"


def test_a_list_that_is_out_of_date_leaves_the_status_unknown(library: Library) -> None:
    assert status_of(library, at_days=6) == "passed"
    assert status_of(library, at_days=8) == "unknown"
    library.put_list(5)
    assert status_of(library, at_days=8) == "failed"


def test_a_list_by_the_same_key_counts_while_the_issuer_is_unknown(library: Library) -> None:
    """The very key that signed the badge takes it back: whoever that is, the badge does not stand."""
    library.put_list(5)
    library.world.documents = {LIST_URL: library.world.documents[LIST_URL]}
    report = library.check(library.embedded(credentialStatus=entry(5)))
    assert (outcomes(report)["issuer"], outcomes(report)["status"]) == ("unknown", "failed")


def test_a_list_as_a_token_is_read(library: Library) -> None:
    document = status_list(5)
    claims = {**document, "iss": document["issuer"], "jti": LIST_URL, "sub": f"{LIST_URL}#list"}
    claims |= {"nbf": 1796115600, "exp": 1796904000}
    assert moment(AT) == "2026-12-03T12:00:00Z"
    library.world.put(LIST_URL, jwt_text({"kid": KEY_URL, "typ": "JWT"}, claims, library.rsa))
    badge = vc_jwt.sign(credential(credentialStatus=entry(5)), library.rsa, KEY_URL)
    assert outcomes(library.check(badge))["status"] == "failed"


def test_a_bomb_in_the_list_is_refused(library: Library) -> None:

    document = status_list()
    packed = gzip.compress(bytes(64 * 1024 * 1024), mtime=0)
    document["credentialSubject"]["encodedList"] = "u" + encode_base64url(packed)
    library.world.put(LIST_URL, sign(document, library.ed25519, library.method))
    assert status_of(library) == "failed"


# Plain lists ("1EdTechRevocationList").
REVOCATION_TERMS = "https://purl.imsglobal.org/spec/vcrl/v1p0/context.json"


@pytest.mark.parametrize(
    ("document", "outcome"),
    [
        ({"revokedCredential": []}, "passed"),
        ({"revokedCredential": [{"id": "https://library.example/credentials/1"}]}, "failed"),
        (
            {"revokedCredential": [{"id": "https://library.example/credentials/1", "revoked": False}]},
            "passed",
        ),
        ({"revokedCredential": ["https://library.example/credentials/1"]}, "failed"),
        ({"issuer": ISSUER, "type": "1EdTechRevocationList", "revokedCredential": []}, "passed"),
        ({"issuer": {"id": ISSUER}, "type": ["1EdTechRevocationList"], "revokedCredential": []}, "passed"),
        ({"type": f"{REVOCATION_TERMS}#1EdTechRevocationList", "revokedCredential": []}, "passed"),
        # What is no list, is somebody else's, or cannot be read does not say that the badge stands.
        ({}, "unknown"),
        ({"error": "internal"}, "unknown"),
        ({"type": "Profile", "id": ISSUER, "name": "Anytown Hospitals Library"}, "unknown"),
        ({"type": "1EdTechRevocationList"}, "unknown"),
        ({"type": "Profile", "revokedCredential": []}, "unknown"),
        ({"type": 7, "revokedCredential": []}, "unknown"),
        ({"revokedCredential": None}, "unknown"),
        ({"revokedCredential": {"id": "https://library.example/credentials/2"}}, "unknown"),
        ({"revokedCredential": [{"uid": "1"}]}, "unknown"),
        ({"revokedCredential": [None]}, "unknown"),
        ({"issuer": "did:web:else.example", "revokedCredential": []}, "unknown"),
        ({"issuer": 7, "revokedCredential": []}, "unknown"),
        (
            {"issuer": "did:web:else.example", "revokedCredential": [{"id": "https://library.example/credentials/1"}]},
            "unknown",
        ),
    ],
)
def test_a_plain_revocation_list_is_read(library: Library, document: JsonObject, outcome: str) -> None:
    url = "https://library.example/revocations"
    badge = library.embedded()
    badge["@context"].append("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json")
    del badge["proof"]
    badge["credentialStatus"] = {"id": url, "type": "1EdTechRevocationList"}
    badge = sign(badge, library.ed25519, library.method)
    assert outcomes(library.check(badge))["status"] == "unknown"
    library.world.put(url, document)
    assert outcomes(library.check(badge))["status"] == outcome


def test_a_list_cannot_hide_its_end(library: Library) -> None:
    """Whoever keeps an old list, from before a badge was withdrawn, could else give it out for ever."""
    old = sign(status_list(), library.ed25519, library.method)
    end, date_time = old.pop("validUntil"), "http://www.w3.org/2001/XMLSchema#dateTime"
    whole_name = {"https://www.w3.org/2018/credentials#validUntil": {"@type": date_time, "@value": end}}
    library.world.put(LIST_URL, {**old, **whole_name})
    assert status_of(library, at_days=30) == "failed"
    own = {"end": {"@id": "https://www.w3.org/2018/credentials#validUntil", "@type": date_time}}
    library.world.put(LIST_URL, {**old, "@context": [*old["@context"], own], "end": end})
    assert status_of(library, at_days=30) == "unknown"
