"""A stolen key: what was issued with it stands, what a thief signs does not, and nothing depends on it any more."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from badges.errors import ConflictError, InvalidInputError, NotFoundError
from badges.services.award_values import find_award
from badges.services.compromise import Compromise, compromise_key, read_since
from badges.services.endorsements import EndorsementRequest, endorse
from badges.services.health import check_installation
from badges.services.key_changes import retire_key
from badges.services.own_badges import verify_own
from badges.services.signing_keys import find_key, list_keys, list_owned_keys
from badges.services.superseding import supersede_award
from badges.services.verification import verify_badge
from badges.standards.did.jwk import jwk_to_public_key
from badges.standards.json_text import write_json
from badges.standards.proofs import eddsa_rdfc_2022, jws, vc_jwt
from badges.standards.signer import KeyAlgorithm, Signer
from badges.standards.status.bitstring import bitstring_of
from badges.standards.status.status_list import status_list_document
from badges.storage.records import CredentialForm, CredentialTextRecord, KeyState, LedgerEntryRecord, StatusListRecord
from badges.verifying.report import CheckName, Outcome, Report, Verdict
from badges.vocab.award import Evidence
from badges.vocab.endorsement import EndorsedKind
from badges.vocab.json import JsonObject
from badges.vocab.status import StatusPurpose, SupersessionReason
from tests.instances import BASE_URL, ORGANISATION, START, Bench

SIGNED_FORMS = [form for form in CredentialForm if form is not CredentialForm.OB2_HOSTED]
SINCE = START - timedelta(days=2)


def key_of(bench: Bench, award: Any, form: CredentialForm) -> str:
    """Return the id of the key that signed this form, made if it was not there."""
    bench.form(award, form)
    with bench.service.database.read() as session:
        found = session.get_one(CredentialTextRecord, (award.id, form)).signing_key_id
    assert found is not None
    return found


def compromise(bench: Bench, key_id: str, since: datetime = SINCE) -> Compromise:
    with bench.service.database.write() as session:
        return compromise_key(session, bench.service.installation, key_id, since)


def stolen(bench: Bench, key_id: str) -> Signer:
    """What a thief has: the private key."""
    with bench.service.database.read() as session:
        key = find_key(session, key_id)
        public_key = jwk_to_public_key(key.public_jwk)
    return bench.service.installation.keys.signer(key.uri, key.id, KeyAlgorithm(key.algorithm), public_key)


def forge(bench: Bench, award: Any, form: CredentialForm) -> str:
    """Sign, with the key that signed this form, a badge that was never awarded, and date it back."""
    signer = stolen(bench, key_of(bench, award, form))
    text = bench.form(award, form)
    if form is CredentialForm.OB2_JWS:
        parsed = jws.parse_compact(text)
        assertion = {**json.loads(parsed.payload), "id": "urn:uuid:7d0a9f52-8c34-4c1e-a3d5-0f5c1b8e2a10"}
        return jws.sign_compact(parsed.header, write_json(assertion).encode(), signer)
    document = json.loads(bench.form(award))
    (proof,) = document.pop("proof")
    document["credentialSubject"]["id"] = "urn:uuid:7d0a9f52-8c34-4c1e-a3d5-0f5c1b8e2a10"
    if form is CredentialForm.OB3:
        created = SINCE - timedelta(days=9)
        method = proof["verificationMethod"]
        return write_json(eddsa_rdfc_2022.sign(document, signer, verification_method=method, created=created))
    return vc_jwt.sign(document, signer, vc_jwt.read(text).header["kid"])


def issuer_check(report: Report) -> Outcome:
    return report.check(CheckName.ISSUER).outcome


@pytest.mark.parametrize("form", SIGNED_FORMS)
class TestEveryForm:
    def test_badge_that_was_issued_stands_with_a_note(self, bench: Bench, form: CredentialForm) -> None:
        award = bench.award()
        text = bench.form(award, form)
        compromise(bench, key_of(bench, award, form))
        report = bench.verify(text)
        assert report.verdict is Verdict.VALID
        assert issuer_check(report) is Outcome.WARNING
        assert "confirms that it issued it" in str(report.check(CheckName.ISSUER).message)
        assert bench.form(award, form) == text

    def test_badge_that_was_not_issued_fails_for_that_reason(self, bench: Bench, form: CredentialForm) -> None:
        award = bench.award()
        forged = forge(bench, award, form)
        assert bench.verify(forged).verdict is Verdict.VALID  # nobody can tell before the key is known to be stolen
        compromise(bench, key_of(bench, award, form))
        report = bench.verify(forged)
        assert report.verdict is Verdict.INVALID
        assert report.check(CheckName.PROOF).outcome is Outcome.PASSED
        assert issuer_check(report) is Outcome.FAILED
        assert "among the badges that it issued" in str(report.check(CheckName.ISSUER).message)

    def test_new_key_signs_in_its_place(self, bench: Bench, form: CredentialForm) -> None:
        old = key_of(bench, bench.award(), form)
        done = compromise(bench, old)
        assert done.fresh is not None
        later = bench.award(email="kim@example.org")
        assert key_of(bench, later, form) == done.fresh.id
        report = bench.verify(bench.form(later, form))
        assert (report.verdict, issuer_check(report)) == (Verdict.VALID, Outcome.PASSED)

    def test_ledger_that_cannot_be_seen_leaves_it_open(self, bench: Bench, form: CredentialForm) -> None:
        award = bench.award()
        texts = [bench.form(award, form), forge(bench, award, form)]
        compromise(bench, key_of(bench, award, form))
        service = bench.service

        def home(path: str, accept: str) -> Any:
            return None if "/issued/" in path else service.home(path, accept)

        for text in texts:
            report = verify_badge(service.installation, text, home=home, web=service.web_fetcher)
            assert report.verdict is Verdict.UNKNOWN
            assert issuer_check(report) is Outcome.UNKNOWN


class TestLedger:
    def test_every_signed_form_is_written_down_under_its_key(self, bench: Bench) -> None:
        award = bench.award()
        for form in CredentialForm:
            bench.form(award, form)
            bench.form(award, form)
        with bench.service.database.read() as session:
            rows = session.execute(select(LedgerEntryRecord.signing_key_id, LedgerEntryRecord.hash)).all()
        assert len(rows) == len(SIGNED_FORMS)
        assert {row[0] for row in rows} == {key_of(bench, award, form) for form in SIGNED_FORMS}

    def test_lists_a_badge_however_its_json_is_written(self, bench: Bench) -> None:
        award = bench.award()
        document = json.loads(bench.form(award))
        turned = json.dumps(dict(reversed(document.items())), indent=3, ensure_ascii=True)
        compromise(bench, key_of(bench, award, CredentialForm.OB3))
        report = bench.verify(turned)
        assert (report.verdict, issuer_check(report)) == (Verdict.VALID, Outcome.WARNING)

    def test_is_completed_with_badges_that_are_older_than_it(self, bench: Bench) -> None:
        award = bench.award()
        texts = [bench.form(award, form) for form in SIGNED_FORMS]
        with bench.service.database.write() as session:
            session.execute(delete(LedgerEntryRecord))
        for form in SIGNED_FORMS:
            assert compromise(bench, key_of(bench, award, form)).issued >= 1
        assert [bench.verify(text).verdict for text in texts] == [Verdict.VALID] * len(texts)

    def test_keeps_what_a_newer_version_replaced(self, bench: Bench) -> None:
        award = bench.award()
        older = bench.form(award)
        key = key_of(bench, award, CredentialForm.OB3)
        with bench.service.database.write() as session:
            session.execute(delete(LedgerEntryRecord))
            newer = (Evidence("More", ""),)
            supersede_award(
                session,
                bench.service.installation,
                find_award(session, award.id),
                SupersessionReason.KEY,
                evidence=newer,
            )
        assert compromise(bench, key).issued == 2
        assert issuer_check(bench.verify(older)) is Outcome.WARNING
        bench.clock.advance(hours=1)
        with bench.service.database.write() as session:
            supersede_award(session, bench.service.installation, find_award(session, award.id), SupersessionReason.KEY)
        report = bench.verify(bench.form(award))
        assert (report.verdict, issuer_check(report)) == (Verdict.VALID, Outcome.PASSED)

    def test_is_published_in_parts_and_only_for_a_compromised_key(self, bench: Bench) -> None:
        award = bench.award()
        key = key_of(bench, award, CredentialForm.OB3)
        with bench.service.database.read() as session:
            (issued,) = session.scalars(
                select(LedgerEntryRecord.hash).where(LedgerEntryRecord.signing_key_id == key)
            ).all()
        place = {"key_id": key, "prefix": issued[:3]}
        with pytest.raises(NotFoundError):
            bench.json("key_ledger", **place)
        compromise(bench, key)
        assert bench.json("key_ledger", **place) == {
            "type": "IssuedCredentialLedger",
            "key": f"{BASE_URL}/keys/{key}.jwk",
            "prefix": issued[:3],
            "sha256": [issued],
        }
        other = f"{(int(issued[:3], 16) + 1) % 4096:03x}"
        assert bench.json("key_ledger", key_id=key, prefix=other)["sha256"] == []
        for prefix in ("", "ab", "abcd", "ABC", "xyz", issued):
            with pytest.raises(NotFoundError):
                bench.json("key_ledger", key_id=key, prefix=prefix)

    @pytest.mark.parametrize("first", ["000", "7ff", "fff"])
    def test_part_has_all_hashes_with_its_prefix_and_no_others(self, either_bench: Bench, first: str) -> None:
        key = key_of(either_bench, either_bench.award(), CredentialForm.OB3_JWT)
        inside = [first + "0" * 61, first + "f" * 61]
        around = [f"{(int(first, 16) + step) % 4096:03x}" + digit * 61 for step, digit in ((1, "0"), (4095, "f"))]
        with either_bench.service.database.write() as session:
            session.execute(delete(LedgerEntryRecord).where(LedgerEntryRecord.signing_key_id == key))
            session.add_all(LedgerEntryRecord(signing_key_id=key, hash=each) for each in inside + around)
            find_key(session, key).state = KeyState.COMPROMISED
        assert either_bench.json("key_ledger", key_id=key, prefix=first)["sha256"] == inside


class TestEndorsements:
    def test_only_what_the_endorser_issued_still_counts(self, bench: Bench) -> None:
        """The endorser's key is stolen, not that of the organisation whose badge carries the endorsement."""
        endorser = bench.add_organisation("county-library")
        award = bench.award(f"{ORGANISATION}/supporter")
        with bench.service.database.write() as session:
            request = EndorsementRequest(EndorsedKind.BADGE, str(award.id), endorser.slug, "Well made.")
            endorsement = endorse(session, bench.service.installation, request)
            key = list_owned_keys(session, endorser)[0].id
        bench.clock.advance(minutes=1)  # a newer version of the badge, which carries it, begins a second later
        good = json.loads(bench.form(award))
        signed = dict(endorsement_of(good))
        method = signed.pop("proof")[0]["verificationMethod"]
        signed["credentialSubject"]["endorsementComment"] = "The best in the world."
        forged = eddsa_rdfc_2022.sign(signed, stolen(bench, key), verification_method=method, created=START)
        texts = [endorsement.content, json.dumps(forged)]
        assert [bench.verify(text).verdict for text in texts] == [Verdict.VALID] * 2
        compromise(bench, key)
        assert [bench.verify(text).verdict for text in texts] == [Verdict.VALID, Verdict.INVALID]
        report = bench.verify(json.dumps(good))
        assert (report.verdict, report.check(CheckName.ENDORSEMENTS).outcome) == (Verdict.VALID, Outcome.PASSED)


