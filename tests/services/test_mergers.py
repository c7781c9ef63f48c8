"""Organisations over time: renamed, moved, merged. Their old badges stay as they were signed, and verify."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import ConflictError, InvalidInputError
from badges.services.accounts import create_account, find_account, grants_of
from badges.services.award_values import find_award
from badges.services.classes import add_class, find_class
from badges.services.endorsements import EndorsementRequest, endorse, withdraw_endorsement
from badges.services.invitations import accept, invitation_code, invitation_url, invite
from badges.services.mergers import merge, plan_merger, succeed
from badges.services.organisation_tree import is_below, move_organisation
from badges.services.organisations import create_organisation, find_organisation
from badges.services.pack_adopting import adopt_starter_pack
from badges.services.people import set_roles
from badges.services.profiles import ProfileInput, update_profile
from badges.services.registry import registry_entries, renew_registry
from badges.services.revocation import revoke_award
from badges.standards.fetching import FetchedDocument
from badges.standards.issuer_list import read_issuer_list
from badges.standards.json_text import read_json_object
from badges.storage.records import AchievementVersionRecord, EndorsementRecord, OrganisationRecord
from badges.verifying.documents import Documents
from badges.verifying.report import TrustStanding, Verdict
from badges.verifying.trust import open_issuer_list
from badges.vocab.endorsement import EndorsedKind, WithdrawalReason
from badges.vocab.people import Permission, Role
from badges.vocab.profile import OrganisationKind
from badges.vocab.status import RevocationReason
from tests.instances import ADMIN, ORGANISATION, Bench, Folders, SettableClock, initialise, open_service
from tests.services.test_classes import content

T = TypeVar("T")
NEW = "newtown-library"


def do(bench: Bench, what: Callable[[Session], T]) -> T:
    with bench.service.database.write() as session:
        return what(session)


def add(
    session: Session, bench: Bench, name: str, kind: OrganisationKind = OrganisationKind.SERVICE
) -> OrganisationRecord:
    return create_organisation(
        session, bench.service.installation, name=name, url="", email="a@example.org", description="", kind=kind
    )


@pytest.fixture
def two(either_bench: Bench) -> Bench:
    """The first organisation, and the one of which it is to become a part, with a pack of its own badges."""
    bench = either_bench

    def make(session: Session) -> None:
        new = add(session, bench, "Newtown Library")
        adopt_starter_pack(session, bench.service.installation, new, only=["supporter"])
        create_account(session, bench.service.installation, "owner@newtown.example.org", new, Role.OWNER)

    do(bench, make)
    return bench


def merged(bench: Bench) -> None:
    do(
        bench,
        lambda session: merge(
            session,
            bench.service.installation,
            find_organisation(session, ORGANISATION),
            find_organisation(session, NEW),
        ),
    )


def test_renamed_and_merged_and_old_badges_still_verify(two: Bench) -> None:
    bench = two
    old = bench.award(organisation=ORGANISATION)
    before = bench.form(old)

    def rename(session: Session) -> None:
        home = find_organisation(session, ORGANISATION)
        given = ProfileInput(name="Anytown and District Library", email=home.email)
        update_profile(session, bench.service.installation, home, given)

    do(bench, rename)
    merged(bench)
    assert bench.form(old) == before
    assert json.loads(before)["issuer"]["name"] == "Anytown Hospitals Library"
    for badge in (
        before,
        bench.document("ob2_assertion", award_id=old.id).body,
        bench.document("credential_png", award_id=old.id).body,
    ):
        report = bench.verify(badge, issuers=bench.service.known_issuers())
        assert report.verdict is Verdict.VALID
        assert report.trust is not None
        assert report.trust.standing is TrustStanding.CAMPAIGN
        assert "Anytown and District Library was part of the campaign from" in str(report.trust.sentence)
        assert "is now part of Newtown Library" in str(report.trust.note)


def test_classes_and_people_move_in_one_action(two: Bench) -> None:
    bench = two
    installation = bench.service.installation

    def draft(session: Session) -> None:
        add_class(session, installation, find_organisation(session, ORGANISATION), content())

    do(bench, draft)
    plan = do(
        bench,
        lambda session: plan_merger(
            session,
            bench.service.installation,
            find_organisation(session, ORGANISATION),
            find_organisation(session, NEW),
        ),
    )
    assert (plan.classes, plan.drafts, plan.people) == (14, 1, 1)
    merged(bench)
    with pytest.raises(ConflictError, match="retired"):
        bench.award("impact-story", organisation=ORGANISATION)
    new = json.loads(bench.form(bench.award("impact-story", organisation=NEW)))
    assert new["issuer"]["name"] == "Newtown Library"
    related = new["credentialSubject"]["achievement"]["related"]
    assert any(each["id"].endswith(f"/achievements/{ORGANISATION}/impact-story/1") for each in related)
    with bench.service.database.read() as session:
        slugs = [
            version.achievement.slug
            for version in session.scalars(select(AchievementVersionRecord))
            if version.achievement.organisation.slug == NEW
        ]
        assert slugs.count("supporter") == 1  # it had that of the pack already
        assert "journal-club-leader" in slugs
        assert find_class(session, NEW, "journal-club-leader").newest_version == 0
        account = find_account(session, ADMIN)
        assert account is not None
        assert {each.organisation.slug for each in account.memberships} == {NEW}
    with pytest.raises(ConflictError, match="awards no more"):
        do(
            bench,
            lambda session: add_class(session, installation, find_organisation(session, ORGANISATION), content()),
        )


def test_who_looks_after_the_successor_can_withdraw_old_badges(two: Bench) -> None:
    bench = two
    old = bench.award(organisation=ORGANISATION)
    merged(bench)
    with bench.service.database.read() as session:
        account = find_account(session, "owner@newtown.example.org")
        assert account is not None
        assert grants_of(session, account).allows(Permission.REVOKE, old.organisation_id)
    text = bench.form(old)
    do(
        bench,
        lambda session: revoke_award(
            session, bench.service.installation, find_award(session, old.id), RevocationReason.MISTAKE
        ),
    )
    assert bench.verify(text).verdict is Verdict.INVALID


def test_statement_is_signed_by_the_successor_and_can_be_withdrawn(two: Bench) -> None:
    bench = two
    merged(bench)
    with bench.service.database.read() as session:
        statement = session.scalars(select(EndorsementRecord)).one()
    document = bench.document("endorsement_json", endorsement_id=statement.id).body.decode()
    assert bench.verify(document).verdict is Verdict.VALID
    read = json.loads(document)
    addresses = bench.service.installation.addresses
    assert read["type"] == ["VerifiableCredential", "EndorsementCredential"]
    assert read["issuer"]["id"] == addresses.organisation_did(NEW)
    assert read["credentialSubject"]["id"] == addresses.organisation_did(ORGANISATION)
    did = addresses.organisation_did(ORGANISATION)
    assert bench.service.known_issuers().own.successor_of(did) is not None
    do(
        bench,
        lambda session: withdraw_endorsement(
            session, bench.service.installation, statement.id, WithdrawalReason.MISTAKE
        ),
    )
    assert bench.service.known_issuers().own.successor_of(did) is None


def test_successor_that_endorsed_it_before_says_the_newer_thing(two: Bench) -> None:
    bench = two
    request = EndorsementRequest(EndorsedKind.ORGANISATION, ORGANISATION, NEW, "Good people.")
    do(bench, lambda session: endorse(session, bench.service.installation, request))
    bench.clock.advance(minutes=1)
    merged(bench)
    with bench.service.database.read() as session:
        states = {each.kind: each.revoked_at is not None for each in session.scalars(select(EndorsementRecord))}
    assert states == {EndorsedKind.ORGANISATION: True, EndorsedKind.SUCCESSION: False}


def test_issuer_elsewhere_can_have_a_successor_here(bench: Bench) -> None:
    old = "did:web:older.example.org"
    do(
        bench,
        lambda session: succeed(
            session,
            bench.service.installation,
            find_organisation(session, ORGANISATION),
            old,
            name="Health Education Somewhere",
        ),
    )
    found = bench.service.known_issuers().own.successor_of(old)
    assert found is not None
    assert found.name == "Anytown Hospitals Library"
    for target in ("https://localhost:8000/x", bench.service.installation.addresses.organisation_did("nobody")):
        with bench.service.database.write() as session:
            home = find_organisation(session, ORGANISATION)
            with pytest.raises(InvalidInputError):
                succeed(session, bench.service.installation, home, target, name="Older")


def test_merger_that_makes_no_sense_is_refused_and_changes_nothing(two: Bench) -> None:
    bench = two

    def put_below(session: Session) -> None:
        add(session, bench, "Third Library")
        home = find_organisation(session, ORGANISATION)
        move_organisation(session, bench.service.installation, find_organisation(session, "third-library"), home)

    do(bench, put_below)
    before = bench.dump()
    pairs = ((ORGANISATION, ORGANISATION, "itself"), (ORGANISATION, "third-library", "is below"))
    for old, new, words in pairs:
        with pytest.raises(ConflictError, match=words), bench.service.database.write() as session:
            merge(session, bench.service.installation, find_organisation(session, old), find_organisation(session, new))
    assert bench.dump() == before
    merged(bench)
    with pytest.raises(ConflictError, match="already"):
        merged(bench)
    with bench.service.database.read() as session:
        assert find_organisation(session, "third-library").above_id == find_organisation(session, NEW).id


def test_two_mergers_at_once_make_one(postgres_bench: Bench) -> None:
    bench = postgres_bench
    do(bench, lambda session: [add(session, bench, name).slug for name in ("Newtown Library", "Other Library")])

    def attempt(new: str) -> str:
        try:
            do(
                bench,
                lambda session: merge(
                    session,
                    bench.service.installation,
                    find_organisation(session, ORGANISATION),
                    find_organisation(session, new),
                ),
            )
        except ConflictError:
            return "refused"
        return "merged"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ("newtown-library", "other-library"))) == ["merged", "refused"]


def test_open_invitation_leads_to_the_successor(two: Bench) -> None:
    bench = two
    installation = bench.service.installation

    def ask(session: Session) -> tuple[str, str]:
        record = invite(session, installation, find_organisation(session, ORGANISATION), "kim@example.org", ["awarder"])
        return invitation_url(installation, record).rpartition("/")[2], invitation_code(installation, record)

    token, code = do(bench, ask)
    merged(bench)

    def take(session: Session) -> str:
        done = accept(session, installation, token, code=code, signed_in=None)
        assert done is not None
        return done[0].organisation.slug

    assert do(bench, take) == NEW


def test_nobody_gets_more_by_a_merger_than_they_had(two: Bench) -> None:
    """A role for all below the older one is not one for all below the successor."""
    bench = two
    installation = bench.service.installation

    def arrange(session: Session) -> None:
        home, new = find_organisation(session, ORGANISATION), find_organisation(session, NEW)
        mine, theirs = add(session, bench, "Mine"), add(session, bench, "Theirs")
        move_organisation(session, installation, mine, home)
        move_organisation(session, installation, theirs, new)
        account = find_account(session, ADMIN)
        assert account is not None
        set_roles(session, installation, home, account, [Role.OWNER], covers_below=True)

    do(bench, arrange)
    merged(bench)
    with bench.service.database.read() as session:
        account = find_account(session, ADMIN)
        assert account is not None
        grants = grants_of(session, account)
        allowed = {
            slug: grants.allows(Permission.AWARD, find_organisation(session, slug).id)
            for slug in ("mine", "theirs", NEW, ORGANISATION)
        }
    assert allowed == {"mine": True, "theirs": False, NEW: True, ORGANISATION: True}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12))
def test_tree_never_has_a_circle(bench: Bench, moves: list[tuple[int, int]]) -> None:
    with bench.service.database.write() as session:
        every = [session.scalars(select(OrganisationRecord)).first()]
        every += [add_bare(session, number) for number in range(1, 5)]
        for one, other in moves:
            first, second = every[one], every[other]
            assert first is not None
            assert second is not None
            try:
                move_organisation(session, bench.service.installation, first, second)
            except ConflictError:
                assert first.id == second.id or is_below(session, second, first)
            assert not any(is_below(session, each, each) for each in every if each is not None)
        session.rollback()


def add_bare(session: Session, number: int) -> OrganisationRecord:
    """An organisation without keys: making those takes time, and nothing is signed here."""
    made = OrganisationRecord(slug=f"bare-{number}", name=f"Bare {number}", url="", created_at=SettableClock()())
    session.add(made)
    session.flush()
    return made


class TestRegister:
    @pytest.fixture
    def real(self, tmp_path_factory: pytest.TempPathFactory) -> Bench:
        """A service that is no trial."""
        folders = Folders.under(tmp_path_factory.mktemp("real"))
        given = folders.settings(base_url="https://badges.example.org", mode="production")
        clock = SettableClock()
        initialise(open_service(given, clock))
        return Bench(open_service(given, clock), clock, folders)

    def test_is_signed_by_the_service_and_read_by_any_other(self, real: Bench) -> None:
        assert do(real, lambda session: renew_registry(session, real.service.installation)) is True
        body = real.document("registry").body
        documents = Documents(OneHome(real))
        found = open_issuer_list(body, signer="did:web:badges.example.org", documents=documents)
        (entry,) = found.entries
        assert entry.name == "Anytown Hospitals Library"
        assert entry.ids[0] == f"did:web:badges.example.org:organisations:{ORGANISATION}"

    def test_is_signed_anew_when_something_changed_or_time_is_up(self, real: Bench) -> None:
        def renew() -> bool:
            return do(real, lambda session: renew_registry(session, real.service.installation))

        assert [renew(), renew()] == [True, False]
        do(real, lambda session: add(session, real, "Newtown Library"))
        assert [renew(), renew()] == [True, False]
        real.clock.advance(days=21)
        assert [renew(), renew()] == [True, False]

    def test_says_who_has_become_a_part_of_whom(self, real: Bench) -> None:
        do(real, lambda session: add(session, real, "Newtown Library"))
        real.clock.advance(days=1)
        merged(real)
        do(real, lambda session: renew_registry(session, real.service.installation))
        document = read_json_object(real.document("registry").body)
        old, new = document["entries"]
        assert old["partOf"] == {"id": new["ids"][0], "name": "Newtown Library"}
        assert "until" in old
        assert read_issuer_list(document).entries[0].until is not None

    def test_trial_has_none(self, bench: Bench) -> None:
        assert do(bench, lambda session: renew_registry(session, bench.service.installation)) is False

    def test_endorsers_and_those_that_are_not_set_up_are_not_in_it(self, real: Bench) -> None:
        def make(session: Session) -> int:
            create_organisation(
                session,
                real.service.installation,
                name="College",
                url="",
                email="",
                description="",
                kind=OrganisationKind.ENDORSER,
            )
            add(session, real, "Not yet").is_set_up = False
            return len(registry_entries(session, real.service.installation))

        assert do(real, make) == 1


class OneHome:
    """A web in which one service answers."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        found = self._bench.service.home(self._bench.service.installation.addresses.path_of(url), accept)
        assert found is not None
        return found
