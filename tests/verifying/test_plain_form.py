"""An embedded proof signs a graph. Ways to hide things from the reader of the JSON while the graph stays the same."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import timedelta

import pytest

from badges.standards.jsonld.contexts import CONTEXT_FILES, bundled_context
from badges.standards.proofs import eddsa_rdfc_2022
from badges.verifying.checks.plain_form import check_plain_form
from badges.verifying.report import CheckName, CredentialKind, Outcome, Verdict
from badges.vocab.json import JsonObject, JsonValue
from tests.verifying.making import AT, ISSUER, Library, credential, entry, moment, sign, sign_as, sign_json
from tests.verifying.test_endorsements import endorsement
from tests.verifying.test_kinds import record

CREDENTIALS = "https://www.w3.org/2018/credentials#"
DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"
EXPIRED = moment(AT - timedelta(days=1))


def by_whole_address(badge: JsonObject) -> None:
    badge[CREDENTIALS + "validUntil"] = {"@type": DATE_TIME, "@value": badge.pop("validUntil")}


def by_own_name(badge: JsonObject) -> None:
    badge["@context"].append({"hidden": {"@id": CREDENTIALS + "validUntil", "@type": DATE_TIME}})
    badge["hidden"] = badge.pop("validUntil")


def by_prefix(badge: JsonObject) -> None:
    badge["@context"].append({"x": {"@id": CREDENTIALS, "@prefix": True}})
    badge["x:validUntil"] = {"@type": DATE_TIME, "@value": badge.pop("validUntil")}


def by_inclusion(badge: JsonObject) -> None:
    hidden = badge.pop("validUntil")
    badge["@included"] = [{"id": badge["id"], "type": ["VerifiableCredential"], "validUntil": hidden}]


@pytest.mark.parametrize("hide", [by_whole_address, by_own_name, by_prefix, by_inclusion])
def test_an_end_date_cannot_be_hidden(hide: object) -> None:
    library = Library()
    badge = library.embedded(validUntil=EXPIRED)
    hide(badge)  # type: ignore[operator]
    report = library.check(badge)
    assert report.verdict is not Verdict.VALID
    assert report.check(CheckName.SHAPE).outcome in {Outcome.FAILED, Outcome.UNKNOWN}


def test_the_attack_is_real_without_the_check() -> None:
    """The proof fits although the end date is nowhere for a reader: what the check is there for."""
    library = Library()
    badge = library.embedded(validUntil=EXPIRED)
    by_whole_address(badge)
    eddsa_rdfc_2022.verify(badge, badge["proof"][0], library.ed25519.public_key)
    assert "validUntil" not in badge


OWN_WORD: JsonObject = {
    "@context": [*credential()["@context"], {"colour": "https://library.example/words#colour"}],
    "colour": "teal",
}


def test_a_badge_whose_json_is_signed_may_bring_words_of_its_own() -> None:
    """Nothing can be hidden from a signature over the JSON itself (JCS)."""
    library = Library()
    badge = sign_json(credential(validUntil=moment(AT), **OWN_WORD), library.ed25519, library.method)
    assert library.check(badge).verdict is Verdict.VALID
    for hide in (by_whole_address, by_own_name, by_prefix, by_inclusion):
        hidden = copy.deepcopy(badge)
        hide(hidden)
        assert library.check(hidden).verdict is Verdict.INVALID


def test_one_proof_over_the_graph_is_enough_to_ask_for_the_plain_form() -> None:
    """Whoever holds a badge could add a proof of another kind to get rid of the rule."""
    library = Library()
    badge = library.embedded(validUntil=EXPIRED)
    by_whole_address(badge)
    other = sign_json(credential(), library.ed25519, library.method)["proof"]
    for proofs in ([*badge["proof"], other], [other, *badge["proof"]]):
        report = library.check({**badge, "proof": proofs})
        assert report.check(CheckName.SHAPE).outcome is Outcome.FAILED


def test_a_status_cannot_be_moved_to_another_place() -> None:
    library = Library()
    subject = library.embedded()["credentialSubject"]
    subject["achievement"]["related"] = [
        {"id": "https://library.example/credentials/1", "type": ["Related", "VerifiableCredential"]}
    ]
    badge = library.embedded(credentialSubject=subject, credentialStatus=entry(5))
    library.put_list(5)
    related = badge["credentialSubject"]["achievement"]["related"][0]
    related["credentialStatus"] = badge.pop("credentialStatus")
    assert library.check(badge).verdict is Verdict.INVALID


@pytest.mark.parametrize("value", [None, [], [None], [[]], [["x"]], {"@value": None}, {"@language": "cy"}])
def test_an_empty_place_is_refused(value: object) -> None:
    library = Library()
    assert library.check({**library.embedded(), "description": value}).verdict is Verdict.INVALID
    finding = check_plain_form({"description": value})
    assert finding is not None
    assert finding.outcome is Outcome.FAILED


def test_the_language_of_a_text_is_plain() -> None:
    assert check_plain_form({"name": {"@value": "Sgiliau chwilio", "@language": "cy"}}) is None
    assert check_plain_form({"name": {"@value": "Sgiliau chwilio", "@id": "x"}}) is not None


BADGE_ID = "https://library.example/credentials/1"


def test_an_endorsement_of_the_badge_itself_is_plain() -> None:
    library = Library()
    assert library.check(library.embedded(endorsement=[endorsement(BADGE_ID)])).verdict is Verdict.VALID


@pytest.mark.parametrize("name", ["validUntil", "credentialStatus"])
def test_nothing_can_be_moved_into_what_an_endorsement_says_of_the_badge(name: str) -> None:
    """The endorsement no longer fits its own proof then, but that is only a warning about the endorsement."""
    library = Library()
    library.put_list(5)
    hidden = {"validUntil": EXPIRED, "credentialStatus": entry(5)}[name]
    badge = library.embedded(endorsement=[endorsement(BADGE_ID)], **{name: hidden})
    subject = badge["endorsement"][0]["credentialSubject"]
    subject["type"] = ["EndorsementSubject", "VerifiableCredential"]
    subject[name] = badge.pop(name)
    eddsa_rdfc_2022.verify(badge, badge["proof"][0], library.ed25519.public_key)
    assert library.check(badge).check(CheckName.SHAPE).outcome is Outcome.FAILED


def test_a_name_of_its_own_inside_an_endorsement_is_not_plain() -> None:
    own = {"endorsementComment": {"@id": CREDENTIALS + "validUntil", "@type": DATE_TIME}}
    inside = {"@context": [own], "id": "urn:x:1", "credentialSubject": {"id": BADGE_ID, "endorsementComment": EXPIRED}}
    finding = check_plain_form({"id": BADGE_ID, "endorsement": [inside]})
    assert finding is not None
    assert finding.outcome is Outcome.UNKNOWN


def test_a_badge_of_a_record_cannot_be_moved_to_its_issuer_who_is_its_subject() -> None:
    """Whoever makes a record of their own badges could else leave out the withdrawn ones after signing it."""
    library = Library()
    good, withdrawn = library.embedded(id="urn:x:good"), library.embedded(id="urn:x:old", credentialStatus=entry(5))
    library.put_list(5)
    unsigned = record(good, withdrawn)
    unsigned["credentialSubject"]["id"] = ISSUER
    whole = sign(unsigned, library.ed25519, library.method)
    report = library.check(whole)
    assert (report.verdict, report.kind) == (Verdict.INVALID, CredentialKind.CLR)
    whole["credentialSubject"]["verifiableCredential"] = [good]
    whole["issuer"]["type"] = ["Profile", "ClrSubject"]
    whole["issuer"]["verifiableCredential"] = [withdrawn]
    eddsa_rdfc_2022.verify(whole, whole["proof"][0], library.ed25519.public_key)
    assert library.check(whole).check(CheckName.SHAPE).outcome is Outcome.FAILED


@pytest.mark.parametrize("odd", [{"id": []}, {"id": {"id": "x"}}, {"id": None}, {"id": 7}, {}])
def test_ids_of_any_kind_are_looked_at(odd: JsonObject) -> None:
    check_plain_form({**odd, "credentialSubject": [odd, "x", None, [odd]], "issuer": odd})


SECURITY = "https://w3id.org/security#"


def expiry_by_whole_address(badge: JsonObject) -> None:
    proof = badge["proof"][0]
    proof[SECURITY + "expiration"] = {"@type": DATE_TIME, "@value": proof.pop("expires")}


def expiry_by_another_name(badge: JsonObject) -> None:
    """A published context that nobody signs, as contexts are no part of the graph, has another name for it."""
    badge["@context"].append("https://w3id.org/security/v1")
    badge["proof"][0]["expiration"] = badge["proof"][0].pop("expires")


def expiry_in_another_place(badge: JsonObject) -> None:
    proof = badge["proof"][0]
    proof["@included"] = [{"id": proof["id"], "type": "DataIntegrityProof", "expires": proof.pop("expires")}]


@pytest.mark.parametrize("hide", [expiry_by_whole_address, expiry_by_another_name, expiry_in_another_place])
def test_what_a_proof_says_of_itself_cannot_be_hidden(hide: object) -> None:
    """The proof has run out. Its graph stays the same when it says so in a way that no reader of JSON looks for."""
    library = Library()
    badge = sign_as(credential(), library.ed25519, library.method, id="urn:uuid:1", expires=EXPIRED)
    hide(badge)  # type: ignore[operator]
    assert library.check(badge).check(CheckName.PROOF).outcome is Outcome.FAILED


JUDGED = (
    "validFrom",
    "validUntil",
    "issuanceDate",
    "expirationDate",
    "credentialStatus",
    "issuer",
    "credentialSubject",
)


def test_no_published_context_has_a_second_name_for_what_is_judged() -> None:
    """Contexts are not signed. One that comes with us could otherwise be added to hide a date under its name."""
    names: dict[str, set[str]] = {}
    for url in CONTEXT_FILES:
        for name, address in named_addresses(bundled_context(url)["@context"]):
            names.setdefault(address, set()).add(name)
    for name in JUDGED:
        assert names[CREDENTIALS + name] == {name}


def named_addresses(context: JsonValue, prefixes: JsonObject | None = None) -> Iterator[tuple[str, str]]:
    """Every name that a context defines, at any depth, with what it stands for."""
    for definitions in context if isinstance(context, list) else [context]:
        if not isinstance(definitions, dict):
            continue
        known = {**(prefixes or {}), **{name: text for name, text in definitions.items() if isinstance(text, str)}}
        for name, definition in definitions.items():
            address = definition.get("@id") if isinstance(definition, dict) else definition
            if isinstance(address, str):
                prefix, _, rest = address.partition(":")
                yield name, f"{known[prefix]}{rest}" if prefix in known and not rest.startswith("//") else address
            if isinstance(definition, dict):
                yield from named_addresses(definition.get("@context"), known)


def test_nothing_can_be_moved_between_an_achievement_and_its_endorsement() -> None:
    library = Library()
    badge = library.embedded()
    badge["credentialSubject"]["achievement"] |= {"endorsement": [endorsement()], "humanCode": "E1"}
    badge = sign({name: value for name, value in badge.items() if name != "proof"}, library.ed25519, library.method)
    assert library.check(badge).verdict is Verdict.VALID
    for source, name in (("achievement", "humanCode"), ("endorsement", "endorsementComment")):
        changed = copy.deepcopy(badge)
        achievement = changed["credentialSubject"]["achievement"]
        endorsed = achievement["endorsement"][0]["credentialSubject"]
        owner, other = (achievement, endorsed) if source == "achievement" else (endorsed, achievement)
        other["type"] = owner["type"] = ["Achievement", "EndorsementSubject"]
        other[name] = owner.pop(name)
        eddsa_rdfc_2022.verify(changed, changed["proof"][0], library.ed25519.public_key)
        assert library.check(changed).check(CheckName.SHAPE).outcome is Outcome.FAILED


def test_criteria_may_be_at_the_address_of_the_achievement() -> None:
    """As in our own badges. What is not said of criteria stays at the achievement itself."""
    library = Library()
    document = credential()
    achievement = document["credentialSubject"]["achievement"]
    achievement |= {"criteria": {"id": achievement["id"], "narrative": "Found evidence."}, "humanCode": "E1"}
    badge = sign(document, library.ed25519, library.method)
    assert library.check(badge).verdict is Verdict.VALID
    moved = copy.deepcopy(badge)
    achievement = moved["credentialSubject"]["achievement"]
    achievement["criteria"]["humanCode"] = achievement.pop("humanCode")
    assert library.check(moved).verdict is not Verdict.VALID


REFRESH = {"type": "1EdTechCredentialRefresh"}
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"


def test_the_address_of_the_badge_may_answer_with_its_newest_version() -> None:
    """As in the standard's own complete example."""
    library = Library()
    own = credential()
    contexts = [*own["@context"], EXTENSIONS]
    badge = library.embedded(**{"@context": contexts, "refreshService": {"id": own["id"], **REFRESH}})
    assert library.check(badge).verdict is Verdict.VALID


@pytest.mark.parametrize(("more", "verdict"), [({}, Verdict.VALID), ({"name": "Another name"}, Verdict.INVALID)])
def test_the_page_of_the_badge_may_be_its_evidence_but_names_nothing_again(more: JsonObject, verdict: Verdict) -> None:
    """A name there would be a second name of the badge, and a holder could exchange the two."""
    library = Library()
    evidence = {"id": credential()["id"], "type": ["Evidence"], "narrative": "Led the search.", **more}
    assert library.check(library.embedded(evidence=[evidence])).verdict is verdict


def test_what_refreshes_may_hold_nothing_else_of_the_badge() -> None:
    library = Library()
    own = credential(validUntil=EXPIRED)
    contexts = [*own["@context"], EXTENSIONS]
    badge = library.embedded(
        **{"@context": contexts, "validUntil": EXPIRED, "refreshService": {"id": own["id"], **REFRESH}}
    )
    badge["refreshService"]["validUntil"] = badge.pop("validUntil")
    assert library.check(badge).verdict is Verdict.INVALID
