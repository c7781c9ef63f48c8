"""The web process without keys: the agent signs what we sign, with keys that the database knows, and nothing else."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from badges.bootstrap import Service, make_service
from badges.errors import BadgesError, ConfigurationError, ConflictError, NotFoundError, RefusedError, UnavailableError
from badges.jobs.signing import start_agent
from badges.keyring.agent import AgentKeyring
from badges.keyring.agent_server import SigningAgent
from badges.keyring.wire import DATA_LIMIT_BYTES, Letter, receive_letter, send_letter
from badges.network.sources import OfflineFetcher
from badges.services import signing_desk
from badges.services.compromise import compromise_key
from badges.services.health import check_installation
from badges.services.mergers import merge
from badges.services.organisations import create_organisation, find_organisation
from badges.services.signing_keys import list_owned_keys
from badges.services.status_lists import find_list, take_place
from badges.standards.base64url import encode_base64url
from badges.standards.did.jwk import jwk_to_public_key
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import CredentialForm, KeyState, SigningKeyRecord
from badges.verifying.report import Verdict
from tests.instances import ORGANISATION, START, Bench
from tests.services.test_endorsement_asking import asked, given
from tests.services.test_packs import shared_pack
from tests.web.browsing import PageClient, open_app, sign_in


@pytest.fixture
def path() -> Iterator[Path]:
    """Where the socket is: a folder of pytest's is too deep for one."""
    with TemporaryDirectory(prefix="badges-") as folder:
        yield Path(folder) / "signing.sock"


@pytest.fixture
def worker(bench: Bench, path: Path) -> Service:
    """The service with the keys."""
    return bench.again(signing_socket=str(path), sign_in_web="0")


@pytest.fixture
def agent(worker: Service) -> Iterator[SigningAgent]:
    running = start_agent(worker)
    yield running
    running.stop()


@pytest.fixture
def web(bench: Bench, path: Path) -> Service:
    """The service without keys: its keys folder is not there at all. The bench awards with it."""
    secrets = bench.folders.instance / "secrets"
    secrets.mkdir(mode=0o700)
    for file in bench.folders.keys.glob("*.secret"):
        shutil.copy(file, secrets)
    settings = bench.folders.settings(
        signing_socket=str(path), sign_in_web="0", keys=str(path.parent / "none"), secrets=str(secrets)
    )
    bench.service = make_service(settings, clock=bench.clock, web_fetcher=OfflineFetcher(), asks_for_signatures=True)
    return bench.service


def keys_of(service: Service, slug: str = ORGANISATION) -> dict[str, SigningKeyRecord]:
    with service.database.read() as session:
        found = list_owned_keys(session, find_organisation(session, slug))
    return {key.algorithm: key for key in found if key.state == KeyState.ACTIVE}


def sign(bench: Bench, algorithm: str, data: bytes, key_id: str = "") -> bytes:
    """Ask the agent as a process would that was taken over."""
    keys = bench.service.installation.keys
    assert isinstance(keys, AgentKeyring)
    return keys.ask({"do": "sign", "key": key_id or keys_of(bench.service)[algorithm].id}, data).data


def rsa_key(record: SigningKeyRecord) -> rsa.RSAPublicKey:
    key = jwk_to_public_key(record.public_jwk)
    assert isinstance(key, rsa.RSAPublicKey)
    return key


