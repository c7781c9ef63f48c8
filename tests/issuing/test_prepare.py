"""Preparing an award: who it is for, where it will be found, how long it counts."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from badges.errors import InvalidInputError
from badges.ids import SystemRandom
from badges.issuing.prepare import months_after, prepare_recipient
from badges.standards.identity import identity_matches


class TestRecipient:
    def test_is_a_random_urn_and_a_salted_hash_of_the_normalised_address(self) -> None:
        """Source: Open Badges 3.0, "IdentityHash"."""
        recipient = prepare_recipient("  Sam.Jones@NHS.net ", SystemRandom())
        assert uuid.UUID(recipient.subject_id).version == 4
        assert recipient.subject_id.startswith("urn:uuid:")
        assert recipient.email is not None
        assert identity_matches(recipient.email.identity_hash, recipient.email.salt, "sam.jones@nhs.net")
        assert not identity_matches(recipient.email.identity_hash, recipient.email.salt, "sam.james@nhs.net")

    def test_two_badges_of_one_person_have_nothing_in_common(self) -> None:
        first, second = (prepare_recipient("sam@example.org", SystemRandom()) for _ in range(2))
        assert first.subject_id != second.subject_id
        assert first.email is not None
        assert second.email is not None
        assert first.email.salt != second.email.salt
        assert first.email.identity_hash != second.email.identity_hash

    def test_without_an_address_there_is_only_the_urn(self) -> None:
        assert prepare_recipient(None, SystemRandom()).email is None

    @pytest.mark.parametrize("email", ["", "sam", "sam@", "sam@@example.org", "sam@localhost"])
    def test_what_is_no_address_is_refused(self, email: str) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            prepare_recipient(email, SystemRandom())
        assert refusal.value.field == "email"


@pytest.mark.parametrize(
    ("awarded", "months", "until"),
    [
        ("2027-01-15", 1, "2027-02-15"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2027-01-31", 3, "2027-04-30"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2027-12-31", 1, "2028-01-31"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2027-12-01", 12, "2028-12-01"),
        ("2027-11-30", 25, "2029-12-30"),
    ],
)
def test_months_are_counted_on_the_calendar(awarded: str, months: int, until: str) -> None:
    def moment(day: str) -> datetime:
        return datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=UTC)

    assert months_after(moment(awarded), months) == moment(until)


def test_without_months_there_is_no_end() -> None:
    assert months_after(datetime(2027, 1, 1, tzinfo=UTC), None) is None
