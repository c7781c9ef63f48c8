"""Badges before 3.0: the official validator of Open Badges 2.0 and ours say the same, whichever version it is."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from badges.verifying.pipeline import verify
from badges.verifying.report import Verdict
from badges.vocab.json import JsonObject
from tests.interop.conftest import ValidateOb2
from tests.verifying import test_ob1 as old
from tests.verifying import test_ob2 as new
from tests.verifying.making import World
from tests.verifying.test_intake import png

HOST = "https://library.example"
V1 = "https://w3id.org/openbadges/v1"
LAST_YEAR = (datetime.now(UTC) - timedelta(days=300)).strftime("%Y-%m-%d")
NEXT_YEAR = (datetime.now(UTC) + timedelta(days=300)).strftime("%Y-%m-%d")


def world_of(assertion: JsonObject, badge_class: JsonObject, issuer: JsonObject, url: str) -> World:
    world = World()
    folder = url.rpartition("/assertions/")[0] or HOST
    world.put(url, assertion)
    world.put(f"{folder}/classes/1", badge_class)
    world.put(f"{folder}/issuer", issuer)
    return world


def in_1_0(**changes: Any) -> World:
    changes = {"issuedOn": LAST_YEAR, **changes}
    class_changes = changes.pop("badge_class", {})
    return world_of(old.assertion(**changes), old.badge_class(**class_changes), old.issuer(), old.ASSERTION)


def in_1_1(**changes: Any) -> World:
    badge = old.typed(old.assertion(**{"issuedOn": LAST_YEAR, **changes}), "Assertion", old.ASSERTION)
    badge_class = old.typed(old.badge_class(), "BadgeClass", old.CLASS)
    issuer = old.typed(old.issuer(email="l@library.example"), "Issuer", old.ISSUER)
    return world_of(badge, badge_class, issuer, old.ASSERTION)


def in_0_5(**changes: Any) -> World:
    world = World()
    badge = old.oldest(**changes)
    badge["badge"] |= {"image": f"{HOST}/1.png", "criteria": f"{HOST}/criteria"}
    world.put(old.ASSERTION, badge)
    return world


def in_2_0(**changes: Any) -> World:
    nulls = changes.pop("nulls", {})
    issuer = {name: value for name, value in new.issuer(**changes.pop("issuer", {})).items() if name != "publicKey"}
    badge = new.assertion(**{"issuedOn": f"{LAST_YEAR}T00:00:00Z", **changes}) | nulls
    return world_of(badge, new.badge_class(), issuer, new.ASSERTION)


CASES = {
    "1.0": (in_1_0(), True),
    "1.0 in seconds": (in_1_0(issuedOn=1359217910), True),
    "1.0 with more members": (in_1_0(snood="a game"), True),
    "1.0 expired": (in_1_0(expires=LAST_YEAR), False),
    "1.0 from the future": (in_1_0(issuedOn=NEXT_YEAR), False),
    "1.0 without recipient": (in_1_0(recipient=None), False),
    "1.0 with a recipient that is no hash": (
        in_1_0(recipient={"type": "email", "hashed": True, "identity": "sam"}),
        False,
    ),
    "1.0 without criteria": (in_1_0(badge_class={"criteria": None}), False),
    "1.0 without name": (in_1_0(badge_class={"name": None}), False),
    "1.1": (in_1_1(), True),
    "1.1 in seconds": (in_1_1(issuedOn="1359217910"), True),
    "1.1 without verify": (in_1_1(verify=None), False),
    "1.1 expired": (in_1_1(expires=LAST_YEAR), False),
    "0.5": (in_0_5(), True),
    "0.5 plain": (in_0_5(recipient="sam@example.org", salt=None), True),
    "0.5 from the future": (in_0_5(issued_on=NEXT_YEAR), False),
    "2.0": (in_2_0(), True),
    "2.0 with verify": (in_2_0(verification=None, verify={"type": "hosted"}), True),
    "2.0 with a type that nothing explains": (in_2_0(type=["Assertion", "Wonder"]), False),
    "2.0 with a hash that is said to be none": (
        in_2_0(recipient={"type": "email", "hashed": False, "identity": "sha256$" + "a" * 64}),
        False,
    ),
    "2.0 with a picture in it": (in_2_0(image="data:image/png;base64,AAAA"), False),
    "2.0 from the future": (in_2_0(issuedOn=f"{NEXT_YEAR}T00:00:00Z"), False),
    "2.0 outside its issuer's scope": (
        in_2_0(issuer={"verification": {"startsWith": f"{HOST}/others/", "allowedOrigins": "library.example"}}),
        False,
    ),
    "2.0 on a host that its issuer does not allow": (
        in_2_0(issuer={"verification": {"allowedOrigins": "else.example"}}),
        False,
    ),
    "2.0 with nulls for what it has not": (in_2_0(nulls={"expires": None, "evidence": [], "narrative": None}), True),
    "2.0 with a null for what it must have": (in_2_0(nulls={"issuedOn": None}), False),
}


@contextlib.contextmanager
def serving(world: World, context: bytes) -> Iterator[str]:
    """Serve the documents of a world, and the context of 1.1, on this machine; yields the address."""
    answers = {url.removeprefix(HOST): document.body for url, document in world.documents.items()}
    answers |= {"/openbadges/v1": context}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers.get(self.path, png() if self.path.endswith(".png") else b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "image/png" if self.path.endswith(".png") else "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("name", CASES)
def test_both_say_the_same(name: str, ob2_validator: ValidateOb2, standards_data: Path) -> None:
    world, is_valid = CASES[name]
    ours = verify(
        old.ASSERTION if old.ASSERTION in world.documents else new.ASSERTION, fetcher=world, at=datetime.now(UTC)
    )
    assert (ours.verdict is Verdict.VALID) is is_valid, [str(check.message) for check in ours.checks]
    address = old.ASSERTION if old.ASSERTION in world.documents else new.ASSERTION
    context = (standards_data / "ob20-core-components" / "openbadges_context_v1.json").read_bytes()
    with serving(world, context) as local:
        theirs = ob2_validator(address, maps={HOST: local, "https://w3id.org": local})
    assert theirs.valid is is_valid, theirs.messages
    assert json.loads(ours.text)


@pytest.mark.parametrize(
    ("place", "changes", "is_sound"),
    [
        (new.CLASS, {}, True),
        (new.CLASS, {"name": 7}, False),
        (new.CLASS, {"criteria": None}, False),
        (new.CLASS, {"image": "data:image/gif;base64,AAAA"}, False),
        (new.ISSUER, {}, True),
        (new.ISSUER, {"name": None}, False),
        (new.ISSUER, {"verification": {"startsWith": "library.example"}}, False),
    ],
)
def test_both_judge_the_form_of_what_is_no_badge(
    place: str, changes: JsonObject, is_sound: bool, ob2_validator: ValidateOb2
) -> None:
    world = in_2_0()
    world.put(place, {**json.loads(world.documents[place].body), **changes})
    ours = verify(place, fetcher=world, at=datetime.now(UTC))
    assert ours.verdict is (Verdict.NOT_A_BADGE if is_sound else Verdict.INVALID)
    with serving(world, b"{}") as local:
        theirs = ob2_validator(place, maps={HOST: local})
    assert theirs.valid is is_sound, theirs.messages
