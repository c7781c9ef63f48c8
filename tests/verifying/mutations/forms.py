"""Every form of badge that can be valid, and unsound ones that must stay so, all in one small world."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from badges.standards.baking.png import bake_png
from badges.standards.baking.svg import bake_svg
from badges.standards.did.did_web import PublishedKey, did_document
from badges.standards.json_text import write_json
from badges.standards.proofs import vc_jwt
from badges.standards.signer import KeyAlgorithm
from badges.verifying.pipeline import verify
from badges.verifying.report import Report
from badges.vocab.json import JsonObject
from tests.verifying import test_endorsements, test_kinds, test_ob1, test_ob2
from tests.verifying.making import (
    AT,
    AWARDED,
    DID_URL,
    ISSUER,
    KEY_URL,
    FreshSigner,
    Library,
    World,
    credential,
    entry,
    jwt_text,
    moment,
    sign,
    sign_json,
    status_list,
)
from tests.verifying.test_intake import SVG, png

SIGNED_BY_OTHERS: Final = Path(__file__).parents[2] / "vectors" / "data" / "embedded-proofs"
GRAPH_SIGNED_BY_OTHERS: Final = (
    "eddsa-rdfc-2022",
    "ecdsa-rdfc-2019-p256",
    "ecdsa-rdfc-2019-p384",
    "ecdsa-sd-2023-one-of-each",
    "ecdsa-sd-2023-whole-subject",
    "ecdsa-sd-2023-nothing-mandatory",
    "ecdsa-sd-2023-all-mandatory",
    "ecdsa-sd-2023-no-blank-nodes",
    "set-of-two",
)
JSON_SIGNED_BY_OTHERS: Final = ("eddsa-jcs-2022", "ecdsa-jcs-2019-p256", "ecdsa-jcs-2019-p384")
ES256_KEY_URL: Final = "https://library.example/keys/es256.jwk"
SUSPENSIONS: Final = "https://library.example/status/2"
BADGE_ID: Final = "https://library.example/credentials/1"
HOSTED_1_0: Final = "https://library.example/ob1/assertions/1"
WITHDRAWN, SUSPENDED = 7, 8

LIBRARY: Final = Library()
WORLD: Final = LIBRARY.world
ES256: Final = FreshSigner(KeyAlgorithm.ES256)


@dataclass(frozen=True)
class Form:
    """A badge as a file. document: its JSON, where its file is a JSON text; then a change to it can be written."""

    name: str
    data: bytes
    document: JsonObject | None = None
    signs_graph: bool = False


def check(badge: bytes | str | JsonObject, world: World = WORLD, **options: Any) -> Report:
    """Verify a badge in this world."""
    submitted = json.dumps(badge) if isinstance(badge, dict) else badge
    return verify(submitted, **{"fetcher": world, "at": AT, **options})


def _fill_world() -> None:
    keys = [
        PublishedKey(LIBRARY.ed25519.multikey, LIBRARY.ed25519.public_key, KeyAlgorithm.EDDSA),
        PublishedKey("es256", ES256.public_key, KeyAlgorithm.ES256),
    ]
    WORLD.put(DID_URL, did_document(ISSUER, keys))
    WORLD.put(ES256_KEY_URL, ES256.jwk)
    WORLD.put("https://library.example/.well-known/jwks.json", {"keys": [LIBRARY.rsa.jwk, ES256.jwk]})
    LIBRARY.put_list(WITHDRAWN)
    suspensions = status_list(SUSPENDED, url=SUSPENSIONS, purpose="suspension")
    WORLD.put(SUSPENSIONS, sign(suspensions, LIBRARY.ed25519, LIBRARY.method))
    issuer_of_others = json.loads((SIGNED_BY_OTHERS / "issuer.json").read_text(encoding="utf-8"))
    WORLD.put("https://college.example/.well-known/did.json", issuer_of_others)
    test_endorsements.publish(LIBRARY, test_endorsements.DID, test_endorsements.ENDORSER)
    WORLD.put(test_ob2.ASSERTION, test_ob2.assertion())
    WORLD.put(test_ob2.CLASS, test_ob2.badge_class())
    WORLD.put(test_ob2.ISSUER, test_ob2.issuer(revocationList=test_ob2.LIST))
    WORLD.put(test_ob2.KEY, test_ob2.key())
    WORLD.put(test_ob2.LIST, {"@context": test_ob2.CONTEXT, "revokedAssertions": ["urn:uuid:withdrawn"]})
    WORLD.put(test_ob1.ASSERTION, test_ob1.assertion())
    WORLD.put(test_ob1.CLASS, test_ob1.badge_class())
    WORLD.put(test_ob1.ISSUER, test_ob1.issuer())
    WORLD.put(test_ob1.KEY, test_ob1.SIGNER.pem)


_fill_world()


def signed(document: JsonObject) -> JsonObject:
    """Sign with the library's Ed25519 key."""
    return sign(document, LIBRARY.ed25519, LIBRARY.method)


def whole(**changes: Any) -> JsonObject:
    """A badge with all that a reader decides on, unsigned."""
    members = {
        "credentialStatus": entry(),
        "validUntil": moment(AT + timedelta(days=30)),
        "evidence": [
            {"id": "https://library.example/evidence/1", "type": ["Evidence"], "name": "Talk"},
            {"type": ["Evidence"], "narrative": "Asked about falls."},
        ],
    }
    return credential(**members | changes)


