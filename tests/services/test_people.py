"""Roles and invitations: given, taken, accepted, and always somebody who owns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from badges.errors import ConflictError, GoneError, InvalidInputError, NotAllowedError, NotFoundError
from badges.jobs.tasks import tidy_up
from badges.services.accounts import add_account, create_account, find_account, grants_of
from badges.services.coded_links import CODE_TRIES
from badges.services.invitations import (
    accept,
    invitation_code,
    invitation_url,
    invite,
    list_open,
    open_invitation,
    send_again,
    withdraw_invitation,
)
from badges.services.organisations import find_organisation
from badges.services.people import find_member, list_members, set_roles
from badges.storage.records import AccountRecord, InvitationRecord, OrganisationRecord
from badges.vocab.people import Permission, Role
from tests.instances import ADMIN, ORGANISATION, Bench


def home_of(session: Session) -> OrganisationRecord:
    return find_organisation(session, ORGANISATION)


def invited(bench: Bench, email: str = "kim@example.org", *roles: str) -> InvitationRecord:
    with bench.service.database.write() as session:
        return invite(session, bench.service.installation, home_of(session), email, roles or ["awarder"])


def token_of(bench: Bench, record: InvitationRecord) -> str:
    return invitation_url(bench.service.installation, record).rsplit("/", 1)[1]


def try_to_accept(bench: Bench, token: str, code: str, signed_in: AccountRecord | None = None) -> AccountRecord | None:
    with bench.service.database.write() as session:
        done = accept(session, bench.service.installation, token, code=code, signed_in=signed_in)
        return done[1] if done else None


class TestRoles:
    def test_last_owner_cannot_leave(self, bench: Bench) -> None:
        with bench.service.database.write() as session:
            owner = find_account(session, ADMIN)
            assert owner is not None
            with pytest.raises(ConflictError, match="last one"):
                set_roles(session, bench.service.installation, home_of(session), owner, [Role.AUTHOR])

    def test_of_two_owners_who_leave_at_once_one_stays(self, either_bench: Bench) -> None:
        service = either_bench.service
        with service.database.write() as session:
            create_account(session, service.installation, "second@example.org", home_of(session), Role.OWNER)

        def leave(address: str) -> bool:
            with service.database.write() as session:
                account = find_account(session, address)
                assert account is not None
                set_roles(session, service.installation, home_of(session), account, [])
            return True

        with ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(leave, address) for address in (ADMIN, "second@example.org")]
        refused = [future.exception() for future in futures if future.exception()]
        assert len(refused) == 1
        assert isinstance(refused[0], ConflictError)
        with service.database.read() as session:
            assert list_members(session, home_of(session)).total == 1

    def test_role_for_all_below_counts_below_and_not_beside(self, bench: Bench) -> None:
        beside = bench.add_organisation("beside")
        with bench.service.database.write() as session:
            home = home_of(session)
            nation = bench.add_organisation_above(session, home)
            account = add_account(session, bench.service.installation, "national@example.org")
            set_roles(session, bench.service.installation, nation, account, [Role.REPORTER], covers_below=True)
            held = grants_of(session, account)
            assert set(held.organisation_ids(Permission.READ_NUMBERS)) == {nation.id, home.id}
            assert not held.allows(Permission.READ_NUMBERS, beside.id)
            assert not held.allows(Permission.READ_AWARDS, home.id)
            set_roles(session, bench.service.installation, nation, account, [Role.REPORTER])
            assert grants_of(session, account).organisation_ids(Permission.READ_NUMBERS) == [nation.id]

    def test_organisations_in_a_circle_end(self, bench: Bench) -> None:
        with bench.service.database.write() as session:
            home = home_of(session)
            nation = bench.add_organisation_above(session, home)
            nation.above_id = home.id
            account = add_account(session, bench.service.installation, "national@example.org")
            set_roles(session, bench.service.installation, nation, account, [Role.OWNER], covers_below=True)
            assert len(grants_of(session, account).by_organisation) == 2


class TestInvitations:
    def test_code_from_the_mail_makes_an_account_with_the_roles(self, bench: Bench) -> None:
        record = invited(bench, "kim@example.org", "awarder", "author")
        code = invitation_code(bench.service.installation, record)
        account = try_to_accept(bench, token_of(bench, record), code)
        assert account is not None
        with bench.service.database.read() as session:
            assert find_member(session, home_of(session), account.id).roles == (Role.AUTHOR, Role.AWARDER)
        with pytest.raises(GoneError, match="accepted already"):
            try_to_accept(bench, token_of(bench, record), code)

    def test_wrong_codes_are_counted_and_end(self, bench: Bench) -> None:
        record = invited(bench)
        right = invitation_code(bench.service.installation, record)
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        for code in ["", *[wrong] * (CODE_TRIES - 1)]:
            assert try_to_accept(bench, token_of(bench, record), code) is None
        with pytest.raises(NotAllowedError, match="Too many"):
            try_to_accept(bench, token_of(bench, record), right)

    def test_link_that_was_forwarded_opens_nobody_s_account(self, bench: Bench) -> None:
        with bench.service.database.write() as session:
            kim = add_account(session, bench.service.installation, "kim@example.org")
            other = add_account(session, bench.service.installation, "other@example.org")
        record = invited(bench)
        code = invitation_code(bench.service.installation, record)
        for who in (None, other):
            with pytest.raises(NotAllowedError, match="Sign in as"):
                try_to_accept(bench, token_of(bench, record), code, who)
        assert try_to_accept(bench, token_of(bench, record), "", kim) is not None

    def test_newer_mail_makes_the_older_link_useless(self, bench: Bench) -> None:
        record = invited(bench)
        old = token_of(bench, record)
        with bench.service.database.write() as session:
            again = session.get_one(InvitationRecord, record.id)
            send_again(session, bench.service.installation, again)
        with bench.service.database.read() as session, pytest.raises(NotFoundError, match="newer one"):
            open_invitation(session, bench.service.installation, old)
        with bench.service.database.read() as session:
            assert open_invitation(session, bench.service.installation, token_of(bench, again)).email == record.email

    def test_says_that_it_has_run_out_or_was_withdrawn_and_whom_to_ask(self, bench: Bench) -> None:
        record = invited(bench)
        bench.clock.advance(days=15)
        with bench.service.database.read() as session, pytest.raises(GoneError, match="run out.*" + ADMIN):
            open_invitation(session, bench.service.installation, token_of(bench, record))
        with bench.service.database.write() as session:
            withdraw_invitation(session, bench.service.installation, session.get_one(InvitationRecord, record.id))
        with bench.service.database.read() as session, pytest.raises(GoneError, match="withdrawn.*" + ADMIN):
            open_invitation(session, bench.service.installation, token_of(bench, record))
        bench.deliver()
        assert bench.mails() == []

    def test_second_invitation_takes_the_place_of_the_first(self, bench: Bench) -> None:
        first, second = invited(bench), invited(bench, "Kim@Example.org", "author")
        with bench.service.database.read() as session:
            assert [each.id for each in list_open(session, bench.service.installation, home_of(session))] == [second.id]
            with pytest.raises(GoneError):
                open_invitation(session, bench.service.installation, token_of(bench, first))

    @pytest.mark.parametrize(
        ("email", "roles"),
        [("nobody", ["awarder"]), ("kim@example.org", []), ("kim@example.org", ["king"]), (ADMIN, ["owner"])],
    )
    def test_what_makes_no_sense_is_refused(self, bench: Bench, email: str, roles: list[str]) -> None:
        with bench.service.database.write() as session, pytest.raises(InvalidInputError) as refusal:
            invite(session, bench.service.installation, home_of(session), email, roles)
        assert refusal.value.field in ("email", "roles")

    def test_mail_has_link_and_code_and_stolen_rows_have_neither(self, bench: Bench) -> None:
        record = invited(bench)
        bench.deliver()
        (mail,) = bench.mails()
        body = mail.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        assert invitation_url(bench.service.installation, record) in text
        assert invitation_code(bench.service.installation, record) in text
        rows = repr(bench.dump())
        assert token_of(bench, record) not in rows
        assert invitation_code(bench.service.installation, record) not in rows

    def test_rows_go_a_month_after_the_end(self, bench: Bench) -> None:
        invited(bench)
        bench.clock.advance(days=43)
        tidy_up(bench.service)
        assert bench.count(InvitationRecord) == 1
        bench.clock.advance(days=2)
        tidy_up(bench.service)
        assert bench.count(InvitationRecord) == 0
