"""Demonstration badges: made on the spot with a key that is thrown away. Nothing is stored."""

from __future__ import annotations

from badges.issuing.demonstration import TITLE, WARNING, demonstration_document
from badges.issuing.sign import sign_demonstration
from badges.keyring.signers import throwaway_signer
from badges.rendering.badge_picture import draw_pictures
from badges.services.context import Installation
from badges.standards.baking.png import bake_png
from badges.standards.did.did_key import did_key_of, key_method
from badges.standards.signer import KeyAlgorithm
from badges.vocab.badge_art import BadgeArt


def make_demonstration(installation: Installation) -> str:
    """Return the text of a demonstration badge by a did:key, valid for a day from now.

    No key of this installation has anything to do with it, so it cannot be taken for a badge of an organisation.
    """
    signer = throwaway_signer(KeyAlgorithm.EDDSA)
    did = did_key_of(signer.public_key)
    now = installation.clock()
    document = demonstration_document(did, now, installation.random)
    return sign_demonstration(document, signer, key_method(did), created=now, addresses=installation.addresses)


def bake_demonstration(text: str) -> bytes:
    """Return a PNG that says what it is, with the demonstration badge inside."""
    _, png = draw_pictures(BadgeArt("shield", "pen", "ink", 1, TITLE, WARNING))
    return bake_png(png, credential=text)
