"""Credentials that are no badge, handed in alone: verified in full and named for what they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.standards.identity import hash_identity
from badges.standards.proofs import vc_jwt
from badges.standards.signer import KeyAlgorithm
from badges.verifying.kinds import kind_of
from badges.verifying.report import CheckName, CredentialKind, Outcome, Report, Verdict
from badges.verifying.report_document import report_document
from badges.vocab.json import JsonObject, JsonValue
from tests.standards.baking.pictures import make_chunk, make_png
from tests.verifying.making import (
    AWARDED,
    EMAIL,
    ISSUER,
    KEY_URL,
    FreshSigner,
    Library,
    credential,
    entry,
    moment,
    outcomes,
    sign,
    sign_as,
    status_list,
)

V2 = "https://www.w3.org/ns/credentials/v2"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
BADGE_ID = "https://library.example/credentials/1"


def endorsement(**changes: Any) -> JsonObject:
    """An unsigned endorsement of a badge, by the library itself."""
    document: JsonObject = {
        "@context": [V2, OB],
        "id": "urn:uuid:0b9d1f52-8c34-4c1e-a3d5-0f5c1b8e2a10",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Anytown Hospitals Library"},
        "validFrom": moment(AWARDED),
        "name": "Endorsement",
        "credentialSubject": {"id": BADGE_ID, "type": ["EndorsementSubject"], "endorsementComment": "Good."},
    }
    return {name: value for name, value in (document | changes).items() if value is not None}


def identity(**changes: Any) -> JsonObject:
    """An identity of a subject: the same hash as in the badges of a library."""
    (same,) = credential()["credentialSubject"]["identifier"]
    return {**same, **changes}


def record(*badges: Any, **changes: Any) -> JsonObject:
    """An unsigned Comprehensive Learner Record that holds these badges."""
    subject = credential()["credentialSubject"]
    document: JsonObject = {
        "@context": [V2, CLR, OB],
        "id": "urn:uuid:1c9d1f52-8c34-4c1e-a3d5-0f5c1b8e2a10",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Anytown Hospitals Library"},
        "validFrom": moment(AWARDED),
        "name": "What Sam learned",
        "credentialSubject": {
            "id": "urn:uuid:2c9d1f52-8c34-4c1e-a3d5-0f5c1b8e2a10",
            "type": ["ClrSubject"],
            "identifier": subject["identifier"],
            "verifiableCredential": list(badges),
        },
    }
    return document | changes


def plain(**changes: Any) -> JsonObject:
    """An unsigned credential of no kind that we know."""
    document: JsonObject = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "credentialSubject": {"id": "did:example:someone", "name": "Sam"},
    }
    return document | changes


def signed(library: Library, document: JsonObject) -> JsonObject:
    return sign(document, library.ed25519, library.method)


def shape_message(report: Report) -> str:
    return str(report.check(CheckName.SHAPE).message)


class TestEndorsementAlone:
    def test_is_valid_and_named(self) -> None:
        library = Library()
        report = library.check(signed(library, endorsement(credentialStatus=entry())))
        assert (report.verdict, report.kind) == (Verdict.VALID, CredentialKind.ENDORSEMENT)
        assert report.view is not None
        assert (report.view.subject_id, report.view.comment) == (BADGE_ID, "Good.")
        assert set(outcomes(report).values()) == {"passed", "skipped"}

    @pytest.mark.parametrize("purpose", ["revocation", "suspension"])
    def test_withdrawn_is_not_spoken_of_as_a_badge(self, purpose: str) -> None:
        library = Library()
        library.put_list(7, purpose=purpose)
        report = library.check(signed(library, endorsement(credentialStatus=entry(7, purpose=purpose))))
        status = report.check(CheckName.STATUS)
        assert (report.verdict, status.outcome.value) == (Verdict.INVALID, "failed")
        assert str(status.message).startswith("Whoever signed it has")
        assert "badge" not in f"{status.message} {status.mend}"

    def test_as_jwt_is_valid(self) -> None:
        library = Library()
        report = library.check(vc_jwt.sign(endorsement(), library.rsa, KEY_URL))
        assert (report.verdict, report.kind) == (Verdict.VALID, CredentialKind.ENDORSEMENT)

    @pytest.mark.parametrize(
        ("changes", "check"),
        [
            ({"name": None}, "shape"),
            ({"credentialSubject": {"id": BADGE_ID}}, "shape"),
            ({"validUntil": moment(AWARDED)}, "validity"),
            ({"issuer": {"id": "did:web:college.example", "type": ["Profile"]}}, "issuer"),
            ({"credentialStatus": entry(7)}, "status"),
        ],
    )
    def test_each_check_is_made(self, changes: JsonObject, check: str) -> None:
        library = Library()
        library.put_list(7)
        report = library.check(signed(library, endorsement(**changes)))
        assert (report.verdict, outcomes(report)[check]) == (Verdict.INVALID, "failed")

    def test_an_e_mail_address_has_nothing_to_do_with_it(self) -> None:
        library = Library()
        for document in (endorsement(), plain(), status_list()):
            report = library.check(signed(library, document), email=EMAIL)
            assert outcomes(report)["recipient"] == "skipped"
            assert report.verdict in {Verdict.VALID, Verdict.NOT_A_BADGE}


class TestRecord:
    def test_is_valid_with_a_report_on_each_badge(self) -> None:
        library = Library()
        report = library.check(signed(library, record(library.embedded(), library.jwt())), email=EMAIL)
        assert (report.verdict, report.kind) == (Verdict.VALID, CredentialKind.CLR)
        assert [(each.place, each.report.verdict, each.report.kind) for each in report.inside] == [
            (CheckName.CONTENTS, Verdict.VALID, CredentialKind.BADGE)
        ] * 2
        document = report_document(report)
        assert (document["kind"], document["inside"][1]["format"]) == ("clr", "ob3-jwt")
        assert document["inside"][0]["badge"]["name"] == "Evidence search skills"

    @pytest.mark.parametrize(
        ("changes", "is_tied"),
        [
            ({}, True),  # the very hash of the badge
            ({"identifier": None}, False),
            ({"identifier": None, "id": "urn:uuid:7d0a9f52-8c34-4c1e-a3d5-0f5c1b8e2a10"}, True),
            ({"identifier": [identity(hashed=False, identityHash=EMAIL)]}, True),
            ({"identifier": [identity(hashed=False, identityHash="john@example.org")]}, False),
            ({"identifier": [identity(identityHash=hash_identity("john@example.org", "salt"))]}, False),
            ({"identifier": [identity(identityHash=hash_identity(EMAIL, "other"), salt="other")]}, False),
        ],
    )
    def test_a_badge_of_somebody_else_inside_is_noticed(self, changes: JsonObject, is_tied: bool) -> None:
        library = Library()
        document = record(library.embedded())
        subject = document["credentialSubject"] | changes
        document["credentialSubject"] = {name: value for name, value in subject.items() if value is not None}
        report = library.check(signed(library, document))
        assert (report.verdict, outcomes(report)["contents"]) == (Verdict.VALID, "passed" if is_tied else "warning")
        told = report.check(CheckName.CONTENTS)
        assert is_tied or "nothing shows that they are about the same person" in str(told.message)
        assert is_tied or [str(each) for each in told.details] == ["Evidence search skills"]

    def test_the_e_mail_address_shows_that_all_are_about_one_person(self) -> None:
        library = Library()
        document = record(library.embedded())
        document["credentialSubject"]["identifier"] = [
            identity(identityHash=hash_identity(EMAIL, "other"), salt="other")
        ]
        report = library.check(signed(library, document), email=EMAIL)
        assert outcomes(report)["contents"] == "passed"

    def test_in_a_picture_is_found(self) -> None:
        """CLR 2.0: the keyword is `clrcredential`."""
        library = Library()
        text = vc_jwt.sign(record(library.jwt()), library.rsa, KEY_URL)
        picture = make_png(make_chunk(b"iTXt", b"clrcredential\0\0\0\0\0" + text.encode()))
        report = library.check(picture)
        assert (report.verdict, report.kind) == (Verdict.VALID, CredentialKind.CLR)
        assert report.picture is not None

    def test_a_badge_that_was_withdrawn_makes_it_invalid_and_is_named(self) -> None:
        library = Library()
        library.put_list(9)
        good, withdrawn = library.embedded(), library.embedded(credentialStatus=entry(9), name="Old skills")
        report = library.check(signed(library, record(good, withdrawn)))
        check = report.check(CheckName.CONTENTS)
        assert (report.verdict, check.outcome) == (Verdict.INVALID, Outcome.FAILED)
        assert str(check.message) == "Not valid among the badges that it holds: 1 of 2."
        assert [str(detail) for detail in check.details] == [
            "Old skills: The organisation that awarded this badge has withdrawn it."
        ]
        assert [each.report.verdict for each in report.inside] == [Verdict.VALID, Verdict.INVALID]

    def test_a_badge_by_somebody_else_than_it_names_is_not_made_good_by_the_record(self) -> None:
        library = Library()
        forged = library.embedded(issuer={"id": "did:web:college.example", "type": ["Profile"], "name": "College"})
        assert library.check(signed(library, record(forged))).verdict is Verdict.INVALID

    @pytest.mark.parametrize("value", ["no JWT", 7, {}, ["x"], {"type": "VerifiableCredential"}, "a.b.c"])
    def test_what_is_no_credential_is_a_finding(self, value: Any) -> None:
        library = Library()
        badge = library.jwt()
        text = vc_jwt.sign(record(badge, value), library.rsa, KEY_URL)
        report = library.check(text)
        assert (report.verdict, report.check(CheckName.SHAPE).outcome) == (Verdict.INVALID, Outcome.PASSED)
        assert [each.report.verdict for each in report.inside] == [Verdict.VALID, Verdict.INVALID]

    def test_records_in_records_are_opened_to_a_bounded_depth(self) -> None:
        library = Library()
        text: Any = library.jwt()
        for _ in range(4):
            text = vc_jwt.sign(record(text), library.rsa, KEY_URL)
        report = library.check(text)
        assert report.verdict is Verdict.UNKNOWN
        (deepest,) = report.inside[0].report.inside[0].report.inside[0].report.inside
        assert deepest.report.verdict is Verdict.UNKNOWN

    def test_a_record_of_fifty_badges_is_read(self) -> None:
        library = Library()
        badges = [library.embedded(id=f"https://library.example/credentials/{number}") for number in range(50)]
        assert library.check(signed(library, record(*badges))).verdict is Verdict.VALID

    @pytest.mark.parametrize(
        "changes",
        [
            {"@context": [V2, OB] * 45},
            {"evidence": [{"type": ["Evidence"], "name": str(number)} for number in range(700)]},
        ],
        ids=["contexts", "values"],
    )
    def test_what_would_make_endless_work_is_not_opened(self, changes: JsonObject) -> None:
        library = Library()
        costly = vc_jwt.sign(credential(**changes), library.rsa, KEY_URL)
        report = library.check(vc_jwt.sign(record(*[costly] * 50), library.rsa, KEY_URL))
        messages = [str(each.report.check(CheckName.SHAPE).message) for each in report.inside]
        assert 30 < messages.count("There is more inside than we look at, so we did not open this.") < 50

    def test_more_badges_than_are_looked_at_are_not_called_valid(self) -> None:
        library = Library()
        report = library.check(vc_jwt.sign(record(*[library.jwt()] * 51), library.rsa, KEY_URL))
        assert (report.verdict, len(report.inside)) == (Verdict.UNKNOWN, 50)

    @pytest.mark.parametrize(
        "changes",
        [
            {"@context": [V2, OB]},
            {"@context": [V2, OB, CLR]},
            {"name": 5},
            {"credentialSubject": {"type": ["ClrSubject"]}},
        ],
    )
    def test_shape_is_held_to_the_standard(self, changes: JsonObject) -> None:
        library = Library()
        report = (
            library.check(vc_jwt.sign(record(library.jwt()) | {"id": "urn:uuid:1"} | changes, library.rsa, KEY_URL))
            if "credentialSubject" not in changes
            else library.check(signed(library, record() | changes))
        )
        assert (report.verdict, outcomes(report)["shape"]) == (Verdict.INVALID, "failed")

    def test_many_credentials_in_many_records_are_not_all_opened(self) -> None:
        library = Library()
        badge = library.jwt()
        inner = [vc_jwt.sign(record(*[badge] * 45), library.rsa, KEY_URL)] * 3
        report = library.check(vc_jwt.sign(record(*inner), library.rsa, KEY_URL))
        assert [each.report.verdict for each in report.inside] == [Verdict.VALID, Verdict.VALID, Verdict.UNKNOWN]

    def test_one_that_names_nobody_is_compared_by_the_badges_in_it(self) -> None:
        library = Library()
        nameless = record(library.embedded())
        del nameless["credentialSubject"]["identifier"]
        report = library.check(signed(library, nameless), email=EMAIL)
        assert (report.verdict, outcomes(report)["recipient"]) == (Verdict.VALID, "skipped")
        report = library.check(signed(library, nameless), email="else@example.org")
        assert (report.verdict, outcomes(report)["contents"]) == (Verdict.INVALID, "failed")

    def test_another_persons_e_mail_is_noticed(self) -> None:
        library = Library()
        report = library.check(signed(library, record(library.embedded())), email="else@example.org")
        assert (report.verdict, outcomes(report)["recipient"]) == (Verdict.INVALID, "failed")


class TestPresentation:
    """VC Data Model 2.0, section 4.13."""

    def present(self, *credentials: Any, **changes: Any) -> JsonObject:
        document: JsonObject = {"@context": [V2], "type": ["VerifiablePresentation"]}
        return document | {"verifiableCredential": list(credentials)} | changes

    def envelope(self, text: str) -> JsonObject:
        return {"@context": V2, "type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{text}"}

    def test_badges_in_it_are_valid_whoever_shows_them(self) -> None:
        library = Library()
        report = library.check(self.present(library.embedded(), self.envelope(library.jwt())), email=EMAIL)
        assert (report.verdict, report.kind) == (Verdict.VALID, CredentialKind.PRESENTATION)
        assert [each.report.verdict for each in report.inside] == [Verdict.VALID] * 2
        assert outcomes(report)["proof"] == "skipped"

    @pytest.mark.parametrize(("domain", "outcome"), [({}, "passed"), ({"domain": "https://a.example"}, "warning")])
    def test_signature_of_the_holder_is_checked(self, domain: dict[str, str], outcome: str) -> None:
        library, holder = Library(), FreshSigner(KeyAlgorithm.EDDSA)
        method = f"did:key:{holder.multikey}#{holder.multikey}"
        shown = self.present(library.embedded())
        report = library.check(sign_as(shown, holder, method, proofPurpose="authentication", **domain))
        assert (report.verdict, outcomes(report)["proof"]) == (Verdict.VALID, outcome)
        report = library.check(sign_as(shown, holder, method, proofPurpose="assertionMethod"))
        assert (report.verdict, outcomes(report)["proof"]) == (Verdict.INVALID, "failed")

    @pytest.mark.parametrize(
        ("holder", "outcome"),
        [("did:web:somebody.example", "failed"), (ISSUER, "failed"), ({"id": ISSUER}, "failed"), (None, "passed")],
    )
    def test_stranger_is_not_taken_for_the_holder(self, holder: JsonValue, outcome: str) -> None:
        library, stranger = Library(), FreshSigner(KeyAlgorithm.EDDSA)
        shown = self.present(library.embedded(), **({"holder": holder} if holder else {}))
        method = f"did:key:{stranger.multikey}#{stranger.multikey}"
        report = library.check(sign_as(shown, stranger, method, proofPurpose="authentication"))
        assert (outcomes(report)["proof"], outcomes(report)["issuer"]) == ("passed", outcome)
        assert report.verdict is (Verdict.INVALID if outcome == "failed" else Verdict.VALID)

    @pytest.mark.parametrize(
        ("changes", "named", "unnamed"),
        [
            ({}, "passed", "passed"),
            ({"authentication": []}, "failed", "warning"),
            ({"expires": moment(AWARDED - timedelta(days=1))}, "failed", "warning"),
            ({"revoked": moment(AWARDED)}, "warning", "warning"),
            (None, "unknown", "warning"),
        ],
    )
    def test_document_of_the_holder_says_whose_key_it_is(
        self, changes: JsonObject | None, named: str, unnamed: str
    ) -> None:
        library, holder = Library(), FreshSigner(KeyAlgorithm.EDDSA)
        did, method = "did:web:sam.example", f"did:web:sam.example#{holder.multikey}"
        key: JsonObject = {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": holder.multikey}
        document: JsonObject = {"id": did, "verificationMethod": [key], "authentication": [method]}
        if changes is not None:
            (document if "authentication" in changes else key).update(changes)
            library.world.put("https://sam.example/.well-known/did.json", document)
        for members, outcome in (({"holder": did}, named), ({}, unnamed)):
            shown = self.present(library.embedded(), **members)
            report = library.check(sign_as(shown, holder, method, proofPurpose="authentication"))
            assert (outcomes(report)["proof"], outcomes(report)["issuer"]) == ("passed", outcome)

    def test_words_are_about_what_was_shown_and_not_about_a_badge(self) -> None:
        library, holder = Library(), FreshSigner(KeyAlgorithm.EDDSA)
        method = f"did:key:{holder.multikey}#{holder.multikey}"
        for options in ({}, {"domain": "https://a.example"}, {"expires": moment(AWARDED)}, {"cryptosuite": "other"}):
            shown = sign_as(self.present(library.embedded()), holder, method, proofPurpose="authentication", **options)
            proof = library.check(shown).check(CheckName.PROOF)
            assert "shows these badges" in str(proof.message)

    def test_proof_of_the_holder_counts_beside_one_of_a_stranger(self) -> None:
        library, stranger, holder = Library(), FreshSigner(KeyAlgorithm.EDDSA), FreshSigner(KeyAlgorithm.EDDSA)
        shown = self.present(library.embedded(), holder=f"did:key:{holder.multikey}")
        proofs = [
            proof
            for signer in (stranger, holder)
            for proof in sign_as(
                shown, signer, f"did:key:{signer.multikey}#{signer.multikey}", proofPurpose="authentication"
            )["proof"]
        ]
        report = library.check({**shown, "proof": proofs})
        assert (report.verdict, outcomes(report)["issuer"]) == (Verdict.VALID, "passed")

    def test_one_bad_badge_makes_it_invalid(self) -> None:
        library = Library()
        bad = library.embedded() | {"name": "Another"}
        assert library.check(self.present(library.embedded(), bad)).verdict is Verdict.INVALID

    def test_another_persons_badge_is_noticed(self) -> None:
        library = Library()
        assert library.check(self.present(library.embedded()), email="else@example.org").verdict is Verdict.INVALID

    @pytest.mark.parametrize("others", [[], [plain()]])
    def test_without_a_badge_it_is_not_valid(self, others: list[JsonObject]) -> None:
        library = Library()
        report = library.check(self.present(*(signed(library, other) for other in others)))
        assert (report.verdict, str(report.check(CheckName.CONTENTS).message)) == (
            Verdict.INVALID,
            "There is no badge in it.",
        )

    @pytest.mark.parametrize(
        "changes", [{"@context": ["https://a.example"]}, {"holder": "x"}, {"verifiableCredential": [5]}]
    )
    def test_shape_is_held_to_the_standard(self, changes: JsonObject) -> None:
        library = Library()
        report = library.check(self.present(library.embedded(), **changes))
        assert (report.verdict, outcomes(report)["shape"]) == (Verdict.INVALID, "failed")

    def test_an_envelope_alone_is_opened(self) -> None:
        library = Library()
        assert library.check(self.envelope(library.jwt())).verdict is Verdict.VALID
        assert library.check(self.envelope("{}")).verdict is Verdict.INVALID


class TestOthers:
    def test_a_status_list_is_verified_and_named(self) -> None:
        library = Library()
        report = library.check(signed(library, status_list(23)))
        assert (report.verdict, report.kind) == (Verdict.NOT_A_BADGE, CredentialKind.STATUS_LIST)
        assert shape_message(report) == "This is a list of withdrawn badges, not a badge."
        assert outcomes(report)["proof"] == outcomes(report)["issuer"] == "passed"

    def test_a_list_that_cannot_be_unpacked_is_invalid(self) -> None:
        library = Library()
        document = status_list(23)
        document["credentialSubject"]["encodedList"] = "uAAAA"
        report = library.check(signed(library, document))
        assert (report.verdict, outcomes(report)["shape"]) == (Verdict.INVALID, "failed")

    def test_a_credential_of_another_kind_is_verified_and_never_called_a_valid_badge(self) -> None:
        library = Library()
        report = library.check(signed(library, plain()))
        assert (report.verdict, report.kind) == (Verdict.NOT_A_BADGE, CredentialKind.OTHER)
        assert shape_message(report) == "This is a signed credential of no special kind, not an Open Badge."
        assert {name for name, outcome in outcomes(report).items() if outcome == "passed"} == {
            "proof",
            "issuer",
            "status",
            "validity",
        }

    def test_its_kind_is_said(self) -> None:
        library = Library()
        document = plain(type=["VerifiableCredential", "JsonSchemaCredential"])
        document["credentialSubject"] = {"id": "https://example.org/schema.json", "type": "JsonSchema"}
        document["credentialSubject"]["jsonSchema"] = {"type": "object"}
        report = library.check(signed(library, document))
        assert "of the kind JsonSchemaCredential, not an Open Badge" in shape_message(report)

    def test_a_changed_one_is_invalid(self) -> None:
        library = Library()
        document = signed(library, plain())
        document["credentialSubject"]["name"] = "Kim"
        assert library.check(document).verdict is Verdict.INVALID

    def test_expired_one_is_invalid_and_one_without_a_start_is_not(self) -> None:
        library = Library()
        report = library.check(signed(library, plain(validUntil=moment(AWARDED))))
        assert outcomes(report)["validity"] == "failed"
        assert outcomes(library.check(signed(library, plain())))["validity"] == "passed"

    @pytest.mark.parametrize("types", [["VerifiableCredential"], ["VerifiableCredential", "JsonSchemaCredential"]])
    def test_a_badge_that_calls_itself_something_else_stays_a_badge(self, types: list[str]) -> None:
        subject = credential()["credentialSubject"]
        assert kind_of(credential(type=types)) is CredentialKind.BADGE
        assert kind_of(credential(type=types, credentialSubject=subject | {"type": "Person"})) is CredentialKind.BADGE
        del subject["achievement"]
        assert kind_of(credential(type=types, credentialSubject=[subject])) is CredentialKind.BADGE


def test_the_word_email_for_an_identity_is_read_with_a_warning() -> None:
    library = Library()
    subject = credential()["credentialSubject"]
    subject["identifier"][0]["identityType"] = "email"
    report = library.check(library.embedded(credentialSubject=subject), email=EMAIL)
    assert report.verdict is Verdict.VALID
    assert (outcomes(report)["shape"], outcomes(report)["recipient"]) == ("warning", "passed")


def test_a_name_with_its_language_is_read_with_a_warning() -> None:
    library = Library()
    report = library.check(library.embedded(name={"@value": "Sgiliau chwilio", "@language": "cy"}))
    assert (report.verdict, outcomes(report)["shape"]) == (Verdict.VALID, "warning")
    assert report.view is not None
    assert report.view.name == "Sgiliau chwilio"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.dictionaries(
    st.sampled_from(
        ["@context", "type", "id", "issuer", "credentialSubject", "proof", "validFrom", "credentialStatus", "name"]
    ),
    JSON,
    max_size=4,
)


@given(
    kind=st.sampled_from([endorsement, record, plain, status_list]),
    changes=MEMBERS,
    inside=MEMBERS,
)
def test_whatever_is_in_it_becomes_a_finding(kind: Any, changes: JsonObject, inside: JsonObject) -> None:
    document = kind()
    if isinstance(document["credentialSubject"], dict):
        document["credentialSubject"].update(inside)
    report = WORLD.check(document | changes)
    assert report.verdict in {Verdict.INVALID, Verdict.UNKNOWN}
    report_document(report)


WORLD = Library()
