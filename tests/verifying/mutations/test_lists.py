"""Status lists that are somebody else's, too short, too long, packed in another way; and entries that point nowhere."""

from __future__ import annotations

import copy
import gzip
import zlib
from typing import Any, Final

import pytest

from badges.standards.base64url import encode_base64url
from badges.standards.json_text import write_json
from badges.standards.signer import KeyAlgorithm
from badges.standards.status.bitstring import MINIMUM_LENGTH, empty_bitstring
from badges.verifying.report import CheckName, Outcome, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import LIST_URL, FreshSigner, World, entry, sign, status_list
from tests.verifying.mutations.forms import LIBRARY, SUSPENSIONS, WITHDRAWN, WORLD, check, signed, unsound_forms, whole
from tests.verifying.mutations.judging import assert_reason

STRANGER: Final = FreshSigner(KeyAlgorithm.EDDSA)
STRANGERS_DID: Final = f"did:key:{STRANGER.multikey}"
STRANGERS_METHOD: Final = f"{STRANGERS_DID}#{STRANGER.multikey}"
WITHDRAWN_BADGE: Final = next(form.document or {} for form in unsound_forms() if form.name == "withdrawn")


def status_with(document: JsonObject | str, badge: JsonObject = WITHDRAWN_BADGE) -> Outcome:
    """What the status of a badge is while its list's address answers with this."""
    world = World(dict(WORLD.documents))
    world.put(LIST_URL, document)
    report = check(badge, world)
    assert report.verdict is not Verdict.VALID
    assert_reason(report)
    return report.check(CheckName.STATUS).outcome


def with_content(packed: bytes | str) -> JsonObject:
    """The library's list, signed anew with another content."""
    document = status_list()
    text = packed if isinstance(packed, str) else "u" + encode_base64url(packed)
    document["credentialSubject"]["encodedList"] = text
    return signed(document)


def by_stranger(**members: Any) -> JsonObject:
    return sign({**status_list(), **members}, STRANGER, STRANGERS_METHOD)


@pytest.mark.parametrize(
    "make",
    [
        lambda: by_stranger(),
        lambda: by_stranger(issuer=STRANGERS_DID),
        lambda: sign(status_list(), STRANGER, LIBRARY.method),
        lambda: sign(status_list(issuer=STRANGERS_DID), LIBRARY.ed25519, LIBRARY.method),
        lambda: status_list(),
        lambda: {**signed(status_list()), "credentialSubject": status_list(1)["credentialSubject"]},
        lambda: signed(status_list(url="https://library.example/status/9")),
        lambda: signed(status_list(purpose="suspension")),
        lambda: signed({**status_list(), "issuer": {"id": STRANGERS_DID}}),
        lambda: signed({**status_list(), "issuer": "did:web:LIBRARY.example"}),
        lambda: signed({**status_list(), "issuer": "did:web:library.example%3A443"}),
    ],
    ids=range(11),
)
def test_a_list_that_is_not_the_issuers_own(make: Any) -> None:
    assert status_with(make()) is Outcome.FAILED


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(bytes(MINIMUM_LENGTH // 8 - 1)),
        gzip.compress(b""),
        zlib.compress(empty_bitstring()),
        zlib.compress(empty_bitstring())[2:-4],
        gzip.compress(empty_bitstring())[:-1],
        gzip.compress(empty_bitstring()) + b"\0",
        gzip.compress(empty_bitstring()) + gzip.compress(b"\xff"),
        empty_bitstring(),
        b"",
        "",
        "u",
        "z" + encode_base64url(gzip.compress(empty_bitstring())),
        "u" + encode_base64url(gzip.compress(empty_bitstring())) + "+",
        "u" + encode_base64url(gzip.compress(empty_bitstring())).replace("_", "/"),
        "u" + "\u0410" * 100,
        gzip.compress(bytes(400 * 1024 * 1024)),
    ],
    ids=range(16),
)
def test_a_list_that_is_packed_in_another_way(packed: bytes | str) -> None:
    if isinstance(packed, str) and "/" not in packed and "_" not in packed and packed.startswith("uH4sI"):
        pytest.skip("this list has no letter that the alphabets differ in")
    assert status_with(with_content(packed)) is Outcome.FAILED


def test_an_index_beyond_the_list() -> None:
    for index in (MINIMUM_LENGTH, 10**11):
        badge = signed(whole(credentialStatus=entry(index)))
        assert status_with(signed(status_list()), badge) is Outcome.FAILED


@pytest.mark.parametrize(
    "index",
    ["-1", "7.0", " 7", "7 ", "07e0", "0x7", "७", "٧", "7\n", "+7", "", "1" * 13, "NaN", "7,8", "true"],
)
def test_an_index_that_is_no_number(index: str) -> None:
    badge = signed(whole(credentialStatus={**entry(), "statusListIndex": index}))
    assert status_with(signed(status_list()), badge) is not Outcome.PASSED


@pytest.mark.parametrize("index", [7.5, -7, 7e20, True, None, ["7"], {"@value": "7"}, [7, 8]])
def test_an_index_of_another_kind(index: Any) -> None:
    badge = copy.deepcopy(WITHDRAWN_BADGE)
    badge["credentialStatus"]["statusListIndex"] = index
    status_with(signed(status_list()), badge)


@pytest.mark.parametrize("number", range(9))
def test_no_entry_can_be_turned_to_another_place(number: int) -> None:
    """One that a holder wrote: the proof does not fit any more. One that an issuer wrote oddly is not passed either."""
    changes: list[JsonObject] = [
        {"statusListIndex": "8"},
        {"statusListCredential": SUSPENSIONS},
        {"statusPurpose": "refresh"},
        {"statusSize": 2},
        {"type": "StatusList2021Entry"},
        {"type": ["BitstringStatusListEntry", "1EdTechRevocationList"]},
        {"statusListCredential": LIST_URL + "#x"},
        {"statusListCredential": LIST_URL + "?x"},
        {"statusListCredential": "data:application/json," + write_json(signed(status_list()))},
    ]
    turned = {**entry(WITHDRAWN), **changes[number]}
    assert check({**WITHDRAWN_BADGE, "credentialStatus": turned}).verdict is Verdict.INVALID
    if number > 0:
        assert (
            check({**whole(), "credentialStatus": turned, "proof": WITHDRAWN_BADGE["proof"]}).verdict is Verdict.INVALID
        )
