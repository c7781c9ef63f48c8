"""Making an instance: everything that is needed, and nothing twice."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update

from badges.errors import ConfigurationError, ConflictError, InvalidInputError
from badges.services.accounts import find_account
from badges.services.instance import Made, first_sign_in_url, make_instance
from badges.services.organisations import create_organisation
from badges.services.signing_in import LINK_LIFETIME_MINUTES, TERMINAL_LINK_LIFETIME, use_sign_in_link
from badges.storage.records import AccountRecord, AchievementRecord, OrganisationRecord, SigningKeyRecord
from badges.verifying.report import Verdict
from tests.instances import ADMIN, ORGANISATION, Bench


def make(bench: Bench, organisation: str | None = None, admin_email: str | None = None) -> Made:
    with bench.service.database.write() as session:
        return make_instance(session, bench.service.installation, organisation=organisation, admin_email=admin_email)


def link(bench: Bench) -> str | None:
    with bench.service.database.write() as session:
        return first_sign_in_url(session, bench.service.installation)


class TestMaking:
    def test_has_an_organisation_its_keys_the_starter_pack_and_an_admin(self, bench: Bench) -> None:
        assert bench.count(OrganisationRecord) == 1
        assert bench.count(SigningKeyRecord) == 4
        assert bench.count(AchievementRecord) == 14
        assert bench.count(AccountRecord) == 1

    @pytest.mark.parametrize("said", [(None, None), ("Anytown Hospitals Library", ADMIN.upper())])
    def test_making_it_again_changes_nothing(self, either_bench: Bench, said: tuple[str | None, str | None]) -> None:
        before = either_bench.dump()
        files = sorted(path.name for path in either_bench.folders.keys.iterdir())
        made = make(either_bench, *said)
        assert (made.organisations_made, made.classes_made, made.changes) == (0, 0, ())
        assert made.admin_email == ADMIN
        assert either_bench.dump() == before
        assert sorted(path.name for path in either_bench.folders.keys.iterdir()) == files

    def test_names_can_be_set_right_before_anything_was_done_with_them(self, bench: Bench) -> None:
        made = make(bench, "Another Library", "Another@example.org")
        assert made.admin_email == "another@example.org"
        assert len(made.changes) == 2
        document = json.loads(bench.form(bench.award()))
        assert document["issuer"]["name"] == "Another Library"
        assert document["issuer"]["email"] == "another@example.org"
        assert document["issuer"]["id"].endswith(":organisations:another-library")

    def test_organisation_that_has_awarded_keeps_its_name(self, bench: Bench) -> None:
        bench.award()
        before = bench.dump()
        with pytest.raises(ConflictError, match='"Anytown Hospitals Library"'):
            make(bench, "Another Library")
        assert bench.dump() == before

    def test_admin_who_has_signed_in_stays(self, bench: Bench) -> None:
        url = link(bench)
        assert url is not None
        with bench.service.database.write() as session:
            use_sign_in_link(session, bench.service.installation, url.rsplit("/", 1)[1], None)
        before = bench.dump()
        with pytest.raises(ConflictError, match=ADMIN):
            make(bench, admin_email="another@example.org")
        assert bench.dump() == before

    @pytest.mark.parametrize(("organisation", "email"), [("\x00", None), ("a" * 201, None), (None, "nobody")])
    def test_wrong_names_are_refused_and_change_nothing(
        self, bench: Bench, organisation: str | None, email: str | None
    ) -> None:
        before = bench.dump()
        with pytest.raises(InvalidInputError):
            make(bench, organisation, email)
        assert bench.dump() == before

    def test_every_class_of_the_pack_can_be_awarded(self, bench: Bench) -> None:
        with bench.service.database.read() as session:
            slugs = [record.slug for record in session.query(AchievementRecord)]
        assert len(slugs) == 14
        for slug in slugs:
            assert bench.verify(bench.form(bench.award(slug))).verdict is Verdict.VALID

    def test_another_base_url_is_refused_once_badges_carry_one(self, bench: Bench) -> None:
        bench.award()
        elsewhere = Bench(bench.again(base_url="http://localhost:8123"), bench.clock, bench.folders)
        with pytest.raises(ConfigurationError, match=r"http://localhost:8000 for ever"):
            make(elsewhere)


class TestOrganisations:
    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("Zoë's Library & Knowledge Service", "zoe-s-library-knowledge-service"),
            ("山田図書館", "organisation"),
            ("--", "organisation"),
            ("Anytown Hospitals Library", f"{ORGANISATION}-2"),
            ("a" * 200, "a" * 60),
        ],
    )
    def test_slug_is_made_of_the_name_and_is_free(self, bench: Bench, name: str, slug: str) -> None:
        with bench.service.database.write() as session:
            made = create_organisation(session, bench.service.installation, name=name, url="", email="", description="")
        assert made.slug == slug

    def test_name_is_cleaned_so_that_it_can_be_signed(self, bench: Bench) -> None:
        with bench.service.database.write() as session:
            made = create_organisation(
                session, bench.service.installation, name=" A\x01 \n Library", url="", email="", description=""
            )
        assert made.name == "A Library"

    @pytest.mark.parametrize("name", ["", "  ", "\x00", "a" * 201])
    def test_needs_a_name(self, bench: Bench, name: str) -> None:
        with bench.service.database.write() as session, pytest.raises(InvalidInputError):
            create_organisation(session, bench.service.installation, name=name, url="", email="", description="")


class TestFirstLink:
    def test_is_the_same_until_it_runs_out(self, bench: Bench) -> None:
        first = link(bench)
        bench.clock.advance(minutes=LINK_LIFETIME_MINUTES)
        before = bench.dump()
        assert link(bench) == first
        assert bench.dump() == before
        bench.clock.now += TERMINAL_LINK_LIFETIME
        assert link(bench) not in (first, None)

    def test_is_given_no_more_once_it_was_used(self, bench: Bench) -> None:
        url = link(bench)
        assert url is not None
        with bench.service.database.write() as session:
            use_sign_in_link(session, bench.service.installation, url.rsplit("/", 1)[1], None)
        assert link(bench) is None

    def test_is_given_no_more_once_there_is_a_password(self, bench: Bench) -> None:
        with bench.service.database.write() as session:
            session.execute(update(AccountRecord).values(password_hash="x"))
            assert find_account(session, ADMIN) is not None
        assert link(bench) is None
