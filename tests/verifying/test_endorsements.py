"""Endorsements inside a badge: confirmed, or a warning; never a reason against the badge."""

from __future__ import annotations

import copy

import pytest

from badges.standards.signer import KeyAlgorithm
from badges.verifying.report import CheckName, Outcome, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import AWARDED, EMAIL, FreshSigner, Library, credential, moment, sign

ENDORSER = FreshSigner(KeyAlgorithm.EDDSA)
DID = f"did:key:{ENDORSER.multikey}"
ACHIEVEMENT = "https://library.example/achievements/search/1"


def endorsement(about: str = ACHIEVEMENT, number: int = 10) -> JsonObject:
    document = {
        "@context": credential()["@context"],
        "id": f"urn:uuid:0b9d1f52-8c34-4c1e-a3d5-0f5c1b8e2a{number}",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": DID, "type": ["Profile"], "name": "A college"},
        "validFrom": moment(AWARDED),
        "name": "Endorsement",
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": "Good."},
    }
    return sign(document, ENDORSER, f"{DID}#{ENDORSER.multikey}")


def endorsed(library: Library, *endorsements: object) -> JsonObject:
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
        doubtful["issuer"]["id"] = "did:web:college.example"
    report = library.check(endorsed(library, doubtful))
    assert (report.verdict, report.check(CheckName.ENDORSEMENTS).outcome) == (Verdict.VALID, Outcome.WARNING)


def test_many_endorsements_are_not_all_read() -> None:
    library = Library()
    check = library.check(endorsed(library, *(endorsement(number=10 + each) for each in range(9)))).check(
        CheckName.ENDORSEMENTS
    )
    assert check.outcome is Outcome.WARNING
