"""E-mail addresses and the hashes of them."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import InvalidInputError
from badges.standards.identity import hash_identity, identity_matches, normalise_email


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("sam@example.org", "sam@example.org"),
        ("  Sam.Lee@NHS.net\n", "sam.lee@nhs.net"),
        ("\ufeffsam@example.org\u200b ", "sam@example.org"),
        ("o'brien+badges@a-b.example.co.uk", "o'brien+badges@a-b.example.co.uk"),
        ("JOSE\u0301@EXAMPLE.ORG", "jos\u00e9@example.org"),
        ("用户@例子.广告", "用户@例子.广告"),
        ("a@" + "b" * 63 + ".org", "a@" + "b" * 63 + ".org"),
    ],
)
def test_address_is_normalised(typed: str, normal: str) -> None:
    assert normalise_email(typed) == normal
    assert normalise_email(normal) == normal


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "no e-mail address here"),
        (" \u200b ", "no e-mail address here"),
        ("sam", "exactly one @"),
        ("sam@work@example.org", "exactly one @"),
        ("sam@nhs", "full name"),
        ("sam@.org", "after the @"),
        ("sam@example.org.", "after the @"),
        ("sam@exa mple.org", "after the @"),
        ("sam@-example.org", "after the @"),
        ("sam@10.0.0.1", "after the @"),
        ("sam@" + "b" * 64 + ".org", "after the @"),
        ("sam@" + "é" * 63 + ".org", "after the @"),
        ("@example.org", "before the @"),
        ("sam..lee@example.org", "before the @"),
        (".sam@example.org", "before the @"),
        ("Sam Lee <sam@example.org>", "before the @"),
        ("sam,lee@example.org", "before the @"),
        ("sam\u202e@example.org", "before the @"),
        ("sam\ud800@example.org", "before the @"),
        ("s" * 65 + "@example.org", "too long"),
        ("sam@" + "b." * 130 + "org", "too long"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(typed: str, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason) as caught:
        normalise_email(typed)

    assert caught.value.field == "email"
    str(caught.value).encode("utf-8")


def test_message_names_the_address_but_not_all_of_a_long_one() -> None:
    with pytest.raises(InvalidInputError, match="nhs-net"):
        normalise_email("nhs-net")
    with pytest.raises(InvalidInputError) as caught:
        normalise_email("x" * 100_000)
    assert len(str(caught.value)) < 300


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        normal = normalise_email(text)
    except InvalidInputError:
        return
    assert normalise_email(normal) == normal


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_hash_matches_its_identity_in_any_letter_case_of_the_hex(identity: str, salt: str) -> None:
    hashed = hash_identity(identity, salt)

    assert hashed == "sha256$" + hashlib.sha256((identity + salt).encode()).hexdigest()
    assert identity_matches(hashed.upper(), salt, identity)


def test_candidate_is_tried_as_typed_and_normalised() -> None:
    """Open Badges specification, issue 2: the letter case of addresses."""
    assert identity_matches(hash_identity("Sam@Example.org", "s"), "s", "Sam@Example.org")
    assert identity_matches(hash_identity("sam@example.org", "s"), "s", " SAM@example.ORG ")
    assert not identity_matches(hash_identity("Sam@Example.org", "s"), "s", "sam@example.org")


def test_md5_is_read_but_never_written() -> None:
    digest = hashlib.md5(b"sam@example.orgpepper").hexdigest()

    assert identity_matches(f"md5${digest}", "pepper", "sam@example.org")
    assert hash_identity("sam@example.org", "pepper").startswith("sha256$")


@pytest.mark.parametrize(
    "identity_hash", ["", "sha256$", "sha256$zz", "sha1$00", "sam@example.org", "sha256$é", "sha256$" + "0" * 999]
)
def test_what_is_no_hash_matches_nobody(identity_hash: str) -> None:
    assert not identity_matches(identity_hash, "", "sam@example.org")


def test_half_a_character_is_refused_or_matches_nobody() -> None:
    with pytest.raises(InvalidInputError, match="damaged"):
        hash_identity("a\ud800", "")
    assert not identity_matches(hash_identity("a", ""), "", "a\ud800")
