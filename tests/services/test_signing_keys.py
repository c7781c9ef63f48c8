"""Keys of organisations and of the service itself: made, missed, used."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from badges.errors import ConfigurationError
from badges.services.health import Health, check_installation
from badges.services.instance import make_instance
from badges.services.key_changes import rotate_keys
from badges.services.signing_keys import SigningHand, service_hand
from badges.standards.did.controller import find_verification_method
from badges.standards.did.did_web import did_web_to_url
from badges.storage.records import CredentialForm, SigningKeyRecord
from tests.instances import BASE_URL, ORGANISATION, Bench

SERVICE_DID = "did:web:localhost%3A8000"


def hand(bench: Bench) -> SigningHand:
    with bench.service.database.read() as session:
        return service_hand(session, bench.service.installation)


class TestServiceKey:
    def test_is_in_the_document_of_the_service_for_assertions(self, bench: Bench) -> None:
        """Source: Controlled Identifiers v1.0, 3.3; did:web, "Read (Resolve)"."""
        assert did_web_to_url(SERVICE_DID) == f"{BASE_URL.replace('http', 'https')}/.well-known/did.json"
        document = bench.json("service_did")
        assert document["id"] == SERVICE_DID
        found = hand(bench)
        method = find_verification_method(document, found.verification_method, "assertionMethod")
        assert method.controller == SERVICE_DID
        assert method.public_key == found.signer.public_key

    def test_bare_key_says_that_it_is_the_service(self, bench: Bench) -> None:
        key = bench.json("key", key_id=hand(bench).key_id)
        assert key["iss"] == SERVICE_DID
        assert key in bench.json("jwks")["keys"]

    def test_hosted_organisations_stay_named(self, bench: Bench) -> None:
        bench.add_organisation("college")
        endpoints = [each["serviceEndpoint"] for each in bench.json("service_did")["service"]]
        assert endpoints == [f"{BASE_URL}/organisations/{slug}" for slug in (ORGANISATION, "college")]

    def test_speaks_for_no_organisation(self, bench: Bench) -> None:
        found = hand(bench)
        document = bench.json("organisation_did", organisation=ORGANISATION)
        assert found.verification_method not in str(document)
        for form in CredentialForm:
            assert found.key_id not in bench.form(bench.award(again=True), form)

    def test_old_one_stays_published_after_a_rotation(self, bench: Bench) -> None:
        before = hand(bench)
        bench.clock.advance(days=1)
        with bench.service.database.write() as session:
            rotate_keys(session, bench.service.installation, None)
        after = hand(bench)
        assert before.key_id != after.key_id
        document = bench.json("service_did")
        assert document["assertionMethod"] == [before.verification_method, after.verification_method]


class TestMissing:
    def test_instance_of_an_earlier_version_gets_the_keys_it_lacks(self, bench: Bench) -> None:
        badge = bench.form(bench.award())
        with bench.service.database.write() as session:
            session.execute(delete(SigningKeyRecord).where(SigningKeyRecord.organisation_id.is_(None)))
            session.execute(delete(SigningKeyRecord).where(SigningKeyRecord.algorithm == "ES256"))
            there = set(session.scalars(select(SigningKeyRecord.id)))
        with pytest.raises(ConfigurationError, match=r"service itself has no active EdDSA key.*badges init"):
            hand(bench)
        (keys,) = [each for each in health(bench) if each.name == "keys"]
        assert not keys.ok
        assert "badges init" in keys.message
        with bench.service.database.write() as session:
            make_instance(session, bench.service.installation, organisation=None, admin_email=None)
            now = set(session.scalars(select(SigningKeyRecord.id)))
        assert there < now
        assert len(now) == 4
        assert hand(bench).signer.sign(b"text")
        assert all(each.ok for each in health(bench))
        assert bench.verify(badge).verdict == "valid"


def health(bench: Bench) -> list[Health]:
    service = bench.service
    return check_installation(service.database, service.installation, service.mailer)


class TestReading:
    def test_key_file_is_read_once_however_many_sign(self, bench: Bench) -> None:
        """Reading an RSA key takes 50 ms."""
        first = bench.award()
        bench.form(first, CredentialForm.OB3_JWT)
        for file in bench.folders.keys.glob("*.pem"):
            file.unlink()
        second = bench.award(email="kim@example.org")
        assert bench.verify(bench.form(second, CredentialForm.OB3_JWT)).verdict == "valid"