def endorsement_of(document: JsonObject) -> JsonObject:
    (found,) = document["endorsement"]
    copy: JsonObject = json.loads(json.dumps(found))
    return copy


class TestPublished:
    def test_documents_say_since_when_and_where_the_ledger_is(self, bench: Bench) -> None:
        """Source: Controlled Identifiers v1.0, 2.2; docs/ledger.md."""
        award = bench.award()
        keys = {form: key_of(bench, award, form) for form in SIGNED_FORMS}
        for key in set(keys.values()):
            compromise(bench, key)
        document = bench.json("organisation_did", organisation=ORGANISATION)
        revoked = [method for method in document["verificationMethod"] if "revoked" in method]
        assert [method["revoked"] for method in revoked] == ["2026-11-29T10:00:00Z"] * 3
        assert {method["id"] for method in revoked} < set(document["assertionMethod"])
        assert {service["verificationMethod"] for service in document["service"]} == {each["id"] for each in revoked}
        assert {service["serviceEndpoint"] for service in document["service"]} == {
            f"{BASE_URL}/keys/{key}/issued/" for key in keys.values()
        }
        jwk = bench.json("key", key_id=keys[CredentialForm.OB3_JWT])
        assert jwk["revoked"] == {"revoked_at": int(SINCE.timestamp()), "reason": "compromised"}
        assert jwk in bench.json("jwks")["keys"]
        ob2 = bench.json("ob2_key", key_id=keys[CredentialForm.OB2_JWS])
        assert ob2["compromisedSince"] == "2026-11-29T10:00:00Z"
        assert ob2["issuedCredentialLedger"] == jwk["issuedCredentialLedger"]

    def test_keys_that_were_not_stolen_are_not_marked(self, bench: Bench) -> None:
        award = bench.award()
        compromise(bench, key_of(bench, award, CredentialForm.OB3))
        for form in (CredentialForm.OB3_JWT, CredentialForm.OB3_JWT_ES256, CredentialForm.OB2_JWS):
            report = bench.verify(bench.form(award, form))
            assert (report.verdict, issuer_check(report)) == (Verdict.VALID, Outcome.PASSED)


