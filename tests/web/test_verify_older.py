"""Badges before 3.0, and what describes them, on the page that verifies."""

from __future__ import annotations

import pytest

from badges.standards.json_text import write_json
from badges.storage.records import CredentialForm
from badges.vocab.json import JsonObject
from tests.instances import BASE_URL, Bench
from tests.services.test_superseding import NEW, supersede
from tests.verifying import test_ob1 as old
from tests.verifying.making import World
from tests.verifying.test_ob2 import badge_class, issuer
from tests.web.browsing import PageClient
from tests.web.test_verify import hand_in, heading


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (badge_class(), "Not certain."),
        (issuer(), "Not a badge. This describes who awards badges."),
        ({**issuer(), "email": "nobody"}, "Not valid."),
        (old.oldest(), "Not certain."),
        (old.assertion(), "Not certain."),
        (old.assertion(recipient=None), "Not valid."),
    ],
)
def test_documents_are_said_for_what_they_are(client: PageClient, document: JsonObject, sentence: str) -> None:
    """The network is off here, so what has to be looked up is not certain."""
    response = hand_in(client, write_json(document))
    assert response.status_code == 200
    assert heading(response).startswith(sentence)


def test_an_older_signed_file_of_ours_leads_to_the_newer_one(bench: Bench, client: PageClient) -> None:
    award = bench.award()
    text = bench.form(award, CredentialForm.OB2_JWS)
    supersede(bench, award, email=NEW)
    response = hand_in(client, text)
    assert heading(response) == "Replaced. There is a newer version of this badge, and only that one counts."
    assert f'href="{BASE_URL}/credentials/{award.id}"' in response.text
    bench.revoke(award)
    assert heading(hand_in(client, text)).endswith(
        "has taken it back. The reason that it gives: “It had wrong details. There is a newer version.”"
    )


def test_a_sound_old_badge_is_valid(bench: Bench, client: PageClient) -> None:
    world = World()
    world.put(old.ASSERTION, old.assertion())
    world.put(old.CLASS, old.badge_class())
    world.put(old.ISSUER, old.issuer())
    object.__setattr__(bench.service, "web_fetcher", world)
    response = hand_in(client, old.ASSERTION)
    assert heading(response).startswith("Valid. Anytown Hospitals Library awarded “Evidence search skills”")
    assert "Open Badges 1, hosted" in response.text
