"""Reading anybody's Open Badges 2.0 assertion for display."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given

from badges.standards.ob2.documents import assertion_document, badge_class_document, issuer_document
from badges.standards.ob2.reader import read_assertion
from badges.vocab.image import Image
from badges.vocab.json import JsonValue
from badges.vocab.view import BadgeVersion, EvidenceView, IdentityView, IssuerView
from tests.standards.ob3.test_model import JSON_VALUES
from tests.standards.samples import ACHIEVEMENT, FULL_AWARD, ISSUER


def test_our_own_documents_are_read_in_full() -> None:
    view = read_assertion(
        assertion_document(FULL_AWARD), badge_class_document(ACHIEVEMENT, ISSUER), issuer_document(ISSUER)
    )

    assert view.version is BadgeVersion.OB2
    assert (view.name, view.description) == (ACHIEVEMENT.name, ACHIEVEMENT.description)
    assert view.image == Image(ACHIEVEMENT.image.url, ACHIEVEMENT.image.caption)
    assert (view.criteria_narrative, view.criteria_url) == (ACHIEVEMENT.criteria, ACHIEVEMENT.id)
    assert view.achievement_id == ACHIEVEMENT.ob2_url
    assert view.issuer == IssuerView(ISSUER.ob2_url, ISSUER.name, ISSUER.url, ISSUER.email, ISSUER.image)
    assert FULL_AWARD.recipient.email is not None
    hashed = FULL_AWARD.recipient.email
    assert view.recipients == (IdentityView("email", hashed.identity_hash, True, hashed.salt),)
    assert (view.valid_from, view.valid_until) == (FULL_AWARD.valid_from, FULL_AWARD.valid_until)
    assert view.alignments == ACHIEVEMENT.alignments
    assert view.tags == ACHIEVEMENT.tags
    assert len(view.evidence) == 2


def test_assertion_alone_names_what_it_points_at(standards_data: Path) -> None:
    view = read_assertion(json.loads((standards_data / "ob20-validator-samples/basic-assertion.json").read_bytes()))

    assert view.achievement_id == "https://example.org/robotics-badge.json"
    assert view.valid_from == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert view.evidence == (EvidenceView("https://example.org/beths-robot-work.html"),)
    assert view.name == ""


def test_embedded_badge_class_and_issuer_are_read() -> None:
    badge = {**badge_class_document(ACHIEVEMENT, ISSUER), "issuer": issuer_document(ISSUER)}
    view = read_assertion({**assertion_document(FULL_AWARD), "badge": badge, "narrative": "Well done"})

    assert (view.name, view.issuer.name) == (ACHIEVEMENT.name, ISSUER.name)
    assert view.evidence[0] == EvidenceView(narrative="Well done")


@given(JSON_VALUES, JSON_VALUES, JSON_VALUES)
def test_no_json_makes_it_raise(assertion: JsonValue, badge_class: JsonValue, issuer: JsonValue) -> None:
    assert read_assertion(assertion, badge_class, issuer).version is BadgeVersion.OB2
