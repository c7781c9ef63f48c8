"""What pages make of a report: the one word of its state, and what it is about."""

from __future__ import annotations

from typing import Any

import pytest

from badges.vocab.json import JsonObject
from badges.web.public.report_views import inside_views, kind_words, state_of
from tests.verifying.making import AT, DID_URL, EMAIL, Library
from tests.verifying.test_refresh import REFRESH_URL, newer, version

PAST = "2026-12-02T00:00:00Z"


@pytest.mark.parametrize(
    ("changes", "email", "state"),
    [
        ({}, None, "valid"),
        ({}, EMAIL, "valid"),
        ({}, "kim@example.org", "mismatch"),
        ({"validUntil": PAST}, EMAIL, "expired"),
        ({"validUntil": PAST}, "kim@example.org", "invalid"),
        ({"validFrom": "2027-01-01T00:00:00Z"}, "kim@example.org", "invalid"),
    ],
)
def test_state_names_what_is_wrong(changes: dict[str, Any], email: str | None, state: str) -> None:
    library = Library()
    assert state_of(library.check(library.embedded(**changes), email=email), AT) == state


def test_badge_that_is_not_certain_is_not_called_good_for_another_address() -> None:
    library = Library()
    badge = library.embedded()
    del library.world.documents[DID_URL]
    assert state_of(library.check(badge, email="kim@example.org"), AT) == "invalid"


def test_older_version_is_named_as_what_was_handed_in() -> None:
    library = Library()
    library.put_list(5)
    old = version(library, 5)
    library.world.put(REFRESH_URL, newer(library))
    assert kind_words(library.check(newer(library))) is None
    assert "an older version" in str(kind_words(library.check(old)))
    shown: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [old],
    }
    (view,) = inside_views(library.check(shown), AT)
    assert (view["state"], view["name"]) == ("valid", "Evidence search skills, corrected")
    assert "an older version" in str(view["sentence"])
