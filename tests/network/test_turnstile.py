"""Slow servers hold some threads of the service, and never all."""

from __future__ import annotations

import threading

import pytest

from badges.clock import system_clock
from badges.network.cache import DocumentCache
from badges.network.fetcher import WebAnswer
from badges.network.sources import CachingFetcher
from badges.network.turnstile import Turnstile
from badges.standards.fetching import FetchedDocument, FetchError, FetchProblem


class SlowServer:
    """Answers when the test lets it."""

    def __init__(self) -> None:
        self.is_asked = threading.Semaphore(0)
        self.may_answer = threading.Event()

    def ask(self, url: str, accept: str, etag: str = "") -> WebAnswer:
        self.is_asked.release()
        assert self.may_answer.wait(10)
        if url.endswith("bad"):
            raise FetchError("No.", problem=FetchProblem.UNREACHABLE)
        return WebAnswer(FetchedDocument(url, 200, accept, b""))


def test_one_too_many_is_turned_away_at_once_and_let_in_when_a_turn_is_free() -> None:
    server = SlowServer()
    turnstile = Turnstile(server, 2)
    threads = [threading.Thread(target=turnstile.ask, args=(f"https://a.example/{number}", "*/*")) for number in "12"]
    for thread in threads:
        thread.start()
        assert server.is_asked.acquire(timeout=10)
    with pytest.raises(FetchError) as caught:
        turnstile.ask("https://a.example/3", "*/*")
    assert caught.value.problem is FetchProblem.BUSY
    server.may_answer.set()
    for thread in threads:
        thread.join(10)
    assert turnstile.ask("https://a.example/3", "*/*").document.status_code == 200


def test_failed_fetch_gives_its_turn_back() -> None:
    server = SlowServer()
    server.may_answer.set()
    turnstile = Turnstile(server, 1)
    for _ in range(3):
        with pytest.raises(FetchError, match="No"):
            turnstile.ask("https://a.example/bad", "*/*")


def test_run_knows_that_it_was_turned_away() -> None:
    run = CachingFetcher(DocumentCache(Turnstile(SlowServer(), 0), system_clock))
    assert not run.was_busy
    with pytest.raises(FetchError):
        run.fetch("https://a.example/", "*/*")
    assert run.was_busy


def test_being_turned_away_is_not_remembered() -> None:
    """A second later the same address may be asked."""
    server = SlowServer()
    turnstile = Turnstile(server, 1)
    cache = DocumentCache(turnstile, system_clock)
    other = threading.Thread(target=turnstile.ask, args=("https://a.example/slow", "*/*"))
    other.start()
    assert server.is_asked.acquire(timeout=10)
    with pytest.raises(FetchError) as caught:
        cache.fetch("https://a.example/", "*/*")
    assert caught.value.problem is FetchProblem.BUSY
    server.may_answer.set()
    other.join(10)
    assert cache.fetch("https://a.example/", "*/*").status_code == 200
