"""Documents are kept for as long as they may be, and no longer."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.network.cache import FAILURES, LONGEST, DocumentCache
from badges.network.fetcher import WebAnswer
from badges.network.lifetimes import UNSAID
from badges.standards.fetching import FetchedDocument, FetchError, FetchProblem
from tests.instances import SettableClock

JSON = "application/json"
URL = "https://a.example/document"


@dataclass
class Web:
    """A web of one page, whose answer a test sets; it counts."""

    body: bytes = b"{}"
    status_code: int = 200
    answer: dict[str, Any] = field(default_factory=dict)
    etag: str = ""
    problem: FetchProblem | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def ask(self, url: str, accept: str, etag: str = "") -> WebAnswer:
        self.asked.append((url, accept, etag))
        if self.problem:
            raise FetchError("No.", problem=self.problem)
        is_same = bool(etag) and etag == self.etag
        document = FetchedDocument(url, 304 if is_same else self.status_code, JSON, b"" if is_same else self.body)
        return WebAnswer(document, etag=self.etag, is_unchanged=is_same, **self.answer)


def seconds(count: float) -> dict[str, Any]:
    return {"fresh_for": timedelta(seconds=count)}


def opened(web: Web, **limits: int) -> tuple[DocumentCache, SettableClock]:
    clock = SettableClock()
    return DocumentCache(web, clock, **limits), clock


class TestLifetime:
    @pytest.mark.parametrize(
        ("stated", "kept_seconds"),
        [(300, 300), (5, 5), (10**9, LONGEST.total_seconds()), (None, UNSAID.total_seconds())],
    )
    def test_is_the_document_s_own_up_to_a_bound(self, stated: float | None, kept_seconds: float) -> None:
        web = Web(answer={} if stated is None else seconds(stated))
        cache, clock = opened(web)
        for _ in range(3):
            assert cache.fetch(URL, JSON).body == b"{}"
        clock.advance(seconds=kept_seconds - 1)
        cache.fetch(URL, JSON)
        assert len(web.asked) == 1
        clock.advance(seconds=1)
        web.body = b"[]"
        assert cache.fetch(URL, JSON).body == b"[]"

    def test_of_what_must_not_be_kept_is_none(self) -> None:
        web = Web(answer={"may_be_kept": False, **seconds(300)})
        cache, _ = opened(web)
        cache.fetch(URL, JSON)
        cache.fetch(URL, JSON)
        assert len(web.asked) == 2

    def test_of_a_status_list_is_at_most_its_ttl(self) -> None:
        """Source: Bitstring Status List v1.0, 2.2: ttl, in milliseconds."""
        subject = {"type": "BitstringStatusList", "ttl": 30_000}
        web = Web(body=json.dumps({"credentialSubject": subject}).encode(), answer=seconds(300))
        cache, clock = opened(web)
        cache.fetch(URL, JSON)
        clock.advance(seconds=29)
        cache.fetch(URL, JSON)
        assert len(web.asked) == 1
        clock.advance(seconds=1)
        cache.fetch(URL, JSON)
        assert len(web.asked) == 2

    @pytest.mark.parametrize("status_code", [500, 503, 403, 429])
    def test_of_an_error_is_short(self, status_code: int) -> None:
        web = Web(status_code=status_code, answer=seconds(300))
        cache, clock = opened(web)
        assert cache.fetch(URL, JSON).status_code == status_code
        cache.fetch(URL, JSON)
        assert len(web.asked) == 1
        clock.advance(seconds=FAILURES.total_seconds())
        cache.fetch(URL, JSON)
        assert len(web.asked) == 2

    def test_of_no_answer_is_short_and_it_stays_the_same_error(self) -> None:
        web = Web(problem=FetchProblem.UNREACHABLE)
        cache, clock = opened(web)
        for _ in range(2):
            with pytest.raises(FetchError, match="No") as caught:
                cache.fetch(URL, JSON)
            assert caught.value.problem is FetchProblem.UNREACHABLE
        assert len(web.asked) == 1
        clock.advance(seconds=FAILURES.total_seconds())
        web.problem = None
        assert cache.fetch(URL, JSON).status_code == 200


class TestAskingWhetherItIsStillSo:
    def test_unchanged_copy_lives_again(self) -> None:
        """Source: RFC 9111, 4.3 "Validation"."""
        web = Web(etag='"1"', answer=seconds(60))
        cache, clock = opened(web)
        cache.fetch(URL, JSON)
        clock.advance(seconds=60)
        web.body = b"not sent"
        assert cache.fetch(URL, JSON).body == b"{}"
        assert [etag for _, _, etag in web.asked] == ["", '"1"']
        clock.advance(seconds=59)
        cache.fetch(URL, JSON)
        assert len(web.asked) == 2

    def test_changed_one_is_taken(self) -> None:
        web = Web(etag='"1"', answer=seconds(0))
        cache, _ = opened(web)
        cache.fetch(URL, JSON)
        web.etag, web.body = '"2"', b"[]"
        assert cache.fetch(URL, JSON).body == b"[]"
        assert cache.fetch(URL, JSON).body == b"[]"
        assert [etag for _, _, etag in web.asked] == ["", '"1"', '"2"']

    def test_server_that_says_unchanged_unasked_gives_no_document(self) -> None:
        web = Web(status_code=304, body=b"")
        cache, _ = opened(web)
        assert cache.fetch(URL, JSON).status_code == 304


class TestBounds:
    def test_forms_are_kept_apart_and_fragments_are_not(self) -> None:
        web = Web(answer=seconds(300))
        cache, _ = opened(web)
        cache.fetch(URL + "#key-1", JSON)
        cache.fetch(URL + "#key-2", JSON)
        assert len(web.asked) == 1
        cache.fetch(URL, "text/html")
        assert len(web.asked) == 2

    def test_what_was_not_used_for_longest_goes_first(self) -> None:
        web = Web(answer=seconds(300))
        cache, _ = opened(web, most_entries=2)
        for name in ("a", "b", "a", "c"):
            cache.fetch(f"https://{name}.example/", JSON)
        web.asked.clear()
        for name in ("a", "c", "b"):
            cache.fetch(f"https://{name}.example/", JSON)
        assert [url for url, *_ in web.asked] == ["https://b.example/"]

    def test_what_is_larger_than_everything_is_not_kept(self) -> None:
        web = Web(body=b"x" * 10_000, answer=seconds(300))
        cache, _ = opened(web, most_bytes=8_000)
        assert len(cache.fetch(URL, JSON).body) == 10_000
        cache.fetch(URL, JSON)
        assert len(web.asked) == 2

    @given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4_000), st.integers(0, 90)), max_size=60))
    def test_kept_bytes_and_entries_stay_within_their_bounds(self, steps: list[tuple[int, int, int]]) -> None:
        """Whatever is asked in whatever order. Looks inside: what is kept cannot be seen from without."""
        web = Web()
        cache, clock = opened(web, most_entries=4, most_bytes=9_000)
        for number, size, passed in steps:
            web.body, web.answer = b"x" * size, seconds(size % 100)
            cache.fetch(f"https://a.example/{number}", JSON)
            clock.advance(seconds=passed)
            kept = list(cache._entries.values())
            assert len(kept) <= 4
            assert cache._bytes == sum(entry.size for entry in kept) <= 9_000

    def test_threads_share_it(self) -> None:
        web = Web(answer=seconds(300))
        cache, _ = opened(web, most_entries=3)
        problems: list[Exception] = []

        def work(start: int) -> None:
            try:
                for number in range(200):
                    url = f"https://{(start + number) % 5}.example/"
                    assert cache.fetch(url, JSON).url == url
            except Exception as problem:  # noqa: BLE001 — shown by the test
                problems.append(problem)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert problems == []
        assert cache._bytes == sum(entry.size for entry in cache._entries.values())


class TestRedirects:
    def test_what_is_kept_says_where_it_came_from(self) -> None:
        """Another host's document must not become the word of the address that leads there."""

        class Moved:
            asked = 0

            def ask(self, url: str, accept: str, etag: str = "") -> WebAnswer:
                self.asked += 1
                assert (url, accept, etag) == ("https://nhs.example/go?to=a", JSON, "")
                moved = FetchedDocument("https://evil.example/a", 200, JSON, b"{}")
                return WebAnswer(moved, fresh_for=timedelta(minutes=1))

        web = Moved()
        cache = DocumentCache(web, SettableClock())
        for _ in range(2):
            assert cache.fetch("https://nhs.example/go?to=a", JSON).url == "https://evil.example/a"
        assert web.asked == 1
