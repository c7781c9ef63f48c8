"""Makes badges with fresh keys, and a small world of documents around them, for the tests of the verifier."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from badges.standards.did.did_web import PublishedKey, did_document
from badges.standards.did.jwk import public_key_to_jwk
from badges.standards.did.multikey import encode_base58, encode_public_key
from badges.standards.fetching import FetchedDocument, FetchError, FetchProblem
from badges.standards.identity import hash_identity
from badges.standards.json_text import write_json
from badges.standards.proofs import eddsa_rdfc_2022, jws, vc_jwt
from badges.standards.proofs.data_integrity import json_hash_data
from badges.standards.signer import KeyAlgorithm, PublicKey, Signer
from badges.standards.status.bitstring import bitstring_of
from badges.standards.status.status_list import status_list_document
from badges.verifying.pipeline import verify
from badges.verifying.report import Check, CheckName, Report
from badges.vocab.json import JsonObject
from badges.vocab.status import StatusPurpose

AT = datetime(2026, 12, 3, 12, tzinfo=UTC)
AWARDED = datetime(2026, 12, 1, 9, tzinfo=UTC)
ISSUER = "did:web:library.example"
DID_URL = "https://library.example/.well-known/did.json"
JWKS_URL = "https://library.example/.well-known/jwks.json"
LIST_URL = "https://library.example/status/1"
KEY_URL = "https://library.example/keys/rsa-1.jwk"
EMAIL = "sam@example.org"


@cache
def _rsa_key(number: int) -> rsa.RSAPrivateKey:
    """RSA keys take long to make, so the tests share a few. number: which one."""
    assert number >= 0
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class FreshSigner:
    """A signer with a key of its own, held in memory."""

    def __init__(self, algorithm: KeyAlgorithm, number: int = 0) -> None:
        self._algorithm = algorithm
        self._private: Any
        if algorithm is KeyAlgorithm.EDDSA:
            self._private = ed25519.Ed25519PrivateKey.generate()
        elif algorithm is KeyAlgorithm.RS256:
            self._private = _rsa_key(number)
        else:
            self._private = ec.generate_private_key(ec.SECP256R1())

    @property
    def key_id(self) -> str:
        return "key-1"

    @property
    def algorithm(self) -> KeyAlgorithm:
        return self._algorithm

    @property
    def public_key(self) -> PublicKey:
        key: PublicKey = self._private.public_key()
        return key

    @property
    def multikey(self) -> str:
        return encode_public_key(self.public_key)

    @property
    def jwk(self) -> JsonObject:
        return public_key_to_jwk(self.public_key, self.key_id, self.algorithm)

    @property
    def pem(self) -> str:
        return self.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def sign(self, data: bytes) -> bytes:
        if self._algorithm is KeyAlgorithm.EDDSA:
            return bytes(self._private.sign(data))
        if self._algorithm is KeyAlgorithm.RS256:
            return bytes(self._private.sign(data, padding.PKCS1v15(), hashes.SHA256()))
        r, s = decode_dss_signature(self._private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass
class World:
    """The documents that exist in a test, by address. What is not here cannot be fetched."""

    documents: dict[str, FetchedDocument] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, url: str, document: JsonObject | str, status_code: int = 200) -> None:
        text = document if isinstance(document, str) else write_json(document)
        self.documents[url] = FetchedDocument(url, status_code, "application/json", text.encode())

    def send_on(self, url: str, to: str) -> None:
        """The address sends visitors on to another, which answers what it answered itself before."""
        self.documents[url] = replace(self.documents[url], url=to)

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        assert "#" not in url
        assert accept
        self.asked.append(url)
        if url not in self.documents:
            raise FetchError("%(url)s could not be reached.", problem=FetchProblem.UNREACHABLE, url=url)
        return self.documents[url]


def moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def credential(**changes: Any) -> JsonObject:
    """An unsigned credential by ISSUER. changes: members to set; None takes one away."""
    document: JsonObject = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "https://library.example/credentials/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Anytown Hospitals Library"},
        "validFrom": moment(AWARDED),
        "name": "Evidence search skills",
        "credentialSubject": {
            "id": "urn:uuid:7d0a9f52-8c34-4c1e-a3d5-0f5c1b8e2a10",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": hash_identity(EMAIL, "salt"),
                    "identityType": "emailAddress",
                    "salt": "salt",
                }
            ],
            "achievement": {
                "id": "https://library.example/achievements/search/1",
                "type": ["Achievement"],
                "criteria": {"narrative": "Found and judged evidence."},
                "description": "Can find evidence.",
                "name": "Evidence search skills",
            },
        },
    }
    document.update(copy.deepcopy(changes))
    return {name: value for name, value in document.items() if value is not None}


def entry(index: int = 5, url: str = LIST_URL, purpose: str = "revocation") -> JsonObject:
    """A status entry."""
    return {
        "id": f"{url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": url,
    }


def sign(document: JsonObject, signer: FreshSigner, method: str, created: datetime = AWARDED) -> JsonObject:
    return eddsa_rdfc_2022.sign(document, signer, verification_method=method, created=created)


def sign_as(document: JsonObject, signer: FreshSigner, method: str, **options: str) -> JsonObject:
    """Sign with a proof that says something else of itself than ours do. options: members of the proof."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": moment(AWARDED),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        **options,
    }
    signature = signer.sign(eddsa_rdfc_2022.hash_data(document, proof))
    return {**document, "proof": [{**proof, "proofValue": "z" + encode_base58(signature)}]}


