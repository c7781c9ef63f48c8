"""A server of the shape of AWS KMS, for what moto does not do: Ed25519, and being slow, throttled or false.

It speaks JSON 1.1 as KMS does (X-Amz-Target: TrentService.Sign) and holds to its limits: 4,096 bytes, digests of 32.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from badges.keyring.signers import PrivateKey, new_private_key
from badges.standards.signer import KeyAlgorithm

REGION: Final = "eu-west-2"
_ARN: Final = f"arn:aws:kms:{REGION}:111122223333:key/"
_SPECS: Final = {
    "ECC_NIST_EDWARDS25519": (KeyAlgorithm.EDDSA, "ED25519_SHA_512"),
    "RSA_2048": (KeyAlgorithm.RS256, "RSASSA_PKCS1_V1_5_SHA_256"),
    "ECC_NIST_P256": (KeyAlgorithm.ES256, "ECDSA_SHA_256"),
}


def aws_environment(url: str) -> dict[str, str]:
    """Return the variables that lead boto3 to a server, and to nothing else of AWS."""
    return {
        "AWS_ENDPOINT_URL_KMS": url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "the-secret-of-aws",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


class RefusedAsKmsError(Exception):
    """KMS's own kind of error: its code, and the HTTP status that goes with it."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass
class KmsServer:
    """The server's keys, and its mood. refusals: codes for the next answers, one each. asked: what was asked."""

    url: str = ""
    keys: dict[str, PrivateKey] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    usage: str = "SIGN_VERIFY"
    holds_up: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.holds_up.set()  # set: answers at once; cleared: keeps everybody waiting

    def new_key(self, spec: str, alias: str = "") -> str:
        """Make a key. Returns its ARN."""
        arn = _ARN + str(uuid.uuid4())
        self.keys[arn] = new_private_key(_SPECS[spec][0])
        if alias:
            self.aliases[alias] = arn
        return arn

    def answer(self, operation: str, given: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((operation, given))
        self.holds_up.wait(20)
        if self.refusals:
            code = self.refusals.pop(0)
            raise RefusedAsKmsError(code, 500 if code == "KMSInternalException" else 400)
        if operation == "CreateKey":
            return {"KeyMetadata": {"Arn": self.new_key(given["KeySpec"]), "KeyId": "x"}}
        arn = self.aliases.get(given["KeyId"], given["KeyId"])
        if arn not in self.keys:
            raise RefusedAsKmsError("NotFoundException")
        key = self.keys[arn]
        if operation == "GetPublicKey":
            der = key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return {
                "KeyId": arn,
                "PublicKey": base64.b64encode(der).decode(),
                "KeyUsage": self.usage,
                "SigningAlgorithms": [_algorithm_of(key)],
            }
        if operation != "Sign" or given["SigningAlgorithm"] != _algorithm_of(key):
            raise RefusedAsKmsError("InvalidKeyUsageException")
        signature = _sign(key, base64.b64decode(given["Message"]), given["MessageType"])
        return {"KeyId": arn, "Signature": base64.b64encode(signature).decode()}


def _algorithm_of(key: PrivateKey) -> str:
    kinds = {ed25519.Ed25519PrivateKey: 0, rsa.RSAPrivateKey: 1, ec.EllipticCurvePrivateKey: 2}
    number = next(number for kind, number in kinds.items() if isinstance(key, kind))
    return list(_SPECS.values())[number][1]


def _sign(key: PrivateKey, message: bytes, kind: str) -> bytes:
    if len(message) > 4096 or (kind == "DIGEST" and len(message) != 32):
        raise RefusedAsKmsError("ValidationException")
    if isinstance(key, ed25519.Ed25519PrivateKey):
        if kind != "RAW":
            raise RefusedAsKmsError("ValidationException")
        return key.sign(message)
    chosen = Prehashed(hashes.SHA256()) if kind == "DIGEST" else hashes.SHA256()
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), chosen)
    return key.sign(message, ec.ECDSA(chosen))


@contextmanager
def kms_server() -> Iterator[KmsServer]:
    """Run a server until the block ends."""
    kms = KmsServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            operation = self.headers["X-Amz-Target"].removeprefix("TrentService.")
            try:
                status, answer = 200, kms.answer(operation, given)
            except RefusedAsKmsError as refusal:
                status, answer = refusal.status, {"__type": refusal.code, "message": "secret of the account"}
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

        def handle(self) -> None:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client had no more patience
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kms.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield kms
    kms.holds_up.set()
    server.shutdown()
    server.server_close()
