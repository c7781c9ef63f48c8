"""The forms of a badge: made at the first request, kept, and never signed again."""

from __future__ import annotations

import json
from typing import Final

import jwt
import pytest
from sqlalchemy import select, update

from badges.errors import ConfigurationError
from badges.standards.baking.png import extract_png
from badges.standards.baking.svg_reading import extract_svg
from badges.storage.records import (
    AchievementVersionRecord,
    CredentialForm,
    CredentialTextRecord,
    KeyState,
    OrganisationRecord,
    SigningKeyRecord,
)
from badges.verifying.report import Verdict
from tests.instances import BASE_URL, ORGANISATION, Bench

LATER_FORMS: Final = [form for form in CredentialForm if form is not CredentialForm.OB3]


def signing_key_of(bench: Bench, text: str) -> str:
    """Return the id of the key in a token's `kid`, or of the key that an OB 2.0 token names in its payload."""
    header = jwt.get_unverified_header(text)
    payload = jwt.decode(text, options={"verify_signature": False})
    url: str = header.get("kid") or payload["verification"]["creator"]
    return url.rsplit("/", 1)[-1].removesuffix(".jwk")


class TestMaking:
    def test_award_makes_only_the_embedded_form(self, bench: Bench) -> None:
        bench.award()
        with bench.service.database.read() as session:
            assert session.scalars(select(CredentialTextRecord.form)).all() == [CredentialForm.OB3]

    @pytest.mark.parametrize("form", LATER_FORMS)
    def test_other_forms_are_made_at_first_request_and_kept(self, bench: Bench, form: CredentialForm) -> None:
        award = bench.award()
        first = bench.form(award, form)
        bench.clock.advance(days=400)
        assert bench.form(award, form) == first
        with bench.service.database.read() as session:
            assert session.get_one(CredentialTextRecord, (award.id, form)).content == first

    @pytest.mark.parametrize("form", CredentialForm)
    def test_bytes_stay_equal_after_a_rotation(self, bench: Bench, form: CredentialForm) -> None:
        award = bench.award()
        first = bench.form(award, form)
        bench.clock.advance(days=1)
        bench.rotate()
        assert bench.form(award, form) == first

    @pytest.mark.parametrize("form", CredentialForm)
    def test_stays_valid_after_a_rotation(self, bench: Bench, form: CredentialForm) -> None:
        award = bench.award()
        text = bench.form(award, form)
        bench.clock.advance(days=1)
        bench.rotate()
        assert bench.verify(text).verdict is Verdict.VALID

    @pytest.mark.parametrize("form", [CredentialForm.OB3_JWT, CredentialForm.OB3_JWT_ES256, CredentialForm.OB2_JWS])
    def test_form_first_asked_for_after_a_rotation_has_the_new_key(self, bench: Bench, form: CredentialForm) -> None:
        award = bench.award()
        bench.clock.advance(days=1)
        bench.rotate()
        text = bench.form(award, form)
        with bench.service.database.read() as session:
            key = session.get_one(SigningKeyRecord, signing_key_of(bench, text))
        assert key.state == KeyState.ACTIVE
        assert bench.verify(text).verdict is Verdict.VALID

    def test_new_award_after_a_rotation_has_the_new_key(self, bench: Bench) -> None:
        old = json.loads(bench.form(bench.award()))["proof"][0]["verificationMethod"]
        bench.clock.advance(days=1)
        bench.rotate()
        award = bench.award(email="kim@example.org")
        (proof,) = json.loads(bench.form(award))["proof"]
        assert proof["verificationMethod"] != old
        assert bench.verify(bench.form(award)).verdict is Verdict.VALID

    def test_missing_key_of_tokens_does_not_touch_the_rest(self, bench: Bench) -> None:
        award = bench.award()
        with bench.service.database.read() as session:
            rsa = session.scalars(select(SigningKeyRecord.id).where(SigningKeyRecord.algorithm == "RS256")).one()
        (bench.folders.keys / f"{rsa}.pem").unlink()
        before = bench.dump()
        with pytest.raises(ConfigurationError, match=rf"{rsa}\.pem"):
            bench.form(award, CredentialForm.OB3_JWT)
        assert bench.dump() == before
        assert bench.form(award, CredentialForm.OB2_HOSTED)
        assert bench.award("career-explorer").id


