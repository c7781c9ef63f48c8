"""Quads whose terms may have gaps: what the compiled canonicaliser fills with the texts of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import itemgetter
from typing import Any

from badges.standards.jsonld.nquads import Quad, is_blank, quad_line


def whole_text(term: str) -> str:
    """The address or the text of a term."""
    return term[1:-1] if term[0] == "<" else term[1 : term.rindex('"')] if term[0] == '"' else term


class Mask:
    """Names for blank nodes as a first-degree hash wants them: the node itself _:a, all others _:z."""

    def __init__(self, blank: str) -> None:
        self._blank = blank

    def __getitem__(self, blank: str) -> str:
        return "_:a" if blank == self._blank else "_:z"


_Names = Any  # from a blank node's own name to a text, or to the number of the filling that has it
Pieces = list[str | int]


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of a quad. before, after: around its gap. gap: which text fills it; None: the term is `before`."""

    before: str
    gap: int | None = None
    after: str = ""

    @property
    def is_blank(self) -> bool:
        return self.gap is None and is_blank(self.before)

    def may_equal(self, other: _Term) -> bool:
        """Whether some texts make these two terms the same."""
        if self.gap is None and other.gap is None:
            return self.before == other.before
        if self.gap is not None and other.gap is not None:
            return (self.before, self.after) == (other.before, other.after)
        closed, gap = (self, other) if self.gap is None else (other, self)
        fits = closed.before.startswith(gap.before) and closed.before.endswith(gap.after)
        return fits and len(closed.before) >= len(gap.before) + len(gap.after)


@dataclass(frozen=True, slots=True)
class GapQuad:
    """A quad whose terms may have gaps."""

    terms: tuple[_Term, _Term, _Term, _Term]
    gaps: tuple[int, ...]
    blanks: frozenset[str]

    @classmethod
    def of(cls, quad: Quad, places: dict[str, int]) -> GapQuad:
        subject, predicate, value, graph = (_gap_term(term, places) for term in quad)
        terms = (subject, predicate, value, graph)
        gaps = tuple(term.gap for term in terms if term.gap is not None)
        return cls(terms, gaps, frozenset(term.before for term in terms if term.is_blank))

    @property
    def address_gaps(self) -> Iterator[int]:
        return (term.gap for term in self.terms if term.gap is not None and term.before == "<")

    def may_equal(self, other: GapQuad) -> bool:
        return all(one.may_equal(two) for one, two in zip(self.terms, other.terms, strict=True))

    def line(self, names: _Names) -> str:
        """The line of a quad without gaps."""
        subject, predicate, value, graph = (names[term.before] if term.is_blank else term.before for term in self.terms)
        return quad_line((subject, predicate, value, graph))

    def pieces(self, names: _Names) -> Pieces:
        """The line in pieces, without its end: text, or the number of what fills a gap."""
        pieces: Pieces = []
        for position, term in enumerate(self.terms):
            if position == 3 and not term.before:
                break
            pieces += (" ",) if position else ()
            if term.gap is not None:
                pieces += (term.before, term.gap, term.after)
            else:
                pieces.append(names[term.before] if term.is_blank else term.before)
        pieces.append(" .")
        return pieces


def _gap_term(term: str, places: dict[str, int]) -> _Term:
    if not term or is_blank(term) or whole_text(term) not in places:
        return _Term(term)
    text = whole_text(term)
    return _Term(term[0], places[text], term[1 + len(text) :])


def pairs_that_may_equal(quads: Sequence[GapQuad]) -> list[tuple[int, int]]:
    """The places of quads of which some texts make one."""
    return [
        (first, second) for (first, one), (second, other) in combinations(enumerate(quads), 2) if one.may_equal(other)
    ]


def line_template(lines: Sequence[Pieces]) -> tuple[bytes, Callable[[Sequence[bytes]], tuple[bytes, ...]]]:
    """The lines as one text for the operator %, and what picks its arguments out of a filling."""
    numbers = [piece for line in lines for piece in line if isinstance(piece, int)]
    text = "\n".join(
        "".join("%b" if isinstance(piece, int) else piece.replace("%", "%%") for piece in line) for line in lines
    )
    return text.encode(), getter(numbers)


def getter(places: Iterable[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What takes these places out of a sequence, always as a tuple."""
    chosen = tuple(places)
    if len(chosen) > 1:
        return itemgetter(*chosen)
    if chosen:
        return lambda texts: (texts[chosen[0]],)
    return lambda _texts: ()
