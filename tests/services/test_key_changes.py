"""Keys that were made elsewhere are taken in, rotated where that is allowed, and sign like any other."""

from __future__ import annotations

import pytest

from badges.errors import ConfigurationError, ConflictError, InvalidInputError, UnavailableError
from badges.services.health import check_installation
from badges.services.key_changes import Rotation, retire_key, rotate_keys, use_key
from badges.services.organisations import find_organisation
from badges.services.signing_keys import list_keys, list_owned_keys, place_of
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import AuditLineRecord, CredentialForm, KeyState, SigningKeyRecord
from badges.vocab.audit import Action
from tests.instances import ORGANISATION, Bench
from tests.kms import KmsServer

SPECS = {
    KeyAlgorithm.EDDSA: "ECC_NIST_EDWARDS25519",
    KeyAlgorithm.RS256: "RSA_2048",
    KeyAlgorithm.ES256: "ECC_NIST_P256",
}
FORMS = {
    KeyAlgorithm.EDDSA: CredentialForm.OB3,
    KeyAlgorithm.RS256: CredentialForm.OB3_JWT,
    KeyAlgorithm.ES256: CredentialForm.OB3_JWT_ES256,
}


def use(bench: Bench, uri: str, slug: str | None = ORGANISATION) -> SigningKeyRecord:
    with bench.service.database.write() as session:
        owner = None if slug is None else find_organisation(session, slug)
        return use_key(session, bench.service.installation, owner, uri)


def rotate(bench: Bench) -> Rotation:
    with bench.service.database.write() as session:
        return rotate_keys(session, bench.service.installation, find_organisation(session, ORGANISATION))


def active(bench: Bench, slug: str | None = ORGANISATION) -> dict[str, SigningKeyRecord]:
    with bench.service.database.read() as session:
        owner = None if slug is None else find_organisation(session, slug)
        keys = [key for key in list_owned_keys(session, owner) if key.state == KeyState.ACTIVE]
    found = {key.algorithm: key for key in keys}
    assert len(found) == len(keys), "one of each algorithm signs"
    return found


class TestUse:
    @pytest.mark.parametrize("algorithm", SPECS)
    def test_badges_by_a_key_in_a_kms_are_valid(self, bench: Bench, kms: KmsServer, algorithm: KeyAlgorithm) -> None:
        before = active(bench)
        arn = kms.new_key(SPECS[algorithm], "alias/badges")
        key = use(bench, "aws-kms:alias/badges")
        assert key.uri == f"aws-kms:{arn}"
        after = active(bench)
        assert after[algorithm].id == key.id
        assert {name: key.id for name, key in after.items() if name != algorithm} == {
            name: key.id for name, key in before.items() if name != algorithm
        }
        text = bench.form(bench.award(), FORMS[algorithm])
        assert kms.asked[-1][0] == "Sign"
        assert bench.verify(text).verdict == "valid"
        bench.service = bench.again()  # as another process would: it finds the key by what the database says
        assert bench.verify(bench.form(bench.award(email="kim@example.org"), FORMS[algorithm])).verdict == "valid"

    def test_leaves_lines_and_no_private_half_anywhere(self, bench: Bench, kms: KmsServer) -> None:
        files = set(bench.folders.keys.iterdir())
        old = active(bench)["ES256"].id
        key = use(bench, f"aws-kms:{kms.new_key('ECC_NIST_P256')}")
        assert set(bench.folders.keys.iterdir()) == files
        with bench.service.database.read() as session:
            last = session.query(AuditLineRecord).order_by(AuditLineRecord.number.desc()).limit(2).all()
        assert [(line.action, line.subject) for line in last] == [
            (Action.KEY_MADE, key.id),
            (Action.KEY_RETIRED, old),
        ]
        assert last[0].details == {"algorithm": "ES256", "place": "aws-kms"}

    def test_key_of_the_service_itself(self, bench: Bench, kms: KmsServer) -> None:
        key = use(bench, f"aws-kms:{kms.new_key('ECC_NIST_EDWARDS25519')}", None)
        assert active(bench, None)["EdDSA"].id == key.id
        with pytest.raises(InvalidInputError, match="service itself has no use for a key of the kind RS256"):
            use(bench, f"aws-kms:{kms.new_key('RSA_2048')}", None)

    def test_key_that_is_known_is_refused_whoever_s_it_is(self, bench: Bench, kms: KmsServer) -> None:
        bench.add_organisation("college")
        uri = f"aws-kms:{kms.new_key('ECC_NIST_EDWARDS25519')}"
        use(bench, uri, "college")
        for slug in ("college", ORGANISATION, None):
            with pytest.raises(ConflictError, match="known here already"):
                use(bench, uri, slug)

    @pytest.mark.parametrize(
        ("code", "error"), [("AccessDeniedException", ConfigurationError), ("ThrottlingException", UnavailableError)]
    )
    def test_nothing_is_changed_when_the_kms_refuses(
        self, bench: Bench, kms: KmsServer, code: str, error: type[Exception]
    ) -> None:
        uri = f"aws-kms:{kms.new_key('RSA_2048')}"
        before = bench.dump()
        kms.refusals = [code] * 3
        with pytest.raises(error):
            use(bench, uri)
        assert bench.dump() == before

    def test_award_leaves_nothing_when_the_kms_is_away(self, bench: Bench, kms: KmsServer) -> None:
        use(bench, f"aws-kms:{kms.new_key('ECC_NIST_EDWARDS25519')}")
        before = bench.dump()
        kms.refusals = ["KMSInternalException"] * 3
        with pytest.raises(UnavailableError, match="Nothing was changed"):
            bench.award()
        assert bench.dump() == before
        assert bench.award().id

    def test_check_says_that_the_kms_is_away(self, bench: Bench, kms: KmsServer) -> None:
        use(bench, f"aws-kms:{kms.new_key('RSA_2048')}")
        service = bench.service = bench.again()

        def keys_health() -> tuple[bool, str]:
            results = check_installation(service.database, service.installation, service.mailer)
            return next((each.ok, each.message) for each in results if each.name == "keys")

        kms.refusals = ["DisabledException"]
        ok, message = keys_health()
        assert (ok, "DisabledException" in message) == (False, True)
        assert keys_health()[0]


