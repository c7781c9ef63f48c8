"""Keys in AWS's Key Management Service: they never leave it; it signs for us. Needs the extra "aws"."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import load_der_public_key

from badges.errors import BadgesError, ConfigurationError, RefusedError, UnavailableError
from badges.keyring.place import KeptKey, key_id_of, usable_key
from badges.keyring.signers import fits, joined_signature
from badges.standards.signer import KeyAlgorithm, PublicKey

KMS_SCHEME: Final = "aws-kms"
# What it takes whole; longer ones are hashed here, which Ed25519 does not allow.
MESSAGE_LIMIT_BYTES: Final = 4096
# A transaction waits for the answer, and others for the transaction.
_CONNECT_SECONDS: Final = 2
_READ_SECONDS: Final = 3
_TRIES: Final = 3
_NAME: Final = re.compile(r"(?:arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):\d+:)?[\w/:-]{1,256}", re.ASCII)
# KeySpec and SigningAlgorithm, as AWS names them.
_SPECS: Final[dict[KeyAlgorithm, tuple[str, str]]] = {
    KeyAlgorithm.EDDSA: ("ECC_NIST_EDWARDS25519", "ED25519_SHA_512"),
    KeyAlgorithm.RS256: ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256"),
    KeyAlgorithm.ES256: ("ECC_NIST_P256", "ECDSA_SHA_256"),
}
# What passes by itself. All other refusals are for a person to mend.
_PASSING: Final = frozenset(
    {
        "DependencyTimeoutException",
        "KMSInternalException",
        "KeyUnavailableException",
        "LimitExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "InternalFailure",
        "ThrottlingException",
        "Throttling",
        "TooManyRequestsException",
    }
)


class KmsKeys:
    """The keys of a KMS. Who we are and where it is, AWS's own environment says (AWS_PROFILE, AWS_REGION, …)."""

    def __init__(self, *, makes_keys: bool = False) -> None:
        """makes_keys: whether new keys may be made there, which costs money and wants a permission."""
        self._makes_keys = makes_keys
        self._clients: dict[str, Any] = {}
        self._making = threading.Lock()

    def open(self, uri: str) -> KeptKey:
        """As KeyPlace.open. uri: aws-kms: and the key's ARN, number or alias; the one that is returned names the key
        itself, because an alias can be made to mean another.
        """
        name, region = _name_of(uri)
        answer = self.ask(uri, region, "get_public_key", KeyId=name)
        public_key, algorithm = usable_key(load_der_public_key(answer["PublicKey"]), uri)
        if answer.get("KeyUsage") != "SIGN_VERIFY" or _SPECS[algorithm][1] not in answer.get("SigningAlgorithms", ()):
            raise ConfigurationError(
                "The signing key %(uri)s is not for signing with %(algorithm)s.", uri=uri, algorithm=algorithm
            )
        return KeptKey(f"{KMS_SCHEME}:{answer['KeyId']}", KmsSigner(self, uri, algorithm, public_key))

    def make(self, algorithm: KeyAlgorithm, like: str) -> KeptKey:
        """As KeyPlace.make: in the region of `like`, or else AWS's own environment's."""
        if not self._makes_keys:
            raise ConfigurationError(
                "No new keys are made in AWS KMS from here. Make one there (%(spec)s, SIGN_VERIFY), then run `badges "
                "keys use`; or set BADGES_KMS_MAKES_KEYS=1.",
                spec=_SPECS[algorithm][0],
            )
        name, region = _name_of(like)
        spec = _SPECS[algorithm][0]
        wanted = {"KeySpec": spec, "KeyUsage": "SIGN_VERIFY", "Description": "Signs open badges"}
        answer = self.ask(f"{KMS_SCHEME}:{name}", region, "create_key", **wanted)
        return self.open(f"{KMS_SCHEME}:{answer['KeyMetadata']['Arn']}")

    def ask(self, uri: str, region: str, operation: str, **values: object) -> Mapping[str, Any]:
        """Return what the KMS answers. uri: the key that it is about, for messages.

        Raises ConfigurationError, UnavailableError.
        """
        client = self._client(region)
        from botocore import exceptions

        try:
            answer: Mapping[str, Any] = getattr(client, operation)(**values)
        except exceptions.ClientError as problem:
            raise _refusal(uri, str(problem.response.get("Error", {}).get("Code", ""))) from problem
        except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError) as problem:
            raise ConfigurationError(
                "AWS KMS does not know us: give this service credentials (a role, AWS_PROFILE, AWS_ACCESS_KEY_ID).",
            ) from problem
        except (exceptions.HTTPClientError, exceptions.ConnectionError) as problem:
            raise UnavailableError(
                "AWS KMS does not answer, so nothing can be signed with %(uri)s. Nothing was changed. "
                "Try again in a minute.",
                uri=uri,
            ) from problem
        except exceptions.BotoCoreError as problem:
            raise ConfigurationError(
                "AWS KMS cannot be asked for %(uri)s: %(problem)s", uri=uri, problem=problem
            ) from problem
        return answer

    def _client(self, region: str) -> Any:
        with self._making:
            if region not in self._clients:
                self._clients[region] = _new_client(region)
            return self._clients[region]


