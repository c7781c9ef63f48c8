"""Withdrawing: for ever, once, with a reason from the list; every form of the badge says so."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from badges.errors import ConfigurationError, ConflictError, InvalidInputError
from badges.services.notices import last_award_mail
from badges.services.revocation import NOTE_MAX
from badges.standards.status.bitstring import decode_bitstring, get_status_bit
from badges.storage.records import AwardRecord, CredentialForm, OutboxMailRecord
from badges.verifying.report import CheckName, Outcome, Verdict
from badges.vocab.status import REVOCATION_WORDING, RevocationReason
from tests.instances import BASE_URL, ORGANISATION, Bench


def bit(bench: Bench, award: AwardRecord) -> bool:
    status_list = bench.json("status_list", number=award.status_list_number)
    return get_status_bit(decode_bitstring(status_list["credentialSubject"]["encodedList"]), award.status_index)


class TestOb3:
    @pytest.mark.parametrize("form", [CredentialForm.OB3, CredentialForm.OB3_JWT])
    def test_bit_is_set_and_the_badge_is_invalid(self, either_bench: Bench, form: CredentialForm) -> None:
        award = either_bench.award()
        other = either_bench.award(email="kim@example.org")
        text = either_bench.form(award, form)
        assert not bit(either_bench, award)
        either_bench.revoke(award)
        assert bit(either_bench, award)
        report = either_bench.verify(text)
        assert report.verdict is Verdict.INVALID
        assert report.check(CheckName.STATUS).outcome is Outcome.FAILED
        assert not bit(either_bench, other)
        assert either_bench.verify(either_bench.form(other)).verdict is Verdict.VALID

    def test_list_is_signed_again_at_that_moment(self, bench: Bench) -> None:
        award = bench.award()
        bench.clock.advance(hours=5)
        bench.revoke(award)
        status_list = bench.json("status_list", number=1)
        assert status_list["validFrom"] == "2026-12-01T15:00:00Z"
        (proof,) = status_list["proof"]
        assert proof["created"] == "2026-12-01T15:00:00Z"

    def test_credential_itself_stays_as_it_was_signed(self, bench: Bench) -> None:
        award = bench.award()
        before = bench.form(award)
        bench.revoke(award)
        assert bench.document("credential_json", award_id=award.id).body == before.encode()


class TestOb2:
    @pytest.mark.parametrize("reason", RevocationReason)
    def test_hosted_assertion_is_gone_and_says_only_why(self, bench: Bench, reason: RevocationReason) -> None:
        """Source: Open Badges 2.0, "HostedBadge Verification": 410, and nothing of the recipient."""
        award = bench.award()
        bench.form(award, CredentialForm.OB2_HOSTED)
        bench.revoke(award, reason, note="Nobody may read this")
        document = bench.document("ob2_assertion", award_id=award.id)
        assert document.status_code == 410
        assert json.loads(document.body) == {
            "@context": "https://w3id.org/openbadges/v2",
            "type": "Assertion",
            "id": f"{BASE_URL}/ob2/assertions/{award.id}",
            "revoked": True,
            "revocationReason": str(REVOCATION_WORDING[reason]),
        }

    @pytest.mark.parametrize("withdrawn", [0, 1, 3])
    def test_revocation_list_has_two_entries_or_more(self, bench: Bench, withdrawn: int) -> None:
        """The official validator misses a list of one."""
        awards = [bench.award(email=f"{number}@example.org") for number in range(withdrawn)]
        bench.award(email="standing@example.org")
        for award in awards:
            bench.revoke(award)
        entries = bench.json("ob2_revocations", organisation=ORGANISATION)["revokedAssertions"]
        assert len(entries) >= 2
        listed = {entry["id"] for entry in entries}
        assert len(listed) == len(entries)
        assert {award.id.urn for award in awards} <= listed
        others = listed - {award.id.urn for award in awards}
        assert all(UUID(entry).version == 4 for entry in others)
        assert bench.json("ob2_revocations", organisation=ORGANISATION)["revokedAssertions"] == entries

    @pytest.mark.parametrize("form", [CredentialForm.OB2_HOSTED, CredentialForm.OB2_JWS])
    def test_both_forms_are_invalid(self, bench: Bench, form: CredentialForm) -> None:
        award = bench.award()
        text = bench.form(award, form)
        assert bench.verify(text).verdict is Verdict.VALID
        bench.revoke(award)
        assert bench.verify(text).verdict is Verdict.INVALID

    def test_signed_form_first_asked_for_afterwards_is_invalid_too(self, bench: Bench) -> None:
        award = bench.revoke(bench.award())
        assert bench.verify(bench.form(award, CredentialForm.OB2_JWS)).verdict is Verdict.INVALID


class TestRules:
    def test_reason_is_from_the_list(self, bench: Bench) -> None:
        award = bench.award()
        before = bench.dump()
        with pytest.raises(InvalidInputError) as refusal:
            bench.revoke(award, "because")
        assert refusal.value.field == "reason"
        for reason in RevocationReason:
            assert reason in str(refusal.value)
        assert bench.dump() == before

    def test_second_time_says_when_it_was(self, either_bench: Bench) -> None:
        award = either_bench.award()
        either_bench.revoke(award, "mistake", note="first")
        before = either_bench.dump()
        with pytest.raises(ConflictError, match=rf"{award.id} was withdrawn on 1 December 2026"):
            either_bench.revoke(award, "request", note="second")
        assert either_bench.dump() == before

    def test_note_is_kept_cleaned_and_bounded(self, either_bench: Bench) -> None:
        award = either_bench.award()
        assert either_bench.revoke(award, note=" Wrong\x00 Sam \n").revocation_note == "Wrong Sam"
        other = either_bench.award(email="kim@example.org")
        with pytest.raises(InvalidInputError) as refusal:
            either_bench.revoke(other, note="a" * (NOTE_MAX + 1))
        assert refusal.value.field == "note"

    def test_who_holds_it_is_told(self, bench: Bench) -> None:
        award = bench.revoke(bench.award())
        with bench.service.database.read() as session:
            mail = session.query(OutboxMailRecord).filter_by(notice="badge_withdrawn").one()
            assert mail.award_id == award.id
        bench.revoke(bench.award(email=None))
        with bench.service.database.read() as session:
            assert session.query(OutboxMailRecord).filter_by(notice="badge_withdrawn").count() == 1
            assert last_award_mail(session, award) is not None

    def test_missing_key_leaves_the_badge_standing(self, bench: Bench) -> None:
        award = bench.award()
        fresh = Bench(bench.again(), bench.clock, bench.folders)
        for path in bench.folders.keys.glob("*.pem"):
            path.unlink()
        before = bench.dump()
        with pytest.raises(ConfigurationError, match="missing"):
            fresh.revoke(award)
        assert bench.dump() == before
