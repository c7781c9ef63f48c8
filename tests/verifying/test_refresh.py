"""A newer version of a badge: looked for once, judged when it is good, and never held against the older one.

Source: Open Badges 3.0, "Refresh the OpenBadgeCredential", "Credential equality and comparison algorithm".
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.standards.baking.png import bake_png
from badges.standards.base64url import encode_base64url
from badges.standards.json_text import read_json_object
from badges.standards.proofs import vc_jwt
from badges.verifying.report import CheckName, Outcome, Report, Verdict
from badges.verifying.report_document import report_document
from badges.vocab.json import JsonObject
from tests.verifying.making import (
    AT,
    AWARDED,
    DID_URL,
    EMAIL,
    KEY_URL,
    FreshSigner,
    Library,
    World,
    credential,
    entry,
    jwt_text,
    moment,
    sign,
    sign_json,
)
from tests.verifying.test_intake import png

REFRESH_URL = "https://library.example/credentials/1/refresh"
KIND = "1EdTechCredentialRefresh"
SERVICE = {"id": REFRESH_URL, "type": KIND}
CONTEXTS = [*credential()["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
LATER = AWARDED + timedelta(hours=5)


@pytest.fixture
def library() -> Library:
    return Library()


def version(library: Library, index: int, **changes: Any) -> JsonObject:
    """A badge that says where its newest version is, with a place of its own in the status list."""
    members = {"@context": CONTEXTS, "refreshService": SERVICE, "credentialStatus": entry(index)}
    return library.embedded(**members | changes)


def newer(library: Library, **changes: Any) -> JsonObject:
    return version(library, 6, validFrom=moment(LATER), name="Evidence search skills, corrected", **changes)


def name_of(report: Report) -> str:
    assert report.view is not None
    return report.view.name


def refreshed(report: Report) -> Outcome:
    return report.check(CheckName.REFRESH).outcome


class TestNewerOne:
    def test_stands_in_for_one_that_was_taken_back_for_it(self, library: Library) -> None:
        library.put_list(5)
        old = version(library, 5)
        assert library.check(old).verdict is Verdict.INVALID
        library.world.put(REFRESH_URL, newer(library))
        report = library.check(old)
        assert report.verdict is Verdict.VALID
        assert (name_of(report), refreshed(report)) == ("Evidence search skills, corrected", Outcome.WARNING)
        assert REFRESH_URL in str(report.check(CheckName.REFRESH).details[0])

    def test_is_judged_even_when_the_older_one_still_stands(self, library: Library) -> None:
        library.world.put(REFRESH_URL, newer(library))
        report = library.check(version(library, 5))
        assert (report.verdict, name_of(report)) == (Verdict.VALID, "Evidence search skills, corrected")

    def test_may_be_a_jwt_and_so_may_the_older_one(self, library: Library) -> None:
        members = {"@context": CONTEXTS, "refreshService": SERVICE}
        later = vc_jwt.sign(credential(**members, validFrom=moment(LATER), name="Later"), library.rsa, KEY_URL)
        library.world.put(REFRESH_URL, later)
        earlier = vc_jwt.sign(credential(**members), library.rsa, KEY_URL)
        for old in (version(library, 5), earlier):
            report = library.check(old)
            assert (report.verdict, name_of(report)) == (Verdict.VALID, "Later")

    def test_is_the_same_badge_when_only_its_spelling_differs(self, library: Library) -> None:
        """Source: the ids are percent-decoded and trimmed before they are compared."""
        library.world.put(REFRESH_URL, newer(library, id="https://library.example/credentials/%31"))
        assert refreshed(library.check(version(library, 5))) is Outcome.WARNING

    def test_answers_whose_badge_it_is(self, library: Library) -> None:
        nobody = {**credential()["credentialSubject"], "identifier": None}
        subject = {name: value for name, value in nobody.items() if value}
        library.world.put(REFRESH_URL, newer(library, credentialSubject=subject))
        report = library.check(version(library, 5), email=EMAIL)
        assert report.check(CheckName.RECIPIENT).outcome is not Outcome.PASSED
        assert refreshed(report) is Outcome.WARNING


class TestWhatIsJudged:
    """The whole report is about the newer one, and says that this is not what was handed in."""

    def test_is_the_text_of_the_newer_one(self, library: Library) -> None:
        later = newer(library)
        library.world.put(REFRESH_URL, later)
        report = library.check(version(library, 5))
        assert report.judged_instead == REFRESH_URL
        assert read_json_object(report.text) == later
        assert report_document(report)["judgedInstead"] == REFRESH_URL

    def test_is_shown_without_the_picture_of_the_older_one(self, library: Library) -> None:
        picture = bake_png(png(), credential=json.dumps(version(library, 5)))
        assert library.check(picture).picture is not None
        library.world.put(REFRESH_URL, newer(library))
        report = library.check(picture)
        assert (report.verdict, report.picture) == (Verdict.VALID, None)

    def test_is_what_was_handed_in_where_that_is_the_newest(self, library: Library) -> None:
        library.world.put(REFRESH_URL, version(library, 5))
        report = library.check(version(library, 5))
        assert report.judged_instead == ""
        assert "judgedInstead" not in report_document(report)


@cache
def library_with_newer_one() -> Library:
    """An organisation that has corrected a badge; the newer one is good. Nobody changes this library."""
    shared = Library()
    shared.world.put(REFRESH_URL, newer(shared))
    return shared


EARLIER = {"@context": CONTEXTS, "refreshService": SERVICE, "name": "Consultant surgeon"}
UNKNOWN_PROOFS = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(["Weird2099", "BbsBlsSignature2020", ""])}),
    st.fixed_dictionaries(
        {
            "type": st.just("DataIntegrityProof"),
            "cryptosuite": st.sampled_from(["bbs-2023", "eddsa-rdfc-2099", ""]),
            "verificationMethod": st.sampled_from(["x", "did:web:library.example#x", "did:web:gone.example#x"]),
            "proofPurpose": st.just("assertionMethod"),
            "proofValue": st.sampled_from(["u", "z" + "1" * 64]),
        }
    ),
)


@st.composite
def _with_unknown_proofs(draw: st.DrawFn) -> JsonObject:
    """A forgery whose proofs are of kinds that nobody knows."""
    return {**credential(**EARLIER), "proof": draw(st.lists(UNKNOWN_PROOFS, min_size=1, max_size=3))}


@st.composite
def _by_strangers(draw: st.DrawFn) -> JsonObject:
    """A forgery that is signed, by a key whose owner was not seen, is nobody, or is somebody else."""
    thief = FreshSigner(draw(st.just(Library().ed25519.algorithm)))
    method = draw(
        st.sampled_from(
            [
                f"did:web:gone.example#{thief.multikey}",
                f"https://gone.example/keys#{thief.multikey}",
                f"did:web:library.example#{thief.multikey}",
                f"did:key:{thief.multikey}#{thief.multikey}",
            ]
        )
    )
    forged = credential(**EARLIER)
    return sign_json(forged, thief, method) if draw(st.booleans()) else sign(forged, thief, method)


@st.composite
def _tokens_by_strangers(draw: st.DrawFn) -> str:
    """A forged token: of an algorithm that nobody knows, or by a key that is not to be had or is a stranger's."""
    thief = Library(number=1).rsa
    headers: list[JsonObject] = [
        {"kid": "https://gone.example/key"},
        {"kid": "key-1"},
        {"jwk": thief.jwk},
    ]
    token = jwt_text(draw(st.sampled_from(headers)), vc_jwt.credential_claims(credential(**EARLIER)), thief)
    if draw(st.booleans()):
        return token
    return encode_base64url(b'{"alg":"ES512","kid":"key-1"}') + "." + token.split(".", 1)[1]


