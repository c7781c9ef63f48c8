"""`badges keys use`, `rotate`: keys that are kept elsewhere."""

from __future__ import annotations

from tests.cli.conftest import Shell
from tests.instances import ORGANISATION
from tests.kms import KmsServer


class TestUse:
    def test_key_of_a_kms_signs_from_now_on(self, shell: Shell, kms: KmsServer) -> None:
        arn = kms.new_key("ECC_NIST_EDWARDS25519", "alias/badges")
        said = shell.good("keys", "use", "aws-kms:alias/badges", "--organisation", ORGANISATION).stdout
        assert "signs from now on for Anytown Hospitals Library" in said
        assert "aws-kms" in said
        (key,) = [key for key in shell.json("keys", "list") if key["uri"].startswith("aws-kms:")]
        assert (key["uri"], key["state"], key["algorithm"]) == (f"aws-kms:{arn}", "active", "EdDSA")
        badge = shell.good("export", shell.award(), "--as", "json").stdout
        shell.good("verify", "-", stdin=badge)

    def test_key_of_the_service_itself(self, shell: Shell, kms: KmsServer) -> None:
        kms.new_key("ECC_NIST_EDWARDS25519", "alias/badges")
        key = shell.json("keys", "use", "aws-kms:alias/badges", "--service-itself")
        assert key["organisation"] is None

    def test_it_must_be_said_who_signs(self, shell: Shell) -> None:
        for more in ((), ("--organisation", ORGANISATION, "--service-itself")):
            assert "Say who signs with it" in shell.bad(2, "keys", "use", "aws-kms:alias/badges", *more)

    def test_what_cannot_be_used_is_said(self, shell: Shell, kms: KmsServer) -> None:
        use = ("keys", "use", "--organisation", ORGANISATION)
        assert "no key aws-kms:alias/none" in shell.bad(1, *use, "aws-kms:alias/none")
        assert "not known here: file:, aws-kms: are" in shell.bad(1, *use, "vault:badges")
        known = shell.json("keys", "list")[0]["uri"]
        assert "known here already" in shell.bad(1, *use, known)


class TestRotate:
    def test_says_which_keys_sign_on_and_what_to_do(self, shell: Shell, kms: KmsServer) -> None:
        kms.new_key("RSA_2048", "alias/badges")
        key = shell.json("keys", "use", "aws-kms:alias/badges", "--organisation", ORGANISATION)
        said = shell.good("keys", "rotate").stdout
        assert f"Signs on: {key['id']}" in said
        assert "badges keys use" in said
        (left,) = shell.json("keys", "rotate")["left"]
        assert left["id"] == key["id"]

    def test_makes_it_in_the_kms_where_that_is_allowed(self, shell: Shell, kms: KmsServer) -> None:
        kms.new_key("RSA_2048", "alias/badges")
        shell.good("keys", "use", "aws-kms:alias/badges", "--organisation", ORGANISATION)
        done = shell.json("keys", "rotate", kms_makes_keys="1")
        assert done["left"] == []
        assert sum(key["uri"].startswith("aws-kms:arn:") for key in done["new"]) == 1
