"""Endorsements by people outside: asked by mail, given by a link with a code, carried, withdrawn by the same link."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import ConflictError, GoneError, InvalidInputError, NotAllowedError, NotFoundError
from badges.jobs.tasks import sign_carriers_anew, tidy_up
from badges.keyring.signers import throwaway_signer
from badges.services.coded_links import CODE_TRIES
from badges.services.endorsement_answering import Given, decline, give, open_request, withdraw_given
from badges.services.endorsement_asking import (
    PAGE_SIZE,
    Asked,
    ask,
    ask_again,
    endorse_code,
    endorse_url,
    endorsed_of,
    list_open_requests,
    list_requests,
    take_back,
)
from badges.services.endorsement_outside import checked_did, checked_upload, unsigned_endorsement
from badges.services.organisations import find_organisation
from badges.services.own_documents import own_fetcher
from badges.standards.did.did_web import PublishedKey, did_document
from badges.standards.did.multikey import encode_public_key
from badges.standards.fetching import FetchedDocument, FetchError, FetchProblem
from badges.standards.proofs import eddsa_rdfc_2022
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import EndorsementRequestRecord, OrganisationRecord, SigningKeyRecord
from badges.verifying.report import CheckName, Outcome, Verdict
from badges.vocab.profile import OrganisationKind
from tests.instances import ORGANISATION, Bench, text_of

T = TypeVar("T")
ASKED = Asked("class", "supporter", "kim@professionals.example.org", "Society of Professionals", "Please.")
GIVEN = Given("", "We *rely* on it.", "Kim Lee", "Head of Standards", "Society of Professionals", "", "")


def do(bench: Bench, what: Callable[[Session], T]) -> T:
    with bench.service.database.write() as session:
        return what(session)


def asked(bench: Bench, wanted: Asked = ASKED) -> tuple[str, str]:
    """Ask, and return token and code as they are in the mail."""

    def make(session: Session) -> tuple[str, str]:
        installation = bench.service.installation
        record = ask(session, installation, find_organisation(session, ORGANISATION), wanted)
        return endorse_url(installation, record).rpartition("/")[2], endorse_code(installation, record)

    return do(bench, make)


def given(bench: Bench, token: str, code: str, **changes: str) -> Any:
    def make(session: Session) -> Any:
        installation = bench.service.installation
        seen = endorsed_of(session, installation, open_request(session, installation, token)).id
        return give(session, installation, token, replace(GIVEN, **{"code": code, "seen": seen, **changes}))

    return do(bench, make)


def endorsements_in(bench: Bench, badge: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(badge)["credentialSubject"]["achievement"].get("endorsement", [])
    return found


def test_given_by_the_link_and_carried_by_every_later_badge(either_bench: Bench) -> None:
    bench = either_bench
    token, code = asked(bench)
    made = given(bench, token, code)
    assert made.organisation.kind == OrganisationKind.ENDORSER
    assert (made.said_by_name, made.said_by_role, made.said_from) == (
        "Kim Lee",
        "Head of Standards",
        "professionals.example.org",
    )
    badge = bench.form(bench.award())
    (inside,) = endorsements_in(bench, badge)
    assert inside["issuer"]["name"] == "Society of Professionals"
    assert inside["issuer"]["id"].endswith(":organisations:society-of-professionals")
    assert "Kim" not in badge  # who said it is on the page only
    assert "kim@" not in badge
    report = bench.verify(badge)
    assert report.verdict is Verdict.VALID
    assert report.check(CheckName.ENDORSEMENTS).outcome is Outcome.PASSED
    alone = bench.document("endorsement_json", endorsement_id=made.id).body.decode()
    assert bench.verify(alone).verdict is Verdict.VALID


def test_endorser_has_one_key_takes_no_part_and_keeps_it(bench: Bench) -> None:
    token, code = asked(bench)
    made = given(bench, token, code)
    second = given(bench, *asked(bench, replace(ASKED, kind="organisation", target="")))
    assert second.organisation_id == made.organisation_id
    with bench.service.database.read() as session:
        keys = session.scalars(select(SigningKeyRecord).where(SigningKeyRecord.organisation_id == made.organisation_id))
        assert [key.algorithm for key in keys] == [KeyAlgorithm.EDDSA]
    stranger = given(bench, *asked(bench, replace(ASKED, email="lee@elsewhere.example.org", kind="organisation")))
    assert stranger.organisation_id != made.organisation_id  # the same name, and another address


def test_withdrawn_by_the_same_link(bench: Bench) -> None:
    token, code = asked(bench)
    made = given(bench, token, code)
    award = bench.award()
    old = bench.form(award)
    installation = bench.service.installation
    assert do(bench, lambda session: withdraw_given(session, installation, token, code="000000")) is False
    bench.clock.advance(minutes=1)
    assert do(bench, lambda session: withdraw_given(session, installation, token, code=code)) is True
    assert bench.verify(bench.document("endorsement_json", endorsement_id=made.id).body).verdict is Verdict.INVALID
    assert endorsements_in(bench, bench.form(bench.award(email="lee@example.org"))) == []
    sign_carriers_anew(bench.service)
    assert endorsements_in(bench, bench.form(award)) == []
    assert bench.verify(bench.form(award)).verdict is Verdict.VALID
    assert endorsements_in(bench, old) != []
    before = bench.dump()
    sign_carriers_anew(bench.service)
    assert bench.dump() == before
    with pytest.raises(ConflictError, match="already"):
        do(bench, lambda session: withdraw_given(session, installation, token, code=code))


def test_code_is_needed_and_guessing_ends(bench: Bench) -> None:
    token, code = asked(bench)
    wrong = "000000" if code != "000000" else "000001"
    assert [given(bench, token, wrong) for _ in range(CODE_TRIES)] == [None] * CODE_TRIES
    with pytest.raises(NotAllowedError, match="Too many"):
        given(bench, token, code)
    installation = bench.service.installation

    def again(session: Session) -> tuple[str, str]:
        record = session.scalars(select(EndorsementRequestRecord)).one()
        ask_again(session, installation, record)
        return endorse_url(installation, record).rpartition("/")[2], endorse_code(installation, record)

    newer, code = do(bench, again)
    with pytest.raises(NotFoundError):
        given(bench, token, code)
    assert given(bench, newer, code)


def test_who_typed_too_many_wrong_codes_can_still_withdraw_after_a_new_mail(bench: Bench) -> None:
    token, code = asked(bench)
    given(bench, token, code)
    installation = bench.service.installation
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(CODE_TRIES):
        assert do(bench, lambda session: withdraw_given(session, installation, token, code=wrong)) is False
    with pytest.raises(NotAllowedError, match="send the mail again"):
        do(bench, lambda session: withdraw_given(session, installation, token, code=code))
    bench.deliver()

    def again(session: Session) -> tuple[str, str]:
        record = session.scalars(select(EndorsementRequestRecord)).one()
        ask_again(session, installation, record)
        return endorse_url(installation, record).rpartition("/")[2], endorse_code(installation, record)

    newer, code = do(bench, again)
    bench.deliver()
    assert newer in text_of(bench.mails()[-1])
    assert "You stand behind" in str(bench.mails()[-1]["Subject"])
    assert do(bench, lambda session: withdraw_given(session, installation, newer, code=code)) is True
    with pytest.raises(ConflictError, match="answered"):
        do(bench, again)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"comment": " "}, "comment"),
        ({"comment": "x" * 2001}, "comment"),
        ({"name": ""}, "name"),
        ({"role": "x" * 121}, "role"),
        ({"endorser_name": ""}, "endorser_name"),
        ({"endorser_name": "anytown hospitals library"}, "endorser_name"),
        ({"url": "javascript:alert(1)"}, "url"),
    ],
)
def test_mistake_is_named_and_nothing_is_made(bench: Bench, changes: dict[str, str], field: str) -> None:
    token, code = asked(bench)
    before = bench.count(OrganisationRecord)
    with pytest.raises(InvalidInputError) as raised:
        given(bench, token, code, **changes)
    assert raised.value.field == field
    assert bench.count(OrganisationRecord) == before


def test_what_was_looked_at_is_what_is_endorsed(bench: Bench) -> None:
    token, code = asked(bench)
    with pytest.raises(ConflictError, match="newer version"):
        given(bench, token, code, seen="https://elsewhere.example.org/1")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"kind": "badge"}, "subject"),
        ({"kind": "class", "target": ""}, "subject"),
        ({"endorser_name": "Anytown Hospitals Library"}, "endorser_name"),
        ({"message": "x" * 1001}, "message"),
    ],
)
def test_request_with_a_mistake_is_not_sent(bench: Bench, change: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        asked(bench, replace(ASKED, **change))
    assert raised.value.field == field
    assert bench.count(EndorsementRequestRecord) == 0


def test_same_person_is_not_asked_twice_for_the_same(bench: Bench) -> None:
    asked(bench)
    with pytest.raises(ConflictError, match="already"):
        asked(bench)


def test_declined_taken_back_and_run_out_say_so(bench: Bench) -> None:
    installation = bench.service.installation
    token, code = asked(bench)
    assert do(bench, lambda session: decline(session, installation, token, code=code, note="Not now.")) is True
    with pytest.raises(GoneError, match="declined"):
        given(bench, token, code)
    second, code = asked(bench, replace(ASKED, email="lee@example.org"))
    do(
        bench,
        lambda session: take_back(
            session,
            installation,
            session.scalars(select(EndorsementRequestRecord).filter_by(email="lee@example.org")).one(),
        ),
    )
    with pytest.raises(GoneError, match="taken this request back"):
        given(bench, second, code)
    third, code = asked(bench, replace(ASKED, email="max@example.org"))
    bench.clock.advance(days=61)
    with pytest.raises(GoneError, match="run out"):
        given(bench, third, code)
    bench.clock.advance(days=31)
    tidy_up(bench.service)
    assert bench.count(EndorsementRequestRecord) == 0


def test_mails_say_what_there_is_to_do_and_what_came_of_it(bench: Bench) -> None:
    token, code = asked(bench)
    bench.deliver()
    (mail,) = bench.mails()
    assert mail["To"] == "kim@professionals.example.org"
    assert token in text_of(mail)
    assert code in text_of(mail)
    given(bench, token, code)
    bench.deliver()
    told = {str(each["To"]): text_of(each) for each in bench.mails()[1:]}
    assert "withdraw it at any time" in told["kim@professionals.example.org"]
    assert "stands behind" in told["librarian@example.org"]
    assert not re.search(r"/endorse/", told["librarian@example.org"])  # who asked cannot answer


class WebWithOneDid:
    """A web in which one endorser publishes a DID document, and nothing else is there."""

    def __init__(self, did: str, document: dict[str, Any]) -> None:
        self._url = f"https://{did.removeprefix('did:web:')}/.well-known/did.json"
        self._body = json.dumps(document).encode()

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        if url == self._url:
            return FetchedDocument(url, 200, "application/did+json", self._body)
        raise FetchError("Nobody answers at %(url)s.", problem=FetchProblem.UNREACHABLE, url=url)


def test_endorser_with_a_key_of_its_own_signs_elsewhere(bench: Bench) -> None:
    token, code = asked(bench)
    did = "did:web:professionals.example.org"
    signer = throwaway_signer(KeyAlgorithm.EDDSA)
    fragment = encode_public_key(signer.public_key)
    web = WebWithOneDid(did, did_document(did, [PublishedKey(fragment, signer.public_key, KeyAlgorithm.EDDSA, None)]))
    installation = bench.service.installation

    def draft(session: Session) -> dict[str, Any]:
        record = open_request(session, installation, token)
        endorsed = endorsed_of(session, installation, record)
        return unsigned_endorsement(
            installation, record, endorsed, did=did, name="Society of Professionals", url="", comment=GIVEN.comment
        )

    unsigned = do(bench, draft)

    def sign(document: dict[str, Any]) -> bytes:
        signed = eddsa_rdfc_2022.sign(
            document, signer, verification_method=f"{did}#{fragment}", created=bench.clock().replace(microsecond=0)
        )
        return json.dumps(signed).encode()

    def check(session: Session, data: bytes) -> Any:
        record = open_request(session, installation, token)
        return checked_upload(
            installation,
            record,
            endorsed_of(session, installation, record),
            data,
            did=did,
            comment=GIVEN.comment,
            fetcher=own_fetcher(session, installation, web),
        )

    bench.clock.advance(minutes=1)
    other = {**unsigned, "credentialSubject": {**unsigned["credentialSubject"], "endorsementComment": "Other."}}
    for data, words in (
        (json.dumps(unsigned).encode(), "signed as it should"),
        (sign(other), "another text"),
        (b"{", "checked"),
    ):
        with pytest.raises(InvalidInputError, match=words), bench.service.database.write() as session:
            check(session, data)
    signed = do(bench, lambda session: check(session, sign(unsigned)))

    def take(session: Session) -> Any:
        seen = endorsed_of(session, installation, open_request(session, installation, token)).id
        return give(session, installation, token, replace(GIVEN, code=code, seen=seen), signed_elsewhere=signed)

    made = do(bench, take)
    assert made.external_did == did
    badge = bench.form(bench.award())
    (inside,) = endorsements_in(bench, badge)
    assert inside["issuer"]["id"] == did
    report = bench.verify(badge, web=web)
    assert report.verdict is Verdict.VALID
    assert report.check(CheckName.ENDORSEMENTS).outcome is Outcome.PASSED


def test_name_of_this_service_is_no_name_of_an_endorser(bench: Bench) -> None:
    installation = bench.service.installation
    for text in ("", "did:key:z6Mk", installation.addresses.service_did, installation.addresses.organisation_did("x")):
        with pytest.raises(InvalidInputError) as raised:
            checked_did(installation, text)
        assert raised.value.field == "did"


def test_requests_of_an_hour_are_counted(bench: Bench) -> None:
    for number in range(30):
        asked(bench, replace(ASKED, email=f"somebody{number}@example.org"))
    with pytest.raises(ConflictError, match="Too many"):
        asked(bench, replace(ASKED, email="one.more@example.org"))
    bench.clock.now += timedelta(hours=1, minutes=1)
    asked(bench, replace(ASKED, email="one.more@example.org"))


def test_nobody_s_mailbox_is_filled_by_sending_again(bench: Bench) -> None:
    asked(bench)

    def again(session: Session) -> None:
        ask_again(session, bench.service.installation, session.scalars(select(EndorsementRequestRecord)).one())

    for _ in range(9):
        do(bench, again)
    with pytest.raises(ConflictError, match="10 times"):
        do(bench, again)


def test_more_requests_than_a_page_has_are_all_there(bench: Bench) -> None:
    installation = bench.service.installation
    for number in range(PAGE_SIZE + 3):
        asked(bench, replace(ASKED, email=f"person{number}@example.org"))
        bench.clock.advance(hours=1)
    with bench.service.database.read() as session:
        home = find_organisation(session, ORGANISATION)
        first, second = (list_requests(session, home, page=page) for page in (1, 2))
        assert (first.pages, len(first.requests), len(second.requests)) == (2, PAGE_SIZE, 3)
        assert first.requests[0].email == f"person{PAGE_SIZE + 2}@example.org"
        assert len(list_open_requests(session, installation, home)) == PAGE_SIZE + 3
    with pytest.raises(ConflictError, match="already"):  # the oldest is on the second page
        asked(bench, replace(ASKED, email="person0@example.org"))