@pytest.mark.usefixtures("agent")
class TestSigning:
    @pytest.mark.parametrize("form", CredentialForm)
    def test_every_form_of_a_badge_is_valid(self, bench: Bench, web: Service, form: CredentialForm) -> None:
        assert bench.verify(bench.form(bench.award(), form)).verdict == "valid"

    def test_withdrawing_endorsing_and_rotating_work_as_ever(self, bench: Bench, web: Service) -> None:
        award = bench.award()
        badge = bench.form(award)
        bench.endorsement()
        bench.rotate()
        assert bench.verify(badge).verdict == "valid"
        bench.revoke(award)
        assert bench.verify(badge).verdict == "invalid"
        again = bench.award(f"{ORGANISATION}/supporter", "kim@example.org")
        assert bench.verify(bench.form(again)).verdict == "valid"

    def test_new_organisation_signs_in_the_transaction_that_makes_it(self, bench: Bench, web: Service) -> None:
        with web.database.write() as session:
            made = create_organisation(session, web.installation, name="College", url="", email="", description="")
            number = take_place(session, web.installation, made).number
            assert find_list(session, number).signed_text
        assert {key.uri.partition(":")[0] for key in keys_of(web, "college").values()} == {"file"}

    def test_stolen_key_is_replaced_in_one_transaction(self, bench: Bench, web: Service) -> None:
        bench.award()
        key = keys_of(web)["EdDSA"]
        with web.database.write() as session:
            done = compromise_key(session, web.installation, key.id, START)
        assert done.lists_signed == 1
        assert bench.verify(bench.form(bench.award(email="kim@example.org"))).verdict == "valid"

    def test_award_is_made_on_its_page(self, bench: Bench, web: Service) -> None:
        client = sign_in(PageClient(open_app(web)), web)
        answer = client.send(f"/admin/award/{ORGANISATION}/supporter", email="sam@example.org")
        assert answer.status_code == 303, answer.text

    def test_endorser_outside_pack_and_merger_are_signed_too(self, bench: Bench, web: Service) -> None:
        badge = bench.form(bench.award())
        made = given(bench, *asked(bench))
        assert bench.verify(bench.document("endorsement_json", endorsement_id=made.id).body).verdict is Verdict.VALID
        shared_pack(bench)
        with web.database.write() as session:
            new = create_organisation(
                session, web.installation, name="Newtown", url="", email="a@example.org", description=""
            )
            merge(session, web.installation, find_organisation(session, ORGANISATION), new)
        report = bench.verify(badge, issuers=bench.service.known_issuers())
        assert report.verdict is Verdict.VALID
        assert report.trust is not None
        assert "is now part of Newtown" in str(report.trust.note)

    def test_check_says_who_signs(self, bench: Bench, worker: Service) -> None:
        results = check_installation(worker.database, worker.installation, worker.mailer)
        (signing,) = [each for each in results if each.name == "signing"]
        assert signing.ok
        assert "worker signs" in signing.message


def token(bench: Bench, algorithm: str, header: dict[str, object] | None = None, **payload: object) -> bytes:
    """Return the signing input of a token that the agent takes, or not, after these changes. None leaves one out."""
    addresses = bench.service.installation.addresses
    kid = addresses.url("key", key_id=keys_of(bench.service)[algorithm].id)
    head: dict[str, object] = {"alg": algorithm, "kid": kid, "typ": "JWT", **(header or {})}
    body: dict[str, object] = {"@context": [], "iss": addresses.organisation_did(ORGANISATION), **payload}
    parts = [{name: value for name, value in part.items() if value is not None} for part in (head, body)]
    return ".".join(encode_base64url(json.dumps(part).encode()) for part in parts).encode()


