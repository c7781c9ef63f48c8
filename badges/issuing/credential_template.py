"""A credential template: what the badges of one batch have in common, worked out once, with slots for what differs.

The badges of a batch differ in eight texts. So the document is written, linted and expanded once, with a sentinel in
each slot; for each badge only the slots are filled, in the canonical form that is signed and in the JSON that is kept.
What comes out is, to the byte, what `credential_document`, the lints and `sign_credential` would have made; a property
test holds that. A value that is not of its slot's kind is refused, and a text that the compiled canonical form cannot
take goes through the full algorithm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from badges.addresses import Addresses
from badges.errors import StandardsError
from badges.issuing.lints import CREDENTIAL_LINTS, LintError, run_lints
from badges.standards.json_text import write_json
from badges.standards.jsonld.canonical import canonical_nquads_in_full
from badges.standards.jsonld.compiled import CompiledForm, NotInFormError, compile_form
from badges.standards.jsonld.skeleton import take_apart
from badges.vocab.json import JsonObject


class Slot(StrEnum):
    """What may differ among the badges of a batch."""

    AWARD_ID = "award_id"
    SUBJECT_ID = "subject_id"
    IDENTITY_HASH = "identity_hash"
    SALT = "salt"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    STATUS_INDEX = "status_index"
    NARRATIVE = "narrative"
    EVIDENCE_URL = "evidence_url"


Values = Mapping[Slot, str]
Make = Callable[[Values], JsonObject]
# What stands in a pattern for the signature.
SIGNATURE: Final = "signature"

_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MOMENT: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
# What each slot takes. Whatever the lints look for in these members follows from these forms.
_FORMS: Final = {
    Slot.AWARD_ID: _UUID,
    Slot.SUBJECT_ID: _UUID,
    Slot.IDENTITY_HASH: r"sha256\$[0-9a-f]{64}",
    Slot.SALT: r"[0-9a-f]{32}",
    Slot.VALID_FROM: _MOMENT,
    Slot.VALID_UNTIL: _MOMENT,
    Slot.STATUS_INDEX: r"0|[1-9]\d{0,8}",
    Slot.NARRATIVE: r"[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*[^\s\x00-\x1f\x7f\ud800-\udfff]"
    r"[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*",
    Slot.EVIDENCE_URL: r"https?://[^\x00-\x20<>\"{}|^`\\\x7f\ud800-\udfff]+",
}
_PATTERNS: Final = {slot: re.compile(form, re.ASCII) for slot, form in _FORMS.items()}
# Texts that a document holds nowhere else. Two sets, so that one that did occur by chance would be seen.
_SENTINELS: Final = tuple(
    {
        Slot.AWARD_ID: f"5e9f1e1{n}-0a0b-4c0d-8e0f-a1b2c3d4e5f{n}",
        Slot.SUBJECT_ID: f"5e9f1e2{n}-0a0b-4c0d-8e0f-a1b2c3d4e5f{n}",
        Slot.IDENTITY_HASH: "sha256$" + f"5e9f1e3{n}" * 8,
        Slot.SALT: f"5e9f1e4{n}" * 4,
        Slot.VALID_FROM: f"199{n}-01-02T03:04:05Z",
        Slot.VALID_UNTIL: f"909{n}-01-02T03:04:05Z",
        Slot.STATUS_INDEX: f"90817263{n}",
        Slot.NARRATIVE: f"5e9f1e5{n} narrative of a badge 5e9f1e5{n}",
        Slot.EVIDENCE_URL: f"https://sentinel-5e9f1e6{n}.example/evidence",
    }
    for n in (1, 2)
)
_SIGNATURE: Final = "z5e9f1e7Signature"
_IS_FREE: Final = frozenset({Slot.NARRATIVE, Slot.EVIDENCE_URL})


@dataclass(frozen=True, slots=True)
class TextPattern:
    """The JSON of the signed credentials of one template. text_with_gaps: with `%s` for each value, and `%%` for a `%`.

    order: which value belongs where, the names of slots or SIGNATURE.
    """

    text_with_gaps: str
    order: tuple[str, ...]

    def text(self, values: Values, proof_value: str) -> str:
        """Return the exact JSON of one credential."""
        filling = {slot.value: write_json(value)[1:-1] if slot in _IS_FREE else value for slot, value in values.items()}
        filling[SIGNATURE] = proof_value
        return self.text_with_gaps % tuple([filling[name] for name in self.order])


@dataclass(frozen=True, slots=True)
class _Gap:
    """A text of the document with a slot in it: what stands before and behind."""

    slot: Slot
    before: str
    after: str


class CredentialTemplate:
    """The credentials of one class by one organisation that have the same slots. Made by `compile_template`."""

    __slots__ = ("_document_of", "_form", "_gaps", "contexts", "pattern", "slots")

    def __init__(
        self,
        slots: Sequence[Slot],
        document_of: Make,
        contexts: JsonObject,
        form: CompiledForm,
        gaps: Sequence[_Gap],
        text: str,
    ) -> None:
        """contexts: the document's `@context`, and nothing else of it."""
        self.slots, self.contexts = tuple(slots), contexts
        self._document_of, self._form, self._gaps = document_of, form, gaps
        self.pattern = _pattern_of(text, self.slots)

    def canonical(self, values: Values) -> bytes:
        """Return the canonical N-Quads, in UTF-8, of the credential (without proof) with these values.

        Raises LintError for a value that is not of its slot's kind.
        """
        for slot in self.slots:
            if not _PATTERNS[slot].fullmatch(values[slot]):
                raise LintError("This document must not be signed. %(slot)s is not what it should be.", slot=slot.value)
        if Slot.VALID_UNTIL in self.slots and values[Slot.VALID_UNTIL] < values[Slot.VALID_FROM]:
            raise LintError("This document must not be signed. The badge ends before it begins.")
        try:
            return self._form.canonical([gap.before + values[gap.slot] + gap.after for gap in self._gaps])
        except NotInFormError:
            return canonical_nquads_in_full(self._document_of(values)).encode()

    def text(self, values: Values, proof_value: str) -> str:
        """Return the exact JSON of the signed credential."""
        return self.pattern.text(values, proof_value)


