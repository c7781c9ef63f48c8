"""Second factors: codes count once, wrong ones are counted, and a stolen database opens nothing."""

from __future__ import annotations

import pyotp
import pytest
from sqlalchemy.orm import Session

from badges.errors import ConflictError, InvalidInputError, NotAllowedError
from badges.services.accounts import find_account
from badges.services.organisations import find_organisation
from badges.services.second_factors import (
    check_second_code,
    count_recovery_codes,
    has_second_factor,
    make_recovery_codes,
    new_totp_secret,
    reset_factors,
    set_requirement,
    set_totp,
)
from badges.services.sessions import begin_session, browser_in_words, find_session
from badges.services.signing_in import GUESSES_IN_WINDOW
from badges.storage.records import AccountRecord
from tests.instances import ADMIN, ORGANISATION, Bench


def admin_of(session: Session) -> AccountRecord:
    account = find_account(session, ADMIN)
    assert account is not None
    return account


def code(bench: Bench, secret: str) -> str:
    return pyotp.TOTP(secret).at(bench.clock.now)


def with_app(bench: Bench) -> str:
    secret = new_totp_secret()
    with bench.service.database.write() as session:
        set_totp(session, bench.service.installation, admin_of(session), secret, code(bench, secret))
    return secret


def check(bench: Bench, typed: str) -> bool:
    with bench.service.database.write() as session:
        return check_second_code(session, bench.service.installation, admin_of(session), typed)


def test_code_counts_once_and_for_a_minute_or_so(bench: Bench) -> None:
    secret = with_app(bench)
    assert not check(bench, code(bench, secret))  # it was used to set the app up
    bench.clock.advance(seconds=30)
    assert check(bench, f" {code(bench, secret)[:3]} {code(bench, secret)[3:]} ")
    assert not check(bench, code(bench, secret))
    old = code(bench, secret)
    bench.clock.advance(seconds=90)
    assert not check(bench, old)


def test_app_is_set_up_only_with_a_code_of_it(bench: Bench) -> None:
    with bench.service.database.write() as session:
        with pytest.raises(InvalidInputError):
            set_totp(session, bench.service.installation, admin_of(session), new_totp_secret(), "000000")
        assert not has_second_factor(session, admin_of(session))


def test_wrong_codes_are_counted(bench: Bench) -> None:
    secret = with_app(bench)
    bench.clock.advance(seconds=30)
    for _ in range(GUESSES_IN_WINDOW):
        assert not check(bench, "12")
    with pytest.raises(NotAllowedError):
        check(bench, code(bench, secret))


def test_recovery_code_counts_once_however_it_is_typed(bench: Bench) -> None:
    with_app(bench)
    with bench.service.database.write() as session:
        codes = make_recovery_codes(session, bench.service.installation, admin_of(session))
    assert check(bench, codes[0].lower().replace("-", " "))
    assert not check(bench, codes[0])
    with bench.service.database.write() as session:
        assert count_recovery_codes(session, admin_of(session)) == len(codes) - 1
        make_recovery_codes(session, bench.service.installation, admin_of(session))
    assert not check(bench, codes[1])


def test_stolen_database_opens_nothing(bench: Bench) -> None:
    """Sessions, apps and recovery codes: what is in the rows is of no use without the keys folder."""
    secret = with_app(bench)
    with bench.service.database.write() as session:
        codes = make_recovery_codes(session, bench.service.installation, admin_of(session))
        cookie = begin_session(
            session, bench.service.installation, admin_of(session), how="link", has_second=True, user_agent=""
        )
    rows = repr(bench.dump())
    for each in (secret, cookie, *codes, *(one.replace("-", "") for one in codes)):
        assert each not in rows
    (bench.folders.keys / "links.secret").write_text("0" * 64)
    thief = Bench(bench.again(), bench.clock, bench.folders)
    bench.clock.advance(seconds=30)
    with thief.service.database.write() as session, pytest.raises(Exception, match=r"links\.secret"):
        check_second_code(session, thief.service.installation, admin_of(session), code(bench, secret))


def test_owner_who_has_none_cannot_ask_others_for_one(bench: Bench) -> None:
    with bench.service.database.write() as session:
        organisation = find_organisation(session, ORGANISATION)
        with pytest.raises(ConflictError):
            set_requirement(session, bench.service.installation, organisation, admin_of(session), wanted=True)
    with_app(bench)
    with bench.service.database.write() as session:
        organisation = find_organisation(session, ORGANISATION)
        set_requirement(session, bench.service.installation, organisation, admin_of(session), wanted=True)
        assert organisation.requires_second_factor
        reset_factors(session, bench.service.installation, admin_of(session))
        assert not has_second_factor(session, admin_of(session))


def test_session_runs_out(bench: Bench) -> None:
    with bench.service.database.write() as session:
        secret = begin_session(
            session, bench.service.installation, admin_of(session), how="link", has_second=False, user_agent=""
        )
    with bench.service.database.read() as session:
        assert find_session(session, bench.service.installation, secret) is not None
        assert find_session(session, bench.service.installation, secret + "0") is None
        bench.clock.advance(hours=13)
        assert find_session(session, bench.service.installation, secret) is None


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("", "A browser"),
    ],
)  # fmt: skip
def test_browser_is_named_as_people_do(user_agent: str, words: str) -> None:
    assert browser_in_words(user_agent) == words
