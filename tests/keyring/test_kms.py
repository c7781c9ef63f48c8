"""AWS KMS when it is away, slow, throttled, forbidden or false: a sentence, in bounded time, and no signature."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from badges.errors import ConfigurationError, RefusedError, UnavailableError
from badges.keyring.kms import KmsKeys
from badges.standards.signer import KeyAlgorithm
from tests.kms import KmsServer
from tests.service import free_port


def uri_of(kms: KmsServer, spec: str = "ECC_NIST_EDWARDS25519") -> str:
    return f"aws-kms:{kms.new_key(spec)}"


class TestAsked:
    def test_hash_pair_is_sent_as_it_is(self, kms: KmsServer) -> None:
        KmsKeys().open(uri_of(kms)).signer.sign(b"h" * 64)
        operation, given = kms.asked[-1]
        assert operation == "Sign"
        assert (given["MessageType"], given["SigningAlgorithm"]) == ("RAW", "ED25519_SHA_512")

    @pytest.mark.parametrize("spec", ["RSA_2048", "ECC_NIST_P256"])
    def test_text_is_hashed_here_however_long_it_is(self, kms: KmsServer, spec: str) -> None:
        KmsKeys().open(uri_of(kms, spec)).signer.sign(b"x" * 1_000_000)
        assert kms.asked[-1][1]["MessageType"] == "DIGEST"

    def test_text_that_ed25519_cannot_take_is_refused_and_not_sent(self, kms: KmsServer) -> None:
        signer = KmsKeys().open(uri_of(kms)).signer
        signer.sign(b"x" * 4096)
        before = len(kms.asked)
        with pytest.raises(RefusedError, match=r"4,096 bytes"):
            signer.sign(b"x" * 4097)
        assert len(kms.asked) == before

    def test_alias_gives_the_lasting_name_of_the_key(self, kms: KmsServer) -> None:
        arn = kms.new_key("RSA_2048", "alias/badges")
        assert KmsKeys().open("aws-kms:alias/badges").uri == f"aws-kms:{arn}"


class TestProblems:
    @pytest.mark.parametrize("code", ["AccessDeniedException", "DisabledException", "ExpiredTokenException"])
    def test_refusal_is_for_a_person_to_mend(self, kms: KmsServer, code: str) -> None:
        uri = uri_of(kms)
        kms.refusals = [code]
        with pytest.raises(ConfigurationError, match=rf"refuses {uri} to us \({code}\)") as refusal:
            KmsKeys().open(uri)
        assert "secret of the account" not in str(refusal.value)

    def test_throttled_once_is_tried_again(self, kms: KmsServer) -> None:
        uri = uri_of(kms)
        kms.refusals = ["ThrottlingException"]
        assert KmsKeys().open(uri).signer.algorithm is KeyAlgorithm.EDDSA

    @pytest.mark.parametrize("code", ["ThrottlingException", "KMSInternalException"])
    def test_throttled_for_long_is_said(self, kms: KmsServer, code: str) -> None:
        uri = uri_of(kms)
        kms.refusals = [code] * 10
        with pytest.raises(UnavailableError, match=r"Nothing was changed. Try again in a minute"):
            KmsKeys().open(uri)
        assert len(kms.asked) == 3

    def test_slow_answer_is_not_waited_for_for_ever(self, kms: KmsServer) -> None:
        signer = KmsKeys().open(uri_of(kms)).signer
        kms.holds_up.clear()
        began = time.monotonic()
        with pytest.raises(UnavailableError, match="does not answer"):
            signer.sign(b"h" * 64)
        assert time.monotonic() - began < 15

    def test_nobody_there_is_said(self, kms: KmsServer, lead_to_kms: Callable[[str], None]) -> None:
        lead_to_kms(f"http://127.0.0.1:{free_port()}")
        with pytest.raises(UnavailableError, match="does not answer"):
            KmsKeys().open(uri_of(kms))

    def test_another_key_behind_the_same_alias_signs_nothing(self, kms: KmsServer) -> None:
        """Somebody makes the alias mean another key while the service runs."""
        kms.new_key("ECC_NIST_P256", "alias/badges")
        signer = KmsKeys().open("aws-kms:alias/badges").signer
        kms.new_key("ECC_NIST_P256", "alias/badges")
        with pytest.raises(ConfigurationError, match="another key than the one that is published"):
            signer.sign(b"text")

    def test_key_for_another_use_is_refused(self, kms: KmsServer) -> None:
        uri = uri_of(kms, "RSA_2048")
        kms.usage = "ENCRYPT_DECRYPT"
        with pytest.raises(ConfigurationError, match="not for signing with RS256"):
            KmsKeys().open(uri)

    def test_no_credentials_is_said(self, kms: KmsServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        with pytest.raises(ConfigurationError, match="does not know us"):
            KmsKeys().open(uri_of(kms))

    def test_no_region_is_said(self, kms: KmsServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_REGION")
        monkeypatch.delenv("AWS_DEFAULT_REGION")
        with pytest.raises(ConfigurationError, match="AWS_REGION"):
            KmsKeys().open("aws-kms:alias/badges")

    def test_keys_are_made_there_only_where_that_is_allowed(self, kms: KmsServer) -> None:
        with pytest.raises(ConfigurationError, match=r"ECC_NIST_P256.*badges keys use.*BADGES_KMS_MAKES_KEYS"):
            KmsKeys().make(KeyAlgorithm.ES256, uri_of(kms))
        assert kms.asked == []

    def test_nothing_secret_is_logged(self, kms: KmsServer, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        KmsKeys().open(uri_of(kms)).signer.sign(b"h" * 64)
        kms.refusals = ["AccessDeniedException"]
        with pytest.raises(ConfigurationError):
            KmsKeys().open(uri_of(kms))
        assert "the-secret-of-aws" not in caplog.text


def test_boto3_is_not_loaded_where_no_key_is_in_a_kms() -> None:
    """It takes half a second, and is an extra."""
    code = "import sys, badges.bootstrap, badges.web.app, badges.keyring.kms; sys.exit('boto3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_missing_extra_is_said_with_how_to_install_it() -> None:
    code = (
        "import sys; sys.modules['boto3'] = None\n"
        "from badges.keyring.kms import KmsKeys\n"
        "from badges.errors import ConfigurationError\n"
        "try: KmsKeys().open('aws-kms:alias/badges')\n"
        "except ConfigurationError as problem: print(problem)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "badges[aws]"' in done.stdout
