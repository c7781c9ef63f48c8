"""Documents from files, from home, from memory, from nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from badges.addresses import Addresses
from badges.network.sources import CachingFetcher, HomeFirstFetcher, MapFetcher, OfflineFetcher
from badges.standards.fetching import FetchedDocument, FetchError, FetchProblem

JSON = "application/json"


class CountingFetcher:
    """Answers everything under /good and refuses the rest; counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        self.asked.append(url)
        if "/good" not in url:
            raise FetchError("No.", problem=FetchProblem.UNREACHABLE)
        return FetchedDocument(url, 200, JSON, b"{}")


def test_offline_has_nothing() -> None:
    with pytest.raises(FetchError) as caught:
        OfflineFetcher().fetch("https://a.example/good", JSON)
    assert caught.value.problem is FetchProblem.OFFLINE


def test_a_file_wins_over_the_network(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"from":"file"}')
    web = CountingFetcher()
    fetcher = MapFetcher({"https://a.example/good#key": tmp_path / "a.json"}, web)
    assert fetcher.fetch("https://a.example/good#other", JSON).body == b'{"from":"file"}'
    assert web.asked == []
    assert fetcher.fetch("https://a.example/good/2", JSON).body == b"{}"


def test_a_missing_file_does_not_fall_back_to_the_network(tmp_path: Path) -> None:
    web = CountingFetcher()
    fetcher = MapFetcher({"https://a.example/good": tmp_path / "missing"}, web)
    with pytest.raises(FetchError, match="cannot be read"):
        fetcher.fetch("https://a.example/good", JSON)
    assert web.asked == []


def test_remembers_answers_and_refusals() -> None:
    web = CountingFetcher()
    fetcher = CachingFetcher(web)
    for _ in range(2):
        assert fetcher.fetch("https://a.example/good", JSON).status_code == 200
        with pytest.raises(FetchError):
            fetcher.fetch("https://a.example/bad", JSON)
    assert web.asked == ["https://a.example/good", "https://a.example/bad"]


def test_asks_nothing_new_when_all_time_is_used() -> None:
    web, now = CountingFetcher(), [100.0]
    fetcher = CachingFetcher(web, total_seconds=5, monotonic=lambda: now[0])
    fetcher.fetch("https://a.example/good", JSON)
    now[0] = 105.0
    assert fetcher.fetch("https://a.example/good", JSON).status_code == 200
    with pytest.raises(FetchError, match="took too long altogether"):
        fetcher.fetch("https://a.example/good/2", JSON)
    assert len(web.asked) == 1


def test_asks_again_for_another_form() -> None:
    web = CountingFetcher()
    fetcher = CachingFetcher(web)
    fetcher.fetch("https://a.example/good", JSON)
    fetcher.fetch("https://a.example/good", "text/html")
    assert len(web.asked) == 2


def test_our_own_addresses_are_answered_in_process() -> None:
    def home(path: str, accept: str) -> FetchedDocument | None:
        return FetchedDocument("http://localhost:8000" + path, 200, JSON, b"home") if path == "/status/1?a" else None

    web = CountingFetcher()
    fetcher = HomeFirstFetcher(Addresses("http://localhost:8000"), home, web)
    assert fetcher.fetch("http://localhost:8000/status/1?a#3", JSON).body == b"home"
    assert fetcher.fetch("http://localhost:8000/nothing", JSON).status_code == 404
    assert web.asked == []
    assert fetcher.fetch("https://a.example/good", JSON).body == b"{}"
    with pytest.raises(FetchError):
        fetcher.fetch("https://[::1", JSON)


@pytest.mark.parametrize(
    "given",
    [
        "did:web:localhost%3A8000:organisations:a",
        "http://localhost:8000/organisations/a/did.json",
        "https://localhost:8000/organisations/a/did.json",
    ],
)
def test_a_file_for_a_did_counts_for_its_document(tmp_path: Path, given: str) -> None:
    (tmp_path / "did.json").write_bytes(b'{"id":"did"}')
    fetcher = MapFetcher({given: tmp_path / "did.json"}, OfflineFetcher())
    assert fetcher.fetch("https://localhost:8000/organisations/a/did.json", JSON).body == b'{"id":"did"}'


def test_http_and_https_of_another_host_are_two(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"{}")
    with pytest.raises(FetchError):
        MapFetcher({"http://a.example/": tmp_path / "a.json"}, OfflineFetcher()).fetch("https://a.example/", JSON)
