"""What the benchmarks work on: awards of a class of the starter pack, by one organisation, as they are in service."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges.addresses import Addresses
from badges.campaign.pack import load_starter_pack
from badges.issuing.prepare import prepare_award
from badges.keyring.signers import PrivateKeySigner
from badges.standards.did.did_web import PublishedKey, did_document, did_web_to_url
from badges.standards.did.multikey import encode_public_key
from badges.standards.identity import hash_identity
from badges.standards.ob3.documents import credential_document
from badges.standards.proofs import eddsa_rdfc_2022
from badges.standards.signer import KeyAlgorithm
from badges.standards.status.bitstring import bitstring_of
from badges.standards.status.status_list import status_list_document
from badges.vocab.achievement import Achievement, AchievementType
from badges.vocab.award import Evidence, HashedEmail, Recipient
from badges.vocab.image import Image
from badges.vocab.json import JsonObject
from badges.vocab.profile import Profile
from badges.vocab.status import StatusPosition, StatusPurpose

NOW: Final = datetime(2026, 12, 1, 9, tzinfo=UTC)
ADDRESSES: Final = Addresses("https://badges.example.org")
SLUG: Final = "anytown-hospitals-library"
DID: Final = ADDRESSES.organisation_did(SLUG)
LIST_URL: Final = ADDRESSES.url("status_list", number=1)


@dataclass(frozen=True, slots=True)
class Material:
    """Unsigned and signed credentials, who signed them, and every document that a verifier asks for."""

    documents: list[JsonObject]
    signed: list[JsonObject]
    signer: PrivateKeySigner
    verification_method: str
    published: dict[str, JsonObject]


def make_material(count: int) -> Material:
    """Return that many credentials of one class, all different."""
    signer = PrivateKeySigner("key-1", KeyAlgorithm.EDDSA, Ed25519PrivateKey.generate())
    method = f"{DID}#{encode_public_key(signer.public_key)}"
    documents = list(make_documents(count))
    status_list = status_list_document(
        url=LIST_URL,
        issuer=DID,
        purpose=StatusPurpose.REVOCATION,
        bitstring=bitstring_of([]),
        valid_from=NOW,
        valid_until=NOW + timedelta(days=14),
        ttl_milliseconds=300_000,
    )
    key = PublishedKey(method.partition("#")[2], signer.public_key, KeyAlgorithm.EDDSA)
    return Material(
        documents=documents,
        signed=[_sign(document, signer, method) for document in documents],
        signer=signer,
        verification_method=method,
        published={did_web_to_url(DID): did_document(DID, [key]), LIST_URL: _sign(status_list, signer, method)},
    )


def make_documents(count: int) -> Iterator[JsonObject]:
    """Yield unsigned credentials that differ in what awards differ in."""
    chance = random.Random(7)
    issuer = Profile(
        did=DID,
        ob2_url=ADDRESSES.url("ob2_issuer", organisation=SLUG),
        slug=SLUG,
        name="Anytown Hospitals Library",
        url="https://library.example.org/",
        email="library@example.org",
    )
    achievement = _achievement()
    for number in range(count):
        salt = f"{chance.getrandbits(128):032x}"
        award = prepare_award(
            UUID(int=chance.getrandbits(128), version=4),
            issuer=issuer,
            achievement=achievement,
            recipient=Recipient(
                UUID(int=chance.getrandbits(128), version=4).urn,
                HashedEmail(hash_identity(f"person{number}@example.org", salt), salt),
            ),
            valid_from=NOW,
            valid_until=NOW + timedelta(days=365),
            status=StatusPosition(LIST_URL, chance.randrange(131_072)),
            addresses=ADDRESSES,
            evidence=(Evidence(f"Asked “{chance.choice('what why who when')}?”\nScore {number}", ""),),
        )
        yield credential_document(award)


def _achievement() -> Achievement:
    pack_class = load_starter_pack().classes[0]
    places = {"organisation": SLUG, "achievement": pack_class.slug, "version": 1}
    return Achievement(
        id=ADDRESSES.url("achievement", **places),
        ob2_url=ADDRESSES.url("ob2_badge_class", **places),
        slug=pack_class.slug,
        version="1",
        name=pack_class.name,
        description=pack_class.description,
        criteria=pack_class.criteria,
        achievement_type=AchievementType(pack_class.achievement_type),
        image=Image(ADDRESSES.url("achievement_png", **places), pack_class.art.alt_text),
        tags=tuple(pack_class.tags),
        alignments=tuple(pack_class.alignments),
    )


def _sign(document: JsonObject, signer: PrivateKeySigner, method: str) -> JsonObject:
    return eddsa_rdfc_2022.sign(document, signer, verification_method=method, created=NOW)