class TestStatusLists:
    def test_are_signed_again_at_once(self, either_bench: Bench) -> None:
        bench = either_bench
        award = bench.award()
        withdrawn = bench.award(email="kim@example.org")
        bench.revoke(withdrawn)
        key = key_of(bench, award, CredentialForm.OB3)
        done = compromise(bench, key)
        assert done.lists_signed == 1
        assert done.fresh is not None
        with bench.service.database.read() as session:
            (record,) = session.scalars(select(StatusListRecord)).all()
        public_jwk = done.fresh.public_jwk
        document = json.loads(record.signed_text)
        eddsa_rdfc_2022.verify(document, document["proof"][0], jwk_to_public_key(public_jwk))
        assert bench.verify(bench.form(award)).verdict is Verdict.VALID
        assert bench.verify(bench.form(withdrawn)).check(CheckName.STATUS).outcome is Outcome.FAILED

    def test_list_by_the_stolen_key_is_not_believed(self, bench: Bench) -> None:
        """The thief's list says that nothing was withdrawn."""
        award = bench.award()
        bench.revoke(award)
        text = bench.form(award)
        key = key_of(bench, award, CredentialForm.OB3)
        document = status_list_document(
            url=f"{BASE_URL}/status/{award.status_list_number}",
            issuer=json.loads(text)["issuer"]["id"],
            purpose=StatusPurpose.REVOCATION,
            bitstring=bitstring_of(()),
            valid_from=START,
            valid_until=START + timedelta(days=9),
        )
        method = json.loads(text)["proof"][0]["verificationMethod"]
        forged = eddsa_rdfc_2022.sign(document, stolen(bench, key), verification_method=method, created=START)
        path = bench.folders.instance / "list.json"
        path.write_text(json.dumps(forged))
        documents = {document["id"]: path}
        assert bench.verify(text, documents=documents).verdict is Verdict.VALID
        compromise(bench, key)
        report = bench.verify(text, documents=documents)
        assert report.check(CheckName.STATUS).outcome is Outcome.UNKNOWN
        assert report.verdict is Verdict.UNKNOWN

    def test_are_left_alone_when_a_key_is_stolen_that_signs_none(self, bench: Bench) -> None:
        award = bench.award()
        assert compromise(bench, key_of(bench, award, CredentialForm.OB3_JWT)).lists_signed == 0


