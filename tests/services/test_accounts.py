"""Signing in: links that work once, codes for where a link cannot be opened, passwords."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from badges.errors import GoneError, InvalidInputError, NotAllowedError, NotFoundError
from badges.jobs.tasks import tidy_up
from badges.services.accounts import find_account
from badges.services.links import LinkPurpose
from badges.services.sessions import begin_session, find_session
from badges.services.signing_in import (
    CODE_TRIES,
    GUESS_WINDOW,
    GUESSES_IN_WINDOW,
    LINK_LIFETIME_MINUTES,
    LINKS_IN_WINDOW,
    TERMINAL_LINK_LIFETIME,
    account_of_link,
    check_password,
    create_sign_in_link,
    mail_sign_in_link,
    set_password,
    sign_in_url,
    use_sign_in_code,
    use_sign_in_link,
)
from badges.storage.records import AccountRecord, OutboxMailRecord, SignInLinkRecord
from tests.instances import ADMIN, Bench

MARK: Final = "what the browser keeps"
LINK_LIFETIME: Final = timedelta(minutes=LINK_LIFETIME_MINUTES)
GOOD_PASSWORD: Final = "tea lamp river seven"


def make_link(bench: Bench, mark: str | None = MARK) -> tuple[UUID, str]:
    """Return a link's number and its token."""
    with bench.service.database.write() as session:
        account = find_account(session, ADMIN)
        assert account is not None
        link = create_sign_in_link(session, bench.service.installation, account, mark)
        return link.id, sign_in_url(bench.service.installation, link).rsplit("/", 1)[1]


def use(bench: Bench, token: str, mark: str | None = MARK) -> str:
    with bench.service.database.write() as session:
        return use_sign_in_link(session, bench.service.installation, token, mark).email


def type_code(bench: Bench, link_id: UUID, code: str, mark: str = MARK) -> str | None:
    with bench.service.database.write() as session:
        account = use_sign_in_code(session, bench.service.installation, link_id, code, mark)
        return account.email if account else None


def code_of(bench: Bench, link_id: UUID) -> str:
    return bench.service.installation.links.code(LinkPurpose.SIGN_IN, link_id)


def wrong_code(bench: Bench, link_id: UUID) -> str:
    return f"{(int(code_of(bench, link_id)) + 1) % 1_000_000:06d}"


class TestLinks:
    def test_signs_in_once(self, either_bench: Bench) -> None:
        _, token = make_link(either_bench)
        assert use(either_bench, token) == ADMIN
        with pytest.raises(GoneError, match="used before"):
            use(either_bench, token)

    def test_looking_at_it_uses_nothing_up(self, bench: Bench) -> None:
        _, token = make_link(bench)
        before = bench.dump()
        with bench.service.database.read() as session:
            for _ in range(3):
                assert account_of_link(session, bench.service.installation, token).email == ADMIN
        assert bench.dump() == before
        assert use(bench, token) == ADMIN

    @pytest.mark.parametrize(("mark", "lifetime"), [(MARK, LINK_LIFETIME), (None, TERMINAL_LINK_LIFETIME)])
    def test_runs_out(self, bench: Bench, mark: str | None, lifetime: timedelta) -> None:
        _, token = make_link(bench, mark)
        bench.clock.now += lifetime
        with pytest.raises(GoneError, match="run out"):
            use(bench, token, mark)

    def test_is_good_until_the_last_second(self, bench: Bench) -> None:
        _, token = make_link(bench)
        bench.clock.now += LINK_LIFETIME
        bench.clock.advance(seconds=-1)
        assert use(bench, token) == ADMIN

    @pytest.mark.parametrize("mark", ["another browser", "", None])
    def test_other_browser_is_sent_back_and_the_link_stays_good(self, bench: Bench, mark: str | None) -> None:
        _, token = make_link(bench)
        with pytest.raises(NotAllowedError, match="another browser"):
            use(bench, token, mark)
        assert use(bench, token) == ADMIN

    @pytest.mark.parametrize("mark", ["any browser", None])
    def test_link_of_the_terminal_opens_in_any_browser(self, bench: Bench, mark: str | None) -> None:
        _, token = make_link(bench, None)
        assert use(bench, token, mark) == ADMIN

    def test_token_that_was_changed_is_none_of_ours(self, bench: Bench) -> None:
        _, token = make_link(bench)
        flipped = [
            token[:place] + ("A" if sign != "A" else "B") + token[place + 1 :] for place, sign in enumerate(token)
        ]
        for wrong in [*flipped[:-1], token[:-1], token + "A", "", "x" * 43, token + "\n", "…"]:
            with pytest.raises(NotFoundError):
                use(bench, wrong)
        assert use(bench, token) == ADMIN

    def test_token_of_another_purpose_opens_nothing(self, bench: Bench) -> None:
        link_id, _ = make_link(bench)
        holder_token = bench.service.installation.links.token(LinkPurpose.HOLDER, link_id)
        with pytest.raises(NotFoundError):
            use(bench, holder_token)

    def test_account_that_was_closed_is_let_in_by_no_link(self, bench: Bench) -> None:
        link_id, token = make_link(bench)
        with bench.service.database.write() as session:
            account = find_account(session, ADMIN)
            assert account is not None
            account.is_active = False
        with pytest.raises(GoneError):
            use(bench, token)
        with pytest.raises(GoneError):
            type_code(bench, link_id, code_of(bench, link_id))


