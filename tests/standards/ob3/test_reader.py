"""Reading anybody's Open Badges 3.0 credential for display."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given

from badges.standards.ob3.documents import credential_document
from badges.standards.ob3.reader import read_credential
from badges.standards.reading import MAX_ITEMS, MAX_NAME, MAX_TEXT
from badges.vocab.image import Image
from badges.vocab.json import JsonValue
from badges.vocab.view import BadgeVersion, IdentityView, IssuerView
from tests.standards.ob3.test_model import JSON_VALUES, damage_everywhere
from tests.standards.samples import ACHIEVEMENT, FULL_AWARD, ISSUER, PLAIN_AWARD, SUBJECT_ID


def test_our_own_credential_is_read_in_full() -> None:
    view = read_credential(credential_document(FULL_AWARD))

    assert view.version is BadgeVersion.OB3
    assert view.id == FULL_AWARD.credential_url
    assert (view.name, view.description) == (ACHIEVEMENT.name, ACHIEVEMENT.description)
    assert view.image == Image(FULL_AWARD.image_url, ACHIEVEMENT.image.caption)
    assert (view.criteria_narrative, view.criteria_url) == (ACHIEVEMENT.criteria, ACHIEVEMENT.id)
    assert (view.achievement_id, view.achievement_type) == (ACHIEVEMENT.id, "MicroCredential")
    assert view.issuer == IssuerView(ISSUER.did, ISSUER.name, ISSUER.url, ISSUER.email, ISSUER.image)
    assert view.subject_id == SUBJECT_ID
    assert FULL_AWARD.recipient.email is not None
    assert view.recipients == (
        IdentityView("emailAddress", FULL_AWARD.recipient.email.identity_hash, True, FULL_AWARD.recipient.email.salt),
    )
    assert (view.valid_from, view.valid_until) == (FULL_AWARD.valid_from, FULL_AWARD.valid_until)
    assert [item.narrative for item in view.evidence] == [item.narrative for item in FULL_AWARD.evidence]
    assert view.alignments == ACHIEVEMENT.alignments
    assert view.tags == ACHIEVEMENT.tags


def test_missing_parts_are_empty() -> None:
    view = read_credential(credential_document(PLAIN_AWARD))

    assert (view.recipients, view.evidence, view.valid_until) == ((), (), None)


def test_legacy_names_of_the_period_are_read(standards_data: Path) -> None:
    view = read_credential(json.loads((standards_data / "ob30-validator-samples/simple_v1.json").read_bytes()))

    assert view.valid_from == datetime(2010, 1, 1, tzinfo=UTC)


def test_texts_are_cut_and_cleaned() -> None:
    view = read_credential(
        {
            "name": "a\u202eb\n\x00c" + "x" * 9_999,
            "description": "y" * 99_999,
            "credentialSubject": {"achievement": {"tag": ["t"] * 999, "name": {"cy": "Enw"}}},
        }
    )

    assert view.name.startswith("ab c")
    assert len(view.name) == MAX_NAME
    assert len(view.description) == MAX_TEXT
    assert len(view.tags) == MAX_ITEMS


def test_language_map_gives_english_or_the_first_text() -> None:
    assert read_credential({"name": {"cy": "Helo", "en": "Hello"}}).name == "Hello"
    assert read_credential({"name": {"cy": "Helo"}}).name == "Helo"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,<script>", "//evil", 5, None])
def test_only_web_addresses_become_links(url: JsonValue) -> None:
    view = read_credential(
        {
            "image": {"id": url, "type": "Image"},
            "issuer": {"url": url},
            "credentialSubject": {"achievement": {"criteria": {"id": url}, "alignment": [{"targetUrl": url}]}},
        }
    )

    assert (view.image, view.issuer.url, view.criteria_url) == (None, "", "")
    assert view.alignments[0].target_url == ""


def test_picture_in_a_data_uri_is_read() -> None:
    assert read_credential({"image": "data:image/png;base64,AA=="}).image == Image("data:image/png;base64,AA==")


@given(JSON_VALUES)
def test_no_json_makes_it_raise(document: JsonValue) -> None:
    assert read_credential(document).version is BadgeVersion.OB3


def test_no_damage_makes_it_raise() -> None:
    for _, damaged in damage_everywhere(credential_document(FULL_AWARD)):
        assert read_credential(damaged).version is BadgeVersion.OB3
