"""Documents of Open Badges 0.5, 1.0 and 1.1 in the form of 2.0."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.standards.ob1.dates import upgrade_moment
from badges.standards.ob1.model import check_shape
from badges.standards.ob1.upgrade import revoked_entries, upgrade_assertion, upgrade_badge_class, upgrade_issuer
from badges.standards.ob1.versions import version_of
from badges.standards.ob2.model import check_shape as check_shape_2_0
from badges.standards.ob2.rules import OB2_CONTEXT
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.view import BadgeVersion

V1 = "https://w3id.org/openbadges/v1"
HASH = "sha256$" + "a1" * 32
OLD_BADGE: JsonObject = {
    "version": "0.5.0",
    "name": "Searcher",
    "image": "/images/1.png",
    "description": "Can search.",
    "criteria": "/criteria/1",
    "issuer": {
        "origin": "https://library.example",
        "name": "Library",
        "org": "Hospitals",
        "contact": "l@library.example",
    },
}
OLD: JsonObject = {"recipient": HASH, "salt": "s", "issued_on": "2011-06-01", "evidence": "/e/1", "badge": OLD_BADGE}
ONE: JsonObject = {
    "uid": "a b",
    "recipient": {"type": "email", "identity": "sam@example.org", "hashed": False},
    "badge": "https://library.example/class",
    "issuedOn": 1359217910,
    "verify": {"type": "hosted", "url": "https://library.example/1"},
}


@pytest.mark.parametrize(
    ("document", "version"),
    [
        (OLD, BadgeVersion.OB0_5),
        (ONE, BadgeVersion.OB1_0),
        ({"name": "Library", "url": "https://library.example"}, BadgeVersion.OB1_0),
        ({**ONE, "recipient": "sam@example.org"}, BadgeVersion.OB1_0),
        ({**ONE, "@context": V1}, BadgeVersion.OB1_1),
        ({**ONE, "@context": [V1, {"a": "https://a.example/"}]}, BadgeVersion.OB1_1),
        ({**ONE, "@context": OB2_CONTEXT}, BadgeVersion.OB2),
        ({**ONE, "@context": []}, BadgeVersion.OB2),
        ({**ONE, "type": "Assertion"}, BadgeVersion.OB2),
    ],
)
def test_each_version_is_told_from_the_others(document: JsonObject, version: BadgeVersion) -> None:
    assert version_of(document) is version


def test_a_badge_of_0_5_becomes_one_of_2_0() -> None:
    """0.5: everything in one document; addresses may leave out the origin. UPGRADE_0_5_NODE."""
    given_document = copy.deepcopy(OLD)
    upgraded = upgrade_assertion(given_document, "https://library.example/1")
    assert given_document == OLD
    assert upgraded.version is BadgeVersion.OB0_5
    assert upgraded.document == {
        "@context": OB2_CONTEXT,
        "type": "Assertion",
        "id": "https://library.example/1",
        "recipient": {"type": "email", "identity": HASH, "hashed": True, "salt": "s"},
        "issuedOn": "2011-06-01T00:00:00+00:00",
        "evidence": "https://library.example/e/1",
        "verification": {"type": "HostedBadge"},
        "badge": {
            "@context": OB2_CONTEXT,
            "type": "BadgeClass",
            "version": "0.5.0",
            "name": "Searcher",
            "image": "https://library.example/images/1.png",
            "description": "Can search.",
            "criteria": "https://library.example/criteria/1",
            "issuer": {
                "@context": OB2_CONTEXT,
                "type": "Issuer",
                "id": "https://library.example",
                "url": "https://library.example",
                "name": "Library: Hospitals",
                "email": "l@library.example",
            },
        },
    }
    assert check_shape(upgraded.document, "Assertion", upgraded.version) == []


def test_a_plain_recipient_of_0_5_is_an_e_mail_address() -> None:
    upgraded = upgrade_assertion({**OLD, "recipient": "sam@example.org"}).document
    assert upgraded["recipient"] == {"type": "email", "identity": "sam@example.org", "hashed": False, "salt": "s"}
    assert "id" not in upgraded


def test_a_hosted_badge_of_1_0_has_the_address_in_verify_as_its_id() -> None:
    """UPGRADE_1_0_NODE."""
    upgraded = upgrade_assertion(ONE)
    assert upgraded.document == {
        **{name: value for name, value in ONE.items() if name != "verify"},
        "@context": OB2_CONTEXT,
        "type": "Assertion",
        "id": "https://library.example/1",
        "issuedOn": "2013-01-26T16:31:50+00:00",
        "verification": {"type": "HostedBadge", "url": "https://library.example/1"},
    }
    assert check_shape(upgraded.document, "Assertion", upgraded.version) == []


def test_a_signed_badge_of_1_0_is_named_by_its_uid() -> None:
    verify = {"type": "signed", "url": "https://library.example/key.pem"}
    assert upgrade_assertion({**ONE, "verify": verify}).document["id"] == "uid:a%20b"


def test_documents_of_1_1_keep_their_own_ids_and_words() -> None:
    """UPGRADE_1_1_NODE: dates and the names of alignments are what changes."""
    own: JsonObject = {"id": "https://library.example/own", "@context": [V1, {"a": "https://a.example/"}]}
    upgraded = upgrade_assertion({**ONE, **own, "type": "Assertion"}).document
    assert upgraded["id"] == "https://library.example/own"
    assert upgraded["@context"] == [OB2_CONTEXT, {"a": "https://a.example/"}]
    badge_class: JsonObject = {
        **own,
        "type": "BadgeClass",
        "alignment": [{"name": "N", "url": "https://n.example/", "x": 1}],
    }
    assert upgrade_badge_class(badge_class, "https://library.example/class").document["alignment"] == [
        {"targetName": "N", "targetUrl": "https://n.example/", "x": 1}
    ]
    issuer: JsonObject = {"@context": V1, "type": "IssuerOrg", "name": "Library"}
    assert upgrade_issuer(issuer, "https://library.example/i").document == {
        "@context": OB2_CONTEXT,
        "type": "Issuer",
        "name": "Library",
        "id": "https://library.example/i",
    }


def test_documents_of_2_0_stay_as_they_are() -> None:
    document: JsonObject = {"@context": OB2_CONTEXT, "type": "Assertion", "issuedOn": 1, "alignment": {"url": "U"}}
    for upgrade in (upgrade_assertion, upgrade_badge_class, upgrade_issuer):
        assert upgrade(document, "https://library.example/1").document == document


def test_other_names_of_2_0_for_the_same_thing_are_made_one() -> None:
    """Open Badges 2.0, the context: `verify` is `verification`, `@id` is `id`, `@type` is `type`."""
    verify: JsonObject = {"@type": "hosted"}
    document: JsonObject = {
        "@context": OB2_CONTEXT,
        "@id": "https://l.example/1",
        "@type": ["Assertion"],
        "verify": verify,
    }
    assert upgrade_assertion(document).document == {
        "@context": OB2_CONTEXT,
        "id": "https://l.example/1",
        "type": ["Assertion"],
        "verification": {"type": "hosted"},
    }
    both: JsonObject = {"@context": OB2_CONTEXT, "id": "https://l.example/1", "@id": "https://l.example/2"}
    assert upgrade_issuer(both, "").document == both


@pytest.mark.parametrize("origin", [None, "urn:library", 7, "https://["])
def test_an_address_without_a_usable_origin_stays_as_it_is(origin: object) -> None:
    badge = {**OLD_BADGE, "issuer": {"origin": origin, "name": "Library"}}
    assert upgrade_assertion({**OLD, "badge": badge}).document["badge"]["image"] == "/images/1.png"


def test_an_embedded_issuer_is_known_by_its_origin_alone() -> None:
    """Whatever id it claims: before 1.1 there is no document that could stand behind one."""
    badge: JsonObject = {**OLD_BADGE, "issuer": {"id": "https://evil.example/", "origin": "https://library.example"}}
    issuer = upgrade_assertion({**OLD, "badge": badge}).document["badge"]["issuer"]
    assert issuer["id"] == "https://library.example"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"recipient": "nobody"}, "recipient"),
        ({"recipient": "sha1$" + "a" * 39}, "recipient"),
        ({"badge": "https://library.example/class", "evidence": "https://e.example/"}, None),
        ({"badge": 7}, "BadgeClass"),
        ({"issued_on": "yesterday"}, "issuedOn"),
        ({"badge": {**OLD_BADGE, "issuer": {"name": "Library"}}}, "url"),
    ],
)
def test_what_0_5_does_not_allow_is_named(changes: JsonObject, word: str | None) -> None:
    problems = check_shape(upgrade_assertion({**OLD, **changes}).document, "Assertion", BadgeVersion.OB0_5)
    assert any(word in str(problem.message) for problem in problems) if word else problems == []


def test_versions_before_2_0_require_less_and_more() -> None:
    issuer = upgrade_issuer({"name": "Library", "url": "https://library.example"}, "https://library.example/i").document
    assert check_shape(issuer, "Profile", BadgeVersion.OB1_0) == []
    assert [problem.path for problem in check_shape_2_0(issuer, "Profile")] == ["/email"]
    badge_class = upgrade_badge_class(
        {"name": "N", "description": "D", "criteria": "https://c.example/", "issuer": "https://i.example/"},
        "https://b.example/",
    ).document
    assert [problem.path for problem in check_shape(badge_class, "BadgeClass", BadgeVersion.OB1_0)] == ["/image"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2015-04-30", "2015-04-30T00:00:00+00:00"),
        ("2015-04-30T10:20", "2015-04-30T10:20:00+00:00"),
        ("2015-04-30T10:20:30,5", "2015-04-30T10:20:30.500000+00:00"),
        ("2015-04-30T10:20:30Z", "2015-04-30T10:20:30Z"),
        (1359217910, "2013-01-26T16:31:50+00:00"),
        (1359217910.5, "2013-01-26T16:31:50.500000+00:00"),
        ("1359217910", "2013-01-26T16:31:50+00:00"),
    ],
)
def test_every_old_spelling_of_a_moment_is_read(old: JsonValue, new: str) -> None:
    assert upgrade_moment(old) == new


@pytest.mark.parametrize(
    "value", ["2015", "20150430", "30/04/2015", "2015-13-01", "", -1, 0, True, 10**10, 1e300, None, {}, []]
)
def test_what_is_no_moment_stays_as_it_is(value: JsonValue) -> None:
    assert upgrade_moment(value) is value


def test_an_old_list_of_withdrawn_badges_is_read() -> None:
    """1.1, "Revocation": an object of reasons by uid. A list of 2.0 without entries is none."""
    assert revoked_entries({"abc": "a mistake"}) == [{"uid": "abc", "revocationReason": "a mistake"}]
    assert revoked_entries({}) == []
    assert revoked_entries({"@context": OB2_CONTEXT, "revokedAssertions": ["urn:uuid:1"]}) == ["urn:uuid:1"]
    assert revoked_entries({"type": "RevocationList"}) is None


NAMES = st.sampled_from(
    (
        *("@context", "type", "id", "uid", "recipient", "salt", "badge", "issuer", "origin", "url", "org", "name"),
        *("verify", "verification", "issuedOn", "issued_on", "expires", "image", "criteria", "evidence"),
        *("alignment", "contact"),
    )
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
    | st.sampled_from([V1, OB2_CONTEXT, "https://[", "/a", "hosted", "signed", "a@b.example", HASH]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)  # fmt: skip


@given(st.dictionaries(NAMES, VALUES, max_size=10), st.sampled_from(["", "https://library.example/1"]))
def test_nothing_that_is_given_makes_it_fail(document: Any, address: str) -> None:
    before = copy.deepcopy(document)
    for upgrade, class_name in (
        (upgrade_assertion, "Assertion"),
        (upgrade_badge_class, "BadgeClass"),
        (upgrade_issuer, "Profile"),
    ):
        upgraded = upgrade(document, address)
        assert upgraded.version is version_of(document)
        if upgraded.version is not BadgeVersion.OB2:
            assert version_of(upgraded.document) is BadgeVersion.OB2
            check_shape(upgraded.document, class_name, upgraded.version)
    assert document == before