class TestCodes:
    def test_signs_in_once_in_the_browser_that_asked(self, either_bench: Bench) -> None:
        link_id, token = make_link(either_bench)
        assert type_code(either_bench, link_id, code_of(either_bench, link_id)) == ADMIN
        with pytest.raises(GoneError):
            type_code(either_bench, link_id, code_of(either_bench, link_id))
        with pytest.raises(GoneError):
            use(either_bench, token)

    def test_spaces_and_hyphens_do_not_matter(self, bench: Bench) -> None:
        link_id, _ = make_link(bench)
        code = code_of(bench, link_id)
        assert type_code(bench, link_id, f" {code[:3]}-{code[3:]} ") == ADMIN

    def test_wrong_ones_are_counted_and_then_the_link_is_over(self, either_bench: Bench) -> None:
        link_id, token = make_link(either_bench)
        for _ in range(CODE_TRIES):
            assert type_code(either_bench, link_id, wrong_code(either_bench, link_id)) is None
        with pytest.raises(GoneError):
            type_code(either_bench, link_id, code_of(either_bench, link_id))
        with pytest.raises(GoneError):
            use(either_bench, token)

    def test_one_wrong_code_does_no_harm(self, bench: Bench) -> None:
        link_id, _ = make_link(bench)
        assert type_code(bench, link_id, wrong_code(bench, link_id)) is None
        assert type_code(bench, link_id, code_of(bench, link_id)) == ADMIN

    def test_right_code_in_another_browser_is_wrong(self, bench: Bench) -> None:
        link_id, _ = make_link(bench)
        assert type_code(bench, link_id, code_of(bench, link_id), "another browser") is None

    @pytest.mark.parametrize("code", ["", "000", "abcdef", "٠١٢٣٤٥", "²²²²²²"])
    def test_odd_ones_are_wrong(self, bench: Bench, code: str) -> None:
        link_id, _ = make_link(bench)
        assert type_code(bench, link_id, code) is None

    def test_link_of_nobody_takes_no_code(self, bench: Bench) -> None:
        assert type_code(bench, uuid4(), "123456") is None

    def test_is_six_digits_and_not_the_same_for_all(self, bench: Bench) -> None:
        codes = {code_of(bench, uuid4()) for _ in range(50)}
        assert len(codes) > 45
        assert all(len(code) == 6 and code.isdecimal() for code in codes)


class TestAskingByMail:
    def test_mail_is_queued_for_an_account_only(self, either_bench: Bench) -> None:
        with either_bench.service.database.write() as session:
            mail_sign_in_link(session, either_bench.service.installation, ADMIN.upper(), MARK)
        assert either_bench.count(OutboxMailRecord) == 1
        with either_bench.service.database.write() as session:
            nobody = mail_sign_in_link(session, either_bench.service.installation, "nobody@example.org", MARK)
        assert nobody.version == 4
        assert either_bench.count(OutboxMailRecord) == 1
        assert either_bench.count(SignInLinkRecord) == 1

    def test_nobody_s_mailbox_can_be_filled(self, bench: Bench) -> None:
        for _ in range(LINKS_IN_WINDOW + 5):
            with bench.service.database.write() as session:
                mail_sign_in_link(session, bench.service.installation, ADMIN, MARK)
        assert bench.count(OutboxMailRecord) == LINKS_IN_WINDOW
        bench.clock.now += GUESS_WINDOW
        with bench.service.database.write() as session:
            mail_sign_in_link(session, bench.service.installation, ADMIN, MARK)
        assert bench.count(OutboxMailRecord) == LINKS_IN_WINDOW + 1

    def test_old_ones_are_deleted_with_their_mails(self, bench: Bench) -> None:
        with bench.service.database.write() as session:
            mail_sign_in_link(session, bench.service.installation, ADMIN, MARK)
        tidy_up(bench.service)
        assert bench.count(SignInLinkRecord) == 1
        bench.clock.advance(days=2)
        tidy_up(bench.service)
        assert bench.count(SignInLinkRecord) == bench.count(OutboxMailRecord) == 0


