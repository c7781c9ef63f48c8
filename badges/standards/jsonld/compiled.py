"""The compiled canonicaliser: RDFC-1.0 for many documents of one shape, worked out once.

Turning a credential into canonical N-Quads costs a hundred times what signing it costs, and credentials of one
issuer differ in a few texts only. So the shape is expanded and turned into quads once, with a sentinel in the
place of every text. What comes out is a form: lines with gaps. For each document the gaps are filled, the
first-degree hashes of the blank nodes that touch a gap are worked out anew, the blank nodes are named, and the
lines are sorted.

It is exact, never nearly so. The form gives up, and the full algorithm takes over, where a text is not what its
place allows (an address with a space), where two blank nodes look alike, or where two lines become one.

Source: RDF Dataset Canonicalization (RDFC-1.0), sections 4.4 and 4.6.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from badges.errors import BadgesError, StandardsError
from badges.standards.jsonld.bounds import MAXIMUM_CHARACTERS
from badges.standards.jsonld.expansion import expand_safely
from badges.standards.jsonld.gap_quads import (
    GapQuad,
    Mask,
    Pieces,
    getter,
    line_template,
    pairs_that_may_equal,
    whole_text,
)
from badges.standards.jsonld.nquads import Quad, escape_text
from badges.standards.jsonld.rdf import quads_of
from badges.standards.jsonld.rdfc10 import HashName, blank_mentions
from badges.standards.jsonld.skeleton import put_together
from badges.vocab.json import JsonObject

_SENTINEL: Final = "urn:x-badges-gap:"
_XSD_DOUBLE: Final = "http://www.w3.org/2001/XMLSchema#double"
# Addresses that mean themselves whatever the contexts define: "//" stops JSON-LD from looking for a prefix, and
# no bundled context defines these schemes as a term (a test holds that).
PLAIN_SCHEMES: Final = ("urn", "did", "data", "mailto", "tel")
_PLAIN_IRIS: Final = re.compile(
    r"(?:(?:[A-Za-z][A-Za-z0-9+.-]*:(?=//)|(?:" + "|".join(PLAIN_SCHEMES) + r"):)[^\x00-\x20<>\"{}|^`\\]*\n)*"
)
_KEEP: Final = 6
MOST_ORDERS: Final = 32
# The work of compiling grows with the square of these. Whatever is larger comes once, or is meant to cost us time.
MOST_QUADS: Final = 400


class NotCompilableError(StandardsError):
    """No form can be made of a document: the full algorithm must do it, or must say what is wrong."""


class UnsignedTextError(NotCompilableError):
    """A text of the document would not be in its graph, so no signature would cover it. `path` says where."""


class NotInFormError(Exception):
    """These texts need the full algorithm."""


@dataclass(frozen=True, slots=True)
class _Settled:
    """What follows from the order of the blank nodes: their names, and the lines without gaps, sorted.

    known: the same lines, to look up whether another equals one of them.
    """

    names: list[bytes]
    lines: list[bytes]
    known: frozenset[bytes]


class CompiledForm:
    """The canonical form of every document of one shape, up to its texts.

    Made by compile_form. Thread-safe: what it learns of orders is put in place whole. Lines are bytes: in UTF-8 their
    order is that of code points, and the fixed ones need no encoding.
    """

    __slots__ = (
        "_address_texts",
        "_alike",
        "_fixed_hashes",
        "_fixed_lines",
        "_hash_slices",
        "_hash_template",
        "_hash_texts",
        "_may_be_settled",
        "_named_names",
        "_named_template",
        "_new_hash",
        "_repeats",
        "_settled",
        "_template",
        "_template_texts",
        "_width",
    )

    def __init__(self, quads: Sequence[GapQuad], width: int, blanks: Sequence[str], hash_name: HashName) -> None:
        numbers = {blank: width + position for position, blank in enumerate(blanks)}
        gap_quads = [quad for quad in quads if quad.gaps]
        named_quads = [quad for quad in quads if quad.blanks and not quad.gaps]
        fixed_quads = [quad for quad in quads if not (quad.gaps or quad.blanks)]
        self._width = width
        self._new_hash = hashlib.sha256 if hash_name == "sha256" else hashlib.sha384
        self._fixed_lines = [quad.line({})[:-1].encode() for quad in fixed_quads]
        self._named_template, self._named_names = line_template([quad.pieces(numbers) for quad in named_quads])
        self._template, self._template_texts = line_template([quad.pieces(numbers) for quad in gap_quads])
        self._repeats = pairs_that_may_equal(gap_quads)
        self._may_be_settled = [
            place
            for place, quad in enumerate(gap_quads)
            if any(quad.may_equal(other) for other in (*named_quads, *fixed_quads))
        ]
        self._settled: dict[tuple[int, ...], _Settled] = {}
        self._address_texts = getter(sorted({gap for quad in quads for gap in quad.address_gaps}))
        self._prepare_hashes([quad for quad in quads if quad.blanks], blanks, numbers)

    def _prepare_hashes(self, named: Sequence[GapQuad], blanks: Sequence[str], numbers: dict[str, int]) -> None:
        """Work out the hashes that never change, and lay out the lines of those that do."""
        fixed_hashes: list[tuple[str, int]] = []
        slices: list[tuple[int, int, int, list[bytes]]] = []
        pieces: list[Pieces] = []
        alike: list[tuple[int, int]] = []
        for blank in blanks:
            mentions = [quad for quad in named if blank in quad.blanks]
            still = [quad.line(Mask(blank)) for quad in mentions if not quad.gaps]
            moving = [quad for quad in mentions if quad.gaps]
            if not moving:
                text = "".join(sorted(still)).encode()
                fixed_hashes.append((self._new_hash(text).hexdigest(), numbers[blank]))
                continue
            if any(one.may_equal(other) for one in moving for other in mentions if not other.gaps):
                raise NotCompilableError("Two statements about one unnamed thing may become one.")
            start = len(pieces)
            alike += [(start + first, start + second) for first, second in pairs_that_may_equal(moving)]
            pieces += [quad.pieces(Mask(blank)) for quad in moving]
            slices.append((start, len(pieces), numbers[blank], [line[:-1].encode() for line in still]))
        self._alike = alike
        self._fixed_hashes = fixed_hashes
        self._hash_slices = slices
        self._hash_template, self._hash_texts = line_template(pieces)

    def canonical(self, texts: Sequence[str]) -> bytes:
        """Return the canonical N-Quads, in UTF-8, of the document that has these texts in its gaps.

        Raises NotInFormError if the full algorithm has to look at it.
        """
        self.check(texts)
        escaped = [escape_text(text).encode() for text in texts]
        settled = self._settle(tuple([place for _, place in self._hashes(escaped)]))
        if not self._template:
            return b"\n".join((*settled.lines, b""))
        gap_lines = (self._template % self._template_texts((*escaped, *settled.names))).split(b"\n")
        twins = {second for first, second in self._repeats if gap_lines[first] == gap_lines[second]}
        twins.update(place for place in self._may_be_settled if gap_lines[place] in settled.known)
        if twins:
            gap_lines = [line for place, line in enumerate(gap_lines) if place not in twins]
        lines = settled.lines + gap_lines  # the settled ones are in order: a start that the sort makes use of
        lines.sort()
        lines.append(b"")
        return b"\n".join(lines)

    def check(self, texts: Sequence[str]) -> None:
        """Check that the texts fit their places, as the full algorithm would. Raises NotInFormError."""
        if len(texts) != self._width:
            raise NotInFormError
        addresses = self._address_texts(texts)
        joined = "\n".join((*addresses, ""))
        if not _PLAIN_IRIS.fullmatch(joined) or joined.count("\n") != len(addresses):
            raise NotInFormError
        everything = "".join(texts)
        if len(everything) > MAXIMUM_CHARACTERS:
            raise NotInFormError
        if not everything.isascii():
            try:
                everything.encode()
            except UnicodeEncodeError:
                raise NotInFormError from None

    def _settle(self, order: tuple[int, ...]) -> _Settled:
        """Return all that does not depend on the texts once the order of the blank nodes is known.

        order: the blank nodes, by their places behind the texts. There are few orders: most hashes never change.
        """
        settled = self._settled.get(order)
        if settled is None:
            names = [b""] * len(order)
            for position, place in enumerate(order):
                names[place - self._width] = b"_:c14n%d" % position
            lines = self._fixed_lines.copy()
            if self._named_template:
                filling = (*[b""] * self._width, *names)
                lines += (self._named_template % self._named_names(filling)).split(b"\n")
            lines.sort()
            settled = _Settled(names, lines, frozenset(lines) if self._may_be_settled else frozenset())
            if len(self._settled) >= MOST_ORDERS:
                self._settled.clear()
            self._settled[order] = settled
        return settled

    def _hashes(self, escaped: Sequence[bytes]) -> list[tuple[str, int]]:
        """The first-degree hashes of all blank nodes with their places, in order. Source: section 4.6."""
        hashes = self._fixed_hashes.copy()
        if self._hash_slices:
            lines = (self._hash_template % self._hash_texts(escaped)).split(b"\n")
            for first, second in self._alike:
                if lines[first] == lines[second]:
                    raise NotInFormError
            for start, end, place, still in self._hash_slices:
                mentions = [*still, *lines[start:end]]
                mentions.sort()
                mentions.append(b"")
                hashes.append((self._new_hash(b"\n".join(mentions)).hexdigest(), place))
        hashes.sort()
        for (one, _), (other, _) in pairwise(hashes):
            if one == other:
                raise NotInFormError
        return hashes


def compile_form(
    document: JsonObject, texts: Sequence[str], variable: Collection[int], *, hash_name: HashName = "sha256"
) -> tuple[CompiledForm, tuple[int, ...]]:
    """Return the form of a document, and which of its texts are gaps (a subset of those asked for, in order).

    texts: those of take_apart. variable: the places of texts that may differ. A text whose meaning depends on what
    it says (a word of a vocabulary, a number written as text) stays fixed: others of the shape must have the same.

    Raises UnsignedTextError if a text asked for never reaches the graph; NotCompilableError if the document cannot
    be expanded, is too large, or its blank nodes look alike.
    """
    gaps = sorted(variable)
    for _ in range(_KEEP):
        trial = _try_gaps(document, texts, gaps)
        if len(trial.quads) > MOST_QUADS:
            raise NotCompilableError("The document states more than is worth compiling.")
        if not trial.unfit:
            return _form_of(trial.quads, gaps, hash_name), tuple(gaps)
        gaps = [gap for gap in gaps if gap not in trial.unfit]
    raise NotCompilableError("The texts of this document do not stay in their places.")


@dataclass(frozen=True, slots=True)
class _Trial:
    """The quads with sentinels in the gaps, and the gaps that cannot be gaps."""

    quads: list[Quad]
    unfit: frozenset[int]


def _try_gaps(document: JsonObject, texts: Sequence[str], gaps: Sequence[int]) -> _Trial:
    sentinels = {gap: f"{_SENTINEL}{gap}:" for gap in gaps}
    kept = [text for place, text in enumerate(texts) if place not in sentinels]
    if any(_SENTINEL in text for text in kept):
        raise NotCompilableError("The document uses the words of the compiler.")
    filled = [sentinels.get(place, text) for place, text in enumerate(texts)]
    words: set[str] = set()
    try:
        quads = quads_of(expand_safely(put_together(document, filled), vocabulary_words=words))
    except BadgesError as error:
        raise NotCompilableError("The document cannot be expanded: %(reason)s", reason=error) from error
    seen_whole: set[str] = set()
    unfit = {gap for gap, sentinel in sentinels.items() if sentinel in words}
    for quad in quads:
        for term in quad:
            if _SENTINEL in term:
                whole = whole_text(term)
                seen_whole.add(whole)
                unfit.update(_torn(term, whole, sentinels))
    for gap, sentinel in sentinels.items():
        if sentinel not in seen_whole and gap not in unfit:
            raise UnsignedTextError("The text %(text)s would not be signed.", text=texts[gap][:60])
    return _Trial(quads, frozenset(unfit))


def _torn(term: str, whole: str, sentinels: dict[int, str]) -> Iterator[int]:
    """The gaps whose sentinel is only a part of a term, or stands where its text would be read as a number."""
    for gap, sentinel in sentinels.items():
        if sentinel in term and (whole != sentinel or term.endswith(f"^^<{_XSD_DOUBLE}>")):
            yield gap


def _form_of(quads: Sequence[Quad], gaps: Sequence[int], hash_name: HashName) -> CompiledForm:
    places = {f"{_SENTINEL}{gap}:": position for position, gap in enumerate(gaps)}
    return CompiledForm([GapQuad.of(quad, places) for quad in quads], len(gaps), list(blank_mentions(quads)), hash_name)