def compile_template(
    document_of: Make, slots: Sequence[Slot], proof: JsonObject, *, addresses: Addresses
) -> CredentialTemplate:
    """Return the template of all documents that this function makes.

    document_of: makes an unsigned credential out of values for these slots. proof: all but its proofValue.

    Raises LintError when such a document must not be signed, StandardsError when its slots do not stay in their places.
    """
    documents = [document_of({slot: sentinels[slot] for slot in slots}) for sentinels in _SENTINELS]
    run_lints(documents[0], CREDENTIAL_LINTS, addresses)
    texts = take_apart(documents[0])[1]
    places = {place: gap for place, text in enumerate(texts) if (gap := _gap_in(text, slots)) is not None}
    if {gap.slot for gap in places.values()} != set(slots):
        raise StandardsError("A value of the badge would not be in its credential.")
    form, gaps = compile_form(documents[0], texts, places)
    signed = [write_json({**document, "proof": [{**proof, "proofValue": _SIGNATURE}]}) for document in documents]
    moved = signed[0]
    for slot in slots:
        moved = moved.replace(_SENTINELS[0][slot], _SENTINELS[1][slot])
    if gaps != tuple(places) or moved != signed[1] or signed[0].count(_SIGNATURE) != 1:
        raise StandardsError("The values of the badge do not stay in their places.")
    contexts = {"@context": documents[0]["@context"]}
    return CredentialTemplate(slots, document_of, contexts, form, list(places.values()), signed[0])


def _gap_in(text: str, slots: Sequence[Slot]) -> _Gap | None:
    for slot in slots:
        before, found, after = text.partition(_SENTINELS[0][slot])
        if found:
            if _gap_in(after, slots) is not None:
                raise StandardsError("Two values of the badge stand in one text.")
            return _Gap(slot, before, after)
    return None


def _pattern_of(text: str, slots: Sequence[Slot]) -> TextPattern:
    known = {_SENTINELS[0][slot]: slot.value for slot in slots} | {_SIGNATURE: SIGNATURE}
    pieces = re.split("(" + "|".join(map(re.escape, known)) + ")", text)
    filled = "%s".join(piece.replace("%", "%%") for piece in pieces[::2])
    return TextPattern(filled, tuple(known[piece] for piece in pieces[1::2]))