class TestPasswords:
    def password(self, bench: Bench, password: str) -> str:
        """Set a password and return the session that it begins."""
        with bench.service.database.write() as session:
            account = find_account(session, ADMIN)
            assert account is not None
            set_password(session, bench.service.installation, account, password)
            return begin_session(
                session, bench.service.installation, account, how="password", has_second=False, user_agent=""
            )

    def check(self, bench: Bench, email: str, password: str) -> str | None:
        with bench.service.database.write() as session:
            account = check_password(session, bench.service.installation, email, password)
            return account.email if account else None

    def test_lets_in_and_only_with_the_right_one(self, bench: Bench) -> None:
        self.password(bench, GOOD_PASSWORD)
        assert self.check(bench, ADMIN.title(), GOOD_PASSWORD) == ADMIN
        for wrong in (GOOD_PASSWORD.upper(), GOOD_PASSWORD + " ", "", "x" * 5000):
            assert self.check(bench, ADMIN, wrong) is None
        assert self.check(bench, "nobody@example.org", GOOD_PASSWORD) is None
        assert self.check(bench, "no address", GOOD_PASSWORD) is None

    def test_same_letters_of_another_system_are_the_same(self, bench: Bench) -> None:
        """Source: RFC 8265, section 4.1: letters are composed before they are compared."""
        self.password(bench, "café lamp river seven")
        assert self.check(bench, ADMIN, "cafe\u0301 lamp river seven") == ADMIN

    def test_account_without_one_is_let_in_by_none(self, bench: Bench) -> None:
        assert self.check(bench, ADMIN, "nobody has this password") is None

    def test_guessing_is_stopped_even_with_the_right_one_and_goes_on_after_an_hour(self, bench: Bench) -> None:
        self.password(bench, GOOD_PASSWORD)
        for _ in range(GUESSES_IN_WINDOW):
            assert self.check(bench, ADMIN, "wrong") is None
        with pytest.raises(NotAllowedError, match="too many wrong tries"):
            self.check(bench, ADMIN, GOOD_PASSWORD)
        bench.clock.now += GUESS_WINDOW
        assert self.check(bench, ADMIN, GOOD_PASSWORD) == ADMIN

    def test_link_still_works_for_who_was_shut_out_by_a_guesser(self, bench: Bench) -> None:
        with bench.service.database.write() as session:
            session.execute(update(AccountRecord).values(failures=GUESSES_IN_WINDOW, failures_since=bench.clock.now))
        link_id, token = make_link(bench)
        with pytest.raises(NotAllowedError):
            type_code(bench, link_id, code_of(bench, link_id))
        assert use(bench, token) == ADMIN

    def test_codes_of_many_links_cannot_be_guessed_either(self, either_bench: Bench) -> None:
        for _ in range(GUESSES_IN_WINDOW):
            link_id, _token = make_link(either_bench)
            assert type_code(either_bench, link_id, wrong_code(either_bench, link_id)) is None
        link_id, _token = make_link(either_bench)
        with pytest.raises(NotAllowedError):
            type_code(either_bench, link_id, code_of(either_bench, link_id))

    def test_setting_one_uses_up_open_links(self, bench: Bench) -> None:
        _, token = make_link(bench)
        self.password(bench, GOOD_PASSWORD)
        with pytest.raises(GoneError):
            use(bench, token)

    @pytest.mark.parametrize(
        "password",
        [
            "short",
            "a" * 11,
            "a" * 201,
            "aaaaaaaaaaaaaaa",
            "abababababab",
            "librarian1234",
            "password123456",
            "P@ssw0rd1234!",
            "qwertyuiop1234",
            "iloveyou123456",
        ],
    )
    def test_weak_ones_are_refused(self, bench: Bench, password: str) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            self.password(bench, password)
        assert refusal.value.field == "password"

    def test_setting_one_ends_every_session(self, bench: Bench) -> None:
        first = self.password(bench, GOOD_PASSWORD)
        second = self.password(bench, GOOD_PASSWORD + " too")
        with bench.service.database.read() as session:
            assert find_session(session, bench.service.installation, first) is None
            assert find_session(session, bench.service.installation, second) is not None

    def test_database_holds_no_password(self, bench: Bench) -> None:
        self.password(bench, GOOD_PASSWORD)
        assert GOOD_PASSWORD not in repr(bench.dump())
        assert "$argon2id$" in repr(bench.dump())
