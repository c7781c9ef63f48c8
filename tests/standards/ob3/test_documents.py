"""Open Badges 3.0 documents: what is in them, what never is, and that every schema accepts them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import InvalidInputError, StandardsError
from badges.standards.jsonld.expansion import expand_safely
from badges.standards.ob3.documents import (
    achievement_document,
    credential_document,
    profile_document,
)
from badges.standards.ob3.model import check_shape
from badges.standards.plain_text import strip_controls
from badges.vocab.award import Award, Evidence
from badges.vocab.json import JsonValue
from tests.standards.ob3.schemas import CREDENTIALS, PROFILES, load_schema
from tests.standards.samples import (
    ACHIEVEMENT,
    AWARDS,
    EMAIL,
    FULL_AWARD,
    HOST,
    ISSUER,
    PLAIN_AWARD,
    RICH_AWARD,
    SUBJECT_ID,
    make_award,
)

awards = pytest.mark.parametrize("award", AWARDS.values(), ids=AWARDS.keys())


@awards
@pytest.mark.parametrize("schema", CREDENTIALS)
def test_credential_passes_every_schema(award: Award, schema: str, standards_data: Path) -> None:
    validator = load_schema(standards_data, schema)

    assert [error.message for error in validator.iter_errors(credential_document(award))] == []


@pytest.mark.parametrize("schema", PROFILES)
def test_profile_passes_every_schema(schema: str, standards_data: Path) -> None:
    bare = replace(ISSUER, email="", description="", image=None)
    for profile in (ISSUER, bare):
        errors = load_schema(standards_data, schema).iter_errors(profile_document(profile))
        assert [error.message for error in errors] == []


@awards
def test_credential_has_no_shape_problem(award: Award) -> None:
    assert check_shape(credential_document(award)) == []


@awards
def test_credential_uses_no_undefined_term(award: Award) -> None:
    """Open Badges 3.0 validator, JsonLDValidationProbe: safe mode."""
    expanded = expand_safely(credential_document(award))

    assert f"{HOST}/credentials/" in json.dumps(expanded)


def test_credential_holds_what_was_awarded() -> None:
    document = credential_document(FULL_AWARD)

    assert document["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    ]
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["validFrom"] == "2026-11-22T09:30:00Z"
    assert document["validUntil"] == "2029-11-22T09:30:00Z"
    assert document["issuer"]["type"] == ["Profile"]
    assert document["issuer"]["otherIdentifier"] == [
        {"type": "IdentifierEntry", "identifier": ISSUER.ob2_url, "identifierType": "identifier"}
    ]
    assert document["evidence"][1] == {
        "id": "https://stories.example.org/falls",
        "type": ["Evidence"],
        "narrative": "Published as a story.",
    }
    assert document["credentialStatus"] == {
        "id": f"{HOST}/status/3#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": f"{HOST}/status/3",
    }
    assert document["refreshService"]["type"] == "1EdTechCredentialRefresh"


def test_results_name_their_description_and_level() -> None:
    """Open Badges 3.0, "Result", "ResultDescription", "RubricCriterionLevel"."""
    subject = credential_document(RICH_AWARD)["credentialSubject"]
    descriptions = {each["id"]: each for each in subject["achievement"]["resultDescription"]}
    levels = {level["id"] for each in descriptions.values() for level in each.get("rubricCriterionLevel", [])}

    reached, mark, letter = subject["result"]
    assert {result["resultDescription"] for result in subject["result"]} == set(descriptions)
    assert reached["achievedLevel"] in levels
    assert (mark["value"], letter["status"]) == ("87.5", "Completed")
    assert subject["source"]["name"] == "The college"


def test_creator_parent_and_other_names_are_said() -> None:
    document = credential_document(RICH_AWARD)
    achievement = document["credentialSubject"]["achievement"]

    assert achievement["creator"]["name"] == "The campaign"
    assert [entry.get("version") for entry in achievement["related"]] == ["Open Badges v2p0", "1"]
    assert [entry["identifierType"] for entry in achievement["otherIdentifier"]] == ["identifier", "ext:register"]
    assert document["issuer"]["parentOrg"]["name"] == "The trust"
    assert [entry["identifier"] for entry in document["issuer"]["otherIdentifier"]] == [ISSUER.ob2_url, "RX1"]


def test_subject_is_hashed_and_never_named() -> None:
    document = credential_document(FULL_AWARD)
    subject = document["credentialSubject"]

    assert subject["id"] == SUBJECT_ID
    assert subject["identifier"][0]["identityType"] == "emailAddress"
    assert subject["identifier"][0]["hashed"] is True
    assert EMAIL not in json.dumps(document)


def test_subject_without_email_has_only_its_id() -> None:
    document = credential_document(PLAIN_AWARD)

    assert set(document["credentialSubject"]) == {"id", "type", "achievement"}
    assert "evidence" not in document
    assert "validUntil" not in document


@awards
def test_credential_leaves_out_disputed_terms(award: Award) -> None:
    """Contexts of one name disagree on these, and signatures with them."""
    text = json.dumps(credential_document(award))

    assert not any(f'"{term}"' in text for term in ("awardedDate", "inLanguage", "endorsementJwt", "jti"))


def test_achievement_points_at_its_badge_class() -> None:
    document = achievement_document(ACHIEVEMENT)

    assert document["related"] == [{"id": ACHIEVEMENT.ob2_url, "type": ["Related"], "version": "Open Badges v2p0"}]
    assert document["criteria"] == {"id": ACHIEVEMENT.id, "narrative": ACHIEVEMENT.criteria}


def test_empty_members_are_left_out() -> None:
    bare = replace(ACHIEVEMENT, tags=(), alignments=(), ob2_url="")
    document = credential_document(make_award(achievement=bare, evidence=(Evidence(), Evidence("\x00 \t")), email=None))

    assert "evidence" not in document
    assert not {"tag", "alignment", "related"} & set(document["credentialSubject"]["achievement"])


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_any_text_gives_a_document_without_controls(name: str, criteria: str, caption: str) -> None:
    achievement = replace(
        ACHIEVEMENT, name=name, criteria=criteria, tags=(name,), image=replace(ACHIEVEMENT.image, caption=caption)
    )
    texts = _texts(credential_document(make_award(achievement=achievement)))

    assert not any((ord(sign) < 32 and sign not in "\n\r") or sign == "\x7f" for text in texts for sign in text)


def test_strip_controls_keeps_line_breaks_and_letters() -> None:
    assert strip_controls("a\tb\x00c\x1bd\x7f\r\n– 中😀") == "a bcd\r\n– 中😀"


def test_strip_controls_refuses_half_a_character() -> None:
    with pytest.raises(InvalidInputError, match="damaged"):
        strip_controls("x\ud800")


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 1, 1), datetime(2026, 1, 1, microsecond=1, tzinfo=UTC)],  # noqa: DTZ001
)
def test_moment_without_zone_or_with_fraction_is_refused(moment: datetime) -> None:
    """Open Badges 3.0, "JWT Payload Format": nbf is in whole seconds and equals validFrom."""
    with pytest.raises(StandardsError):
        credential_document(replace(FULL_AWARD, valid_from=moment))


def _texts(value: JsonValue) -> list[str]:
    if isinstance(value, dict):
        return [text for child in value.values() for text in _texts(child)]
    if isinstance(value, list):
        return [text for child in value for text in _texts(child)]
    return [value] if isinstance(value, str) else []
