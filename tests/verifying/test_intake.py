"""What strangers hand in: every carrier of a badge, and everything that is none."""

from __future__ import annotations

import json
import struct
import zlib
from urllib.parse import urlsplit

import pytest

from badges.standards.baking.png import bake_png
from badges.standards.baking.svg import bake_svg
from badges.standards.fetching import FetchedDocument
from badges.standards.json_text import write_json
from badges.verifying.intake import LARGEST_BYTES, take_in, take_in_url
from badges.verifying.report import CheckName, Format, Outcome, Verdict
from tests.verifying.making import Library, World
from tests.verifying.test_ob2 import ASSERTION, CLASS, ISSUER, assertion, badge_class, issuer, jws

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'


def png() -> bytes:
    """The smallest picture: one white pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(b"\0\xff")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def library() -> Library:
    return Library()


def test_each_text_form_is_recognised(library: Library) -> None:
    embedded = write_json(library.embedded())
    for data, expected in (
        (embedded, Format.OB3_EMBEDDED),
        ("\ufeff\n " + embedded + "\n", Format.OB3_EMBEDDED),
        (library.jwt() + "\n", Format.OB3_JWT),
        (write_json(assertion()), Format.OB2_HOSTED),
        (jws(), Format.OB2_SIGNED),
    ):
        submission = take_in(data.encode())
        assert (submission.format, submission.problem) == (expected, None)
        assert submission.text == data.strip("\ufeff \n")


def test_a_badge_is_found_in_a_picture(library: Library) -> None:
    for text, expected in ((write_json(library.embedded()), "ob3-embedded"), (library.jwt(), "ob3-jwt")):
        picture = bake_png(png(), credential=text)
        report = library.check(picture)
        assert (report.verdict, report.format, report.text) == (Verdict.VALID, expected, text)
        assert report.picture is not None
        assert (report.picture.data, report.picture.media_type) == (picture, "image/png")
        drawing = bake_svg(SVG, credential=text)
        report = library.check(drawing.encode())
        assert (report.verdict, report.format) == (Verdict.VALID, expected)
        assert report.picture is not None
        assert report.picture.media_type == "image/svg+xml"


def test_a_damaged_picture_is_a_warning_and_a_damaged_badge_in_it_none(library: Library) -> None:
    picture = bytearray(bake_png(png(), credential=write_json(library.embedded())))
    picture[-1] ^= 1
    shape = library.check(bytes(picture)).check(CheckName.SHAPE)
    assert (shape.outcome, "damaged on the way" in str(shape.message)) == (Outcome.WARNING, True)
    assert library.check(bytes(picture)).verdict is Verdict.VALID
    picture[picture.index(b"IDAT") - 5] ^= 1
    report = library.check(bytes(picture))
    assert report.verdict is Verdict.INVALID
    assert "checksum of the badge" in str(report.check(CheckName.SHAPE).message)


def test_the_same_badge_twice_in_a_picture_is_a_warning(library: Library) -> None:
    picture = bake_png(png(), credential=write_json(library.embedded()))
    report = library.check(picture[: picture.index(b"IDAT") - 4] + picture[33:])
    shape = report.check(CheckName.SHAPE)
    assert (report.verdict, shape.outcome) == (Verdict.VALID, Outcome.WARNING)
    assert "more than one badge" in str(shape.message)


def test_the_newer_form_counts_when_a_picture_carries_both(library: Library) -> None:
    text = write_json(library.embedded())
    for data in (
        bake_png(png(), credential=text, assertion=jws()),
        bake_svg(SVG, credential=text, assertion=jws()).encode(),
    ):
        assert take_in(data).format is Format.OB3_EMBEDDED


def test_two_badges_in_one_picture_are_refused_unless_they_are_one(library: Library) -> None:
    """Another reader may take the last one: it would see another badge than the one that we judged."""
    good, other = library.jwt(), library.jwt(name="Another")
    for pictures in (_two_in_png, _two_in_svg):
        report = library.check(pictures(good, other))
        assert (report.verdict, report.format, report.text) == (Verdict.INVALID, Format.UNRECOGNISED, "")
        assert "two badges" in str(report.check(CheckName.SHAPE).message)
        assert library.check(pictures(good, good)).verdict is Verdict.VALID


def _two_in_png(first: str, second: str) -> bytes:
    """What is baked stands after the head of the picture, which is 33 bytes long."""
    baked = (bake_png(png(), credential=text)[33:].removesuffix(png()[33:]) for text in (first, second))
    return png()[:33] + b"".join(baked) + png()[33:]


def _two_in_svg(first: str, second: str) -> bytes:
    elements = (bake_svg(SVG, credential=text).partition(">")[2].removesuffix("</svg>") for text in (first, second))
    return (bake_svg(SVG, credential=first).partition(">")[0] + ">" + "".join(elements) + "</svg>").encode()


def test_the_older_form_may_be_json_jws_or_an_address() -> None:
    assert take_in(bake_png(png(), assertion=write_json(assertion()))).format is Format.OB2_HOSTED
    assert take_in(bake_png(png(), assertion=jws())).format is Format.OB2_SIGNED
    world = World()
    world.put(ASSERTION, assertion())
    world.put(CLASS, badge_class())
    world.put(ISSUER, issuer())
    report = Library().check(bake_png(png(), assertion=ASSERTION), fetcher=world)
    assert (report.verdict, report.format) == (Verdict.VALID, Format.OB2_HOSTED)
    assert report.picture is not None


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"hello",
        b"{",
        b"{}",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"\xff\xfe\x00",
        b"\x89PNG\r\n\x1a\n",
        png(),
        png()[:40],
        SVG.encode(),
        b"<html><body>A page</body></html>",
        b"a.b.c",
        b"eyJhbGciOiJub25lIn0.e30.",
        b"javascript:alert(1)",
        b"ftp://example.org/badge",
        b'{"type": ["VerifiablePresentation"]}',
        nested(60),
        nested(200_000),
        b'{"type": "VerifiableCredential", "type": "Assertion"}',
        b'{"type": "VerifiableCredential", "a": NaN}',
        b'{"type": "VerifiableCredential", "a": 1e999}',
        b"[" * 100_000,
        b"x" * (LARGEST_BYTES + 1),
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
        b'<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
)
def test_what_is_no_badge_is_invalid_and_says_so(library: Library, data: bytes) -> None:
    report = library.check(data)
    assert (report.verdict, report.format) == (Verdict.INVALID, Format.UNRECOGNISED)
    check = report.check(CheckName.SHAPE)
    assert check.outcome is Outcome.FAILED
    assert str(check.message).endswith(".")
    assert check.mend is not None


def test_a_bomb_in_a_picture_is_refused(library: Library) -> None:
    packed = zlib.compress(bytes(50 * 1024 * 1024), 9)
    data = b"openbadgecredential\0\x01\0\0\0" + packed
    chunk = struct.pack(">I", len(data)) + b"iTXt" + data + struct.pack(">I", zlib.crc32(b"iTXt" + data))
    picture = png()
    report = library.check(picture[:33] + chunk + picture[33:])
    assert (report.verdict, report.format) == (Verdict.INVALID, Format.UNRECOGNISED)


def test_an_old_badge_is_recognised() -> None:
    old = {"uid": "1", "recipient": "sam@example.org", "badge": {"name": "Old"}}
    for changes, expected in (
        ({}, Format.OB0_5_HOSTED),
        ({"verify": {"type": "hosted"}}, Format.OB1_HOSTED),
        ({"verify": {"type": "signed"}}, Format.OB1_SIGNED),
        ({"@context": "https://w3id.org/openbadges/v1", "type": "Assertion"}, Format.OB1_HOSTED),
    ):
        assert take_in(json.dumps({**old, **changes}).encode()).format is expected


# Links.

PAGE = "https://library.example/credentials/1"


class WebPages:
    """A site whose badge page answers browsers and programs differently; `.json` is always the badge."""

    def __init__(self, badge: str, *, negotiates: bool) -> None:
        self.badge = badge
        self.negotiates = negotiates

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        wants_json = "application/vc" in accept or "application/ld+json" in accept
        if urlsplit(url).path.endswith(".json") or (self.negotiates and wants_json):
            return FetchedDocument(url, 200, "application/vc", self.badge.encode())
        return FetchedDocument(url, 200, "text/html", b"<!doctype html><title>A badge</title>")


@pytest.mark.parametrize("negotiates", [True, False])
def test_a_link_to_a_badge_page_leads_to_the_badge(library: Library, negotiates: bool) -> None:
    pages = WebPages(write_json(library.embedded()), negotiates=negotiates)
    assert take_in_url(PAGE + "?from=mail#top", pages).format is Format.OB3_EMBEDDED


def test_a_link_that_is_pasted_is_followed(library: Library) -> None:
    library.world.put(PAGE, library.embedded())
    assert library.check(f"  {PAGE}\n").verdict is Verdict.VALID
    assert library.check(f"{PAGE} and more").verdict is Verdict.VALID


@pytest.mark.parametrize(("answer", "code"), [(None, 0), ("", 404), ("{}", 500), ('"https://b.example/"', 403)])
def test_a_link_that_does_not_answer_is_unknown(library: Library, answer: str | None, code: int) -> None:
    world = World()
    if answer is not None:
        world.put(PAGE, answer, code)
    report = library.check(PAGE, fetcher=world)
    assert (report.verdict, report.format) == (Verdict.UNKNOWN, Format.UNRECOGNISED)
    assert report.check(CheckName.SHAPE).details


def test_a_link_into_a_page_is_asked_for_without_its_fragment(library: Library) -> None:
    library.world.put("https://library.example/credentials/1", library.embedded())
    assert library.check("https://library.example/credentials/1#details").verdict is Verdict.VALID


def test_a_link_that_leads_to_another_link_ends_there(library: Library) -> None:
    world = World()
    world.put(PAGE, "https://library.example/credentials/2")
    assert library.check(PAGE, fetcher=world).verdict is Verdict.UNKNOWN
    assert world.asked == [PAGE, PAGE + ".json"]