class TestRotation:
    @pytest.fixture
    def in_kms(self, bench: Bench, kms: KmsServer) -> str:
        """The id of a P-256 key in the KMS; the other two are in files."""
        return use(bench, f"aws-kms:{kms.new_key('ECC_NIST_P256')}").id

    def test_key_in_a_kms_signs_on_where_none_may_be_made(self, bench: Bench, in_kms: str) -> None:
        bench.clock.advance(days=1)
        before = active(bench)
        done = rotate(bench)
        after = active(bench)
        assert [(key.id, "badges keys use" in str(why)) for key, why in done.left] == [(in_kms, True)]
        assert {key.algorithm for key in done.fresh} == {"EdDSA", "RS256"}
        assert after["ES256"].id == in_kms
        assert {after[name].id for name in ("EdDSA", "RS256")}.isdisjoint(key.id for key in before.values())

    def test_new_one_is_made_there_where_that_is_allowed(self, bench: Bench, in_kms: str) -> None:
        bench.service = bench.again(kms_makes_keys="1")
        done = rotate(bench)
        assert done.left == ()
        assert {key.algorithm: place_of(key) for key in done.fresh} == {
            "EdDSA": "file", "RS256": "file", "ES256": "aws-kms",
        }  # fmt: skip
        assert active(bench)["ES256"].id != in_kms
        text = bench.form(bench.award(), CredentialForm.OB3_JWT_ES256)
        assert bench.verify(text).verdict == "valid"

    def test_kms_that_refuses_holds_up_no_other_key(self, bench: Bench, kms: KmsServer, in_kms: str) -> None:
        bench.service = bench.again(kms_makes_keys="1")
        kms.refusals = ["AccessDeniedException"]
        done = rotate(bench)
        assert [key.id for key, _ in done.left] == [in_kms]
        assert len(done.fresh) == 2

    def test_stolen_key_of_a_kms_is_replaced_by_a_file_at_once(self, bench: Bench, in_kms: str) -> None:
        from badges.services.compromise import compromise_key

        with bench.service.database.write() as session:
            done = compromise_key(session, bench.service.installation, in_kms, bench.clock.now)
        assert done.fresh is not None
        assert place_of(done.fresh) == "file"

    def test_badges_of_the_old_key_stay_valid(self, bench: Bench, in_kms: str) -> None:
        text = bench.form(bench.award(), CredentialForm.OB3_JWT_ES256)
        bench.service = bench.again(kms_makes_keys="1")
        rotate(bench)
        assert bench.verify(text).verdict == "valid"


class TestRetirement:
    def retire(self, bench: Bench, key_id: str) -> SigningKeyRecord:
        with bench.service.database.write() as session:
            return retire_key(session, bench.service.installation, key_id)

    def test_last_one_of_its_kind_stays(self, bench: Bench) -> None:
        with pytest.raises(ConflictError, match="only one of its kind"):
            self.retire(bench, active(bench)["RS256"].id)

    def test_retired_key_signs_no_more_and_its_badges_stay_valid(self, bench: Bench, kms: KmsServer) -> None:
        text = bench.form(bench.award())
        old = active(bench)["EdDSA"].id
        use(bench, f"aws-kms:{kms.new_key('ECC_NIST_EDWARDS25519')}")
        with pytest.raises(ConflictError, match="signs no more already"):
            self.retire(bench, old)
        assert bench.verify(text).verdict == "valid"
        with bench.service.database.read() as session:
            states = {key.id: key.state for key in list_keys(session)}
        assert states[old] == KeyState.RETIRED
