"""Slow servers hold some threads of the service, and never all."""

from __future__ import annotations

import threading

import pytest

from badges.network.sources import CachingFetcher
from badges.network.turnstile import TurnstileFetcher
from badges.standards.fetching import FetchedDocument, FetchError, FetchProblem


class SlowServer:
    """Answers when the test lets it."""

    def __init__(self) -> None:
        self.is_asked = threading.Semaphore(0)
        self.may_answer = threading.Event()

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        self.is_asked.release()
        assert self.may_answer.wait(10)
        if url.endswith("bad"):
            raise FetchError("No.", problem=FetchProblem.UNREACHABLE)
        return FetchedDocument(url, 200, accept, b"")


def test_one_too_many_is_turned_away_at_once_and_let_in_when_a_turn_is_free() -> None:
    server = SlowServer()
    fetcher = TurnstileFetcher(server, 2)
    threads = [threading.Thread(target=fetcher.fetch, args=(f"https://a.example/{number}", "*/*")) for number in "12"]
    for thread in threads:
        thread.start()
        assert server.is_asked.acquire(timeout=10)
    with pytest.raises(FetchError) as caught:
        fetcher.fetch("https://a.example/3", "*/*")
    assert caught.value.problem is FetchProblem.BUSY
    server.may_answer.set()
    for thread in threads:
        thread.join(10)
    assert fetcher.fetch("https://a.example/3", "*/*").status_code == 200


def test_failed_fetch_gives_its_turn_back() -> None:
    server = SlowServer()
    server.may_answer.set()
    fetcher = TurnstileFetcher(server, 1)
    for _ in range(3):
        with pytest.raises(FetchError, match="No"):
            fetcher.fetch("https://a.example/bad", "*/*")


def test_run_knows_that_it_was_turned_away() -> None:
    run = CachingFetcher(TurnstileFetcher(SlowServer(), 0))
    assert not run.was_busy
    with pytest.raises(FetchError):
        run.fetch("https://a.example/", "*/*")
    assert run.was_busy