class TestContent:
    @pytest.mark.parametrize(
        ("form", "algorithm"), [(CredentialForm.OB3_JWT, "RS256"), (CredentialForm.OB3_JWT_ES256, "ES256")]
    )
    def test_jwt_is_the_same_credential_without_its_proof(
        self, bench: Bench, form: CredentialForm, algorithm: str
    ) -> None:
        """Source: Open Badges 3.0, "JSON Web Token Proof Format"."""
        award = bench.award()
        token = bench.form(award, form)
        header = jwt.get_unverified_header(token)
        assert header.keys() == {"alg", "kid", "typ"}
        assert (header["typ"], header["alg"]) == ("JWT", algorithm)
        assert header["kid"].startswith(f"{BASE_URL}/keys/")
        payload = jwt.decode(token, options={"verify_signature": False})
        credential = json.loads(bench.form(award))
        del credential["proof"]
        assert credential.items() <= payload.items()
        assert payload["iss"] == credential["issuer"]["id"]
        assert payload["sub"] == credential["credentialSubject"]["id"]
        assert payload["jti"] == credential["id"]
        assert payload["nbf"] == int(award.valid_from.timestamp())
        assert set(payload) - set(credential) == {"iss", "sub", "jti", "nbf"}

    @pytest.mark.parametrize("form", [CredentialForm.OB3_JWT, CredentialForm.OB3_JWT_ES256])
    def test_kid_leads_to_the_one_bare_key_that_every_list_has(self, bench: Bench, form: CredentialForm) -> None:
        """Source: Open Badges 3.0, "Create the JOSE Header", "JWK Set endpoint"."""
        token = bench.form(bench.award(), form)
        bare = bench.json("key", key_id=signing_key_of(bench, token))
        jwt.decode(token, jwt.PyJWK(bare), algorithms=[bare["alg"]], options={"verify_exp": False, "verify_nbf": False})
        assert bare in bench.json("jwks")["keys"]
        document = bench.json("organisation_did", organisation=ORGANISATION)
        (method,) = [each for each in document["verificationMethod"] if each["id"].endswith("#" + bare["kid"])]
        assert method["publicKeyJwk"].items() <= bare.items()
        assert method["id"] in document["assertionMethod"]
        assert bare["iss"] == document["id"]

    def test_form_made_later_says_what_the_badge_says_whatever_was_renamed(self, bench: Bench) -> None:
        award = bench.award()
        with bench.service.database.write() as session:
            session.execute(update(OrganisationRecord).values(name="Renamed Library"))
            session.execute(update(AchievementVersionRecord).values(image_alt="Renamed"))
        token = bench.form(award, CredentialForm.OB3_JWT)
        assert "Renamed" not in json.dumps(jwt.decode(token, options={"verify_signature": False}))

    def test_hosted_assertion_is_bound_to_its_own_address(self, bench: Bench) -> None:
        """Source: Open Badges 2.0, "HostedBadge"."""
        award = bench.award()
        hosted = json.loads(bench.form(award, CredentialForm.OB2_HOSTED))
        assert hosted["id"] == f"{BASE_URL}/ob2/assertions/{award.id}"
        assert hosted["verification"] == {"type": "HostedBadge"}
        assert hosted["recipient"]["type"] == "email"
        assert hosted["recipient"]["hashed"] is True

    def test_png_carries_both_forms(self, bench: Bench) -> None:
        award = bench.award()
        baked = extract_png(bench.document("credential_png", award_id=award.id).body)
        assert baked.credential == bench.form(award)
        assert baked.assertion == bench.form(award, CredentialForm.OB2_HOSTED)

    def test_svg_carries_both_forms_the_newer_first(self, bench: Bench) -> None:
        award = bench.award()
        text = bench.document("credential_svg", award_id=award.id).body.decode()
        baked = extract_svg(text.encode())
        assert json.loads(baked.credential or "") == json.loads(bench.form(award))
        assert json.loads(baked.assertion or "") == json.loads(bench.form(award, CredentialForm.OB2_HOSTED))
        assert text.index("<openbadges:credential") < text.index("<openbadges:assertion")

    @pytest.mark.parametrize("name", ["credential_png", "credential_svg"])
    def test_picture_is_valid_for_a_stranger(self, bench: Bench, name: str) -> None:
        award = bench.award()
        assert bench.verify(bench.document(name, award_id=award.id).body).verdict is Verdict.VALID

    def test_keys_that_retired_stay_published(self, bench: Bench) -> None:
        def published() -> set[str]:
            did = bench.json("organisation_did", organisation=ORGANISATION)
            return {method["id"] for method in did["verificationMethod"]}

        def listed() -> set[str]:
            return {key["kid"] for key in bench.json("jwks")["keys"]}

        before, listed_before = published(), listed()
        bench.clock.advance(days=1)
        bench.rotate()
        assert before < published()
        assert len(published()) == 6
        assert listed_before < listed()
        assert "private" not in json.dumps(bench.json("jwks")).lower()
        for key in bench.json("jwks")["keys"]:
            assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key)
