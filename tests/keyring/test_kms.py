"""AWS KMS when it is away, slow, throttled, forbidden or false: a sentence, in bounded time, and no signature."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from badges.errors import ConfigurationError, RefusedError, UnavailableError
from badges.keyring.kms import KmsKeys
from badges.standards.signer import KeyAlgorithm
from tests.keyring.kms_server import KmsServer, kms_server
from tests.service import free_port


@pytest.fixture
def server(aws_environment: Callable[[str], None]) -> Iterator[KmsServer]:
    with kms_server() as running:
        aws_environment(running.url)
        yield running


def uri_of(server: KmsServer, spec: str = "ECC_NIST_EDWARDS25519") -> str:
    return f"aws-kms:{server.new_key(spec)}"


class TestAsked:
    def test_hash_pair_is_sent_as_it_is(self, server: KmsServer) -> None:
        KmsKeys().open(uri_of(server)).signer.sign(b"h" * 64)
        operation, given = server.asked[-1]
        assert operation == "Sign"
        assert (given["MessageType"], given["SigningAlgorithm"]) == ("RAW", "ED25519_SHA_512")

    @pytest.mark.parametrize("spec", ["RSA_2048", "ECC_NIST_P256"])
    def test_text_is_hashed_here_however_long_it_is(self, server: KmsServer, spec: str) -> None:
        KmsKeys().open(uri_of(server, spec)).signer.sign(b"x" * 1_000_000)
        assert server.asked[-1][1]["MessageType"] == "DIGEST"

    def test_text_that_ed25519_cannot_take_is_refused_and_not_sent(self, server: KmsServer) -> None:
        signer = KmsKeys().open(uri_of(server)).signer
        signer.sign(b"x" * 4096)
        before = len(server.asked)
        with pytest.raises(RefusedError, match=r"4,096 bytes"):
            signer.sign(b"x" * 4097)
        assert len(server.asked) == before

    def test_alias_gives_the_lasting_name_of_the_key(self, server: KmsServer) -> None:
        arn = server.new_key("RSA_2048", "alias/badges")
        assert KmsKeys().open("aws-kms:alias/badges").uri == f"aws-kms:{arn}"


class TestProblems:
    @pytest.mark.parametrize("code", ["AccessDeniedException", "DisabledException", "ExpiredTokenException"])
    def test_refusal_is_for_a_person_to_mend(self, server: KmsServer, code: str) -> None:
        uri = uri_of(server)
        server.refusals = [code]
        with pytest.raises(ConfigurationError, match=rf"refuses {uri} to us \({code}\)") as refusal:
            KmsKeys().open(uri)
        assert "secret of the account" not in str(refusal.value)

    def test_throttled_once_is_tried_again(self, server: KmsServer) -> None:
        uri = uri_of(server)
        server.refusals = ["ThrottlingException"]
        assert KmsKeys().open(uri).signer.algorithm is KeyAlgorithm.EDDSA

    @pytest.mark.parametrize("code", ["ThrottlingException", "KMSInternalException"])
    def test_throttled_for_long_is_said(self, server: KmsServer, code: str) -> None:
        uri = uri_of(server)
        server.refusals = [code] * 10
        with pytest.raises(UnavailableError, match=r"Nothing was changed. Try again in a minute"):
            KmsKeys().open(uri)
        assert len(server.asked) == 3

    def test_slow_answer_is_not_waited_for_for_ever(self, server: KmsServer) -> None:
        signer = KmsKeys().open(uri_of(server)).signer
        server.holds_up.clear()
        began = time.monotonic()
        with pytest.raises(UnavailableError, match="does not answer"):
            signer.sign(b"h" * 64)
        assert time.monotonic() - began < 15

    def test_nobody_there_is_said(self, server: KmsServer, aws_environment: Callable[[str], None]) -> None:
        aws_environment(f"http://127.0.0.1:{free_port()}")
        with pytest.raises(UnavailableError, match="does not answer"):
            KmsKeys().open(uri_of(server))

    def test_another_key_behind_the_same_alias_signs_nothing(self, server: KmsServer) -> None:
        """Somebody makes the alias mean another key while the service runs."""
        server.new_key("ECC_NIST_P256", "alias/badges")
        signer = KmsKeys().open("aws-kms:alias/badges").signer
        server.new_key("ECC_NIST_P256", "alias/badges")
        with pytest.raises(ConfigurationError, match="another key than the one that is published"):
            signer.sign(b"text")

    def test_key_for_another_use_is_refused(self, server: KmsServer) -> None:
        uri = uri_of(server, "RSA_2048")
        server.usage = "ENCRYPT_DECRYPT"
        with pytest.raises(ConfigurationError, match="not for signing with RS256"):
            KmsKeys().open(uri)

    def test_no_credentials_is_said(self, server: KmsServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        with pytest.raises(ConfigurationError, match="does not know us"):
            KmsKeys().open(uri_of(server))

    def test_no_region_is_said(self, server: KmsServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_REGION")
        monkeypatch.delenv("AWS_DEFAULT_REGION")
        with pytest.raises(ConfigurationError, match="AWS_REGION"):
            KmsKeys().open("aws-kms:alias/badges")

    def test_keys_are_made_there_only_where_that_is_allowed(self, server: KmsServer) -> None:
        with pytest.raises(ConfigurationError, match=r"ECC_NIST_P256.*badges keys use.*BADGES_KMS_MAKES_KEYS"):
            KmsKeys().make(KeyAlgorithm.ES256, uri_of(server))
        assert server.asked == []

    def test_nothing_secret_is_logged(self, server: KmsServer, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        KmsKeys().open(uri_of(server)).signer.sign(b"h" * 64)
        server.refusals = ["AccessDeniedException"]
        with pytest.raises(ConfigurationError):
            KmsKeys().open(uri_of(server))
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