@pytest.mark.usefixtures("agent", "web")
class TestRefusing:
    """What a process that was taken over gets nothing for."""

    @pytest.mark.parametrize("data", [b"", b"text", b"h" * 63, b"h" * 65, b"h" * 128])
    def test_ed25519_key_signs_pairs_of_hashes_only(self, bench: Bench, data: bytes) -> None:
        with pytest.raises(RefusedError, match="hashes of documents"):
            sign(bench, "EdDSA", data)
        assert len(sign(bench, "EdDSA", b"h" * 64)) == 64

    @pytest.mark.parametrize("data", [b"", b"text", b"a.b.c", b"h" * 64, b".", "e30.é".encode()])
    def test_other_keys_sign_no_text_that_is_no_token(self, bench: Bench, data: bytes) -> None:
        for algorithm in ("RS256", "ES256"):
            with pytest.raises(RefusedError, match="tokens here, and nothing else"):
                sign(bench, algorithm, data)

    @pytest.mark.parametrize(
        ("header", "payload"),
        [
            ({"alg": "none"}, {}),
            ({"alg": "HS256"}, {}),
            ({"kid": "https://elsewhere.example/key"}, {}),
            ({"kid": None}, {}),
            ({"jku": "https://elsewhere.example/keys"}, {}),
            ({"jwk": {}}, {}),
            ({}, {"iss": "did:web:elsewhere.example"}),
            ({}, {"iss": None}),
            ({"kid": None}, {"iss": None, "verification": {"type": "SignedBadge", "creator": "https://a.example/key"}}),
            ({}, {"@context": None, "sub": "an-admin", "aud": "a-service"}),
        ],
        ids=str,
    )
    def test_no_token_of_others_or_for_others(
        self, bench: Bench, header: dict[str, object], payload: dict[str, object]
    ) -> None:
        for algorithm in ("RS256", "ES256"):
            with pytest.raises(RefusedError, match="signs no such token"):
                sign(bench, algorithm, token(bench, algorithm, header, **payload))

    def test_token_of_our_own_is_signed(self, bench: Bench) -> None:
        """So that the refusals above are for what was changed."""
        data = token(bench, "RS256")
        signature = sign(bench, "RS256", data)
        rsa_key(keys_of(bench.service)["RS256"]).verify(signature, data, padding.PKCS1v15(), hashes.SHA256())

    def test_retired_key_signs_no_more(self, bench: Bench) -> None:
        old = keys_of(bench.service)["EdDSA"].id
        bench.rotate()
        with pytest.raises(ConflictError, match="signs no more"):
            sign(bench, "EdDSA", b"h" * 64, old)

    def test_key_that_the_database_does_not_know_signs_nothing(self, bench: Bench, worker: Service) -> None:
        stray = worker.installation.keys.make(KeyAlgorithm.EDDSA)
        for key_id in (stray.signer.key_id, "../passphrase", "0" * 16):
            with pytest.raises(NotFoundError):
                sign(bench, "EdDSA", b"h" * 64, key_id)

    def test_fresh_key_is_forgotten_when_its_transaction_never_ends(self, bench: Bench) -> None:
        kept = bench.service.installation.keys.make(KeyAlgorithm.EDDSA)
        assert sign(bench, "EdDSA", b"h" * 64, kept.signer.key_id)
        bench.clock.advance(minutes=11)
        with pytest.raises(NotFoundError):
            sign(bench, "EdDSA", b"h" * 64, kept.signer.key_id)

    def test_keys_are_not_made_without_end(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(signing_desk, "_MOST_FRESH", 3)
        make = bench.service.installation.keys.make
        for _ in range(3):
            make(KeyAlgorithm.EDDSA)
        with pytest.raises(RefusedError, match="Too many keys"):
            make(KeyAlgorithm.EDDSA)
        bench.clock.advance(minutes=11)
        make(KeyAlgorithm.EDDSA)

    def test_swapped_file_signs_nothing(self, bench: Bench) -> None:
        keys = keys_of(bench.service)
        file = bench.folders.keys / keys["EdDSA"].uri.removeprefix("file:")
        (bench.folders.keys / keys["ES256"].uri.removeprefix("file:")).replace(file)
        before = bench.dump()
        with pytest.raises(ConfigurationError, match="holds another key"):
            bench.award()
        assert bench.dump() == before

    def test_keys_are_not_taken_in_from_the_web(self, bench: Bench) -> None:
        with pytest.raises(ConfigurationError, match="in the shell"):
            bench.service.installation.keys.find("aws-kms:alias/badges")


class TestAway:
    @pytest.mark.parametrize(
        "act",
        [
            lambda bench, _: bench.award(email="kim@example.org"),
            lambda bench, award: bench.revoke(award),
            lambda bench, award: bench.form(award, CredentialForm.OB3_JWT),
            lambda bench, _: bench.rotate(),
        ],
        ids=["award", "withdraw", "first JWT", "rotate"],
    )
    def test_nothing_is_changed_and_a_sentence_says_so(
        self, bench: Bench, worker: Service, act: Callable[..., object], request: pytest.FixtureRequest
    ) -> None:
        award = bench.award()
        request.getfixturevalue("web")
        before = bench.dump()
        began = time.monotonic()
        with pytest.raises(UnavailableError, match=r"Signing is not possible at the moment\. Nothing was changed"):
            act(bench, award)
        assert time.monotonic() - began < 10
        assert bench.dump() == before
        running = start_agent(worker)
        act(bench, award)
        running.stop()

    def test_page_says_so(self, bench: Bench, web: Service) -> None:
        client = sign_in(PageClient(open_app(web)), web)
        before = bench.dump()
        answer = client.send(f"/admin/award/{ORGANISATION}/supporter", email="sam@example.org")
        assert answer.status_code == 503
        assert "Signing is not possible at the moment" in answer.text
        assert {name: rows for name, rows in bench.dump().items() if name != "session"} == {
            name: rows for name, rows in before.items() if name != "session"
        }

    def test_worker_that_is_just_starting_is_waited_for(self, bench: Bench, worker: Service, web: Service) -> None:
        started: list[SigningAgent] = []
        timer = threading.Timer(0.7, lambda: started.append(start_agent(worker)))
        timer.start()
        assert bench.award().id
        started[0].stop()

    def test_worker_that_ends_in_the_middle_leaves_nothing(self, bench: Bench, web: Service, path: Path) -> None:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(path))
            listening.listen()

            def take_and_end() -> None:
                connection, _ = listening.accept()
                receive_letter(connection)
                connection.sendall(b"\x00\x00")  # the answer had begun
                connection.close()

            thread = threading.Thread(target=take_and_end)
            thread.start()
            before = bench.dump()
            with pytest.raises(UnavailableError, match="Nothing was changed"):
                bench.award()
            thread.join()
        assert bench.dump() == before

    def test_check_says_that_nobody_signs(self, worker: Service) -> None:
        results = check_installation(worker.database, worker.installation, worker.mailer)
        (signing,) = [each for each in results if each.name == "signing"]
        assert not signing.ok
        assert "badges worker" in signing.message


