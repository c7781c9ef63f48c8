"""Packs: signed, exchanged between two installations, adopted, brought up to date side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from badges.campaign import pack as campaign_pack
from badges.campaign.pack import load_starter_pack, pack_document, read_pack_document
from badges.errors import ConflictError, InvalidInputError
from badges.jobs.tasks import offer_starter_pack
from badges.services import pack_signing
from badges.services.achievements import find_version
from badges.services.class_content import content_of
from badges.services.class_forms import ClassInput
from badges.services.classes import add_class, find_class, publish_draft, save_draft
from badges.services.organisations import create_organisation, find_organisation
from badges.services.own_documents import own_fetcher
from badges.services.pack_adopting import adopt_pack, adoptions_with_news, list_changes, set_local_note, take_update
from badges.services.pack_making import PackInput, publish_own_pack
from badges.services.pack_signing import ensure_starter_pack, import_pack, open_pack, publish_pack
from badges.services.packs import count_adoptions, find_pack, find_pack_version, pack_of, search_packs
from badges.standards.fetching import FetchedDocument, FetchError, FetchProblem
from badges.storage.records import (
    AchievementRecord,
    AchievementVersionRecord,
    PackAdoptionRecord,
    PackRecord,
    PackVersionRecord,
)
from badges.verifying.report import Verdict
from badges.vocab.badge_art import BadgeArt
from badges.vocab.class_content import UploadedArt
from tests.instances import ORGANISATION, Bench, Folders, SettableClock, initialise, open_service
from tests.services.test_classes import TEXTS, checked, picture

T = TypeVar("T")


def do(bench: Bench, what: Callable[[Session], T]) -> T:
    with bench.service.database.write() as session:
        return what(session)


class WebOf:
    """A web in which another installation answers, and nobody else."""

    def __init__(self, other: Bench) -> None:
        self._other = other

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        addresses = self._other.service.installation.addresses
        if addresses.is_ours(url):
            found = self._other.service.home(addresses.path_of(url), accept)
            if found is not None:
                return found
        raise FetchError("Nobody answers at %(url)s.", problem=FetchProblem.UNREACHABLE, url=url)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Bench]:
    """Another installation, at an address of its own."""
    folders = Folders.under(tmp_path / "elsewhere")
    clock = SettableClock()
    service = open_service(folders.settings(base_url="https://badges.county.example.org"), clock)
    initialise(service)
    made = Bench(open_service(folders.settings(base_url="https://badges.county.example.org"), clock), clock, folders)
    yield made
    made.close()


def shared_pack(bench: Bench, *, name: str = "Journal clubs", criteria: str = "- You led a session.") -> str:
    """Make two classes, one with an uploaded picture, and publish them as a pack; return its signed text."""
    installation = bench.service.installation

    def make(session: Session) -> str:
        home = find_organisation(session, ORGANISATION)
        one = checked(ClassInput({**TEXTS, "criteria": criteria}, ("AMD",)))
        two = checked(ClassInput({**TEXTS, "name": "Reader"}, (), is_uploaded=True, upload=picture(40, 40)))
        for each in (one, two):
            publish_draft(session, installation, add_class(session, installation, home, each).achievement)
        given = PackInput(
            name,
            "For those who read together.",
            "CC-BY-4.0",
            "Anytown Hospitals Library",
            ("journal-club-leader", "reader"),
            (("A mail", "Dear all,\n\ncome and read."),),
        )
        return publish_own_pack(session, installation, home, given).content

    return do(bench, make)


def taken_in(bench: Bench, other: Bench, text: str | bytes) -> PackVersionRecord:
    """Bring a pack of another installation in."""
    data = text.encode() if isinstance(text, str) else text
    opened = open_pack(data, WebOf(other))
    return do(bench, lambda session: import_pack(session, bench.service.installation, opened, by=None))


def adopted(bench: Bench, address: str, only: list[str] | None = None) -> int:
    def adopt(session: Session) -> int:
        version = find_pack_version(session, find_pack(session, address))
        home = find_organisation(session, ORGANISATION)
        return adopt_pack(session, bench.service.installation, home, version, only=only)

    return do(bench, adopt)


def test_two_installations_exchange_a_pack(either_bench: Bench, elsewhere: Bench) -> None:
    bench = either_bench
    text = shared_pack(elsewhere)
    record = taken_in(bench, elsewhere, text)
    assert record.pack.publisher == "did:web:badges.county.example.org:organisations:anytown-hospitals-library"
    assert record.pack.organisation_id is None
    served = bench.document("pack_json", pack=record.pack.address).body
    assert json.loads(served) == json.loads(text)  # passed on as it was signed
    assert adopted(bench, record.pack.address) == 2
    award = bench.award("journal-club-leader")
    assert bench.verify(bench.form(award)).verdict is Verdict.VALID
    with bench.service.database.read() as session:
        pack = pack_of(record)
        assert pack.credit == "Anytown Hospitals Library"
        assert pack.texts[0].text == "Dear all,\n\ncome and read."
        for content in pack.classes:
            assert content_of(find_version(session, ORGANISATION, content.slug)) == content
        assert count_adoptions(session, [record.pack_id]) == {record.pack_id: 1}


def test_adopting_twice_adds_nothing(either_bench: Bench) -> None:
    assert adopted(either_bench, "starter") == 0
    assert adopted(either_bench, "starter", only=["supporter", "nothing"]) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda document: document.update(name="Other"), "signature"),
        (lambda document: document["classes"][0].update(criteria="- Nothing."), "signature"),
        (lambda document: document.pop("proof"), "not signed"),
        (lambda document: document.update(publisher="did:web:badges.county.example.org"), "may not sign it"),
        (lambda document: document.update(publisher="did:web:nobody.example.org"), "may not sign it"),
        (lambda document: document.update(format=2), '"format" must be 1'),
        (lambda document: document["classes"][0].update(slug="../x"), "small letters"),
        (lambda document: document["classes"][0].update(surprise=1), "not a field"),
        (lambda document: document.update(version=0), "1 to 1000000"),
        (lambda document: document.update(version=10**30), "1 to 1000000"),
        (lambda document: document.update(name="Journal\u202eclubs"), "control characters|signature"),
        (lambda document: document.update(name="Journal\x07clubs"), "control characters"),
        (lambda document: document.update(classes=[]), "must be 1 to"),
        (lambda document: document.update(classes=document["classes"] * 2), "the same name"),
        (lambda document: document["classes"][0]["alignments"][0].update(url="javascript:alert(1)"), "web address"),
    ],
)
def test_pack_that_is_not_as_it_was_signed_is_refused(
    elsewhere: Bench, change: Callable[[dict[str, Any]], Any], words: str
) -> None:
    document = json.loads(shared_pack(elsewhere))
    change(document)
    with pytest.raises(InvalidInputError, match=words) as raised:
        open_pack(json.dumps(document).encode(), WebOf(elsewhere))
    assert raised.value.field == "file"


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\x89PNG", b'{"type": "BadgePack"', b"{" * 100_000])
def test_file_that_is_no_pack_is_refused(elsewhere: Bench, data: bytes) -> None:
    with pytest.raises(InvalidInputError, match="no pack that can be used"):
        open_pack(data, WebOf(elsewhere))


def test_pack_of_a_publisher_that_does_not_answer_is_refused(elsewhere: Bench, bench: Bench) -> None:
    with pytest.raises(InvalidInputError, match="no pack that can be used"):
        open_pack(shared_pack(elsewhere).encode(), WebOf(bench))


def test_hostile_picture_inside_a_signed_pack_is_refused(elsewhere: Bench) -> None:
    """A publisher may be anybody: the signature says whose it is, and not that it is harmless."""
    hostile = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script></svg>'
    art = UploadedArt(hostile, b"", "A picture.")
    starter = load_starter_pack()
    pack = replace(starter, slug="hostile", classes=(replace(starter.classes[0], art=art),), first=frozenset())
    installation = elsewhere.service.installation
    text = do(
        elsewhere,
        lambda session: publish_pack(session, installation, find_organisation(session, ORGANISATION), pack).content,
    )
    with pytest.raises(InvalidInputError, match="not safe"):
        open_pack(text.encode(), WebOf(elsewhere))


def test_same_or_older_version_is_not_taken_twice(either_bench: Bench, elsewhere: Bench) -> None:
    bench = either_bench
    text = shared_pack(elsewhere)
    taken_in(bench, elsewhere, text)
    with pytest.raises(ConflictError, match="here already"):
        taken_in(bench, elsewhere, text)


def test_newer_version_is_offered_as_a_difference_and_taken_with_notes_kept(
    either_bench: Bench, elsewhere: Bench
) -> None:
    bench = either_bench
    installation = bench.service.installation
    record = taken_in(bench, elsewhere, shared_pack(elsewhere))
    address = record.pack.address
    adopted(bench, address)
    old = bench.award("journal-club-leader")
    before = bench.form(old)
    do(
        bench,
        lambda session: set_local_note(
            session, installation, find_class(session, ORGANISATION, "journal-club-leader"), "Ask at the desk."
        ),
    )

    def publish_next(session: Session) -> str:
        theirs = elsewhere.service.installation
        home = find_organisation(session, ORGANISATION)
        found = find_class(session, ORGANISATION, "journal-club-leader")
        kept = content_of(find_version(session, ORGANISATION, "journal-club-leader"))
        save_draft(session, theirs, found, replace(kept, criteria="- You led two sessions."))
        publish_draft(session, theirs, found)
        third = checked(ClassInput({**TEXTS, "name": "Third"}, ()))
        publish_draft(session, theirs, add_class(session, theirs, home, third).achievement)
        given = PackInput("Journal clubs", "Newer.", "CC-BY-4.0", "County", ("journal-club-leader", "third"))
        pack = find_pack(session, "anytown-hospitals-library-journal-clubs")
        return publish_own_pack(session, theirs, home, given, pack).content

    newer = taken_in(bench, elsewhere, do(elsewhere, publish_next))
    assert newer.version == 2

    def changes(session: Session) -> list[tuple[str, bool, bool]]:
        version = find_pack_version(session, find_pack(session, address))
        found = list_changes(session, find_organisation(session, ORGANISATION), version)
        return [(each.slug, each.before is not None, each.after is not None) for each in found]

    assert do(bench, changes) == [
        ("journal-club-leader", True, True),
        ("third", False, True),
        ("reader", True, False),
    ]

    def take(session: Session) -> int:
        version = find_pack_version(session, find_pack(session, address))
        return take_update(session, installation, find_organisation(session, ORGANISATION), version, new=["third"])

    assert do(bench, take) == 2
    assert do(bench, changes) == [("reader", True, False)]
    with pytest.raises(ConflictError, match="already"):
        do(bench, take)
    narrative = json.loads(bench.form(bench.award("journal-club-leader", email="kim@example.org")))[
        "credentialSubject"
    ]["achievement"]["criteria"]["narrative"]
    assert narrative == "- You led two sessions.\n\nAsk at the desk."
    assert bench.form(old) == before
    assert bench.award("third")
    assert bench.award("reader", email="lee@example.org")  # what the pack has no more stays


def test_class_of_a_pack_takes_a_note_and_nothing_else(bench: Bench) -> None:
    installation = bench.service.installation
    with pytest.raises(ConflictError, match="came with a pack"):
        do(
            bench,
            lambda session: save_draft(
                session,
                installation,
                find_class(session, ORGANISATION, "supporter"),
                checked(ClassInput(TEXTS, ())),
            ),
        )
    with pytest.raises(InvalidInputError) as raised:
        do(
            bench,
            lambda session: set_local_note(
                session, installation, find_class(session, ORGANISATION, "supporter"), "x" * 1001
            ),
        )
    assert raised.value.field == "local_note"

    def note(text: str) -> bool:
        return do(
            bench,
            lambda session: set_local_note(session, installation, find_class(session, ORGANISATION, "supporter"), text),
        )

    assert [note("Here."), note("Here."), note("")] == [True, False, True]


def test_release_with_a_newer_starter_pack_offers_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = load_starter_pack()
    first = replace(shipped.classes[0], description="Says something new.")
    newer = replace(shipped, version=shipped.version + 1, classes=(first, *shipped.classes[1:]))
    monkeypatch.setattr(pack_signing, "load_starter_pack", lambda: newer)
    installation = bench.service.installation

    def offer(session: Session) -> list[str]:
        record = ensure_starter_pack(session, installation)
        version = find_pack_version(session, record)
        home = find_organisation(session, ORGANISATION)
        return [each.slug for each in list_changes(session, home, version)]

    assert do(bench, offer) == [first.slug]
    before = bench.dump()
    assert do(bench, offer) == [first.slug]
    assert bench.dump() == before  # safe to repeat


def test_own_pack_holds_only_what_may_be_copied(either_bench: Bench) -> None:
    bench = either_bench
    installation = bench.service.installation

    def publish(session: Session, *slugs: str, licence: str = "CC-BY-4.0", name: str = "Ours") -> int:
        home = find_organisation(session, ORGANISATION)
        given = PackInput(name, "Ours.", licence, "Us", slugs)
        pack = next((each for each, _ in search_packs(session, organisation=home).found), None)
        return publish_own_pack(session, installation, home, given, pack).version

    closed = checked(ClassInput({**TEXTS, "name": "Closed", "licence": ""}, ()))
    open_one = checked(ClassInput(TEXTS, ()))

    def make(session: Session) -> None:
        home = find_organisation(session, ORGANISATION)
        for each in (closed, open_one):
            publish_draft(session, installation, add_class(session, installation, home, each).achievement)

    do(bench, make)
    for slug in ("closed", "supporter", "nothing"):
        with pytest.raises(InvalidInputError) as raised, bench.service.database.write() as session:
            publish(session, slug)
        assert raised.value.field == "badges"
    with pytest.raises(InvalidInputError) as raised:
        do(bench, lambda session: publish(session, "journal-club-leader", licence=""))
    assert raised.value.field == "licence"
    assert do(bench, lambda session: publish(session, "journal-club-leader")) == 1
    with pytest.raises(ConflictError, match="Nothing is different"):
        do(bench, lambda session: publish(session, "journal-club-leader"))
    assert do(bench, lambda session: publish(session, "journal-club-leader", name="Ours again")) == 2


def test_starter_pack_is_signed_by_the_service_and_read_as_it_ships(bench: Bench) -> None:
    body = bench.document("pack_json", pack="starter").body
    with bench.service.database.read() as session:
        opened = open_pack(body, own_fetcher(session, bench.service.installation))
    assert opened.pack == load_starter_pack()
    assert read_pack_document(pack_document(load_starter_pack())) == load_starter_pack()
    assert opened.document["publisher"] == bench.service.installation.addresses.service_did
    assert opened.document["type"] == campaign_pack.PACK_TYPE


def test_pack_altered_in_the_database_is_refused_elsewhere(bench: Bench) -> None:
    """A database that somebody got into gives others nothing that passes for the publisher's."""
    body = bench.document("pack_json", pack="starter").body.decode()
    with bench.service.database.write() as session:
        session.execute(update(PackVersionRecord).values(content=body.replace("evidence", "hearsay")))
    with bench.service.database.read() as session, pytest.raises(InvalidInputError, match="signature"):
        open_pack(bench.document("pack_json", pack="starter").body, own_fetcher(session, bench.service.installation))


