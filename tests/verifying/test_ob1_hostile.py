"""Whatever stands in the documents of old badges: never an exception, never a changed badge called valid."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from badges.standards.json_text import read_json, write_json
from badges.verifying.documents import MOST_DOCUMENTS
from badges.verifying.pipeline import verify
from badges.verifying.report import Report, Verdict
from badges.vocab.json import JsonObject
from tests.verifying import test_ob1 as old
from tests.verifying import test_ob2 as new
from tests.verifying.making import AT, EMAIL, World

TEXTS = st.text(max_size=8) | st.sampled_from(
    (
        *("https://[", "https://library.example/", "hosted", "signed", "Assertion", "Extension", "Endorsement", old.V1),
        *(new.CONTEXT, old.ASSERTION, new.ASSERTION, old.CLASS, new.ISSUER, "sha256$00", "9" * 400, "data:,"),
    )
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "type", "@context", "@id", "url", "verify", "issuer", "badge", "validation"]), inner
    ),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every member and item in a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for name, item in inside for place in ((*path, name), *places(item, (*path, name)))]


def mutate(document: JsonObject, data: st.DataObject) -> JsonObject:
    """A copy with one value replaced, taken away or added."""
    changed = copy.deepcopy(document)
    *path, last = data.draw(st.sampled_from(places(document)))
    owner: Any = changed
    for name in path:
        owner = owner[name]
    if data.draw(st.booleans()) and isinstance(owner, dict):
        del owner[last]
    else:
        owner[last] = data.draw(VALUES)
    if data.draw(st.integers(0, 3)) == 0:
        changed[data.draw(st.sampled_from(["verification", "endorsement", "image", "expires", "uid"]))] = data.draw(
            VALUES
        )
    return changed


def world_of(kind: str) -> tuple[World, JsonObject]:
    """The documents around one sound badge, and the badge."""
    world = World()
    if kind == "0.5":
        world.put(old.ASSERTION, old.oldest())
        return world, old.oldest()
    part: Any = new if kind == "2.0" else old
    world.put(part.ASSERTION, part.assertion())
    world.put(part.CLASS, part.badge_class())
    world.put(part.ISSUER, part.issuer(revocationList=part.LIST))
    world.put(part.LIST, {"revokedAssertions": []} if kind == "2.0" else {"other": "reason"})
    if kind == "2.0":
        world.put(part.KEY, part.key())
    else:
        world.put(part.KEY, part.SIGNER.pem)
    return world, part.assertion()


def check(world: World, badge: str) -> Report:
    report = verify(badge, fetcher=world, at=AT, email=EMAIL)
    assert len(report.documents) <= MOST_DOCUMENTS
    assert all(str(check.message) for check in report.checks)
    return report


@settings(max_examples=150)
@given(st.sampled_from(["0.5", "1.0", "2.0"]), st.data())
def test_documents_with_anything_in_them_are_judged(kind: str, data: st.DataObject) -> None:
    world, badge = world_of(kind)
    url = data.draw(st.sampled_from(sorted(url for url in world.documents if not url.endswith(".pem"))))
    document = mutate(read_json(world.documents[url].body), data) if data.draw(st.booleans()) else data.draw(VALUES)
    world.put(url, write_json(document))
    part = new if kind == "2.0" else old
    for submitted in (write_json(badge), part.ASSERTION, *([] if kind == "0.5" else [part.jws()])):
        check(world, submitted)


@settings(max_examples=100)
@given(st.sampled_from(["1.0", "2.0"]), st.data())
def test_a_changed_copy_is_never_valid(kind: str, data: st.DataObject) -> None:
    """What it says less does not count: the badge at its address is judged then."""
    world, badge = world_of(kind)
    changed = mutate(badge, data)
    report = check(world, write_json(changed))
    kept = all(changed[name] == badge[name] for name in changed.keys() & badge.keys() - {"verification", "verify"})
    # Another spelling of the same, a null, or another way to write how it is verified changes nothing.
    if report.verdict is Verdict.VALID and not (kept and changed.keys() <= badge.keys()):
        assert report.view == check(world, write_json(badge)).view


@settings(max_examples=100)
@given(st.sampled_from(["1.0", "2.0"]), st.data())
def test_a_signed_badge_with_one_other_byte_is_never_valid(kind: str, data: st.DataObject) -> None:
    world, _ = world_of(kind)
    text = (new if kind == "2.0" else old).jws()
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("Aaz09-_.=é\0\n{"))
    changed = text[:place] + letter + text[place + 1 :]
    report = check(world, changed)
    # The last letter of a part holds bits that mean nothing; our reader refuses those that are not zero.
    assert report.verdict is not Verdict.VALID or changed.strip() == text