class TestSocket:
    def test_is_for_its_owner_only(self, agent: SigningAgent, path: Path) -> None:
        assert path.stat().st_mode & 0o777 == 0o600

    def test_other_accounts_get_nothing(self, bench: Bench, web: Service, path: Path) -> None:
        stranger = SigningAgent(path, lambda letter: letter, frozenset({54321}))
        stranger.start()
        assert path.stat().st_mode & 0o777 == 0o660  # let in by the group first, then by the number of the account
        with pytest.raises(UnavailableError):
            bench.award()
        stranger.stop()

    def test_account_that_is_none_is_said(self, bench: Bench, path: Path) -> None:
        with pytest.raises(ConfigurationError, match="BADGES_WEB_USER"):
            start_agent(bench.again(signing_socket=str(path), sign_in_web="0", web_user="nobody-of-that-name"))

    def test_newest_worker_signs_and_what_a_dead_one_left_is_in_nobody_s_way(
        self, bench: Bench, worker: Service, web: Service, path: Path
    ) -> None:
        path.write_bytes(b"")
        first, second = start_agent(worker), start_agent(worker)
        first.stop()
        assert bench.award().id
        second.stop()
        third = start_agent(worker)
        assert bench.award(email="kim@example.org").id
        third.stop()

    def test_path_that_is_too_long_is_said(self, bench: Bench, tmp_path: Path) -> None:
        long = tmp_path / ("x" * 100)
        with pytest.raises(ConfigurationError, match="BADGES_SIGNING_SOCKET"):
            start_agent(bench.again(signing_socket=str(long), sign_in_web="0"))
        with pytest.raises(ConfigurationError, match="BADGES_SIGNING_SOCKET"):
            AgentKeyring(long).make(KeyAlgorithm.EDDSA)

    @pytest.mark.usefixtures("agent")
    @pytest.mark.parametrize(
        "sent",
        [
            b"",
            b"\x00",
            b"\xff\xff\xff\xff",
            b"\x00\x00\x00\x02{}" + b"\xff\xff\xff\xff",
            b"\x00\x00\x00\x02[]" + b"\x00\x00\x00\x00",
            b"\x00\x00\x00\x04nope" + b"\x00\x00\x00\x00",
            b"GET / HTTP/1.1\r\n\r\n",
        ],
    )
    def test_what_is_no_question_is_answered_with_no_signature(
        self, bench: Bench, web: Service, path: Path, sent: bytes
    ) -> None:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(path))
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            with contextlib.suppress(ConnectionResetError):
                answer = b"".join(iter(lambda: connection.recv(4096), b""))
        assert answer == b"" or b"RefusedError" in answer
        assert bench.award().id

    @pytest.mark.usefixtures("agent")
    @pytest.mark.parametrize(
        "head", [{}, {"do": "passphrase"}, {"do": "sign"}, {"do": "make", "algorithm": "none", "like": "file"}], ids=str
    )
    def test_unknown_question_is_refused(self, web: Service, head: dict[str, str]) -> None:
        keys = web.installation.keys
        assert isinstance(keys, AgentKeyring)
        with pytest.raises(RefusedError):
            keys.ask(dict(head))

    @pytest.mark.usefixtures("agent")
    def test_those_who_say_nothing_hold_up_nobody(self, bench: Bench, web: Service, path: Path) -> None:
        silent = [socket.socket(socket.AF_UNIX) for _ in range(30)]
        for each in silent:
            each.connect(str(path))
        began = time.monotonic()
        assert bench.award().id
        assert time.monotonic() - began < 5
        for each in silent:
            each.close()

    @pytest.mark.usefixtures("agent")
    def test_more_than_it_takes_is_not_even_sent(self, web: Service) -> None:
        key = keys_of(web)["RS256"]
        signer = web.installation.keys.signer(key.uri, key.id, KeyAlgorithm.RS256, rsa_key(key))
        with pytest.raises(RefusedError, match="more than"):
            signer.sign(b"x" * (DATA_LIMIT_BYTES + 1))

    @pytest.mark.usefixtures("agent", "web")
    def test_many_at_once_are_all_answered(self, bench: Bench) -> None:
        answers: list[bytes | BadgesError] = []

        def ask() -> None:
            try:
                answers.append(sign(bench, "EdDSA", b"h" * 64))
            except BadgesError as problem:
                answers.append(problem)

        threads = [threading.Thread(target=ask) for _ in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 100
        assert len(set(answers)) == 1  # Ed25519 has one signature for one text


def test_letters_arrive_as_they_were_sent() -> None:
    here, there = socket.socketpair()
    letter = Letter({"do": "sign", "key": "é"}, bytes(range(256)) * 4096)
    thread = threading.Thread(target=send_letter, args=(here, letter))
    thread.start()
    assert receive_letter(there) == letter
    thread.join()
    here.close()
    there.close()
