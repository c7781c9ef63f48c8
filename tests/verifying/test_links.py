"""The link that a person means, out of what they pasted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.verifying.intake import take_in_words
from badges.verifying.links import LONGEST_WORDS, MOST_LINKS, links_in
from badges.verifying.report import CheckName, Outcome, Verdict
from tests.verifying.making import Library

LINK = "https://a.example/badges/1"


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (f"here is my badge {LINK} thanks", [LINK]),
        (f"My badge: {LINK}.", [LINK]),
        (f"({LINK})", [LINK]),
        (f"Look ({LINK}), please!", [LINK]),
        (f"<{LINK}>", [LINK]),
        (f"“{LINK}”", [LINK]),
        (f"[my badge]({LINK})", [LINK]),
        (f"*{LINK}*", [LINK]),
        (f"{LINK}\n\nSent from my phone", [LINK]),
        (f"{LINK} and again {LINK}", [LINK]),
        (f"{LINK}?a=1&b=(2)#c", [f"{LINK}?a=1&b=(2)#c"]),
        ("https://a.example/Badge_(open)", ["https://a.example/Badge_(open)"]),
        ("HTTPS://A.example/x", ["HTTPS://A.example/x"]),
        (f"{LINK}, {LINK}/2", [LINK, f"{LINK}/2"]),
        ("it is at www.a.example/badge.", ["https://www.a.example/badge"]),
        ("WWW.a.example", ["https://WWW.a.example"]),
        (f"{LINK}?see=www.b.example", [f"{LINK}?see=www.b.example"]),
        ("sam@www.a.example mywww.a.example www. www.a x/www.a.example", []),
        ("https://", []),
        ("https://...", []),
        ("mailto:sam@example.org ftp://a.example", []),
        ("", []),
    ],
)
def test_finds_links_in_sentences(text: str, links: list[str]) -> None:
    assert links_in(text) == links


@given(st.text(max_size=300) | st.lists(st.sampled_from([LINK, "(", ")", ".", " ", "https://", "\n"])).map("".join))
def test_links_stand_in_the_text_and_are_few(text: str) -> None:
    found = links_in(text)
    assert len(found) <= MOST_LINKS
    assert len(set(found)) == len(found)
    assert all(link.removeprefix("https://") in text and " " not in link for link in found)


def test_long_text_is_read_to_a_bound_only() -> None:
    assert links_in(" " * LONGEST_WORDS + LINK) == []


class TestVerifying:
    def test_sentence_with_a_link_is_the_link(self) -> None:
        library = Library()
        url = "https://library.example/credentials/1"
        library.world.put(url, library.embedded())
        assert library.check(f"Here is my badge: {url}. Thanks").verdict is Verdict.VALID

    def test_several_links_are_asked_about(self) -> None:
        library = Library()
        check = library.check(f"{LINK} or {LINK}/2").check(CheckName.SHAPE)
        assert check.outcome is Outcome.FAILED
        assert "several links" in str(check.message)
        assert [str(detail) for detail in check.details] == [LINK, f"{LINK}/2"]
        assert library.world.asked == []

    def test_links_inside_a_badge_or_a_page_are_not_followed(self) -> None:
        library = Library()
        assert library.check(library.embedded()).verdict is Verdict.VALID
        library.world.asked.clear()
        assert library.check(f'{{"see": "{LINK}"}}').verdict is Verdict.INVALID
        assert library.world.asked == []
        library.world.put(LINK, f"The badge is at {LINK}/2")
        assert library.check(LINK).verdict is not Verdict.VALID
        assert f"{LINK}/2" not in library.world.asked

    def test_file_is_not_read_as_a_sentence(self) -> None:
        library = Library()
        assert library.check(f"see {LINK}".encode()).verdict is Verdict.INVALID
        assert library.world.asked == []

    def test_text_without_a_link_is_no_badge(self) -> None:
        assert take_in_words("hello").problem is not None
