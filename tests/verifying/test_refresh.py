"""A newer version of a badge: looked for once, judged when it is good, and never held against the older one.

Source: Open Badges 3.0, "Refresh the OpenBadgeCredential", "Credential equality and comparison algorithm".
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from badges.standards.proofs import vc_jwt
from badges.verifying.report import CheckName, Outcome, Report, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import AT, AWARDED, EMAIL, KEY_URL, Library, World, credential, entry, moment, sign

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
