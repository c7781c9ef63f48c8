"""Endorsements inside a badge: confirmed, or a warning; never a reason against the badge."""

from __future__ import annotations

import copy

import pytest

from badges.standards.did.did_web import PublishedKey, did_document, did_web_to_url
from badges.standards.signer import KeyAlgorithm
from badges.verifying.report import CheckName, Outcome, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import AWARDED, EMAIL, FreshSigner, Library, credential, moment, sign

ENDORSER = FreshSigner(KeyAlgorithm.EDDSA)
DID = "did:web:faculty.example"
ACHIEVEMENT = "https://library.example/achievements/search/1"


def endorsement(
    about: str = ACHIEVEMENT, number: int = 10, did: str = DID, signer: FreshSigner = ENDORSER
) -> JsonObject:
    document = {
        "@context": credential()["@context"],
        "id": f"urn:uuid:0b9d1f52-8c34-4c1e-a3d5-0f5c1b8e2a{number}",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": did, "type": ["Profile"], "name": "A college"},
        "validFrom": moment(AWARDED),
        "name": "Endorsement",
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": "Good."},
    }
    return sign(document, signer, f"{did}#{signer.multikey}")


def publish(library: Library, did: str, signer: FreshSigner) -> None:
    """Let an organisation with this key be found in the library's world."""
    key = PublishedKey(signer.multikey, signer.public_key, KeyAlgorithm.EDDSA)
    library.world.put(did_web_to_url(did), did_document(did, [key]))


def endorsed(library: Library, *endorsements: object) -> JsonObject:
    publish(library, DID, ENDORSER)
    subject = credential()["credentialSubject"]
    subject["achievement"]["endorsement"] = list(endorsements)
    return library.embedded(credentialSubject=subject)


def test_a_sound_endorsement_is_confirmed() -> None:
    library = Library()
    report = library.check(endorsed(library, endorsement()))
    assert (report.verdict, report.check(CheckName.ENDORSEMENTS).outcome) == (Verdict.VALID, Outcome.PASSED)


def test_whose_badge_it_is_does_not_matter_to_an_endorsement() -> None:
    library = Library()
    report = library.check(endorsed(library, endorsement()), email=EMAIL)
    assert (report.verdict, report.check(CheckName.ENDORSEMENTS).outcome) == (Verdict.VALID, Outcome.PASSED)


def test_each_is_reported_with_who_endorses_and_what_came_of_it() -> None:
    library, doubtful = Library(), copy.deepcopy(endorsement(number=11))
    doubtful["credentialSubject"]["endorsementComment"] = "Excellent."
    first, second = library.check(endorsed(library, endorsement(), doubtful)).inside
    assert (first.place, first.report.verdict, first.doubt) == (CheckName.ENDORSEMENTS, Verdict.VALID, None)
    assert first.report.view is not None
    assert (first.report.view.issuer.name, first.report.view.comment) == ("A college", "Good.")
    assert (second.report.verdict, second.doubt is None) == (Verdict.INVALID, False)


def test_a_badge_in_the_place_of_an_endorsement_is_none() -> None:
    library = Library()
    subject = credential()["credentialSubject"] | {"id": ACHIEVEMENT}
    carrier = credential()["credentialSubject"]
    carrier["achievement"]["endorsementJwt"] = [library.jwt(credentialSubject=subject)]
    (inside,) = library.check(library.embedded(credentialSubject=carrier)).inside
    assert inside.report.verdict is Verdict.VALID
    assert str(inside.doubt) == "Something stands in its place that is no endorsement."


@pytest.mark.parametrize("damage", ["changed", "about", "unsigned", "stranger"])
def test_a_doubtful_endorsement_is_a_warning(damage: str) -> None:
    library, doubtful = Library(), copy.deepcopy(endorsement())
    if damage == "changed":
        doubtful["credentialSubject"]["endorsementComment"] = "Excellent."
    elif damage == "about":
        doubtful = endorsement("https://library.example/achievements/else/1")
    elif damage == "unsigned":
        del doubtful["proof"]
    else:
        doubtful["issuer"]["id"] = "did:web:else.example"
    report = library.check(endorsed(library, doubtful))
    assert (report.verdict, report.check(CheckName.ENDORSEMENTS).outcome) == (Verdict.VALID, Outcome.WARNING)


class TestSomebodyElse:
    """An endorsement counts if it is by somebody else, and it is known by whom."""

    def doubt(self, library: Library, endorsement: JsonObject) -> str:
        report = library.check(endorsed(library, endorsement))
        assert (report.verdict, report.check(CheckName.ENDORSEMENTS).outcome) == (Verdict.VALID, Outcome.WARNING)
        (inside,) = report.inside
        assert inside.report.verdict is Verdict.VALID
        return str(inside.doubt)

    def test_is_not_the_issuer_itself(self) -> None:
        library = Library()
        assert "the very one" in self.doubt(library, endorsement(did=library.did, signer=library.ed25519))

    def test_is_not_the_one_that_is_endorsed(self) -> None:
        library = Library()
        subject = credential()["credentialSubject"]
        publish(library, DID, ENDORSER)
        subject["achievement"]["creator"] = {"id": DID, "type": ["Profile"], "endorsement": [endorsement(DID)]}
        (inside,) = library.check(library.embedded(credentialSubject=subject)).inside
        assert "the very one" in str(inside.doubt)

    def test_is_not_another_name_for_the_issuer_s_key(self) -> None:
        library = Library()
        publish(library, "did:web:copy.example", library.ed25519)
        copy = endorsement(did="did:web:copy.example", signer=library.ed25519)
        assert "the same key" in self.doubt(library, copy)

    @pytest.mark.parametrize("is_the_issuer_s", [True, False])
    def test_is_no_bare_key_under_any_name(self, is_the_issuer_s: bool) -> None:
        library = Library()
        signer = library.ed25519 if is_the_issuer_s else ENDORSER
        assert "key" in self.doubt(library, endorsement(did=f"did:key:{signer.multikey}", signer=signer))


def test_many_endorsements_are_not_all_read() -> None:
    library = Library()
    check = library.check(endorsed(library, *(endorsement(number=10 + each) for each in range(9)))).check(
        CheckName.ENDORSEMENTS
    )
    assert check.outcome is Outcome.WARNING
