"""What every way of securing a credential can do."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from badges.standards.signer import KeyAlgorithm, PublicKey, Signer
from badges.vocab.json import JsonObject


class ProofFormat(Protocol):
    """A way to secure a document. The text that `secure` returns is kept and served exactly as it is."""

    @property
    def name(self) -> str:
        """The name under which it is in PROOF_FORMATS."""
        ...

    @property
    def media_type(self) -> str:
        """The media type of the secured text."""
        ...

    @property
    def algorithms(self) -> frozenset[KeyAlgorithm]:
        """The key algorithms it can be made with."""
        ...

    def secure(self, document: JsonObject, signer: Signer, *, verification_method: str, created: datetime) -> str:
        """Return the signed text of a document.

        verification_method: address of the key as this format names it.

        Raises ProofError; UnavailableError when the key cannot be reached.
        """
        ...

    def open(self, text: str, public_key: PublicKey) -> JsonObject:
        """Return the document in a signed text once its signature by this key has been checked.

        Raises ProofError or another StandardsError; RefusedError for what is too large.
        """
        ...
