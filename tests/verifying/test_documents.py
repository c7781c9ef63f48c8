"""What one verification may ask for: each document once, and not too many."""

from __future__ import annotations

import pytest

from badges.standards.fetching import FetchError
from badges.verifying.documents import MOST_DOCUMENTS, Documents, UnseenDocumentError
from tests.verifying.making import World

URL = "https://library.example/a"


def test_each_document_is_asked_for_once() -> None:
    world = World()
    world.put(URL, {"a": 1})
    documents = Documents(world)
    assert documents.read_object(URL + "#b") == documents.read_object(URL + "#c") == {"a": 1}
    with pytest.raises(UnseenDocumentError):
        documents.read_object(URL + "/missing")
    with pytest.raises(UnseenDocumentError):
        documents.read_object(URL + "/missing")
    assert world.asked == [URL, URL + "/missing"]
    assert [str(document.answer) for document in documents.seen] == [
        "answered 200, 7 bytes",
        "https://library.example/a/missing could not be reached.",
    ]


def test_there_is_an_end_to_asking() -> None:
    world = World()
    documents = Documents(world)
    for number in range(MOST_DOCUMENTS + 5):
        with pytest.raises(FetchError):
            documents.fetch(f"{URL}/{number}", "application/json")
    assert len(world.asked) == MOST_DOCUMENTS


@pytest.mark.parametrize(("answer", "code"), [("", 404), ("[]", 200), ("{", 200), ('{"a":1,"a":2}', 200)])
def test_what_is_no_object_was_not_seen(answer: str, code: int) -> None:
    world = World()
    world.put(URL, answer, code)
    with pytest.raises(UnseenDocumentError) as caught:
        Documents(world).read_object(URL)
    assert caught.value.status_code == code
