"""What is said about whoever awarded a badge: honestly, and never as a verdict."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from badges.standards.did.did_web import PublishedKey, did_document
from badges.standards.issuer_list import IssuerListError, ListedIssuer, ListKind, read_issuer_list
from badges.standards.ledger import KEY_MEMBER, SINCE_MEMBER, issued_hash, shard_document
from badges.standards.proofs import eddsa_jcs_2022
from badges.standards.proofs.data_integrity import json_hash_data
from badges.standards.proofs.eddsa import new_proof, with_proof
from badges.standards.signer import KeyAlgorithm
from badges.verifying.documents import Documents
from badges.verifying.report import CheckName, Report, Trust, Verdict
from badges.verifying.report_document import report_document
from badges.verifying.trust import FewIssuers, KnownIssuers, check_dates, judge_trust, open_issuer_list, with_trust
from badges.vocab.json import JsonObject
from tests.standards.issuer_lists import LISTED_ID, PUBLISHER, entry, issuer_list
from tests.verifying import test_ob2
from tests.verifying.making import AT, AWARDED, DID_URL, ISSUER, FreshSigner, Library, World
from tests.verifying.test_ledger import LEDGER, put_part, revoke

OURS = ListedIssuer(
    (ISSUER, "https://library.example/ob2"),
    "Anytown Hospitals Library",
    "https://library.example/",
    ListKind.CAMPAIGN,
    datetime(2026, 11, 1, tzinfo=UTC),
)


def judged(report: Report, *entries: JsonObject, own: tuple[ListedIssuer, ...] = ()) -> Trust:
    issuers = KnownIssuers(FewIssuers(own), read_issuer_list(issuer_list(*entries)) if entries else None)
    found = judge_trust(report, issuers, AT)
    assert found is not None
    return found


@pytest.fixture
def library() -> Library:
    """Its did:web is the one in the list."""
    assert ISSUER == LISTED_ID
    return Library()


class TestStanding:
    def test_own_organisation_is_part_of_the_campaign_without_a_list(self, library: Library) -> None:
        found = judged(library.check(library.embedded()), own=(OURS,))
        assert found.standing == "campaign"
        assert str(found.sentence) == "Anytown Hospitals Library has been part of the campaign since 1 November 2026."
        assert (found.list_name, found.note) == ("", None)

    @pytest.mark.parametrize("kind", ["campaign", "known"])
    def test_listed_one_is_what_the_list_says(self, library: Library, kind: str) -> None:
        found = judged(library.check(library.embedded()), entry(kind=kind))
        assert found.standing == kind
        assert "since 1 November 2026" in str(found.sentence)
        assert (found.list_name, found.list_issued) == (
            "Libraries of the campaign",
            datetime(2026, 12, 1, tzinfo=UTC),
        )

    def test_other_one_is_not_in_the_list_and_that_is_no_failure(self, library: Library) -> None:
        report = library.check(library.embedded())
        told = with_trust(
            report,
            KnownIssuers(FewIssuers(), read_issuer_list(issuer_list(entry(ids=["did:web:b.example"], name="B")))),
            AT,
        )
        assert told.trust is not None
        assert told.trust.standing == "not-listed"
        assert str(told.trust.sentence) == (
            "This organisation is not in our list. That does not mean that the badge is false."
        )
        assert told.trust.note is None
        assert (told.verdict, told.checks) == (Verdict.VALID, report.checks)

    def test_without_a_list_that_is_said(self, library: Library) -> None:
        found = judged(library.check(library.embedded()))
        assert found.standing == "not-listed"
        assert "we keep no list" in str(found.sentence)

    def test_one_that_left_is_not_listed_any_more_and_it_says_since_when(self, library: Library) -> None:
        found = judged(library.check(library.embedded()), entry(until="2026-12-02T00:00:00Z"))
        assert found.standing == "not-listed"
        assert str(found.note) == "Anytown Hospitals Library was in our list until 2 December 2026."

    def test_one_that_joins_later_is_not_listed_yet(self, library: Library) -> None:
        found = judged(library.check(library.embedded()), entry(since="2026-12-04T00:00:00Z"))
        assert (found.standing, found.note) == ("not-listed", None)

    def test_what_names_nobody_has_none(self, library: Library) -> None:
        assert judge_trust(library.check("hello"), KnownIssuers(), AT) is None

    def test_names_come_from_the_list_and_not_from_the_badge(self, library: Library) -> None:
        badge = library.embedded(issuer={"id": ISSUER, "type": ["Profile"], "name": "The Ministry"})
        assert "The Ministry" not in str(judged(library.check(badge), entry()).sentence)


class TestClaims:
    """Anybody can write any id into a badge: it counts once it is proven."""

    def test_badge_signed_by_another_key_is_not_looked_up(self, library: Library) -> None:
        thief = Library("did:web:thief.example")
        badge = thief.embedded()  # names ISSUER, is signed by the thief
        thief.world.put(DID_URL, library.did_document)
        report = thief.check(badge)
        assert report.verdict is not Verdict.VALID
        found = judged(report, entry(), own=(OURS,))
        assert found.standing == "unproven"
        assert "nothing proves" in str(found.sentence)

    def test_badge_whose_issuer_was_not_seen_is_not_looked_up(self, library: Library) -> None:
        badge = library.embedded()
        del library.world.documents[DID_URL]
        found = judged(library.check(badge), entry(), own=(OURS,))
        assert (found.standing, found.list_name) == ("unproven", "")

    def test_expired_badge_is_still_from_who_it_says(self, library: Library) -> None:
        badge = library.embedded(validUntil="2026-12-02T00:00:00Z")
        report = library.check(badge)
        assert report.verdict is Verdict.INVALID
        assert judged(report, entry()).standing == "known"

    def test_badge_by_a_stolen_key_that_its_issuer_confirms_is_from_there(self, library: Library) -> None:
        badge = library.embedded()
        revoke(library, AWARDED + timedelta(days=1), ledger_url=LEDGER)
        assert judged(library.check(badge), entry()).standing == "unproven"
        put_part(library, badge, issued_hash(json.dumps(badge)))
        assert judged(library.check(badge), entry()).standing == "known"

    @pytest.mark.parametrize(
        "name", ["Anytown Hospitals Library", "ANYTOWN HOSPITALS\u00a0LIBRARY", "Anytown-Hospitals Library"]
    )
    @pytest.mark.parametrize("is_ours", [True, False])
    def test_another_s_name_under_an_id_of_one_s_own_is_noted(self, library: Library, name: str, is_ours: bool) -> None:
        badge = library.embedded(issuer={"id": ISSUER, "type": ["Profile"], "name": name})
        other = entry(ids=["did:web:real.example"], url="https://real.example/")
        own = ListedIssuer(("did:web:real.example",), OURS.name, "https://real.example/", OURS.kind, OURS.since)
        found = judged(library.check(badge), own=(own,)) if is_ours else judged(library.check(badge), other)
        assert found.standing == "not-listed"
        assert "this badge is not from it" in str(found.note)
        assert "https://real.example/" in str(found.note)

    def test_issuer_id_with_hidden_letters_is_nobody_s(self, library: Library) -> None:
        """It must not be cleaned into the id of somebody who is listed."""
        hidden = f"{ISSUER}\u202e"
        badge = library.embedded(issuer={"id": hidden, "type": ["Profile"], "name": "X"})
        found = judge_trust(library.check(badge), KnownIssuers(FewIssuers((OURS,))), AT)
        assert found is None or found.standing == "unproven"


class TestOldForms:
    """Open Badges 2.0: the issuer is whoever its own address says that it is."""

    @pytest.fixture
    def world(self) -> World:
        world = World()
        world.put(test_ob2.ASSERTION, test_ob2.assertion())
        world.put(test_ob2.CLASS, test_ob2.badge_class())
        world.put(test_ob2.ISSUER, test_ob2.issuer())
        return world

    def test_issuer_is_looked_up_under_its_address(self, world: World) -> None:
        report = test_ob2.check(world, test_ob2.assertion())
        assert judged(report, entry(ids=[test_ob2.ISSUER])).standing == "known"

    def test_neighbour_on_the_same_host_does_not_get_another_s_standing(self, world: World) -> None:
        """A profile may call itself something else on its own host; what it calls itself is only its word."""
        victim = "https://library.example/ob2/victim"
        world.put(test_ob2.ISSUER, test_ob2.issuer(id=victim))
        report = test_ob2.check(world, test_ob2.assertion())
        assert report.verdict is Verdict.VALID
        assert judged(report, entry(ids=[victim])).standing == "unproven"


class TestStolenKeyOfAnOldForm:
    """Open Badges 2.0, signed: the ledger of whoever owns the key confirms it, as in 3.0."""

    def report(self, issuer_id: str) -> Any:
        world, badge = World(), test_ob2.jws()
        world.put(test_ob2.CLASS, test_ob2.badge_class())
        world.put(test_ob2.ISSUER, test_ob2.issuer(id=issuer_id))
        world.put(test_ob2.KEY, test_ob2.key(**{SINCE_MEMBER: "2026-12-01T00:00:00Z", KEY_MEMBER: LEDGER}))
        issued = issued_hash(badge)
        world.put(LEDGER + issued[:3], shard_document("k", issued[:3], [issued]))
        return test_ob2.check(world, badge)

    def test_confirmed_badge_is_from_there(self) -> None:
        report = self.report(test_ob2.ISSUER)
        assert "confirms that it issued it" in str(report.check(CheckName.ISSUER).message)
        assert judged(report, entry(ids=[test_ob2.ISSUER])).standing == "known"

    def test_neighbour_cannot_confirm_for_another(self) -> None:
        """A ledger of one's own says nothing about whose name one's profile bears."""
        victim = "https://library.example/ob2/victim"
        report = self.report(victim)
        assert "two addresses" in str(report.check(CheckName.ISSUER).message)
        assert judged(report, entry(ids=[victim])).standing == "unproven"


def test_report_as_json_has_it(library: Library) -> None:
    report = with_trust(library.check(library.embedded()), KnownIssuers(listed=read_issuer_list(issuer_list())), AT)
    assert report_document(report)["trust"] == {
        "standing": "known",
        "sentence": "We have known Anytown Hospitals Library since 1 November 2026.",
        "list": {"name": "Libraries of the campaign", "issued": "2026-12-01T00:00:00Z"},
    }


@dataclass
class Publisher:
    """Who signs lists: a DID with one key, whose document is in a world."""

    signer: FreshSigner
    world: World

    @property
    def method(self) -> str:
        return f"{PUBLISHER}#{self.signer.multikey}"

    def signed(self, **changes: Any) -> JsonObject:
        document = issuer_list(**changes)
        return eddsa_jcs_2022.sign(document, self.signer, verification_method=self.method, created=AWARDED)

    def open(self, document: JsonObject | str, signer: str = PUBLISHER) -> Any:
        text = document if isinstance(document, str) else json.dumps(document, indent=1)
        return open_issuer_list(text, signer=signer, documents=Documents(self.world))


@pytest.fixture
def publisher() -> Publisher:
    signer, world = FreshSigner(KeyAlgorithm.EDDSA), World()
    key = PublishedKey(signer.multikey, signer.public_key, KeyAlgorithm.EDDSA)
    world.put("https://campaign.example/.well-known/did.json", did_document(PUBLISHER, [key]))
    return Publisher(signer, world)


class TestSignature:
    def test_good_list_is_opened_however_it_is_spaced(self, publisher: Publisher) -> None:
        signed = publisher.signed()
        for text in (json.dumps(signed), json.dumps(signed, indent=4), json.dumps(dict(reversed(signed.items())))):
            assert publisher.open(text).name == "Libraries of the campaign"

    def test_key_that_is_pinned_needs_no_document(self, publisher: Publisher) -> None:
        signed = publisher.signed()
        publisher.world.documents.clear()
        assert publisher.open(signed, publisher.method).entries
        assert publisher.world.asked == []

    def test_did_key_may_sign(self, publisher: Publisher) -> None:
        did = f"did:key:{publisher.signer.multikey}"
        document = issuer_list(publisher=did)
        method = f"{did}#{publisher.signer.multikey}"
        signed = eddsa_jcs_2022.sign(document, publisher.signer, verification_method=method, created=AWARDED)
        assert publisher.open(signed, did).publisher == did

    @pytest.mark.parametrize(
        ("member", "value"),
        [("name", "Another name"), ("validUntil", "2099-01-01T00:00:00Z"), ("entries", [entry(kind="campaign")]),
         ("added", True)],
    )  # fmt: skip
    def test_changed_list_is_refused(self, publisher: Publisher, member: str, value: Any) -> None:
        with pytest.raises(IssuerListError, match="does not fit"):
            publisher.open({**publisher.signed(), member: value})

    def test_unsigned_list_is_refused(self, publisher: Publisher) -> None:
        proofs: tuple[JsonObject, ...] = ({}, {"proof": []}, {"proof": {}}, {"proof": [{}, {}]}, {"proof": "x"})
        for proof in proofs:
            with pytest.raises(IssuerListError):
                publisher.open({**issuer_list(), **proof})

    def test_list_by_another_key_of_another_name_is_refused(self, publisher: Publisher) -> None:
        thief = Publisher(FreshSigner(KeyAlgorithm.EDDSA), publisher.world)
        with pytest.raises(IssuerListError):
            publisher.open(thief.signed())
        did = f"did:key:{thief.signer.multikey}"
        method = f"{did}#{thief.signer.multikey}"
        signed = eddsa_jcs_2022.sign(issuer_list(), thief.signer, verification_method=method, created=AWARDED)
        for signer in (PUBLISHER, publisher.method):
            with pytest.raises(IssuerListError, match="may not sign"):
                publisher.open(signed, signer)

    def test_list_of_another_publisher_is_refused(self, publisher: Publisher) -> None:
        with pytest.raises(IssuerListError, match="only lists of"):
            publisher.open(publisher.signed(publisher="did:web:other.example"))

    def test_key_of_another_controller_is_refused(self, publisher: Publisher) -> None:
        url = "https://campaign.example/.well-known/did.json"
        document = json.loads(publisher.world.documents[url].body)
        document["verificationMethod"][0]["controller"] = "did:web:other.example"
        publisher.world.put(url, document)
        with pytest.raises(IssuerListError):
            publisher.open(publisher.signed())

    def test_proof_for_another_purpose_is_refused(self, publisher: Publisher) -> None:
        document = issuer_list()
        proof = new_proof(
            document, "eddsa-jcs-2022", publisher.signer, verification_method=publisher.method, created=AWARDED
        )
        for purpose in ("assertionMethod", "authentication"):
            meant = {**proof, "proofPurpose": purpose}
            signature = publisher.signer.sign(json_hash_data(document, meant, "sha256"))
            signed = with_proof(document, meant, signature)
            if purpose == "assertionMethod":
                assert publisher.open(signed).entries
            else:
                with pytest.raises(IssuerListError, match="another purpose"):
                    publisher.open(signed)

    def test_key_that_had_ended_is_refused(self, publisher: Publisher) -> None:
        url = "https://campaign.example/.well-known/did.json"
        document = json.loads(publisher.world.documents[url].body)
        document["verificationMethod"][0]["revoked"] = "2026-12-01T00:00:00Z"
        publisher.world.put(url, document)
        with pytest.raises(IssuerListError, match="stolen"):
            publisher.open(publisher.signed())

    @pytest.mark.parametrize("name", ["verificationMethod", "proofPurpose", "cryptosuite", "proofValue", "type"])
    def test_proof_without_one_of_its_members_is_refused(self, publisher: Publisher, name: str) -> None:
        signed = publisher.signed()
        signed["proof"] = [{key: value for key, value in signed["proof"][0].items() if key != name}]
        with pytest.raises(IssuerListError):
            publisher.open(signed)

    @pytest.mark.parametrize("text", ["", "[]", "{}", "{", '{"a":1,"a":2}', "[" * 100_000, "\ud800"])
    def test_what_is_no_list_is_refused(self, publisher: Publisher, text: str) -> None:
        with pytest.raises(IssuerListError):
            publisher.open(text)


class TestDates:
    def test_list_counts_from_issued_until_valid_until(self) -> None:
        found = read_issuer_list(issuer_list())
        check_dates(found, found.issued)
        check_dates(found, found.valid_until - timedelta(seconds=1))

    def test_list_that_is_out_of_date_is_refused(self) -> None:
        found = read_issuer_list(issuer_list())
        with pytest.raises(IssuerListError, match="until 1 June 2027"):
            check_dates(found, found.valid_until)
        with pytest.raises(IssuerListError, match="begins"):
            check_dates(found, found.issued - timedelta(seconds=1))
