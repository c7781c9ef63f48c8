"""What one award gives, whom it refuses, and that nothing is left of one that failed."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import update

from badges.errors import AlreadyHeldError, ConfigurationError, InvalidInputError, NotFoundError
from badges.issuing.lints import LintError
from badges.services.evidence import NARRATIVE_MAX
from badges.services.facts import fixed_base_url
from badges.services.names import NAME_MAX
from badges.services.organisations import find_organisation
from badges.services.signing_keys import list_owned_keys
from badges.standards.identity import identity_matches
from badges.standards.jsonld.compiled import CompiledForm
from badges.storage.records import (
    AchievementVersionRecord,
    AwardRecord,
    CredentialForm,
    CredentialTextRecord,
    EndorsementRecord,
    OutboxMailRecord,
    PersonRecord,
    StatusListRecord,
)
from badges.verifying.report import CheckName, Outcome, Verdict
from tests.instances import BASE_URL, ORGANISATION, START, Bench

OB2_IDENTITY: Final = "email"


def credential(bench: Bench, award: AwardRecord) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bench.form(award))
    return found


class TestDocument:
    def test_is_valid_for_a_stranger_and_names_its_recipient_by_hash(self, bench: Bench) -> None:
        award = bench.award(email="Sam@Example.org")
        report = bench.verify(bench.form(award), email="sam@example.org")
        assert report.verdict is Verdict.VALID
        assert report.check(CheckName.RECIPIENT).outcome is Outcome.PASSED
        other = bench.verify(bench.form(award), email="kim@example.org")
        assert other.check(CheckName.RECIPIENT).outcome is Outcome.FAILED

    def test_identifier_is_the_salted_hash_of_the_normalised_address(self, bench: Bench) -> None:
        """Source: Open Badges 3.0, "IdentityHash"."""
        subject = credential(bench, bench.award(email=" SAM@example.org "))["credentialSubject"]
        (identity,) = subject["identifier"]
        assert identity["hashed"] is True
        assert identity["identityType"] == "emailAddress"
        assert identity_matches(identity["identityHash"], identity["salt"], "sam@example.org")
        assert uuid.UUID(subject["id"]).version == 4

    def test_without_an_address_nobody_is_named(self, bench: Bench) -> None:
        award = bench.award(email=None)
        subject = credential(bench, award)["credentialSubject"]
        assert "identifier" not in subject
        hosted = json.loads(bench.form(award, CredentialForm.OB2_HOSTED))
        assert hosted["recipient"] == {"type": "id", "hashed": False, "identity": subject["id"]}
        assert bench.count(PersonRecord) == 0
        assert bench.count(OutboxMailRecord) == 0
        assert bench.verify(bench.form(award)).verdict is Verdict.VALID

    @pytest.mark.parametrize("form", CredentialForm)
    def test_name_and_address_are_inside_no_signed_form(self, bench: Bench, form: CredentialForm) -> None:
        award = bench.award(email="quentin@zanzibar.example", name="Quentin Zanzibar")
        text = bench.form(award, form)
        seen = text + "".join(decoded(part) for part in text.split("."))
        assert "credential" in seen.lower() or "assertion" in seen.lower()
        for word in ("quentin", "zanzibar"):
            assert word not in seen.lower()

    def test_moments_are_whole_seconds_in_utc(self, bench: Bench) -> None:
        document = credential(bench, bench.award())
        assert document["validFrom"] == "2026-12-01T10:00:00Z"
        (proof,) = document["proof"]
        assert proof["created"] == "2026-12-01T10:00:00Z"

    def test_addresses_and_issuer_are_this_installation_s(self, bench: Bench) -> None:
        award = bench.award()
        document = credential(bench, award)
        assert document["id"] == f"{BASE_URL}/credentials/{award.id}"
        assert document["issuer"]["id"] == f"did:web:localhost%3A8000:organisations:{ORGANISATION}"
        assert document["refreshService"]["id"] == f"{BASE_URL}/credentials/{award.id}/refresh"
        assert document["credentialStatus"]["statusListCredential"] == f"{BASE_URL}/status/1"

    def test_two_versions_of_the_issuer_are_tied_to_each_other(self, bench: Bench) -> None:
        document = credential(bench, bench.award())
        issuer = bench.json("ob2_issuer", organisation=ORGANISATION)
        assert [entry["identifier"] for entry in document["issuer"]["otherIdentifier"]] == [issuer["id"]]
        (related,) = issuer["related"]
        assert related["id"] == f"{BASE_URL}/organisations/{ORGANISATION}"
        assert bench.json("organisation", organisation=ORGANISATION)["id"] == document["issuer"]["id"]
        assert related["id"] in bench.json("organisation_did", organisation=ORGANISATION)["alsoKnownAs"]

    def test_what_must_be_present_is_present(self, bench: Bench) -> None:
        award = bench.award("evidence-searcher", narrative="Led a search", evidence_url="https://example.org/story")
        document = credential(bench, award)
        for member in ("name", "credentialSchema", "credentialStatus", "refreshService", "evidence"):
            assert document[member]
        achievement = document["credentialSubject"]["achievement"]
        assert set(achievement["criteria"]) == {"id", "narrative"}
        for member in ("image", "alignment", "tag"):
            assert achievement[member]
        assert document["evidence"] == [
            {"type": ["Evidence"], "id": "https://example.org/story", "narrative": "Led a search"}
        ]
        hosted = json.loads(bench.form(award, CredentialForm.OB2_HOSTED))
        assert hosted["evidence"] == [
            {"type": "Evidence", "id": "https://example.org/story", "narrative": "Led a search"}
        ]

    def test_class_is_pinned_to_its_version(self, bench: Bench) -> None:
        award = bench.award()
        achievement = credential(bench, award)["credentialSubject"]["achievement"]
        assert achievement["id"] == f"{BASE_URL}/achievements/{ORGANISATION}/supporter/1"
        assert achievement["version"] == "1"

    def test_is_stored_exactly_as_signed(self, bench: Bench) -> None:
        award = bench.award()
        with bench.service.database.read() as session:
            stored = session.get_one(CredentialTextRecord, (award.id, CredentialForm.OB3))
        assert stored.content == bench.form(award)
        assert bench.document("credential_json", award_id=award.id).body == stored.content.encode()


def decoded(part: str) -> str:
    """Return what a part of a token says, "" when it is none."""
    import base64

    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "replace")
    except ValueError:
        return ""


class TestCleaning:
    def test_controls_are_taken_out_and_line_ends_stay(self, bench: Bench) -> None:
        award = bench.award(name="Sam\x00 \x1bJones\x7f", narrative="One\x01\r\ntwo\ttabs\x0b")
        assert award.name == "Sam Jones"
        (evidence,) = credential(bench, award)["evidence"]
        assert evidence["narrative"] == "One\r\ntwo tabs"
        assert bench.verify(bench.form(award)).verdict is Verdict.VALID

    @pytest.mark.parametrize(
        "name", ["Zoë Müller", "山田太郎", "محمد", "🎓 Sam", "a" * NAME_MAX, 'Sam "the" <b>Jones</b> \\']
    )
    def test_any_name_and_note_can_be_given(self, bench: Bench, name: str) -> None:
        award = bench.award(name=name, narrative=name)
        assert award.name == name
        assert bench.verify(bench.form(award)).verdict is Verdict.VALID

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "a" * (NAME_MAX + 1)),
            ("narrative", "a" * (NARRATIVE_MAX + 1)),
            ("email", "sam"),
            ("email", ""),
            ("evidence_url", "javascript:alert(1)"),
            ("evidence_url", "example.org/story"),
            ("evidence_url", "https://"),
            ("evidence_url", "https://[::1"),
            ("evidence_url", "https://user:password@example.org/"),
            ("evidence_url", "https://example.org/a b"),
            ("evidence_url", "https://example.org/" + "a" * 1000),
        ],
    )
    def test_wrong_input_names_its_field_and_leaves_nothing(self, bench: Bench, field: str, value: str) -> None:
        before = bench.dump()
        with pytest.raises(InvalidInputError) as refusal:
            bench.award(**{field: value})
        assert refusal.value.field == field
        assert bench.dump() == before

    def test_damaged_text_is_refused(self, bench: Bench) -> None:
        """Half of a surrogate pair, as a terminal gives for a byte that is no text."""
        for field in ("name", "narrative", "email"):
            with pytest.raises(InvalidInputError):
                bench.award(**{field: "sam\udcff@example.org"})


class TestHeldAlready:
    @pytest.mark.parametrize("email", ["sam@example.org", "SAM@Example.ORG", " sam@example.org\u200b"])
    def test_second_award_is_refused_naming_the_first(self, either_bench: Bench, email: str) -> None:
        first = either_bench.award()
        before = either_bench.dump()
        with pytest.raises(AlreadyHeldError) as refusal:
            either_bench.award(email=email)
        assert refusal.value.award_id == str(first.id)
        for part in ("sam@example.org", "Supporter", str(first.id), "1 December 2026"):
            assert part in str(refusal.value)
        assert either_bench.dump() == before

    def test_again_overrides(self, either_bench: Bench) -> None:
        first, second = either_bench.award(), either_bench.award(again=True)
        third = either_bench.award(again=True)
        assert len({first.id, second.id, third.id}) == 3
        with pytest.raises(AlreadyHeldError) as refusal:
            either_bench.award()
        assert refusal.value.award_id == str(first.id)

    def test_another_class_or_person_is_no_second(self, bench: Bench) -> None:
        bench.award()
        bench.award("career-explorer")
        bench.award(email="kim@example.org")
        bench.award(email=None)
        bench.award(email=None)
        assert bench.count(AwardRecord) == 5
        assert bench.count(PersonRecord) == 2

    def test_withdrawn_one_does_not_count(self, either_bench: Bench) -> None:
        either_bench.revoke(either_bench.award())
        again = either_bench.award()
        assert not again.repeated

    def test_one_that_was_given_again_counts_when_the_first_is_withdrawn(self, either_bench: Bench) -> None:
        first = either_bench.award()
        second = either_bench.award(again=True)
        either_bench.revoke(first)
        with pytest.raises(AlreadyHeldError) as refusal:
            either_bench.award()
        assert refusal.value.award_id == str(second.id)


class TestUnknown:
    def test_class_is_answered_with_those_that_there_are(self, bench: Bench) -> None:
        with pytest.raises(NotFoundError, match=r'no badge "suporter".*evidence-searcher.*supporter'):
            bench.award("suporter")

    @pytest.mark.parametrize("name", ["elsewhere/supporter", "/supporter", "a/b/c", ""])
    def test_class_of_another_organisation_is_not_found(self, bench: Bench, name: str) -> None:
        with pytest.raises(NotFoundError, match=r"There is no (badge|organisation)"):
            bench.award(name)

    def test_class_may_be_named_with_its_organisation(self, bench: Bench) -> None:
        assert bench.award(f"{ORGANISATION}/supporter").id
        assert bench.award("career-explorer", organisation=ORGANISATION).id

    def test_unknown_organisation_is_answered_with_those_that_there_are(self, bench: Bench) -> None:
        with pytest.raises(NotFoundError, match=rf'no organisation "elsewhere".*{ORGANISATION}'):
            bench.award(organisation="elsewhere")


class TestExpiry:
    @pytest.mark.parametrize(
        ("awarded", "months", "until"),
        [
            ("2027-01-31T10:00:00", 1, "2027-02-28T10:00:00Z"),
            ("2028-02-29T10:00:00", 12, "2029-02-28T10:00:00Z"),
            ("2027-03-01T10:00:00", 24, "2029-03-01T10:00:00Z"),
        ],
    )
    def test_counts_calendar_months(self, bench: Bench, awarded: str, months: int, until: str) -> None:
        set_validity(bench, months)
        bench.clock.now = datetime.fromisoformat(awarded).replace(tzinfo=UTC)
        award = bench.award()
        assert credential(bench, award)["validUntil"] == until
        assert award.valid_until is not None
        before, after = award.valid_until - timedelta(seconds=1), award.valid_until + timedelta(seconds=1)
        bench.clock.now = before  # the lists of that time are signed
        renew(bench)
        assert bench.verify(bench.form(award), at=before).verdict is Verdict.VALID
        late = bench.verify(bench.form(award), at=after)
        assert late.verdict is Verdict.INVALID
        assert late.check(CheckName.VALIDITY).outcome is Outcome.FAILED

    def test_badge_for_ever_says_no_end(self, bench: Bench) -> None:
        set_validity(bench, None)
        assert "validUntil" not in credential(bench, bench.award())


def set_validity(bench: Bench, months: int | None) -> None:
    with bench.service.database.write() as session:
        session.execute(update(AchievementVersionRecord).values(validity_months=months))


def renew(bench: Bench) -> None:
    from badges.jobs.tasks import renew_status_lists

    renew_status_lists(bench.service)


class TestBaseUrl:
    def test_first_award_fixes_it(self, bench: Bench) -> None:
        with bench.service.database.read() as session:
            assert fixed_base_url(session) is None
        bench.award()
        with bench.service.database.read() as session:
            assert fixed_base_url(session) == BASE_URL

    def test_another_one_is_refused_afterwards_naming_the_first(self, bench: Bench) -> None:
        elsewhere = Bench(bench.again(base_url="http://localhost:8123"), bench.clock, bench.folders)
        bench.award()
        before = bench.dump()
        with pytest.raises(ConfigurationError, match=r"http://localhost:8000 for ever.*http://localhost:8123"):
            elsewhere.award(email="kim@example.org")
        assert bench.dump() == before

    def test_before_the_first_award_it_may_change(self, bench: Bench) -> None:
        elsewhere = Bench(bench.again(base_url="http://localhost:8123"), bench.clock, bench.folders)
        assert "http://localhost:8123/credentials/" in elsewhere.form(elsewhere.award())


class TestNothingHalfWritten:
    def test_missing_key_is_said_and_leaves_nothing(self, bench: Bench) -> None:
        before = bench.dump()
        for path in bench.folders.keys.glob("*.pem"):
            path.rename(path.with_suffix(".away"))
        with pytest.raises(ConfigurationError, match=r"missing: .*Put it back"):
            bench.award()
        assert bench.dump() == before

    def test_works_again_when_the_key_is_back(self, bench: Bench) -> None:
        paths = list(bench.folders.keys.glob("*.pem"))
        for path in paths:
            path.rename(path.with_suffix(".away"))
        with pytest.raises(ConfigurationError):
            bench.award()
        for path in paths:
            path.with_suffix(".away").rename(path)
        assert bench.award().id

    def test_missing_passphrase_is_said_and_leaves_nothing(self, bench: Bench) -> None:
        before = bench.dump()
        (bench.folders.keys / "passphrase").unlink()
        with pytest.raises(ConfigurationError, match="BADGES_KEY_PASSPHRASE"):
            bench.award()
        assert bench.dump() == before

    def test_swapped_public_half_is_noticed_before_anything_is_signed(self, bench: Bench) -> None:
        """Somebody changed the database, not the file."""
        bench.rotate()
        with bench.service.database.write() as session:
            organisation = find_organisation(session, ORGANISATION)
            keys = [key for key in list_owned_keys(session, organisation) if key.algorithm == "EdDSA"]
            (active,) = [key for key in keys if key.state == "active"]
            (retired,) = [key for key in keys if key.state == "retired"]
            active.public_jwk = retired.public_jwk
        before = bench.dump()
        with pytest.raises(ConfigurationError, match="holds another key"):
            bench.award()
        assert bench.dump() == before

    def test_document_that_must_not_be_signed_leaves_nothing(self, bench: Bench) -> None:
        with bench.service.database.write() as session:
            session.execute(update(AchievementVersionRecord).values(achievement_type="Badge", name=""))
        before = bench.dump()
        with pytest.raises(LintError, match="must not be signed"):
            bench.award()
        assert bench.dump() == before

    def test_badge_that_would_not_verify_is_not_stored(self, bench: Bench) -> None:
        """Its status list was damaged: a stranger could not check the badge, so it is not given out."""
        bench.award(email="first@example.org")
        with bench.service.database.write() as session:
            session.execute(update(StatusListRecord).values(signed_text="{}"))
        before = bench.dump()
        with pytest.raises(LintError, match="did not verify"):
            bench.award()
        assert bench.dump() == before


class TestErrorOfTheCompiler:
    """One that leaves out a statement, when signing and when verifying, so that the signature fits itself."""

    def test_confirms_no_badge(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in range(3):
            bench.award(email=f"{number}@example.org")  # its shape is compiled now
        before = bench.dump()
        forget_a_statement(monkeypatch)
        with pytest.raises(LintError, match="full algorithm"):
            bench.award()
        assert bench.dump() == before

    def test_confirms_no_endorsement(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("county-library", "city-library", "town-library"):
            bench.endorsement(name)
        forget_a_statement(monkeypatch)
        with pytest.raises(LintError, match="full algorithm"):
            bench.endorsement("village-library")
        assert bench.count(EndorsementRecord) == 3


def forget_a_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = CompiledForm.canonical
    monkeypatch.setattr(
        CompiledForm, "canonical", lambda form, texts: b"".join(whole(form, texts).splitlines(keepends=True)[:-1])
    )


def test_award_is_recorded_with_who_gave_it_and_its_mail(bench: Bench) -> None:
    award = bench.award(name="Sam Jones", awarded_by_id=1)
    assert award.awarded_by_id == 1
    assert award.awarded_at == START
    assert award.name == "Sam Jones"
    assert not award.shows_name
    with bench.service.database.read() as session:
        (mail,) = session.query(OutboxMailRecord).all()
    assert (mail.award_id, mail.notice, mail.state) == (award.id, "badge_awarded", "waiting")