class TestRepeating:
    def test_changes_nothing(self, either_bench: Bench) -> None:
        key = key_of(either_bench, either_bench.award(), CredentialForm.OB3_JWT)
        compromise(either_bench, key)
        before = either_bench.dump()
        either_bench.clock.advance(days=1)
        done = compromise(either_bench, key)
        assert done.fresh is None
        assert either_bench.dump() == before

    def test_earlier_moment_counts_and_a_later_one_does_not(self, bench: Bench) -> None:
        key = key_of(bench, bench.award(), CredentialForm.OB3_JWT)
        earlier = SINCE - timedelta(days=5)
        for since, expected in ((SINCE, SINCE), (START, SINCE), (earlier, earlier)):
            assert compromise(bench, key, since).key.compromised_since == expected

    def test_key_that_retired_needs_no_new_one(self, bench: Bench) -> None:
        award = bench.award()
        text = bench.form(award)
        key = key_of(bench, award, CredentialForm.OB3)
        bench.clock.advance(days=1)
        bench.rotate()
        with bench.service.database.read() as session:
            before = len(list_keys(session))
        done = compromise(bench, key)
        assert done.fresh is None
        assert done.lists_signed == 1  # it may be the one that signed them last
        with bench.service.database.read() as session:
            assert len(list_keys(session)) == before
        assert bench.verify(text).verdict is Verdict.VALID

    def test_unknown_key_is_said(self, bench: Bench) -> None:
        with pytest.raises(NotFoundError, match="keys list"):
            compromise(bench, "0000")

    def test_compromised_key_cannot_be_retired(self, bench: Bench) -> None:
        key = key_of(bench, bench.award(), CredentialForm.OB3)
        compromise(bench, key)
        with bench.service.database.write() as session, pytest.raises(ConflictError, match="already"):
            retire_key(session, bench.service.installation, key)
        bench.rotate()
        with bench.service.database.read() as session:
            assert find_key(session, key).state == KeyState.COMPROMISED


