"""Badges in SVG files. Open Badges 3.0, "Baked Badge" (SVG); Baking Specification 1.0."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import RefusedError, StandardsError
from badges.standards.baking.baked import MAX_TEXT_BYTES, BakedTexts
from badges.standards.baking.svg import bake_svg, extract_svg
from tests.standards.baking.pictures import SVG


def first_element(svg: str) -> Any:
    """As another XML reader finds it."""
    return fromstring(svg.encode("utf-8"))[0]


JWS = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
HEAD = '<svg xmlns="http://www.w3.org/2000/svg">'
OB3 = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
XML_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))
JSON_TEXTS = st.one_of(
    st.dictionaries(XML_TEXT, XML_TEXT).map(lambda value: json.dumps(value, ensure_ascii=False)),
    XML_TEXT.map(lambda text: "{" + text + "]]>\r\n\r\n\r" + text + "}"),
)


@given(st.none() | JSON_TEXTS, st.none() | JSON_TEXTS | st.just(JWS) | st.just("https://example.org/a?b=1&c='\"<"))
def test_texts_come_out_as_they_went_in(credential: str | None, assertion: str | None) -> None:
    baked = bake_svg(SVG, credential=credential, assertion=assertion)

    assert extract_svg(baked.encode()) == BakedTexts(credential, assertion)
    assert bake_svg(baked, credential=credential, assertion=assertion) == baked


def test_json_stands_in_cdata_directly_after_the_svg_tag() -> None:
    """The official parser looks at the first character of the element."""
    baked = bake_svg(f"{HEAD}<g/></svg>", credential='{"a":"]]>"}')

    assert baked == (
        f'<svg xmlns="http://www.w3.org/2000/svg" {OB3}><openbadges:credential>'
        '<![CDATA[{"a":"]]]]><![CDATA[>"}]]></openbadges:credential><g/></svg>'
    )


def test_signed_text_stands_in_the_attribute() -> None:
    baked = bake_svg(f"{HEAD}</svg>", credential=JWS, assertion=JWS)

    assert f'<openbadges:credential verify="{JWS}"/>' in baked
    assert f'<openbadges:assertion xmlns:openbadges="http://openbadges.org" verify="{JWS}"/>' in baked


def test_hosted_assertion_has_its_address_in_the_attribute() -> None:
    """Baking Specification 1.0: `verify` is the address of the hosted assertion."""
    baked = bake_svg(SVG, assertion='{"id":"https://example.org/a"}')

    older = first_element(bake_svg(SVG, assertion='{"verify":{"type":"hosted","url":"https://example.org/1"}}'))
    assert older.get("verify") == "https://example.org/1"
    element = first_element(baked)
    assert element.tag == "{http://openbadges.org}assertion"
    assert element.get("verify") == "https://example.org/a"
    assert element.text == '{"id":"https://example.org/a"}'


@pytest.mark.parametrize(
    "svg",
    [
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        '<s:svg xmlns:s="http://www.w3.org/2000/svg" a=">"><s:g/></s:svg>',
        f'<?xml version="1.0" encoding="iso-8859-1"?>\n<!-- <svg> --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        f'"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n{HEAD}é</svg>',
        f'\ufeff{HEAD}<text>&lt;svg&gt;</text><!-- </openbadges:credential> --></svg>',
        f"{HEAD}<style><![CDATA[ <openbadges:assertion> ]]></style></svg>",
    ],
)  # fmt: skip
def test_drawings_of_every_kind_are_baked_and_unbaked(svg: str) -> None:
    baked = bake_svg(svg, credential='{"a":"é"}', assertion=JWS)

    assert extract_svg(baked.encode()) == BakedTexts('{"a":"é"}', JWS)
    assert extract_svg(bake_svg(baked).encode()) == BakedTexts()
    assert first_element(baked).tag == "{https://purl.imsglobal.org/ob/v3p0}credential"


def test_baking_again_replaces_both_versions_and_touches_nothing_else() -> None:
    older = (
        f'{HEAD[:-1]} xmlns:openbadges="http://openbadges.org" xmlns:b="https://purl.imsglobal.org/ob/v3p0">'
        '<openbadges:assertion verify="https://example.org"><![CDATA[</openbadges:assertion>]]>'
        "</openbadges:assertion><g><b:credential><b:x/></b:credential></g><!-- kept --></svg>"
    )
    baked = bake_svg(older, credential="{}")

    assert extract_svg(baked.encode()) == BakedTexts("{}")
    assert "<g></g><!-- kept --></svg>" in baked
    assert "http://openbadges.org" not in baked


def test_spaces_around_a_foreign_body_do_not_count() -> None:
    opening = '<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0">'
    svg = f"{HEAD}{opening}\r\n <![CDATA[ {{}} ]]>\n</o:credential></svg>"

    assert extract_svg(svg.encode()) == BakedTexts("{}")


def test_first_of_two_is_read_and_the_second_noted() -> None:
    element = '<o:assertion xmlns:o="http://openbadges.org" verify="https://example.org/{}"/>'
    found = extract_svg(f"{HEAD}{element.format(1)}{element.format(2)}</svg>".encode())

    assert found.assertion == "https://example.org/1"
    assert "more than one" in str(found.problems[0])
    assert found.has_rivals


def test_second_that_says_the_same_is_a_copy() -> None:
    element = '<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0">{}</o:credential>'
    found = extract_svg(f"{HEAD}{element}<g>{element}</g></svg>".encode())

    assert (found.credential, found.has_rivals) == ("{}", False)


def test_drawing_in_utf_16_is_read() -> None:
    baked = bake_svg(SVG, credential='{"a":"ŵ"}')

    assert extract_svg(baked.encode("utf-16")).credential == '{"a":"ŵ"}'


LAUGHS = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))


@pytest.mark.parametrize(
    "svg",
    [
        f'<!DOCTYPE svg [<!ENTITY l0 "ha">{LAUGHS}]>{HEAD}&l9;</svg>',
        f'<!DOCTYPE svg [<!ATTLIST svg verify CDATA "a.b.c">]>{HEAD}</svg>',
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}&x;</svg>',
        f'<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://169.254.169.254/">%p;]>{HEAD}</svg>',
        HEAD + "<g>" * 250 + "</g>" * 250 + "</svg>",
        HEAD + "<g/>" * 200_001 + "</svg>",
        HEAD + "x" * (5 * 1024 * 1024) + "</svg>",
        f'{HEAD}<o:assertion xmlns:o="http://openbadges.org">{"x" * (MAX_TEXT_BYTES + 1)}</o:assertion></svg>',
        f'{HEAD}<o:assertion xmlns:o="http://openbadges.org" verify="{"x" * (MAX_TEXT_BYTES + 1)}"/></svg>',
    ],
    ids=["laughs", "own rules", "file", "parameter", "deep", "many", "large", "long body", "long attribute"],
)
def test_hostile_drawings_are_refused(svg: str) -> None:
    with pytest.raises(RefusedError):
        extract_svg(svg.encode())
    with pytest.raises(RefusedError):
        bake_svg(svg, credential="{}")


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg", b"<svg>", b"<html><svg/></html>", b"{}", b"<svg>&nbsp;</svg>", b"<svg a='1' a='2'/>",
     b"<svg>\xff</svg>", b"<svg></svg><svg/>", b"<x:svg/>"],
)  # fmt: skip
def test_what_is_no_drawing_is_refused(data: bytes) -> None:
    with pytest.raises(StandardsError):
        extract_svg(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "two words",
        "{\x00}",
        "{\x0b}",
        "{\t}",
        "{\x1f}",
        "{\x7f}",
        "{\ufffe}",
        "{\ud800}",
        "{} ",
        "é",
        "{" + "x" * MAX_TEXT_BYTES,
    ],
)
def test_text_that_cannot_be_carried_is_refused(text: str) -> None:
    with pytest.raises(StandardsError):
        bake_svg(SVG, credential=text)


@given(st.data())
def test_mutated_drawings_are_read_or_refused(data: st.DataObject) -> None:
    svg = bytearray(bake_svg(SVG, credential='{"a":1}', assertion=JWS).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        svg[data.draw(st.integers(0, len(svg) - 1))] = data.draw(st.integers(0, 255))

    for damaged in (bytes(svg), bytes(svg[: data.draw(st.integers(0, len(svg)))])):
        with suppress(StandardsError, RefusedError):
            assert isinstance(extract_svg(damaged), BakedTexts)
            assert extract_svg(bake_svg(damaged.decode(), credential="{}").encode()) == BakedTexts("{}")


@pytest.mark.parametrize("piece", ["<!--", "<?x ", "<![CDATA[", "<a b='", " xmlns:o='", "<!DOCTYPE svg [", "</"])
def test_repeated_beginnings_are_refused(piece: str) -> None:
    for text in (piece * 20_000, HEAD + piece * 20_000, HEAD + "</svg>" + piece * 20_000):
        with pytest.raises((StandardsError, RefusedError)):
            bake_svg(text, credential="{}")


def test_reads_a_learner_record_and_takes_it_out_when_a_badge_is_baked_in() -> None:
    """CLR 2.0: the namespace is https://purl.imsglobal.org/clr/v2p0."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><c:credential xmlns:c="https://purl.imsglobal.org/clr/v2p0">{}</c:credential></svg>'
    assert extract_svg(svg.encode()) == BakedTexts(record="{}")
    assert extract_svg(bake_svg(svg, credential=JWS).encode()) == BakedTexts(JWS)
