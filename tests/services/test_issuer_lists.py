"""The list in the instance folder: used while it is good, and it is said why when it is not."""

from __future__ import annotations

import json
import logging
import os
from typing import Any

import pytest

from badges.errors import InvalidInputError
from badges.services.issuer_lists import ListState, list_state, sign_list
from badges.services.key_changes import rotate_keys
from badges.services.organisations import find_organisation
from badges.standards.proofs import eddsa_jcs_2022
from badges.standards.signer import KeyAlgorithm
from badges.vocab.json import JsonObject
from tests.instances import ORGANISATION, Bench
from tests.standards.issuer_lists import PUBLISHER, entry, issuer_list
from tests.verifying.making import FreshSigner

# As somebody writes it by hand: the service fills in who and when.
DRAFT = issuer_list(publisher=None, issued=None)


def sign(bench: Bench, document: JsonObject) -> JsonObject:
    with bench.service.database.read() as session:
        return sign_list(session, bench.service.installation, json.dumps(document).encode())


def put(bench: Bench, document: Any) -> None:
    """Write the file as another program would, a moment later than the last time."""
    path = bench.service.settings.issuer_list_path
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    os.utime(path, ns=(before + 10**9, before + 10**9))


def state(bench: Bench) -> ListState:
    with bench.service.database.read() as session:
        return list_state(session, bench.service.installation)


class TestSigning:
    def test_service_signs_and_reads_its_own_list(self, bench: Bench) -> None:
        put(bench, sign(bench, DRAFT))
        found = state(bench)
        assert found.problem is None
        assert found.issuer_list is not None
        assert found.issuer_list.publisher == "did:web:localhost%3A8000"
        assert found.issuer_list.issued == bench.clock()

    def test_list_is_signed_again_after_a_change(self, bench: Bench) -> None:
        signed = sign(bench, DRAFT)
        put(bench, sign(bench, {**signed, "name": "New name"}))
        found = state(bench)
        assert found.issuer_list is not None
        assert found.issuer_list.name == "New name"

    @pytest.mark.parametrize(
        ("document", "word"),
        [
            (issuer_list(), "signs as"),
            (issuer_list(publisher=None, entries=[entry(kind="x")]), "kind"),
            ({}, "IssuerList"),
        ],
    )
    def test_what_must_not_be_signed_is_not(self, bench: Bench, document: JsonObject, word: str) -> None:
        with pytest.raises(InvalidInputError, match=word):
            sign(bench, document)


class TestState:
    def test_no_file_is_no_problem(self, bench: Bench) -> None:
        assert state(bench) == ListState()

    @pytest.mark.parametrize(
        ("text", "word"),
        [("", "JSON"), ("{}", "list of issuers"), (json.dumps(issuer_list()), "not signed")],
    )
    def test_list_that_is_none_or_unsigned_is_not_used(self, bench: Bench, text: str, word: str) -> None:
        put(bench, text)
        assert state(bench).issuer_list is None
        assert word in str(state(bench).problem)

    def test_list_by_anybody_else_is_not_used_unless_their_key_is_pinned(self, bench: Bench) -> None:
        signer = FreshSigner(KeyAlgorithm.EDDSA)
        method = f"{PUBLISHER}#{signer.multikey}"
        put(bench, eddsa_jcs_2022.sign(issuer_list(), signer, verification_method=method, created=bench.clock()))
        assert "only lists of did:web:localhost%3A8000 count" in str(state(bench).problem)
        other = bench.again(issuer_list_signer=method)
        with other.database.read() as session:
            assert list_state(session, other.installation).issuer_list is not None

    def test_list_that_is_out_of_date_is_not_used_from_that_moment(self, bench: Bench) -> None:
        put(bench, sign(bench, {**DRAFT, "validUntil": "2026-12-02T00:00:00Z"}))
        assert state(bench).issuer_list is not None
        bench.clock.advance(days=1)
        assert state(bench).issuer_list is None
        assert "until 2 December 2026" in str(state(bench).problem)

    def test_list_stays_good_after_the_service_s_key_was_rotated(self, bench: Bench) -> None:
        put(bench, sign(bench, DRAFT))
        with bench.service.database.write() as session:
            rotate_keys(session, bench.service.installation, None)
        bench.clock.advance(minutes=20)
        assert state(bench).issuer_list is not None

    def test_list_by_an_organisation_s_key_is_not_the_service_s(self, bench: Bench) -> None:
        """The organisations of a service do not speak for it."""
        with bench.service.database.read() as session:
            own = find_organisation(session, ORGANISATION)
            did = bench.service.installation.addresses.organisation_did(own.slug)
        signed = sign(bench, DRAFT)
        signed["proof"][0]["verificationMethod"] = f"{did}#key"
        put(bench, signed)
        assert "may not sign" in str(state(bench).problem)

    def test_new_file_is_noticed(self, bench: Bench) -> None:
        put(bench, "{}")
        assert state(bench).issuer_list is None
        put(bench, sign(bench, DRAFT))
        assert state(bench).issuer_list is not None
        bench.service.settings.issuer_list_path.unlink()
        assert state(bench) == ListState()

    def test_why_it_is_not_used_is_logged_once(self, bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
        put(bench, "{}")
        for _ in range(3):
            assert bench.service.known_issuers().listed is None
        assert caplog.text.count("The list of issuers is not used") == 1
        assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_own_organisations_are_known_by_the_ids_that_their_badges_carry(bench: Bench) -> None:
    badge = json.loads(bench.form(bench.award()))
    directory = bench.service.known_issuers().own
    addresses = bench.service.installation.addresses
    own = directory.of_id(addresses.organisation_did(ORGANISATION))
    service_itself = directory.of_id(addresses.service_did)
    assert own is not None
    assert service_itself is not None
    assert (service_itself.ids, service_itself.kind) == (("did:web:localhost%3A8000",), "known")
    assert badge["issuer"]["id"] in own.ids
    assert f"http://localhost:8000/ob2/issuers/{ORGANISATION}" in own.ids
    assert own.kind == "campaign"
