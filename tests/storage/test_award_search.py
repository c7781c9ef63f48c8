"""Awards found by words: of people, of badges, of both; on both engines; and words that follow every correction."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from sqlalchemy import delete, select, text, update

import badges.storage.queries.award_search as queries
from badges.services.award_values import find_award
from badges.services.correcting import correct_name
from badges.services.persons import find_or_add_person
from badges.services.superseding import supersede_award
from badges.storage.migrations.versions.m0014_words_of_people import fill
from badges.storage.queries.awards import PAGE_SIZE, AwardPage, AwardScope, search_awards
from badges.storage.records import AwardRecord, OrganisationRecord, PersonRecord
from badges.storage.words import kept_words, people_with, words_in
from badges.vocab.status import SupersessionReason
from tests.instances import Bench
from tests.services.batching import award, draft, start


def page_of(bench: Bench, words: str, *, page: int = 1, size: int = PAGE_SIZE) -> AwardPage:
    with bench.service.database.read() as session:
        organisations = session.scalars(select(OrganisationRecord.id)).all()
        return search_awards(session, AwardScope(organisations), words=words, page=page, size=size)


def found(bench: Bench, words: str) -> list[str]:
    return [award.name for award in page_of(bench, words).awards]


def assert_index_is_whole(bench: Bench) -> None:
    """FTS5 compares what it has with the column, and raises when it is otherwise."""
    if bench.service.database.engine.dialect.name == "sqlite":
        with bench.service.database.write() as session:
            session.execute(text("INSERT INTO person_search(person_search, rank) VALUES ('integrity-check', 1)"))


@pytest.mark.parametrize("few", [8_000, 2, 0], ids=["few", "some", "many"])
def test_finds_people_by_how_words_begin(either_bench: Bench, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(queries, "_FEW_PEOPLE", few)
    for email, name in (
        ("sam.jones@example.org", "Sam Jones"),
        ("kim@nhs.example", "Kim O'Brien"),
        ("josefine@example.org", "Josefine Jonas"),
    ):
        either_bench.clock.advance(seconds=1)
        either_bench.award(email=email, name=name)
    assert found(either_bench, "jon") == ["Josefine Jonas", "Sam Jones"]
    assert (
        found(either_bench, "JONES")
        == found(either_bench, "sam jones")
        == found(either_bench, "jo sa")
        == ["Sam Jones"]
    )
    assert (
        found(either_bench, "o'brien")
        == found(either_bench, "nhs")
        == found(either_bench, "kim@nhs")
        == ["Kim O'Brien"]
    )
    assert found(either_bench, "example jon") == ["Josefine Jonas", "Sam Jones"]
    assert found(either_bench, "sám") == ["Sam Jones"]
    assert found(either_bench, "ones") == []
    assert found(either_bench, "sam kim") == found(either_bench, "' OR 1=1") == found(either_bench, '"*') == []


def test_accents_do_not_matter(either_bench: Bench) -> None:
    either_bench.award(email="z@example.org", name="Zoë Müller")
    assert found(either_bench, "zoe") == found(either_bench, "Zoë mull") == ["Zoë Müller"]


def test_words_of_the_badge_and_of_the_person_go_together(either_bench: Bench) -> None:
    either_bench.award(email="sam@example.org", name="Sam Jones")
    either_bench.award("career-explorer", email="sam@example.org", name="Sam Explorer")
    either_bench.award("career-explorer", email="kim@example.org", name="Kim Smith")
    assert set(found(either_bench, "explor")) == {"Sam Explorer", "Kim Smith", "Sam Jones"}  # Sam has the word, too
    assert found(either_bench, "smith librar") == ["Kim Smith"]
    assert found(either_bench, "librar kim") == ["Kim Smith"]
    assert set(found(either_bench, "explorer sam jones")) == {"Sam Jones", "Sam Explorer"}
    assert set(found(either_bench, "librar explorer")) == {"Sam Explorer", "Kim Smith"}


def test_badge_without_an_address_is_found_by_its_name(either_bench: Bench) -> None:
    either_bench.award(email=None, name="Nameless Hall")
    assert found(either_bench, "hall") == found(either_bench, "name hall") == ["Nameless Hall"]


def test_corrections_are_found_and_what_was_wrong_is_not(either_bench: Bench) -> None:
    award_id = either_bench.award(email="wrong@example.org", name="Smyth").id
    with either_bench.service.database.write() as session:
        correct_name(session, either_bench.service.installation, find_award(session, award_id), "Schmidt")
    assert (found(either_bench, "smyth"), found(either_bench, "schmidt")) == ([], ["Schmidt"])
    with either_bench.service.database.write() as session:
        award = find_award(session, award_id)
        supersede_award(
            session, either_bench.service.installation, award, SupersessionReason.EMAIL, email="right@example.org"
        )
    assert (found(either_bench, "wrong"), found(either_bench, "right schmidt")) == ([], ["Schmidt"])
    assert_index_is_whole(either_bench)
    with either_bench.service.database.read() as session:
        for person in session.scalars(select(PersonRecord)):
            names = session.scalars(select(AwardRecord.name).where(AwardRecord.person_id == person.id))
            assert set(person.words.split()) == set(kept_words(person.email, *names).split())


def test_more_than_anybody_looks_through_is_said_and_not_counted(
    either_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_FOUND", 4)
    for number in range(6):
        either_bench.clock.advance(seconds=1)
        either_bench.award(email=f"p{number}@example.org", name=f"Person {number}")
    page = page_of(either_bench, "person", size=3, page=9)
    assert (page.total, page.is_cut, page.page, page.pages) == (4, True, 2, 2)
    assert [award.name for award in page.awards] == ["Person 2"]
    assert not page_of(either_bench, "").is_cut
    assert page_of(either_bench, "").total == 6


def test_list_of_people_adds_its_names_to_those_who_were_there(either_bench: Bench) -> None:
    either_bench.award("career-explorer", email="sam@example.org", name="Sam Jones")
    either_bench.award("supporter", email="kim@example.org", name="Kim Smith")
    people = "Sam Miller,sam@example.org\nKim Other,kim@example.org\nAda New,ada@example.org"
    batch_id = draft(either_bench, people)
    start(either_bench, batch_id)
    assert award(either_bench, batch_id)
    assert set(found(either_bench, "sam mill")) == {"Sam Jones", "Sam Miller"}
    assert found(either_bench, "ada new") == ["Ada New"]
    assert_index_is_whole(either_bench)
    assert found(either_bench, "other") == []  # Kim had the badge already: nothing was awarded under this name


def test_two_names_at_the_same_moment_are_both_kept(either_bench: Bench) -> None:
    service = either_bench.service

    def meet(name: str, *, before_the_end: Callable[[], object] = lambda: None) -> None:
        with service.database.write() as session:
            find_or_add_person(session, service.installation, "sam@example.org", name)
            session.flush()
            before_the_end()

    meet("First")
    with ThreadPoolExecutor(1) as other:
        second: list[Future[None]] = []

        def begin_and_give_it_time() -> None:
            second.append(other.submit(meet, "Third"))
            wait(second, timeout=0.5)

        meet("Second", before_the_end=begin_and_give_it_time)
        second[0].result(60)
    with service.database.read() as session:
        words = session.scalars(select(PersonRecord.words)).one().split()
    assert {"first", "second", "third"} <= set(words)


def test_person_that_is_gone_is_found_no_more(either_bench: Bench) -> None:
    with either_bench.service.database.write() as session:
        find_or_add_person(session, either_bench.service.installation, "s@example.org", "Sam")
        session.flush()
        assert len(session.execute(people_with(session, ["sa"])).all()) == 1
        session.execute(delete(PersonRecord))
        assert session.execute(people_with(session, ["sa"])).all() == []


def test_people_there_were_before_are_found_after_the_migration(either_bench: Bench) -> None:
    either_bench.award(email="sam@example.org", name="Sam Jones")
    with either_bench.service.database.write() as session:
        session.execute(update(PersonRecord).values(words=""))
    assert found(either_bench, "jones") == []
    with either_bench.service.database.engine.begin() as connection:
        fill(connection)
    assert found(either_bench, "jones") == ["Sam Jones"]


def test_postgresql_asks_its_index(postgres_bench: Bench) -> None:
    with postgres_bench.service.database.read() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        asked = people_with(session, ["sam", "jones"]).compile(
            session.get_bind(), compile_kwargs={"render_postcompile": True}
        )
        plan = session.connection().exec_driver_sql(f"EXPLAIN {asked}", asked.params).scalars().all()
    assert any("ix_person_words" in line for line in plan)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Zoë O'Brien", ["zoe", "o", "brien"]),
        ("STRASSE straße", ["strasse"]),
        ("a_b-c@x.org", ["a", "b", "c", "x", "org"]),
        ("李小龍 ﬁne", ["李小龍", "fine"]),
        ("'*\" & | ! : <->", []),
    ],
)
def test_words(typed: str, words: list[str]) -> None:
    assert words_in(typed) == words