class KmsSigner:
    """Signs with a key of a KMS. Each signature is checked: who looks after the KMS may have put another key there."""

    def __init__(self, kms: KmsKeys, uri: str, algorithm: KeyAlgorithm, public_key: PublicKey) -> None:
        self._kms = kms
        self._uri = uri
        self._algorithm = algorithm
        self._public_key = public_key
        self._key_id = key_id_of(public_key)

    @property
    def key_id(self) -> str:
        return self._key_id

    @property
    def algorithm(self) -> KeyAlgorithm:
        return self._algorithm

    @property
    def public_key(self) -> PublicKey:
        return self._public_key

    def sign(self, data: bytes) -> bytes:
        """As Signer.sign. Raises RefusedError for more than 4,096 bytes with Ed25519; ConfigurationError."""
        name, region = _name_of(self._uri)
        message, kind = hashlib.sha256(data).digest(), "DIGEST"
        if self._algorithm is KeyAlgorithm.EDDSA:
            if len(data) > MESSAGE_LIMIT_BYTES:
                raise RefusedError("AWS KMS signs at most 4,096 bytes with an Ed25519 key; these are more.")
            message, kind = data, "RAW"
        answer = self._kms.ask(
            self._uri,
            region,
            "sign",
            KeyId=name,
            Message=message,
            MessageType=kind,
            SigningAlgorithm=_SPECS[self._algorithm][1],
        )
        signature: bytes = answer["Signature"]
        if self._algorithm is KeyAlgorithm.ES256:
            signature = joined_signature(signature)
        if not fits(self._public_key, signature, data):
            raise ConfigurationError(
                "AWS KMS signed with another key than the one that is published for %(uri)s. Nothing was changed.",
                uri=self._uri,
            )
        return signature


def _new_client(region: str) -> Any:
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ModuleNotFoundError as problem:
        raise ConfigurationError('For keys in AWS KMS install the extra: pip install "badges[aws]".') from problem
    patience = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": _TRIES},
    )
    try:
        return boto3.session.Session().client("kms", region_name=region or None, config=patience)
    except (BotoCoreError, ValueError) as problem:
        raise ConfigurationError(
            "AWS KMS cannot be asked: %(problem)s See AWS_REGION, AWS_PROFILE.", problem=problem
        ) from problem


def _refusal(uri: str, code: str) -> BadgesError:
    """Return what an answer of AWS means. Its own text is left out: it names accounts and roles."""
    if code in _PASSING:
        return UnavailableError(
            "AWS KMS does not sign with %(uri)s now (%(code)s). Nothing was changed. Try again in a minute.",
            uri=uri,
            code=code,
        )
    if code == "NotFoundException":
        return ConfigurationError("There is no key %(uri)s in AWS KMS.", uri=uri)
    return ConfigurationError(
        "AWS KMS refuses %(uri)s to us (%(code)s). Look at the key's state and policy, and at who we are for AWS.",
        uri=uri,
        code=code,
    )


def _name_of(uri: str) -> tuple[str, str]:
    """Return the key's name for AWS, and its region; "" for that of AWS's own environment."""
    name = uri.removeprefix(f"{KMS_SCHEME}:")
    found = _NAME.fullmatch(name)
    if found is None:
        raise ConfigurationError(
            '"%(uri)s" names no key in AWS KMS. It looks like aws-kms:arn:aws:kms:eu-west-2:111122223333:key/… '
            "or aws-kms:alias/badges.",
            uri=uri,
        )
    return name, found["region"] or ""