def record() -> JsonObject:
    """A learner record with a badge of each kind of proof, unsigned."""
    second = LIBRARY.embedded(id="https://library.example/credentials/2", credentialStatus=entry(6))
    return test_kinds.record(LIBRARY.jwt(), second)


def _in_json(name: str, document: JsonObject, *, signs_graph: bool = True) -> Form:
    return Form(name, write_json(document).encode(), document, signs_graph)


def _by_others(name: str) -> JsonObject:
    found: JsonObject = json.loads((SIGNED_BY_OTHERS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _in_version_1() -> str:
    """A token of VC Data Model 1.1, with its credential in the claim vc."""
    document = credential(validFrom=None, issuanceDate=moment(AWARDED))
    document["@context"] = ["https://www.w3.org/2018/credentials/v1", *document["@context"][1:]]
    claims = {
        "iss": ISSUER,
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": int(AWARDED.timestamp()),
    }
    return jwt_text({"kid": KEY_URL, "typ": "JWT"}, {**claims, "vc": document}, LIBRARY.rsa)


@cache
def json_forms() -> tuple[Form, ...]:
    """Badges that are JSON texts: with embedded proofs, and hosted ones of the older versions."""
    endorsement = test_endorsements.endorsement()
    endorsed = whole(endorsement=[test_endorsements.endorsement(BADGE_ID, 11)])
    endorsed["credentialSubject"]["achievement"]["endorsement"] = [endorsement]
    return (
        _in_json("ours", signed(whole())),
        _in_json("endorsed", signed(endorsed)),
        _in_json("endorsement", endorsement),
        _in_json("record", signed(record())),
        _in_json("ours, JSON signed", sign_json(whole(), LIBRARY.ed25519, LIBRARY.method), signs_graph=False),
        *(_in_json(name, _by_others(name)) for name in GRAPH_SIGNED_BY_OTHERS),
        *(_in_json(name, _by_others(name), signs_graph=False) for name in JSON_SIGNED_BY_OTHERS),
    )


@cache
def hosted_forms() -> tuple[Form, ...]:
    """Copies of badges whose truth is at an address of their issuer."""
    return (
        _in_json("2.0 hosted", test_ob2.assertion(), signs_graph=False),
        _in_json("2.0 hosted, class inside", test_ob2.assertion(badge=test_ob2.badge_class()), signs_graph=False),
        _in_json("1.0 hosted", test_ob1.assertion(), signs_graph=False),
    )


@cache
def token_forms() -> tuple[Form, ...]:
    """Badges that are signed texts with two dots."""
    texts = {
        "RS256": LIBRARY.jwt(credentialStatus=entry()),
        "ES256": vc_jwt.sign(whole(), ES256, ES256_KEY_URL),
        "EdDSA": vc_jwt.sign(credential(), LIBRARY.ed25519, LIBRARY.method),
        "version 1": _in_version_1(),
        "record": vc_jwt.sign(record(), LIBRARY.rsa, KEY_URL),
        "2.0 signed": test_ob2.jws(),
        "1.0 signed": test_ob1.jws(),
    }
    return tuple(Form(name, text.encode()) for name, text in texts.items())


@cache
def picture_forms() -> tuple[Form, ...]:
    """Baked pictures: both kinds of picture, both kinds of text, three versions."""
    embedded, token = write_json(signed(whole())), LIBRARY.jwt()
    assertion, old = write_json(test_ob2.assertion()), write_json(test_ob1.assertion())
    return (
        Form("PNG", bake_png(png(), credential=embedded)),
        Form("PNG with a token", bake_png(png(), credential=token, assertion=assertion)),
        Form("PNG of 2.0", bake_png(png(), assertion=assertion)),
        Form("PNG of 1.0", bake_png(png(), assertion=old)),
        Form("SVG", bake_svg(SVG, credential=embedded).encode()),
        Form("SVG with a token", bake_svg(SVG, credential=token).encode()),
        Form("SVG of 2.0", bake_svg(SVG, assertion=test_ob2.jws()).encode()),
    )


def _foreign() -> JsonObject:
    stranger = FreshSigner(KeyAlgorithm.EDDSA)
    return sign(whole(), stranger, f"did:key:{stranger.multikey}#{stranger.multikey}")


@cache
def unsound_forms() -> tuple[Form, ...]:
    """Badges with a proof that fits and something that speaks against them: no rewriting may make them valid."""
    past = moment(AT - timedelta(days=1))
    endorsed = whole(endorsement=[test_endorsements.endorsement(BADGE_ID, 11)], validUntil=past)
    withdrawn_inside = record()
    withdrawn_inside["credentialSubject"]["verifiableCredential"].append(
        LIBRARY.embedded(id="https://library.example/credentials/3", credentialStatus=entry(WITHDRAWN))
    )
    makers: dict[str, Callable[[], JsonObject]] = {
        "expired": lambda: signed(whole(validUntil=past)),
        "withdrawn": lambda: signed(whole(credentialStatus=entry(WITHDRAWN))),
        "suspended": lambda: signed(whole(credentialStatus=entry(SUSPENDED, SUSPENSIONS, "suspension"))),
        "not yet": lambda: signed(whole(validFrom=moment(AT + timedelta(days=1)))),
        "foreign": _foreign,
        "endorsed and expired": lambda: signed(endorsed),
        "record with a withdrawn badge": lambda: signed(withdrawn_inside),
    }
    return tuple(_in_json(name, make()) for name, make in makers.items())