class TestForgery:
    """Nobody gets a good answer by pointing at somebody else's good badge."""

    @given(_with_unknown_proofs() | _by_strangers() | _tokens_by_strangers(), st.booleans())
    @settings(max_examples=60, deadline=None)
    def test_that_cannot_be_verified_is_never_valid(self, forged: JsonObject | str, is_shown: bool) -> None:
        library = library_with_newer_one()
        value: Any = forged
        if is_shown:
            value = {
                "@context": ["https://www.w3.org/ns/credentials/v2"],
                "type": ["VerifiablePresentation"],
                "verifiableCredential": [library.embedded(), _enveloped(forged) if isinstance(forged, str) else forged],
            }
        report = library.check(value)
        assert report.verdict in {Verdict.INVALID, Verdict.UNKNOWN}
        for about in [each.report for each in report.inside[1:]] if is_shown else [report]:
            assert about.verdict in {Verdict.INVALID, Verdict.UNKNOWN}
            assert (name_of(about), about.judged_instead) == ("Consultant surgeon", "")

    def test_in_words_of_its_own_is_never_valid(self, library: Library) -> None:
        """The holder gives a signed word another meaning; the newer one would hide that."""
        library.world.put(REFRESH_URL, newer(library))
        badge = version(library, 5)
        badge["@context"] = [*CONTEXTS, {"again": "https://schema.org/name"}]
        report = library.check(badge)
        assert (report.verdict, report.judged_instead) == (Verdict.UNKNOWN, "")

    def test_badge_whose_issuer_cannot_be_seen_is_left_as_it_is(self, library: Library) -> None:
        library.world.put(REFRESH_URL, newer(library))
        old = version(library, 5)
        del library.world.documents[DID_URL]
        report = library.check(old)
        assert (report.verdict, report.judged_instead) == (Verdict.UNKNOWN, "")
        assert REFRESH_URL not in library.world.asked


def _enveloped(token: str) -> JsonObject:
    return {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{token}",
    }


