"""Endorsements: signed by another organisation, carried by badges, verified with them, withdrawn for ever."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from badges.bootstrap import Service
from badges.errors import ConflictError, InvalidInputError, NotFoundError
from badges.services.award_values import find_award
from badges.services.endorsement_values import find_endorsement
from badges.services.endorsements import (
    EndorsementRequest,
    carriers,
    endorse,
    withdraw_endorsement,
)
from badges.services.revocation import NOTE_MAX
from badges.services.superseding import supersede_award
from badges.storage.records import AwardRecord, CredentialForm, EndorsementRecord, SupersededCredentialRecord
from badges.verifying.report import CheckName, CredentialKind, Outcome, Verdict
from badges.vocab.endorsement import EndorsedKind, WithdrawalReason
from badges.vocab.status import SupersessionReason
from tests.instances import BASE_URL, ORGANISATION, Bench
from tests.services.test_at_once import at_once

OTHER = "county-library"
CLASS = f"{ORGANISATION}/supporter"
DID = f"did:web:localhost%3A8000:organisations:{ORGANISATION}"


@pytest.fixture
def two(either_bench: Bench) -> Bench:
    """A service with two organisations."""
    either_bench.add_organisation(OTHER)
    return either_bench


def say_so(bench: Bench, kind: EndorsedKind, target: str, by: str = OTHER, comment: str = "Well made.") -> Any:
    bench.clock.advance(minutes=1)
    with bench.service.database.write() as session:
        return endorse(session, bench.service.installation, EndorsementRequest(kind, target, by, comment))


def withdraw(bench: Bench, record: EndorsementRecord) -> None:
    with bench.service.database.write() as session:
        withdraw_endorsement(session, bench.service.installation, record.id, WithdrawalReason.CHANGED)


def credential(bench: Bench, award: AwardRecord) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bench.form(award))
    return found


class TestCredential:
    def test_is_signed_by_the_endorser_and_verifies_by_itself(self, two: Bench) -> None:
        """Source: Open Badges 3.0, "EndorsementCredential"."""
        record = say_so(two, EndorsedKind.CLASS, CLASS, comment="We **use** it.\x00")
        document = two.json("endorsement", endorsement_id=record.id)
        assert document["id"] == f"{BASE_URL}/endorsements/{record.id}"
        assert document["type"] == ["VerifiableCredential", "EndorsementCredential"]
        assert document["issuer"]["id"] == f"did:web:localhost%3A8000:organisations:{OTHER}"
        assert document["credentialSubject"] == {
            "id": f"{BASE_URL}/achievements/{ORGANISATION}/supporter/1",
            "type": ["EndorsementSubject"],
            "endorsementComment": "We **use** it.",
        }
        report = two.verify(two.document("endorsement_json", endorsement_id=record.id).body)
        assert (report.verdict, report.kind) == (Verdict.VALID, CredentialKind.ENDORSEMENT)

    def test_has_a_place_in_a_list_of_the_endorser(self, two: Bench) -> None:
        two.award(CLASS)
        record = say_so(two, EndorsedKind.ORGANISATION, ORGANISATION)
        document = two.json("endorsement", endorsement_id=record.id)
        url = document["credentialStatus"]["statusListCredential"]
        assert two.json("status_list", number=url.rsplit("/", 1)[1])["issuer"] == document["issuer"]["id"]

    def test_withdrawn_is_withdrawn(self, two: Bench) -> None:
        record, other = (say_so(two, EndorsedKind.CLASS, CLASS), say_so(two, EndorsedKind.ORGANISATION, ORGANISATION))
        withdraw(two, record)
        report = two.verify(two.document("endorsement", endorsement_id=record.id).body)
        assert report.check(CheckName.STATUS).outcome is Outcome.FAILED
        assert two.verify(two.document("endorsement", endorsement_id=other.id).body).verdict is Verdict.VALID
        with pytest.raises(ConflictError):
            withdraw(two, record)

    def test_note_that_is_too_long_is_refused_and_nothing_is_withdrawn(self, two: Bench) -> None:
        record = say_so(two, EndorsedKind.CLASS, CLASS)
        with two.service.database.write() as session, pytest.raises(InvalidInputError, match="note"):
            withdraw_endorsement(
                session, two.service.installation, record.id, WithdrawalReason.CHANGED, note="x" * (NOTE_MAX + 1)
            )
        assert two.verify(two.document("endorsement", endorsement_id=record.id).body).verdict is Verdict.VALID

    def test_of_the_older_standard_is_hosted_and_gone_when_withdrawn(self, two: Bench) -> None:
        """Source: Open Badges 2.0, "HostedBadge Verification"."""
        record = say_so(two, EndorsedKind.CLASS, CLASS)
        document = two.json("ob2_endorsement", endorsement_id=record.id)
        assert document["claim"]["id"] == f"{BASE_URL}/ob2/badge-classes/{ORGANISATION}/supporter/1"
        assert document["issuer"] == f"{BASE_URL}/ob2/issuers/{OTHER}"
        withdraw(two, record)
        answer = two.document("ob2_endorsement", endorsement_id=record.id)
        assert (answer.status_code, json.loads(answer.body)["revoked"]) == (410, True)

    def test_is_listed_by_what_it_endorses_in_the_older_standard(self, two: Bench) -> None:
        places = {"organisation": ORGANISATION, "achievement": "supporter", "version": 1}
        of_class = say_so(two, EndorsedKind.CLASS, CLASS)
        of_organisation = say_so(two, EndorsedKind.ORGANISATION, ORGANISATION)
        for record, name, values in (
            (of_class, "ob2_badge_class", places),
            (of_organisation, "ob2_issuer", {"organisation": ORGANISATION}),
        ):
            assert two.json(name, **values)["endorsement"] == [f"{BASE_URL}/ob2/endorsements/{record.id}"]
            withdraw(two, record)
            assert "endorsement" not in two.json(name, **values)


class TestCarried:
    def test_class_and_organisation_endorsements_go_into_new_badges(self, two: Bench) -> None:
        before = two.award(CLASS, email="before@example.org")
        of_class = say_so(two, EndorsedKind.CLASS, CLASS)
        of_organisation = say_so(two, EndorsedKind.ORGANISATION, ORGANISATION)
        award = two.award(CLASS, email="after@example.org")
        document = credential(two, award)
        achievement = document["credentialSubject"]["achievement"]
        assert achievement["endorsement"] == [two.json("endorsement", endorsement_id=of_class.id)]
        assert document["issuer"]["endorsement"] == [two.json("endorsement", endorsement_id=of_organisation.id)]
        assert "endorsement" not in document
        assert "endorsement" not in json.dumps(credential(two, before))
        for form in (CredentialForm.OB3, CredentialForm.OB3_JWT):
            report = two.verify(two.form(award, form))
            assert report.verdict is Verdict.VALID
            assert report.check(CheckName.ENDORSEMENTS).outcome is Outcome.PASSED

    def test_another_class_does_not_carry_it(self, two: Bench) -> None:
        say_so(two, EndorsedKind.CLASS, CLASS)
        assert "endorsement" not in json.dumps(credential(two, two.award("career-explorer")))

    def test_endorsed_badge_gets_a_newer_version_that_carries_it(self, two: Bench) -> None:
        award = two.award(CLASS)
        old = two.form(award)
        record = say_so(two, EndorsedKind.BADGE, str(award.id))
        document = credential(two, award)
        assert document["endorsement"] == [two.json("endorsement", endorsement_id=record.id)]
        assert document["endorsement"][0]["credentialSubject"]["id"] == document["id"]
        for text in (old, two.form(award)):
            report = two.verify(text)
            assert report.verdict is Verdict.VALID
            assert report.check(CheckName.ENDORSEMENTS).outcome is Outcome.PASSED

    def test_endorser_s_old_list_is_signed_again_for_it(self, two: Bench) -> None:
        say_so(two, EndorsedKind.CLASS, CLASS)
        two.clock.advance(days=60)
        report = two.verify(two.form(two.award(CLASS)))
        assert report.check(CheckName.ENDORSEMENTS).outcome is Outcome.PASSED

    def test_withdrawn_one_is_found_in_badges_and_left_out_of_newer_versions(self, two: Bench) -> None:
        record = say_so(two, EndorsedKind.CLASS, CLASS)
        award, withdrawn = two.award(CLASS), two.award(CLASS, email="kim@example.org")
        two.award("career-explorer")
        two.revoke(withdrawn)
        withdraw(two, record)
        assert two.verify(two.form(award)).check(CheckName.ENDORSEMENTS).outcome is Outcome.WARNING
        two.clock.advance(minutes=1)
        with two.service.database.write() as session:
            (found,) = carriers(session, two.service.installation, find_endorsement(session, record.id))
            assert found == award.id
            badge = find_award(session, found)
            assert supersede_award(session, two.service.installation, badge, SupersessionReason.ENDORSEMENT)
            assert carriers(session, two.service.installation, find_endorsement(session, record.id)) == []
        report = two.verify(two.form(award))
        assert (report.verdict, report.check(CheckName.ENDORSEMENTS).outcome) == (Verdict.VALID, Outcome.SKIPPED)

    def test_no_more_travel_than_a_verifier_looks_at(self, bench: Bench) -> None:
        for number in range(9):
            bench.add_organisation(f"library-{number}")
            say_so(bench, EndorsedKind.CLASS, CLASS, by=f"library-{number}")
        award = bench.award(CLASS)
        assert len(credential(bench, award)["credentialSubject"]["achievement"]["endorsement"]) == 8
        assert bench.verify(bench.form(award)).check(CheckName.ENDORSEMENTS).outcome is Outcome.PASSED


class TestRefused:
    def test_own_things(self, two: Bench) -> None:
        award = two.award(CLASS)
        for kind, target in (
            (EndorsedKind.CLASS, CLASS),
            (EndorsedKind.BADGE, str(award.id)),
            (EndorsedKind.ORGANISATION, ORGANISATION),
        ):
            with pytest.raises(ConflictError, match="its own"):
                say_so(two, kind, target, by=ORGANISATION)

    def test_second_one_names_the_first(self, two: Bench) -> None:
        first = say_so(two, EndorsedKind.CLASS, CLASS)
        before = two.dump()
        with pytest.raises(ConflictError, match=str(first.id)):
            say_so(two, EndorsedKind.CLASS, CLASS)
        assert two.dump() == before
        withdraw(two, first)
        assert say_so(two, EndorsedKind.CLASS, CLASS).id != first.id

    def test_withdrawn_badge(self, two: Bench) -> None:
        award = two.revoke(two.award(CLASS))
        before = two.dump()
        with pytest.raises(ConflictError, match="withdrawn"):
            say_so(two, EndorsedKind.BADGE, str(award.id))
        assert two.dump() == before

    @pytest.mark.parametrize("comment", ["", " \x00\n", "a" * 2001])
    def test_comment_that_says_nothing_or_too_much(self, two: Bench, comment: str) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            say_so(two, EndorsedKind.CLASS, CLASS, comment=comment)
        assert refusal.value.field == "comment"

    @pytest.mark.parametrize(
        ("kind", "target"),
        [
            (EndorsedKind.CLASS, f"{ORGANISATION}/nothing"),
            (EndorsedKind.CLASS, f"{CLASS}/7"),
            (EndorsedKind.ORGANISATION, "nobody"),
            (EndorsedKind.BADGE, str(UUID(int=7, version=4))),
        ],
    )
    def test_unknown_things(self, two: Bench, kind: EndorsedKind, target: str) -> None:
        with pytest.raises(NotFoundError):
            say_so(two, kind, target)


class TestAtOnce:
    def test_same_endorsement_is_made_once(self, two: Bench) -> None:
        def use(service: Service) -> EndorsementRecord:
            with service.database.write() as session:
                return endorse(
                    session, service.installation, EndorsementRequest(EndorsedKind.CLASS, CLASS, OTHER, "Well made.")
                )

        results = at_once(two, *[use] * 3)
        assert sorted(type(result).__name__ for result in results) == ["ConflictError"] * 2 + ["EndorsementRecord"]

    def test_two_organisations_endorse_each_other_s_badges(self, two: Bench) -> None:
        """Each needs places in both organisations' lists; neither waits for ever."""
        mine, theirs = two.award(CLASS), two.award(f"{OTHER}/supporter")
        two.clock.advance(minutes=1)

        def by(organisation: str, award: AwardRecord) -> Any:
            def use(service: Service) -> EndorsementRecord:
                request = EndorsementRequest(EndorsedKind.BADGE, str(award.id), organisation, "Well made.")
                with service.database.write() as session:
                    return endorse(session, service.installation, request)

            return use

        results = at_once(two, by(OTHER, mine), by(ORGANISATION, theirs))
        assert [type(result) for result in results] == [EndorsementRecord] * 2, results
        assert two.count(SupersededCredentialRecord) == 2


def test_a_badge_with_endorsements_ends_on_its_own_date_only(two: Bench) -> None:
    say_so(two, EndorsedKind.CLASS, CLASS)
    award = two.award(CLASS)
    report = two.verify(two.form(award), at=two.clock.now + timedelta(days=1))
    assert report.verdict is Verdict.VALID
