"""Newer versions of badges: what changes, what stays, what is kept, and where the older version leads."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from badges.bootstrap import Service
from badges.errors import AlreadyHeldError, ConflictError, InvalidInputError
from badges.services.award_values import find_award
from badges.services.credentials import credential_text
from badges.services.superseding import supersede_award
from badges.standards.proofs.vc_jwt import read as read_jwt
from badges.standards.status.status_list import read_status
from badges.storage.records import AwardRecord, CredentialForm, OrganisationRecord, SupersededCredentialRecord
from badges.verifying.report import CheckName, Outcome, Verdict
from badges.vocab.award import Evidence
from badges.vocab.status import SupersessionReason
from tests.instances import BASE_URL, ORGANISATION, START, Bench, text_of
from tests.services.test_at_once import at_once, wait_until_blocked

OLD, NEW = "sam@example.org", "sam.smith@example.org"


def supersede(bench: Bench, award: AwardRecord, **changes: Any) -> bool:
    """In a transaction of its own, a moment later."""
    reason = changes.pop("reason", SupersessionReason.DETAILS)
    bench.clock.advance(minutes=5)
    with bench.service.database.write() as session:
        record = find_award(session, award.id)
        return supersede_award(session, bench.service.installation, record, reason, **changes)


def read(bench: Bench, award: AwardRecord) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bench.form(award))
    return found


def is_set(bench: Bench, document: dict[str, Any]) -> bool:
    entry = document["credentialStatus"]
    status_list = bench.json("status_list", number=entry["statusListCredential"].rsplit("/", 1)[1])
    return bool(read_status(status_list, entry).is_set)


class TestNewerVersion:
    def test_has_the_same_id_a_later_beginning_and_another_place(self, either_bench: Bench) -> None:
        """Source: Open Badges 3.0, "Credential equality and comparison algorithm"."""
        award = either_bench.award()
        old = read(either_bench, award)
        assert supersede(either_bench, award, evidence=[Evidence("Led the search")])
        new = read(either_bench, award)
        for member in ("id", "issuer", "refreshService"):
            assert new[member] == old[member]
        assert (old["validFrom"], new["validFrom"]) == ("2026-12-01T10:00:00Z", "2026-12-01T10:05:00Z")
        assert new["credentialStatus"] != old["credentialStatus"]
        assert new["credentialSubject"]["id"] == old["credentialSubject"]["id"]
        assert new["evidence"] == [{"type": ["Evidence"], "narrative": "Led the search"}]
        assert (is_set(either_bench, old), is_set(either_bench, new)) == (True, False)

    def test_is_valid_and_the_older_one_leads_to_it(self, either_bench: Bench) -> None:
        award = either_bench.award()
        old = either_bench.form(award)
        supersede(either_bench, award, evidence=[Evidence("Led the search")])
        newest = either_bench.verify(either_bench.form(award))
        assert newest.verdict is Verdict.VALID
        assert newest.check(CheckName.REFRESH).outcome is Outcome.PASSED
        report = either_bench.verify(old)
        assert report.verdict is Verdict.VALID
        assert report.check(CheckName.REFRESH).outcome is Outcome.WARNING
        assert report.view is not None
        assert [item.narrative for item in report.view.evidence] == ["Led the search"]

    def test_offline_the_older_one_is_not_called_valid(self, bench: Bench) -> None:
        """With the list at hand but not the newer version: taken back."""
        award = bench.award()
        old = read(bench, award)
        supersede(bench, award, evidence=[Evidence("Led the search")])
        old_report = bench.verify(json.dumps({**old}), at=START + timedelta(minutes=1))
        assert old_report.verdict is Verdict.INVALID  # at that moment the newer one had not begun
        assert old_report.check(CheckName.STATUS).outcome is Outcome.FAILED

    def test_is_what_the_refresh_address_answers(self, bench: Bench) -> None:
        award = bench.award()
        supersede(bench, award, evidence=[Evidence("Led the search")])
        assert bench.json("credential_refresh", award_id=award.id) == read(bench, award)

    def test_begins_later_even_within_the_same_second(self, bench: Bench) -> None:
        award = bench.award()
        for number in (1, 2):
            bench.clock.now = START - timedelta(minutes=5)
            assert supersede(bench, award, evidence=[Evidence(f"Number {number}")])
        assert read(bench, award)["validFrom"] == "2026-12-01T10:00:02Z"
        bench.clock.now = START + timedelta(seconds=3)
        assert bench.verify(bench.form(award)).verdict is Verdict.VALID

    def test_keeps_its_end(self, bench: Bench) -> None:
        award = bench.award("evidence-searcher")
        before = read(bench, award).get("validUntil")
        supersede(bench, award, evidence=[Evidence("Led the search")])
        assert read(bench, award).get("validUntil") == before

    def test_makes_every_form_anew_and_keeps_the_exact_older_texts(self, either_bench: Bench) -> None:
        award = either_bench.award()
        old = {form: either_bench.form(award, form) for form in CredentialForm}
        supersede(either_bench, award, evidence=[Evidence("Led the search")])
        new = {form: either_bench.form(award, form) for form in CredentialForm}
        for form in CredentialForm:
            assert new[form] != old[form]
            assert either_bench.verify(new[form]).verdict is Verdict.VALID, form
        with either_bench.service.database.read() as session:
            (older,) = session.scalars(
                select(SupersededCredentialRecord).where(SupersededCredentialRecord.award_id == award.id)
            )
            assert {text.form: text.content for text in older.texts} == old

    def test_of_the_older_standard_has_its_first_date_and_takes_the_older_signed_one_back(self, bench: Bench) -> None:
        """Source: Open Badges 2.0, "RevocationList": by the id of the signed assertion."""
        award = bench.award()
        old = bench.form(award, CredentialForm.OB2_JWS)
        assert bench.verify(old).verdict is Verdict.VALID
        supersede(bench, award, evidence=[Evidence("Led the search")])
        assert json.loads(bench.form(award, CredentialForm.OB2_HOSTED))["issuedOn"] == "2026-12-01T10:00:00Z"
        report = bench.verify(old)
        assert report.verdict is Verdict.INVALID
        assert report.check(CheckName.STATUS).outcome is Outcome.FAILED
        assert bench.verify(bench.form(award, CredentialForm.OB2_JWS)).verdict is Verdict.VALID

    def test_of_the_older_standard_leads_from_every_older_signed_one(self, either_bench: Bench) -> None:
        award = either_bench.award()
        older = []
        for number in range(2):
            older.append(either_bench.form(award, CredentialForm.OB2_JWS))
            supersede(either_bench, award, evidence=[Evidence(f"Number {number}")])
        for text in older:
            report = either_bench.verify(text)
            assert report.verdict is Verdict.INVALID
            assert report.newer_version == f"{BASE_URL}/credentials/{award.id}"
            refresh = report.check(CheckName.REFRESH)
            assert (refresh.outcome, str(refresh.message)) == (
                Outcome.WARNING,
                "There is a newer version of this badge.",
            )
            assert report.newer_version in str(refresh.mend)
            assert "withdrawn" not in str(report.check(CheckName.STATUS).message)
        assert either_bench.verify(either_bench.form(award, CredentialForm.OB2_JWS)).newer_version == ""
        either_bench.revoke(award)
        for text in older:
            report = either_bench.verify(text)
            assert (report.newer_version, report.verdict) == ("", Verdict.INVALID)

    def test_forged_older_one_leads_nowhere(self, bench: Bench) -> None:
        award = bench.award()
        header, payload, signature = bench.form(award, CredentialForm.OB2_JWS).split(".")
        supersede(bench, award, email=NEW)
        forged = ".".join((header, payload, signature[::-1]))
        assert bench.verify(forged).newer_version == ""

    def test_older_hosted_file_leads_to_the_newer_one(self, either_bench: Bench) -> None:
        award = either_bench.award()
        older = []
        for email in (NEW, "third@example.org"):
            older.append(json.loads(either_bench.form(award, CredentialForm.OB2_HOSTED)))
            supersede(either_bench, award, email=email)
        for document in older:
            report = either_bench.verify(json.dumps(document, indent=1))
            assert (report.verdict, report.newer_version) == (
                Verdict.INVALID,
                f"{BASE_URL}/credentials/{award.id}",
            )
            failed = [check.name for check in report.checks if check.outcome is Outcome.FAILED]
            assert failed == [CheckName.STATUS]
            assert report.check(CheckName.ISSUER).outcome is Outcome.PASSED
            assert not [check.name for check in report.checks if "earlier check failed" in str(check.message)]
        assert either_bench.verify(either_bench.form(award, CredentialForm.OB2_HOSTED)).newer_version == ""

    def test_changed_hosted_file_is_said_to_be_older_or_changed(self, bench: Bench) -> None:
        award = bench.award()
        old = json.loads(bench.form(award, CredentialForm.OB2_HOSTED))
        supersede(bench, award, email=NEW)
        report = bench.verify(json.dumps({**old, "issuedOn": "2020-01-01T00:00:00Z"}))
        assert (report.verdict, report.newer_version) == (Verdict.INVALID, "")
        proof = report.check(CheckName.PROOF)
        assert "It may be an older version, or it may have been changed" in str(proof.message)
        assert old["id"] in str(proof.mend)

    def test_withdrawn_takes_back_every_version(self, bench: Bench) -> None:
        award = bench.award()
        texts = [bench.form(award), bench.form(award, CredentialForm.OB2_JWS)]
        supersede(bench, award, evidence=[Evidence("Led the search")])
        texts += [bench.form(award), bench.form(award, CredentialForm.OB2_JWS)]
        bench.revoke(award)
        assert [bench.verify(text).verdict for text in texts] == [Verdict.INVALID] * 4


class TestEmail:
    def test_change_moves_the_badge_to_the_new_address(self, either_bench: Bench) -> None:
        award = either_bench.award(email=OLD)
        old = either_bench.form(award)
        assert supersede(either_bench, award, email=f" {NEW.upper()} ", reason=SupersessionReason.EMAIL)
        for text in (old, either_bench.form(award)):
            for email, outcome in ((NEW, Outcome.PASSED), (OLD, Outcome.FAILED)):
                assert either_bench.verify(text, email=email).check(CheckName.RECIPIENT).outcome is outcome
        salts = [
            json.loads(each)["credentialSubject"]["identifier"][0]["salt"] for each in (old, either_bench.form(award))
        ]
        assert len(set(salts)) == 2

    def test_new_address_gets_the_mail(self, bench: Bench) -> None:
        award = bench.award(email=OLD)
        bench.deliver()
        supersede(bench, award, email=NEW)
        bench.deliver()
        assert [mail["to"] for mail in bench.mails()] == [OLD, NEW]

    def test_holder_is_told_that_saved_files_are_out_of_date(self, bench: Bench) -> None:
        award = bench.award(email=OLD)
        supersede(bench, award, evidence=[Evidence("Led the search")])
        bench.deliver()
        (told,) = [mail for mail in bench.mails() if "newer version" in mail["subject"]]
        assert told["to"] == OLD
        assert "/mine/" in text_of(told)
        assert "still counts" in text_of(told)

    def test_is_refused_when_they_hold_it_already(self, either_bench: Bench) -> None:
        award, other = either_bench.award(email=OLD), either_bench.award(email=NEW)
        before = either_bench.dump()
        with pytest.raises(AlreadyHeldError) as refusal:
            supersede(either_bench, award, email=NEW)
        assert refusal.value.award_id == str(other.id)
        assert either_bench.dump() == before

    def test_is_refused_when_it_is_none(self, bench: Bench) -> None:
        award = bench.award()
        before = bench.dump()
        with pytest.raises(InvalidInputError):
            supersede(bench, award, email="sam")
        assert bench.dump() == before

    def test_can_be_given_to_a_badge_that_named_nobody(self, bench: Bench) -> None:
        award = bench.award(email=None)
        assert supersede(bench, award, email=NEW)
        assert bench.verify(bench.form(award), email=NEW).check(CheckName.RECIPIENT).outcome is Outcome.PASSED


class TestNothingToDo:
    def test_same_details_make_no_newer_version(self, either_bench: Bench) -> None:
        award = either_bench.award(email=OLD, narrative="Led it")
        before = either_bench.dump()
        assert not supersede(either_bench, award)
        assert not supersede(either_bench, award, email=OLD.upper(), evidence=[Evidence("Led it ")])
        assert either_bench.dump() == before

    def test_twice_is_once(self, bench: Bench) -> None:
        award = bench.award()
        assert supersede(bench, award, email=NEW)
        assert not supersede(bench, award, email=NEW)
        assert bench.count(SupersededCredentialRecord) == 1

    def test_two_at_once_make_one(self, either_bench: Bench) -> None:
        award = either_bench.award()
        either_bench.clock.advance(minutes=5)

        def use(service: Service) -> bool:
            with service.database.write() as session:
                record = find_award(session, award.id)
                return supersede_award(session, service.installation, record, SupersessionReason.EMAIL, email=NEW)

        results = at_once(either_bench, *[use] * 3)
        assert sorted(map(str, results)) == ["False", "False", "True"], results
        assert either_bench.count(SupersededCredentialRecord) == 1
        assert either_bench.verify(either_bench.form(award), email=NEW).verdict is Verdict.VALID

    def test_withdrawn_badge_has_no_newer_version(self, bench: Bench) -> None:
        award = bench.revoke(bench.award())
        before = bench.dump()
        with pytest.raises(ConflictError):
            supersede(bench, award, email=NEW)
        assert bench.dump() == before


def test_new_key_signs_the_newer_version(either_bench: Bench) -> None:
    award = either_bench.award()
    old = read(either_bench, award)
    either_bench.rotate()
    assert supersede(either_bench, award, reason=SupersessionReason.KEY)
    assert read(either_bench, award)["proof"][0]["verificationMethod"] != old["proof"][0]["verificationMethod"]
    assert not supersede(either_bench, award, reason=SupersessionReason.KEY)


def test_new_name_of_the_organisation_gets_in(bench: Bench) -> None:
    award = bench.award()
    with bench.service.database.write() as session:
        session.scalars(select(OrganisationRecord).where(OrganisationRecord.slug == ORGANISATION)).one().name = "New"
    assert supersede(bench, award)
    assert read(bench, award)["issuer"]["name"] == "New"


def test_form_asked_for_while_a_newer_version_is_made_is_of_the_newer_one(postgres_bench: Bench) -> None:
    """On SQLite there is one writer at a time. Here the one who asks waits, and sees the newer version."""
    bench, other = postgres_bench, postgres_bench.again()
    award = bench.award()
    bench.clock.advance(minutes=5)

    def ask() -> str:
        with other.database.write() as session:
            record = find_award(session, award.id)
            return credential_text(session, other.installation, record, CredentialForm.OB3_JWT)

    with ThreadPoolExecutor(1) as pool:
        with bench.service.database.write() as session:
            record = find_award(session, award.id)
            supersede_award(session, bench.service.installation, record, SupersessionReason.EMAIL, email=NEW)
            second = pool.submit(ask)
            wait_until_blocked(bench, second)
        text = second.result(30)
    assert text == bench.form(award, CredentialForm.OB3_JWT)
    assert read_jwt(text).document["validFrom"] == "2026-12-01T10:05:00Z"
