"""Status list credentials and entries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.errors import BadgesError
from badges.standards.jsonld.canonical import canonical_nquads
from badges.standards.status.bitstring import MINIMUM_LENGTH, bitstring_of, decode_bitstring, encode_bitstring
from badges.standards.status.status_list import (
    StatusListError,
    StatusProblem,
    StatusResult,
    list_url,
    read_status,
    status_entry,
    status_list_document,
)
from badges.vocab.json import JsonObject
from badges.vocab.status import StatusPosition, StatusPurpose
from tests.standards.local_signer import credential

URL = "https://badges.example.org/status/3"
FROM = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def list_document(indexes: tuple[int, ...] = (94567,), **subject: object) -> JsonObject:
    document = status_list_document(
        url=URL,
        issuer="did:web:badges.example.org",
        purpose=StatusPurpose.REVOCATION,
        bitstring=bitstring_of(indexes),
        valid_from=FROM,
        valid_until=FROM + timedelta(days=7),
        ttl_milliseconds=300_000,
    )
    document["credentialSubject"].update(subject)
    return document


def entry(index: int = 94567, **changes: object) -> JsonObject:
    return {**status_entry(StatusPosition(URL, index)), **changes}


def problem(document: JsonObject, status: JsonObject) -> StatusProblem:
    with pytest.raises(StatusListError) as caught:
        read_status(document, status)
    return caught.value.problem


def test_the_list_is_a_credential_in_the_words_of_the_standard() -> None:
    """Bitstring Status List v1.0, section 2.2."""
    document = list_document()
    encoded = document["credentialSubject"].pop("encodedList")
    assert decode_bitstring(encoded) == bitstring_of([94567])
    assert document == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:badges.example.org",
        "validFrom": "2026-11-22T10:00:00Z",
        "validUntil": "2026-11-29T10:00:00Z",
        "credentialSubject": {
            "id": URL + "#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "ttl": 300_000,
        },
    }


def test_the_entry_is_one_in_the_words_of_the_standard() -> None:
    """Bitstring Status List v1.0, section 2.1: the index is a text."""
    assert entry() == {
        "id": URL + "#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": URL,
    }
    assert list_url(entry()) == URL


def test_contexts_define_everything_in_both() -> None:
    assert "encodedList" in canonical_nquads(list_document())
    assert "statusListIndex" in canonical_nquads({**credential(), "credentialStatus": entry()})


def test_reads_what_it_writes() -> None:
    result = StatusResult("revocation", 1, "", 300_000)
    assert read_status(list_document(), entry()) == result
    assert result.is_set
    assert not read_status(list_document(), entry(94568)).is_set
    assert read_status(list_document((0, MINIMUM_LENGTH - 1)), entry(0)).is_set
    assert read_status(list_document((0, MINIMUM_LENGTH - 1)), entry(MINIMUM_LENGTH - 1)).is_set


@pytest.mark.parametrize("index", ["94567", 94567, "094567"])
def test_reads_the_index_as_text_or_number(index: object) -> None:
    """Checklist, pitfall 11."""
    assert read_status(list_document(), entry(statusListIndex=index)).is_set


@pytest.mark.parametrize("index", ["-1", -1, 1.0, True, None, "", "1e3", "0x1", "٣", " 1", "9" * 13, 10**12, ["1"]])
def test_refuses_other_indexes(index: object) -> None:
    assert problem(list_document(), entry(statusListIndex=index)) is StatusProblem.MALFORMED


def test_names_each_error_as_the_standard_does() -> None:
    """Bitstring Status List v1.0, section 3.2 and 3.5."""
    document = list_document()
    assert problem(document, entry(MINIMUM_LENGTH)) is StatusProblem.RANGE
    assert problem(document, entry(statusPurpose="suspension")) is StatusProblem.VERIFICATION
    assert problem(document, entry(statusListCredential="https://x.org/")) is StatusProblem.VERIFICATION
    short = list_document(encodedList=encode_bitstring(bytes(16_383)))
    assert problem(short, entry(1)) is StatusProblem.LENGTH
    assert problem(list_document(encodedList="nonsense"), entry()) is StatusProblem.MALFORMED
    assert problem(list_document(encodedList=None), entry()) is StatusProblem.MALFORMED
    assert problem(list_document(type="Other"), entry()) is StatusProblem.MALFORMED
    assert problem({**document, "credentialSubject": []}, entry()) is StatusProblem.MALFORMED
    assert problem(document, entry(type="1EdTechRevocationList")) is StatusProblem.MALFORMED
    assert problem(document, entry(statusPurpose=None)) is StatusProblem.MALFORMED
    assert problem(document, entry(statusListCredential=None)) is StatusProblem.MALFORMED
    assert problem(document, entry(statusSize=0)) is StatusProblem.MALFORMED
    assert problem(document, entry(statusSize=9)) is StatusProblem.MALFORMED


def test_errors_have_the_address_of_the_standard() -> None:
    with pytest.raises(StatusListError) as caught:
        read_status(list_document(), entry(MINIMUM_LENGTH))
    assert caught.value.problem_url == "https://www.w3.org/ns/credentials/status-list#RANGE_ERROR"


def test_reads_one_purpose_of_several() -> None:
    document = list_document(statusPurpose=["suspension", "revocation"])
    assert read_status(document, entry(statusPurpose="suspension")).purpose == "suspension"


def test_reads_statuses_of_several_bits_with_their_messages() -> None:
    """Bitstring Status List v1.0, section 2.1: statusSize and statusMessage."""
    document = list_document(encodedList=encode_bitstring(bitstring_of([6, 7, 9], MINIMUM_LENGTH * 2)))
    sized = {
        "statusSize": 2,
        "statusMessage": [{"status": f"0x{value:x}", "message": f"m{value}"} for value in range(4)],
    }
    assert [read_status(document, entry(index, **sized)).value for index in range(5)] == [0, 0, 0, 3, 1]
    assert read_status(document, entry(3, **sized)).message == "m3"
    assert problem(document, entry(MINIMUM_LENGTH, **sized)) is StatusProblem.RANGE
    assert problem(list_document(), entry(1, **sized)) is StatusProblem.LENGTH


def test_reads_status_list_2021() -> None:
    bare = encode_bitstring(bitstring_of([94567])).removeprefix("u")
    document = list_document(type="StatusList2021", encodedList=bare)
    assert read_status(document, entry(type="StatusList2021Entry")).is_set
    assert problem(document, entry()) is StatusProblem.MALFORMED
    assert problem(list_document(), entry(type="StatusList2021Entry")) is StatusProblem.MALFORMED


def test_refuses_to_write_short_lists_and_times_without_zone() -> None:
    arguments: dict[str, Any] = {"url": URL, "issuer": "urn:x:1", "purpose": StatusPurpose.REVOCATION}
    with pytest.raises(StatusListError):
        status_list_document(**arguments, bitstring=bytes(16_383), valid_from=FROM)
    with pytest.raises(StatusListError):
        status_list_document(**arguments, bitstring=bytes(16_384), valid_from=FROM.replace(tzinfo=None))
    cardiff = FROM.astimezone(timezone(timedelta(hours=1)))
    document = status_list_document(**arguments, bitstring=bytes(16_384), valid_from=cardiff)
    assert document["validFrom"] == "2026-11-22T10:00:00Z"
    assert not {"validUntil"} & document.keys()
    assert "ttl" not in document["credentialSubject"]


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=3), max_size=2)
ENTRY_NAMES = st.sampled_from(
    ["type", "statusPurpose", "statusListIndex", "statusListCredential", "statusSize", "statusMessage"]
)
SUBJECT_NAMES = st.sampled_from(["type", "statusPurpose", "encodedList", "ttl"])


@settings(max_examples=200)
@given(st.dictionaries(ENTRY_NAMES, VALUES, max_size=3), st.dictionaries(SUBJECT_NAMES, VALUES, max_size=2))
def test_never_fails_in_another_way(status: JsonObject, subject: JsonObject) -> None:
    try:
        read_status(list_document((), **subject), entry(1, **status))
    except BadgesError:
        return
