"""Badges in PNG files. PNG 1.2, section 11.3.4.5; Open Badges 3.0, "Baked Badge" (PNG)."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture

from badges.errors import RefusedError, StandardsError
from badges.standards.baking.baked import MAX_TEXT_BYTES, BakedTexts
from badges.standards.baking.png import bake_png, extract_png
from tests.standards.baking.pictures import PNG, make_chunk, make_png

CONTROLS = "".join(chr(code) for code in (*range(0x20), 0x7F) if chr(code) not in "\r\n")
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=CONTROLS), min_size=1)


@given(st.none() | TEXTS, st.none() | TEXTS)
def test_texts_come_out_as_they_went_in(credential: str | None, assertion: str | None) -> None:
    baked = bake_png(PNG, credential=credential, assertion=assertion)

    assert extract_png(baked) == BakedTexts(credential, assertion)
    assert bake_png(baked) == PNG


def test_chunk_has_the_layout_of_the_standard() -> None:
    baked = bake_png(PNG, credential='{"a":"ŵ"}')

    expected = make_chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + '{"a":"ŵ"}'.encode())
    assert baked == make_png(expected)


def test_baking_again_replaces_every_older_text() -> None:
    older = make_png(
        make_chunk(b"tEXt", b"openbadges\0https://example.org/1"),
        make_chunk(b"iTXt", b"openbadges\0\0\0\0\0{}"),
        make_chunk(b"tEXt", b"Software\0drawn by hand"),
    )
    baked = bake_png(older, assertion="https://example.org/2")

    assert baked.count(b"openbadges\0") == 1
    assert b"drawn by hand" in baked
    assert extract_png(baked) == BakedTexts(assertion="https://example.org/2")


def test_other_software_still_reads_the_picture_and_the_text() -> None:
    with Picture.open(io.BytesIO(bake_png(PNG, credential='{"a":"ŵ"}'))) as picture:
        picture.load()
        assert picture.size == (1, 1)
        assert picture.info["openbadgecredential"] == '{"a":"ŵ"}'


def test_compressed_and_legacy_texts_are_read() -> None:
    packed = make_chunk(b"iTXt", b"openbadgecredential\0\1\0en\0x\0" + zlib.compress("{ŵ}".encode()))
    legacy = make_chunk(b"tEXt", b"openbadges\0https://example.org/1")

    assert extract_png(make_png(packed, legacy)) == BakedTexts("{ŵ}", "https://example.org/1")


def test_newer_text_counts_before_the_legacy_one() -> None:
    legacy = make_chunk(b"tEXt", b"openbadges\0https://example.org/1")
    newer = make_chunk(b"iTXt", b"openbadges\0\0\0\0\0{}")

    assert extract_png(make_png(legacy, newer)).assertion == "{}"


def test_first_of_two_is_read_and_the_second_noted() -> None:
    chunks = [make_chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + text) for text in (b"first", b"second")]

    found = extract_png(make_png(*chunks))
    assert found.credential == "first"
    assert "more than one" in str(found.problems[0])
    assert found.has_rivals


@pytest.mark.parametrize(
    ("data", "has_rivals"),
    [
        ([b"openbadges\0\0\0\0\0{}", b"openbadges\0\0\0\0\0{}"], False),
        ([b"openbadges\0\0\0\0\0{}", b"openbadgecredential\0\0\0\0\0[]"], False),
        ([b"openbadges\0{}", b"openbadges\0\0\0\0\0{}"], False),
        ([b"openbadges\0[]", b"openbadges\0\0\0\0\0{}"], True),
        ([b"openbadges\0[]", b"openbadges\0{}"], True),
    ],
)
def test_two_texts_of_one_kind_are_rivals_unless_they_are_copies(data: list[bytes], has_rivals: bool) -> None:
    chunks = [make_chunk(b"iTXt" if text.count(b"\0") == 5 else b"tEXt", text) for text in data]
    assert extract_png(make_png(*chunks)).has_rivals is has_rivals


def test_second_text_is_not_unpacked() -> None:
    """So that a thousand copies of what is large when it is unpacked cost as much as one."""
    broken = make_chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0zzz")
    found = extract_png(make_png(make_chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0{}"), broken))
    assert (found.credential, found.has_rivals) == ("{}", True)


def test_badge_with_a_wrong_checksum_is_refused_and_never_baked_into() -> None:
    """PNG 1.2, section 3.4."""
    baked = bytearray(bake_png(PNG, credential="{}"))
    place = baked.index(b"{}") + 2
    baked[place] ^= 1

    with pytest.raises(StandardsError, match="checksum of the badge"):
        extract_png(bytes(baked))
    with pytest.raises(StandardsError, match="iTXt"):
        bake_png(bytes(baked), credential="{}")


@pytest.mark.parametrize("kind", [b"IHDR", b"IDAT", b"IEND", b"tIME"])
def test_wrong_checksum_elsewhere_is_noted(kind: bytes) -> None:
    baked = bytearray(bake_png(make_png(make_chunk(b"tIME", b"1234567")), credential="{}"))
    length = int.from_bytes(baked[(place := baked.index(kind)) - 4 : place], "big")
    baked[place + 4 + length] ^= 1

    found = extract_png(bytes(baked))
    assert found.credential == "{}"
    assert ["damaged on the way" in str(problem) for problem in found.problems] == [True]


def test_text_after_the_end_of_the_picture_does_not_count() -> None:
    assert extract_png(PNG + make_chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0{}")) == BakedTexts()


@pytest.mark.parametrize(
    ("png", "reason"),
    [
        (b"", "no PNG"),
        (b"GIF89a", "no PNG"),
        (PNG[:8], "cut off"),
        (PNG[:-1], "cut off"),
        (PNG[:8] + b"\xff\xff\xff\xffIHDR" + b"x" * 20, "cut off"),
        (make_png(make_chunk(b"iTXt", b"openbadgecredential\0\0\0")), "cut off"),
        (make_png(make_chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0\xff")), "UTF-8"),
        (make_png(make_chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0zzz")), "unpacked"),
        (make_png(make_chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"{}")[:-5])), "cut off"),
        (make_png(make_chunk(b"iTXt", b"openbadgecredential\0\2\0\0\0{}")), "unknown way"),
    ],
)
def test_broken_pictures_are_refused_with_the_reason(png: bytes, reason: str) -> None:
    with pytest.raises(StandardsError, match=reason):
        extract_png(png)


def test_picture_without_pixels_is_not_baked() -> None:
    no_pixels = PNG[:8] + make_chunk(b"IEND", b"")

    with pytest.raises(StandardsError, match="no pixels"):
        bake_png(no_pixels, credential="{}")


def test_packed_text_that_unfolds_without_end_is_refused_in_bounded_memory() -> None:
    bomb = make_png(make_chunk(b"iTXt", b"openbadges\0\1\0\0\0" + zlib.compress(bytes(200_000_000), 9)))
    tracemalloc.start()
    try:
        with pytest.raises(RefusedError, match="larger"):
            extract_png(bomb)
        assert tracemalloc.get_traced_memory()[1] < 8 * MAX_TEXT_BYTES
    finally:
        tracemalloc.stop()


def test_too_large_and_too_many_are_refused() -> None:
    long_text = make_png(make_chunk(b"iTXt", b"openbadges\0\0\0\0\0" + b"x" * (MAX_TEXT_BYTES + 1)))
    for png in (long_text, PNG + bytes(17 * 1024 * 1024), make_png(*[make_chunk(b"tIME", b"")] * 100_001)):
        with pytest.raises(RefusedError):
            extract_png(png)
    with pytest.raises(StandardsError, match="bytes"):
        bake_png(PNG, credential="x" * (MAX_TEXT_BYTES + 1))


@pytest.mark.parametrize("text", ["", "a\0b", "a\ud800", *CONTROLS])
def test_text_that_cannot_be_carried_is_refused(text: str) -> None:
    with pytest.raises(StandardsError):
        bake_png(PNG, credential=text)


@given(st.data())
def test_mutated_pictures_are_read_or_refused(data: st.DataObject) -> None:
    png = bytearray(bake_png(PNG, credential='{"a":1}', assertion="https://example.org"))
    for _ in range(data.draw(st.integers(1, 4))):
        png[data.draw(st.integers(0, len(png) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(png[: data.draw(st.integers(0, len(png)))])

    for damaged in (bytes(png), cut, bytes(png) + struct.pack(">I", 5)):
        with suppress(StandardsError, RefusedError):
            assert isinstance(extract_png(damaged), BakedTexts)


def test_reads_a_learner_record_and_takes_it_out_when_a_badge_is_baked_in() -> None:
    """CLR 2.0: the keyword is `clrcredential`."""
    picture = make_png(make_chunk(b"iTXt", b"clrcredential\0\0\0\0\0{}"))
    assert extract_png(picture) == BakedTexts(record="{}")
    assert extract_png(bake_png(picture, credential="{2}")) == BakedTexts("{2}")
