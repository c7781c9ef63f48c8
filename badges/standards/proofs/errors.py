"""Why a proof does not hold."""

from __future__ import annotations

from badges.errors import StandardsError


class ProofError(StandardsError):
    """A proof does not hold, or cannot be made."""


class InvalidSignatureError(ProofError):
    """The proof is well made, but the signature does not fit the document and the key."""


class UnsupportedProofError(ProofError):
    """The proof is of a kind that is not supported. It says nothing about the document."""


class MalformedProofError(ProofError):
    """The proof breaks a rule of its standard."""