class TestOlderOneStands:
    def check(self, library: Library, answer: JsonObject | str | None, status_code: int = 200) -> Report:
        if answer is not None:
            library.world.put(REFRESH_URL, answer, status_code)
        report = library.check(version(library, 5))
        assert (report.verdict, name_of(report)) == (Verdict.VALID, "Evidence search skills")
        return report

    @pytest.mark.parametrize(("answer", "code"), [(None, 200), ("gone", 410), ("{}", 200), ("[1", 200), ("", 500)])
    def test_when_nothing_is_to_be_had(self, library: Library, answer: str | None, code: int) -> None:
        assert refreshed(self.check(library, answer, code)) is Outcome.SKIPPED

    def test_when_it_is_the_newest_itself(self, library: Library) -> None:
        assert refreshed(self.check(library, version(library, 5))) is Outcome.PASSED

    def test_when_the_other_is_older(self, library: Library) -> None:
        earlier = moment(AWARDED - timedelta(seconds=1))
        assert refreshed(self.check(library, version(library, 6, validFrom=earlier))) is Outcome.PASSED

    def test_when_the_other_is_another_badge(self, library: Library) -> None:
        other = newer(library, id="https://library.example/credentials/2")
        assert refreshed(self.check(library, other)) is Outcome.PASSED

    def test_when_the_other_is_by_somebody_else(self, library: Library) -> None:
        issuer = {"id": "did:web:elsewhere.example", "type": ["Profile"], "name": "Elsewhere"}
        assert refreshed(self.check(library, newer(library, issuer=issuer))) is Outcome.PASSED

    def test_when_the_other_was_changed(self, library: Library) -> None:
        changed = {**newer(library), "name": "Changed"}
        assert refreshed(self.check(library, changed)) is Outcome.SKIPPED

    def test_when_the_other_is_signed_by_a_key_that_is_not_the_issuer_s(self, library: Library) -> None:
        thief = Library()
        document = {name: value for name, value in newer(library).items() if name != "proof"}
        assert refreshed(self.check(library, sign(document, thief.ed25519, thief.method))) is Outcome.SKIPPED

    def test_when_the_other_was_withdrawn(self, library: Library) -> None:
        library.put_list(6)
        assert refreshed(self.check(library, newer(library))) is Outcome.SKIPPED

    def test_when_the_other_ended_or_has_not_begun(self, library: Library) -> None:
        ended = newer(library, validUntil=moment(AT - timedelta(hours=1)))
        assert refreshed(self.check(library, ended)) is Outcome.SKIPPED
        library.world.put(REFRESH_URL, version(library, 6, validFrom=moment(AT + timedelta(hours=1))))
        assert library.check(version(library, 5)).verdict is Verdict.VALID


def test_one_that_was_withdrawn_stays_so_when_the_newer_one_was_too(library: Library) -> None:
    library.put_list(5, 6)
    library.world.put(REFRESH_URL, newer(library))
    report = library.check(version(library, 5))
    assert report.verdict is Verdict.INVALID
    assert report.check(CheckName.STATUS).outcome is Outcome.FAILED


def test_a_changed_badge_asks_nobody(library: Library) -> None:
    library.world.put(REFRESH_URL, newer(library))
    changed = {**version(library, 5), "name": "Changed"}
    assert library.check(changed).verdict is Verdict.INVALID
    assert REFRESH_URL not in library.world.asked


def test_a_newer_one_is_not_asked_for_one_newer_still(library: Library) -> None:
    further = "https://library.example/credentials/1/further"
    library.world.put(REFRESH_URL, newer(library, refreshService={**SERVICE, "id": further}))
    assert library.check(version(library, 5)).verdict is Verdict.VALID
    assert library.world.asked.count(REFRESH_URL) == 1
    assert further not in library.world.asked


def test_refresh_services_of_other_kinds_are_left_alone(library: Library) -> None:
    service = {"id": REFRESH_URL, "type": "https://library.example/terms#Refresh"}
    badge = library.embedded(refreshService=service)
    assert refreshed(library.check(badge)) is Outcome.SKIPPED
    assert REFRESH_URL not in library.world.asked


def test_nothing_is_asked_offline(library: Library) -> None:
    assert refreshed(library.check(version(library, 5), fetcher=World())) is Outcome.SKIPPED


def test_the_kind_of_the_service_can_be_written_as_an_address(library: Library) -> None:
    """The proof covers the address that the name stands for: a holder can write either, and must hide nothing by it."""
    badge = version(library, 5)
    badge["refreshService"] = {**SERVICE, "type": "https://purl.imsglobal.org/spec/vccr/v1p0/context.json#" + KIND}
    library.world.put(REFRESH_URL, newer(library))
    report = library.check(badge)
    assert (report.verdict, name_of(report)) == (Verdict.VALID, "Evidence search skills, corrected")
