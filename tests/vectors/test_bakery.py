"""Baked pictures of other implementations. Open Badges 3.0, "Baked Badge"; Baking Specification 1.0."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from badges.network.sources import OfflineFetcher
from badges.standards.baking.baked import BakedTexts
from badges.standards.baking.detect import BadgeFileKind, detect
from badges.standards.baking.png import bake_png, extract_png
from badges.standards.baking.svg import bake_svg, extract_svg
from badges.verifying.pipeline import verify
from badges.verifying.report import CheckName, Format


def test_baked_pictures_of_others_are_read(standards_data: Path) -> None:
    bakery = standards_data / "bakery"

    heart = extract_png((bakery / "baked_heart.png").read_bytes())
    assert heart.assertion is not None
    assert json.loads(heart.assertion)["uid"] == "123"
    drawing = extract_svg((bakery / "baked_example.svg").read_bytes())
    assert drawing.assertion is not None
    assert json.loads(drawing.assertion)["uid"] == "abcdef12345"
    mozilla = extract_svg((bakery / "mozilla-baked.svg").read_bytes())
    assert mozilla == BakedTexts(assertion='{"verify":{"url":"http://example.org"}}')


def test_address_in_the_attribute_is_read_where_the_body_is_empty(standards_data: Path) -> None:
    found = extract_svg((standards_data / "bakery/mozilla-no-json.svg").read_bytes())

    assert found == BakedTexts(assertion="http://example.org")


def test_broken_json_is_given_as_it_is(standards_data: Path) -> None:
    """Whether it is JSON is for its reader to say."""
    found = extract_svg((standards_data / "bakery/mozilla-bad-json.svg").read_bytes())

    assert found.assertion == '{verify:{"url":"http://example.org"}}'


@pytest.mark.parametrize("name", ["public_domain_heart.png", "mozilla-unbaked.png"])
def test_unbaked_png_holds_nothing_and_can_be_baked(name: str, standards_data: Path) -> None:
    png = (standards_data / "bakery" / name).read_bytes()

    assert extract_png(png) == BakedTexts()
    assert extract_png(bake_png(png, credential="{}")) == BakedTexts("{}")


@pytest.mark.parametrize("name", ["unbaked_example.svg", "mozilla-unbaked.svg", "baked_example.svg"])
def test_svg_is_baked_anew(name: str, standards_data: Path) -> None:
    svg = (standards_data / "bakery" / name).read_text("utf-8")

    baked = bake_svg(svg, credential="{}", assertion="https://example.org/a")
    assert extract_svg(baked.encode()) == BakedTexts("{}", "https://example.org/a")
    assert baked.count("<openbadges:assertion") == 1


def test_official_samples_are_read(standards_data: Path) -> None:
    folder = standards_data / "ob30-validator-samples"

    embedded = extract_png((folder / "simple-json.png").read_bytes())
    assert embedded.credential is not None
    assert json.loads(embedded.credential)["name"] == "Teamwork Badge"
    for found in (
        extract_png((folder / "simple-jwt_v1.png").read_bytes()),
        extract_svg((folder / "simple-jwt.svg").read_bytes()),
    ):
        assert found.credential is not None
        assert found.credential.count(".") == 2
        assert found.problems == ()


def test_kinds_of_the_official_samples_are_detected(standards_data: Path) -> None:
    folder = standards_data / "ob30-validator-samples"
    kinds = {
        "simple.json": BadgeFileKind.JSON,
        "simple.1ob": BadgeFileKind.JSON,
        "simple.jwt": BadgeFileKind.JWT,
        "simple-json.png": BadgeFileKind.PNG,
        "simple-jwt.svg": BadgeFileKind.SVG,
        "LICENSE.Apache-2.0": BadgeFileKind.UNKNOWN,
    }

    assert {name: detect((folder / name).read_bytes()) for name in kinds} == kinds


@pytest.mark.parametrize(
    ("name", "verdict", "form", "word"),
    [
        # The badge of 1.0 in it names no type of its recipient, which 1.0 asks for.
        ("baked_heart.png", "invalid", Format.OB1_HOSTED, "/recipient/type"),
        # Its `recipient` is called `identity`, with a hash cut short.
        ("baked_example.svg", "invalid", Format.OB1_HOSTED, "/recipient"),
        ("mozilla-baked.svg", "invalid", Format.UNRECOGNISED, "none in it"),
        ("mozilla-bad-json.svg", "invalid", Format.UNRECOGNISED, "not JSON"),
        ("mozilla-no-json.svg", "unknown", Format.UNRECOGNISED, "could not get a badge from this address"),
        ("mozilla-unbaked.png", "invalid", Format.UNRECOGNISED, "none in this picture"),
        ("mozilla-unbaked.svg", "invalid", Format.UNRECOGNISED, "none in this picture"),
        ("public_domain_heart.png", "invalid", Format.UNRECOGNISED, "none in this picture"),
        ("unbaked_example.svg", "invalid", Format.UNRECOGNISED, "none in this picture"),
    ],
)
def test_every_picture_is_judged_with_its_reason(
    name: str, verdict: str, form: Format, word: str, standards_data: Path
) -> None:
    picture = (standards_data / "bakery" / name).read_bytes()
    report = verify(picture, fetcher=OfflineFetcher(), at=datetime(2026, 11, 22, tzinfo=UTC))
    shape = report.check(CheckName.SHAPE)
    assert (report.verdict.value, report.format) == (verdict, form)
    assert word in " ".join(map(str, (shape.message, *shape.details)))


@pytest.mark.parametrize("name", ["mozilla-unbaked.png", "public_domain_heart.png", "baked_heart.png"])
def test_every_version_is_baked_and_baking_again_replaces_it(name: str, standards_data: Path) -> None:
    """1.x: JSON, JWS or address under `openbadges`; 3.0 under its own word."""
    png = (standards_data / "bakery" / name).read_bytes()
    texts = ('{"uid":"1"}', "https://example.org/a", "e30.e30.AAAA", '{"a":"\r\n]]>&amp;ŵ学\U0001f600"}')
    for text in texts:
        png = bake_png(png, assertion=text)
        assert extract_png(png) == BakedTexts(assertion=text)
    assert extract_png(bake_png(png, credential=texts[-1])) == BakedTexts(texts[-1])
