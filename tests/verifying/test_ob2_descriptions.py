"""Badge classes, issuers, keys and lists of withdrawn badges handed in by themselves: well formed or not, no badges."""

from __future__ import annotations

import pytest

from badges.standards.json_text import write_json
from badges.verifying.report import CheckName, CredentialKind, Format, Outcome, Verdict
from badges.vocab.json import JsonObject
from tests.verifying import test_ob1 as old
from tests.verifying.making import World, jwt_text, outcomes
from tests.verifying.test_ob2 import CLASS, CONTEXT, HOST, ISSUER, KEY, LIST, SIGNER, badge_class, check, issuer, key
from tests.verifying.test_ob2 import world as world  # the fixture

LISTED: JsonObject = {
    "@context": CONTEXT,
    "type": "RevocationList",
    "id": LIST,
    "issuer": ISSUER,
    "revokedAssertions": ["urn:uuid:1", {"uid": "7"}],
}


@pytest.mark.parametrize(
    ("document", "word", "issuer_outcome"),
    [
        (badge_class(), "describes a badge", "passed"),
        (issuer(), "describes who awards", "skipped"),
        (key(), "is a key", "passed"),
        (LISTED, "list of withdrawn badges", "skipped"),
        (old.badge_class(issuer=ISSUER), "describes a badge", "passed"),
        (old.badge_class(issuer={"name": "L", "origin": "https://l.example"}), "describes a badge", "skipped"),
        (old.issuer(), "describes who awards", "skipped"),
        (old.typed(old.issuer(), "IssuerOrg", ISSUER), "describes who awards", "skipped"),
        ({"@context": CONTEXT, "type": "https://x.example/Cool"}, "words of Open Badges", "skipped"),
    ],
)
def test_a_sound_document_is_said_to_be_no_badge(
    world: World, document: JsonObject, word: str, issuer_outcome: str
) -> None:
    report = check(world, document)
    assert (report.verdict, report.format) == (Verdict.NOT_A_BADGE, Format.OB2_DESCRIPTION)
    assert report.kind is CredentialKind.DESCRIPTION
    assert word in str(report.check(CheckName.SHAPE).message)
    assert outcomes(report)["issuer"] == issuer_outcome
    assert {check.outcome for check in report.checks} <= {Outcome.WARNING, Outcome.SKIPPED, Outcome.PASSED}


def test_what_it_describes_is_shown(world: World) -> None:
    report = check(world, CLASS)
    assert report.view is not None
    assert (report.view.name, report.view.issuer.name) == ("Evidence search skills", "")
    profile = check(world, ISSUER).view
    assert profile is not None
    assert profile.issuer.name == "Anytown Hospitals Library"


@pytest.mark.parametrize(
    ("document", "word"),
    [
        ({**badge_class(), "name": 7}, "/name"),
        ({**badge_class(), "criteria": {}}, "/criteria"),
        ({**badge_class(), "type": ["BadgeClass", "Wonder"]}, "Wonder"),
        ({**badge_class(), "@language": "not a language"}, "@language"),
        (issuer(email="nobody"), "/email"),
        (issuer(publicKey={**key(), "publicKeyPem": "none"}), "public key"),
        (issuer(publicKey={**key(), "owner": "https://else.example/"}), "owner"),
        (key(publicKeyPem="none"), "public key"),
        ({**LISTED, "revokedAssertions": [7]}, "/revokedAssertions"),
        ({"@context": CONTEXT, "type": []}, "/type"),
        ({"@context": {"obi": "https://w3id.org/openbadges#"}, "type": "Nonsense:x y"}, "Nonsense"),
    ],
)
def test_a_document_that_is_not_well_formed_is_invalid(world: World, document: JsonObject, word: str) -> None:
    report = check(world, document)
    assert (report.verdict, report.format) == (Verdict.INVALID, Format.OB2_DESCRIPTION)
    assert word in " ".join(map(str, report.check(CheckName.SHAPE).details))


def test_a_badge_class_is_judged_with_its_issuer(world: World) -> None:
    world.put(ISSUER, issuer(email=None))
    assert check(world, badge_class()).verdict is Verdict.INVALID
    world.put(ISSUER, issuer(id="https://else.example/issuer"))
    assert outcomes(check(world, badge_class()))["issuer"] == "failed"
    del world.documents[ISSUER]
    report = check(world, badge_class())
    assert (report.verdict, outcomes(report)["issuer"]) == (Verdict.UNKNOWN, "unknown")


def test_a_key_and_its_owner_must_name_each_other(world: World) -> None:
    world.put(ISSUER, issuer(publicKey=f"{HOST}/keys/2"))
    assert outcomes(check(world, key()))["issuer"] == "failed"
    del world.documents[ISSUER]
    assert check(world, key()).verdict is Verdict.UNKNOWN


def test_the_keys_of_an_issuer_are_looked_at(world: World) -> None:
    world.put(KEY, key(owner="https://else.example/"))
    assert check(world, issuer()).verdict is Verdict.INVALID
    del world.documents[KEY]
    assert check(world, issuer()).verdict is Verdict.NOT_A_BADGE


@pytest.mark.parametrize(
    "document",
    [
        {"type": "Profile", "@context": "https://www.w3.org/ns/activitystreams"},
        {"name": "N", "url": "https://n.example/", "price": 7},
        {"name": "N"},
        {"@context": {"a": "https://a.example/"}},
    ],
)
def test_what_is_nothing_of_open_badges_is_not_recognised(world: World, document: JsonObject) -> None:
    report = check(world, document)
    assert (report.verdict, report.format) == (Verdict.INVALID, Format.UNRECOGNISED)


def test_a_description_is_no_badge_even_when_it_is_signed(world: World) -> None:
    report = check(world, jwt_text({}, badge_class(), SIGNER))
    assert (report.verdict, report.format) == (Verdict.INVALID, Format.UNRECOGNISED)


def test_a_description_with_the_marks_of_a_badge_is_judged_as_a_badge(world: World) -> None:
    document = {**badge_class(), "type": ["BadgeClass", "Assertion"]}
    report = check(world, write_json(document))
    assert (report.verdict, report.format) == (Verdict.INVALID, Format.OB2_HOSTED)
