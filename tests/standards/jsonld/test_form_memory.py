"""What the compiled canonicaliser remembers stays small, and what it spends on a stranger's document is bounded."""

from __future__ import annotations

import pytest

from badges.standards.jsonld import canonical
from badges.standards.jsonld.canonical import (
    LARGEST_SHAPE_CHARACTERS,
    canonical_nquads,
    canonical_nquads_in_full,
)
from badges.standards.jsonld.compiled import MOST_QUADS, NotCompilableError, compile_form
from badges.standards.jsonld.skeleton import take_apart
from badges.vocab.json import JsonObject
from tests.verifying.making import credential


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> canonical._FormMemory:
    """A memory of this test's own, empty."""
    fresh = canonical._FormMemory()
    monkeypatch.setattr(canonical, "_memory", fresh)
    return fresh


def size_of(memory: canonical._FormMemory) -> int:
    """How many characters the keys hold."""
    shapes = sum(canonical._size(skeleton) for skeleton, _ in memory._shapes._entries)
    return shapes + sum(len(text) for _, _, texts in memory._forms._entries for text in texts)


def evidence(count: int) -> list[JsonObject]:
    return [{"id": f"urn:x:{number}", "type": ["Evidence"], "name": f"n{number}"} for number in range(count)]


def test_a_shape_with_long_names_is_not_kept(memory: canonical._FormMemory) -> None:
    for number in range(5):
        document = {**credential(), "x" * 100_000 + str(number): "y"}
        for _ in range(3):
            assert memory.find(document, "sha256") is None
    assert size_of(memory) == 0


def test_a_shape_whose_own_words_are_long_is_not_kept(memory: canonical._FormMemory) -> None:
    """A word of a vocabulary is part of the shape: what it says decides what it means."""
    for number in range(5):
        document: JsonObject = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["DataIntegrityProof"],
            "created": f"2026-12-0{number}T09:00:00Z",
            "proofPurpose": f"https://library.example/{number}" + "x" * 100_000,
        }
        for _ in range(4):
            assert canonical_nquads(document) == canonical_nquads_in_full(document)
    assert size_of(memory) < LARGEST_SHAPE_CHARACTERS


def test_a_document_that_states_very_much_is_not_compiled(memory: canonical._FormMemory) -> None:
    document = {**credential(), "evidence": evidence(MOST_QUADS // 2)}
    with pytest.raises(NotCompilableError, match="worth"):
        compile_form(document, take_apart(document)[1], [])
    for _ in range(3):
        assert memory.find(document, "sha256") is None
        assert canonical_nquads(document) == canonical_nquads_in_full(document)


def test_what_cannot_be_compiled_is_not_tried_again(
    memory: canonical._FormMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The narrower form of this class fails: a text that it keeps holds the compiler's own words."""
    document = credential(name="urn:x-badges-gap:1:")
    assert memory.find(document, "sha256") is None
    for _ in range(3):
        assert memory.find(document, "sha256") is not None
    tries: list[object] = []
    monkeypatch.setattr(canonical, "compile_form", lambda *given, **options: tries.append(given))
    for _ in range(3):
        assert memory.find(document, "sha256") is not None
    assert tries == []
