"""All badges of a person in one signed record, each of them still good by itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from badges.errors import InvalidInputError, NotFoundError
from badges.services.compromise import compromise_key
from badges.services.learner_records import make_learner_record
from badges.services.signing_keys import list_owned_keys
from badges.standards.clr.model import check_shape
from badges.standards.identity import identity_matches
from badges.verifying.report import CheckName, CredentialKind, Outcome, TrustStanding, Verdict
from badges.verifying.trust import with_trust
from tests.instances import BASE_URL, ORGANISATION, Bench

EMAIL = "sam@example.org"
CLASS = f"{ORGANISATION}/supporter"


def record_text(bench: Bench, email: str = EMAIL) -> str:
    with bench.service.database.write() as session:
        return make_learner_record(session, bench.service.installation, email)


def record(bench: Bench) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(record_text(bench))
    return found


class TestRecord:
    def test_holds_the_signed_badges_as_they_are(self, either_bench: Bench) -> None:
        """Source: CLR 2.0, "ClrSubject"."""
        awards = [either_bench.award()]
        either_bench.clock.advance(minutes=1)
        awards.append(either_bench.award("evidence-searcher"))
        either_bench.award(email="kim@example.org")
        document = record(either_bench)
        assert document["type"] == ["VerifiableCredential", "ClrCredential"]
        held = document["credentialSubject"]["verifiableCredential"]
        assert held == [json.loads(either_bench.form(award)) for award in awards]
        assert check_shape(document) == []
        assert "partial" not in document

    def test_is_valid_and_so_is_each_badge_in_it(self, bench: Bench) -> None:
        bench.award()
        bench.award("evidence-searcher")
        report = bench.verify(record_text(bench), email=EMAIL)
        assert (report.verdict, report.kind) == (Verdict.VALID, CredentialKind.CLR)
        assert report.check(CheckName.RECIPIENT).outcome is Outcome.PASSED
        assert [each.report.verdict for each in report.inside] == [Verdict.VALID] * 2
        for held in record(bench)["credentialSubject"]["verifiableCredential"]:
            assert bench.verify(json.dumps(held)).verdict is Verdict.VALID

    def test_is_signed_by_the_service_and_names_nobody(self, bench: Bench) -> None:
        bench.award(name="Sam Jones")
        text = record_text(bench)
        document = json.loads(text)
        assert document["issuer"]["id"] == "did:web:localhost%3A8000"
        assert document["issuer"]["url"] == BASE_URL
        subject = document["credentialSubject"]
        for identity in subject["identifier"]:
            assert identity_matches(identity["identityHash"], identity["salt"], EMAIL)
        assert "Sam Jones" not in text
        assert EMAIL not in text
        assert subject["id"] != document["credentialSubject"]["verifiableCredential"][0]["credentialSubject"]["id"]

    def test_shows_that_every_badge_is_about_its_person(self, bench: Bench) -> None:
        """Their hashes have different salts, and their subjects different ids; the record repeats the hashes."""
        bench.award()
        bench.award("evidence-searcher")
        assert bench.verify(record_text(bench)).check(CheckName.CONTENTS).outcome is Outcome.PASSED
        assert len(record(bench)["credentialSubject"]["identifier"]) == 3

    def test_badge_that_was_changed_makes_it_invalid(self, bench: Bench) -> None:
        bench.award()
        document = record(bench)
        document["credentialSubject"]["verifiableCredential"][0]["name"] = "Another"
        assert bench.verify(json.dumps(document)).verdict is Verdict.INVALID

    def test_carries_badges_of_several_organisations_with_their_endorsements(self, bench: Bench) -> None:
        bench.endorsement()
        bench.award(CLASS)
        bench.award("county-library/supporter")
        report = bench.verify(record_text(bench))
        assert report.verdict is Verdict.VALID
        assert len(report.inside) == 2

    def test_many_badges_fit(self, bench: Bench) -> None:
        for _ in range(30):
            bench.award(again=True)
        assert bench.verify(record_text(bench)).verdict is Verdict.VALID


def test_service_is_known_to_itself(bench: Bench) -> None:
    bench.award()
    report = bench.verify(record_text(bench))
    trust = with_trust(report, bench.service.known_issuers(), bench.clock.now).trust
    assert trust is not None
    assert trust.standing is TrustStanding.KNOWN
    assert "Badge service localhost:8000" in str(trust.sentence)


class TestWhichBadges:
    def test_withdrawn_and_ended_ones_are_left_out_and_it_says_so(self, bench: Bench) -> None:
        stands = bench.award()
        bench.revoke(bench.award("evidence-searcher"))
        document = record(bench)
        assert document["partial"] is True
        (held,) = document["credentialSubject"]["verifiableCredential"]
        assert held["id"].endswith(str(stands.id))
        assert bench.verify(json.dumps(document)).verdict is Verdict.VALID

    def test_withdrawn_later_is_seen_in_the_record(self, bench: Bench) -> None:
        award = bench.award()
        text = record_text(bench)
        bench.revoke(award)
        assert bench.verify(text).verdict is Verdict.INVALID

    def test_nobody_and_nothing_are_said(self, bench: Bench) -> None:
        with pytest.raises(NotFoundError, match="No badge of sam"):
            record_text(bench)
        bench.revoke(bench.award())
        with pytest.raises(NotFoundError):
            record_text(bench)
        with pytest.raises(InvalidInputError):
            record_text(bench, "sam")


def test_outlives_a_stolen_key_of_the_service(bench: Bench) -> None:
    bench.award()
    text = record_text(bench)
    with bench.service.database.write() as session:
        (key,) = list_owned_keys(session, None)
        compromise_key(session, bench.service.installation, key.id, bench.clock.now)
    assert bench.verify(text).verdict is Verdict.VALID