class TestMoment:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
            ("2026-11-20T14:30:00Z", datetime(2026, 11, 20, 14, 30, tzinfo=UTC)),
            ("2026-11-20T14:30:00+02:00", datetime(2026, 11, 20, 12, 30, tzinfo=UTC)),
            ("2026-12-01T10:00:00.5+00:01", datetime(2026, 12, 1, 9, 59, tzinfo=UTC)),
        ],
    )
    def test_is_a_day_or_a_moment_with_its_zone(self, text: str, expected: datetime) -> None:
        assert read_since(text, START) == expected

    @pytest.mark.parametrize("text", ["", "yesterday", "20.11.2026", "2026-11-20T14:30", "2026-13-01", "2026-12-02"])
    def test_is_refused_when_it_is_none_or_to_come(self, text: str) -> None:
        with pytest.raises(InvalidInputError) as problem:
            read_since(text, START)
        assert problem.value.field == "since"


def test_own_pages_and_the_check_know(bench: Bench) -> None:
    award = bench.award()
    key = key_of(bench, award, CredentialForm.OB3)
    compromise(bench, key)
    service = bench.service
    with service.database.read() as session:
        assert verify_own(session, service.installation, award).verdict is Verdict.VALID
    (keys,) = [
        each
        for each in check_installation(service.database, service.installation, service.mailer)
        if each.name == "keys"
    ]
    assert keys.ok
    assert f"compromised ({key})" in keys.message
