"""The exact texts of badges as they are kept: whole, or as values beside the template of their batch.

The badges of a batch differ in a tenth of their text. What differs is kept with each, in some 150 bytes instead of
3,000; the rest once for all of them. What comes out is, byte for byte, what was signed.
"""

from __future__ import annotations

from badges.errors import StandardsError, UnavailableError
from badges.issuing.credential_template import Slot, TextPattern
from badges.issuing.packed_values import unpack_values
from badges.standards.proofs.eddsa_rdfc_2022 import proof_value
from badges.storage.records import CredentialTextRecord


def text_of(record: CredentialTextRecord) -> str:
    """Return the exact text of one form of a badge. Raises UnavailableError for what is damaged."""
    if record.content is not None:
        return record.content
    assert record.packed is not None
    assert record.template is not None
    pattern = TextPattern(record.template.content, tuple(record.template.places.split()))
    try:
        slots = [Slot(name) for name in record.template.slots.split()]
        values, signature = unpack_values(record.packed, slots, record.award_id)
        return pattern.text(values, proof_value(signature))
    except (StandardsError, ValueError, KeyError) as problem:
        raise UnavailableError("The kept text of a badge is damaged: %(reason)s", reason=problem) from problem