def test_adopted_twice_at_once_is_adopted_once(postgres_bench: Bench) -> None:
    """A form that was sent twice."""
    bench = postgres_bench
    installation = bench.service.installation

    def make(session: Session) -> None:
        create_organisation(session, installation, name="Newtown", url="", email="a@example.org", description="")

    do(bench, make)

    def adopt(_number: int) -> int:
        return do(
            bench,
            lambda session: adopt_pack(
                session,
                installation,
                find_organisation(session, "newtown"),
                find_pack_version(session, find_pack(session, "starter")),
                only=["supporter", "induction"],
            ),
        )

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(adopt, range(4))) == [0, 0, 0, 2]


def test_pack_with_a_picture_that_cannot_be_drawn_here_is_refused(elsewhere: Bench) -> None:
    """Such as one of a newer release, with a sign that this one does not have."""
    starter = load_starter_pack()
    art = BadgeArt("circle", "sign-of-tomorrow", "teal", 1, "X", "A sign.")
    pack = replace(starter, slug="newer", classes=(replace(starter.classes[0], art=art),), first=frozenset())
    text = do(
        elsewhere,
        lambda session: (
            publish_pack(
                session, elsewhere.service.installation, find_organisation(session, ORGANISATION), pack
            ).content
        ),
    )
    with pytest.raises(InvalidInputError, match=r"Evidence Pledge.*no icon called 'sign-of-tomorrow'"):
        open_pack(text.encode(), WebOf(elsewhere))


def test_classes_from_before_packs_are_recognised_and_offered_the_pack(bench: Bench) -> None:
    """An installation that is older than packs: its classes are the starter pack's, and nothing says so."""
    installation = bench.service.installation
    old = bench.form(bench.award())
    with bench.service.database.write() as session:
        session.execute(delete(PackAdoptionRecord))
        session.execute(update(AchievementRecord).values(pack_id=None, pack_class=""))
        session.execute(update(AchievementVersionRecord).values(art=None, licence="", pack_version=None))
        session.execute(delete(PackVersionRecord))
        session.execute(delete(PackRecord))
    offer_starter_pack(bench.service)
    before = bench.dump()
    offer_starter_pack(bench.service)
    assert bench.dump() == before
    assert adopted(bench, "starter") == 0  # none twice

    def take(session: Session) -> int:
        (news,) = adoptions_with_news(session, [find_organisation(session, ORGANISATION).id])
        assert news.version == 0
        home = find_organisation(session, ORGANISATION)
        return take_update(session, installation, home, find_pack_version(session, news.pack))

    assert do(bench, take) == 14
    assert bench.verify(old).verdict is Verdict.VALID