def sign_json(document: JsonObject, signer: Signer, method: str, **options: Any) -> JsonObject:
    """Sign the JSON itself (JCS) with a key of any kind that has such a suite. options: members of the proof."""
    suite = "eddsa-jcs-2022" if signer.algorithm is KeyAlgorithm.EDDSA else "ecdsa-jcs-2019"
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": moment(AWARDED),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        **options,
    }
    hashed = json_hash_data(document, proof, "sha384" if signer.algorithm is KeyAlgorithm.ES384 else "sha256")
    return {**document, "proof": {**proof, "proofValue": "z" + encode_base58(signer.sign(hashed))}}


def status_list(*revoked: int, url: str = LIST_URL, issuer: str = ISSUER, purpose: str = "revocation") -> JsonObject:
    """An unsigned status list that ends a week after AT."""
    return status_list_document(
        url=url,
        issuer=issuer,
        purpose=StatusPurpose(purpose),
        bitstring=bitstring_of(revoked),
        valid_from=AWARDED,
        valid_until=AT + timedelta(days=7),
    )


class Library:
    """An issuer with an Ed25519 and an RSA key, whose documents are in a world."""

    def __init__(self, did: str = ISSUER, number: int = 0) -> None:
        self.did = did
        self.ed25519 = FreshSigner(KeyAlgorithm.EDDSA)
        self.rsa = FreshSigner(KeyAlgorithm.RS256, number)
        self.world = World()
        self.method = f"{did}#{self.ed25519.multikey}"
        key = PublishedKey(self.ed25519.multikey, self.ed25519.public_key, KeyAlgorithm.EDDSA)
        self.did_document = did_document(did, [key])
        self.world.put(DID_URL, self.did_document)
        self.world.put(KEY_URL, self.rsa.jwk)
        self.world.put(JWKS_URL, {"keys": [self.rsa.jwk]})
        self.put_list()

    def put_list(self, *revoked: int, **options: str) -> None:
        self.world.put(LIST_URL, sign(status_list(*revoked, **options), self.ed25519, self.method))

    def embedded(self, **changes: Any) -> JsonObject:
        return sign(credential(**changes), self.ed25519, self.method)

    def jwt(self, **changes: Any) -> str:
        return vc_jwt.sign(credential(**changes), self.rsa, KEY_URL)

    def check(self, badge: JsonObject | str | bytes, **options: Any) -> Report:
        """Verify a badge in this library's world, at AT."""
        submitted = json.dumps(badge) if isinstance(badge, dict) else badge
        return verify(submitted, **{"fetcher": self.world, "at": AT, **options})


def jwt_text(header: JsonObject, payload: JsonObject, signer: FreshSigner) -> str:
    """A JWS with any header that names the signer's algorithm."""
    return jws.sign_compact({"alg": signer.algorithm.value, **header}, write_json(payload).encode(), signer)


def outcomes(report: Report) -> dict[str, str]:
    return {check.name.value: check.outcome.value for check in report.checks}


def result(report: Report, name: CheckName) -> Check:
    return report.check(name)
