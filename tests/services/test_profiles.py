"""What an organisation says about itself: checked, kept, and inside later badges only."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from badges.errors import InvalidInputError
from badges.rendering.colours import PAPER, TEXT_CONTRAST, contrast_ratio
from badges.services.organisations import find_organisation
from badges.services.profiles import ProfileInput, checked_colour, remove_logo, set_logo, update_profile
from badges.verifying.report import Verdict
from tests.instances import BASE_URL, ORGANISATION, Bench

GOOD = ProfileInput(name="Newtown Library", email="ask@example.org", colour="#6a1b5d", offer="- Searches\n- Advice")


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), "#6A1B5D").save(buffer, "PNG")
    return buffer.getvalue()


def save(bench: Bench, given: ProfileInput) -> None:
    with bench.service.database.write() as session:
        update_profile(session, bench.service.installation, find_organisation(session, ORGANISATION), given)


def test_old_badges_stay_as_signed_and_new_ones_have_the_new_name(bench: Bench) -> None:
    old = bench.award()
    before = bench.form(old)
    save(bench, GOOD)
    with bench.service.database.write() as session:
        set_logo(session, bench.service.installation, find_organisation(session, ORGANISATION), png())
    new = json.loads(bench.form(bench.award(email="kim@example.org")))
    assert new["issuer"]["name"] == "Newtown Library"
    assert new["issuer"]["image"]["id"] == f"{BASE_URL}/organisations/{ORGANISATION}/logo.png"
    assert bench.form(old) == before
    assert json.loads(before)["issuer"]["name"] != "Newtown Library"
    assert bench.verify(before).verdict is Verdict.VALID


def test_address_of_the_logo_answers_also_when_it_was_taken_away(bench: Bench) -> None:
    with bench.service.database.write() as session:
        organisation = find_organisation(session, ORGANISATION)
        set_logo(session, bench.service.installation, organisation, png())
    assert bench.document("organisation_logo", organisation=ORGANISATION).body.startswith(b"\x89PNG")
    with bench.service.database.write() as session:
        remove_logo(session, bench.service.installation, find_organisation(session, ORGANISATION))
    assert bench.document("organisation_logo", organisation=ORGANISATION).body.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "nobody"}, "email"),
        ({"reply_to": "nobody"}, "reply_to"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"ask_url": "mailto:x"}, "ask_url"),
        ({"colour": "#FFFFFF"}, "colour"),
        ({"colour": "red"}, "colour"),
        ({"description": "x" * 501}, "description"),
        ({"offer": "x" * 4_001}, "offer"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_saved(bench: Bench, change: dict[str, str], field: str) -> None:
    before = bench.dump()["organisation"]
    with pytest.raises(InvalidInputError) as refusal:
        save(bench, replace(GOOD, **change))
    assert refusal.value.field == field
    assert bench.dump()["organisation"] == before


@given(st.from_regex(r"#[0-9A-F]{6}", fullmatch=True))
def test_colour_that_is_refused_names_one_that_would_do(colour: str) -> None:
    try:
        kept = checked_colour(colour)
    except InvalidInputError as refusal:
        kept = checked_colour(str(refusal.message.values["nearest"]))
    assert not kept or contrast_ratio(kept, PAPER) >= TEXT_CONTRAST
