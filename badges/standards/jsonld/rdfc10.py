"""RDF Dataset Canonicalization, RDFC-1.0: one text for all ways to write the same dataset.

Blank nodes get names from their surroundings. Nearly always their first-degree hashes differ, and that is all
the work. Where they do not, the algorithm tries permutations, which a hostile dataset can make endless, so
that part counts its work and stops.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import permutations
from typing import Final, Literal, TypeAlias

from badges.errors import RefusedError
from badges.standards.jsonld.nquads import Quad, is_blank, parse_nquads, quad_line

HashName: TypeAlias = Literal["sha256", "sha384"]
Mentions: TypeAlias = dict[str, list[Quad]]

WORK_LIMIT: Final = 60_000
DEPTH_LIMIT: Final = 100


class PoisonGraphError(RefusedError):
    """Naming the blank nodes of this dataset would take too long."""


@dataclass(slots=True)
class Budget:
    """Steps that may still be spent on the part that may be endless. Several datasets may share one."""

    steps: int = WORK_LIMIT

    def spend(self, steps: int) -> None:
        """Raise PoisonGraphError if there are not as many steps left."""
        self.steps -= steps
        if self.steps < 0:
            raise _poison()


def canonicalize(dataset: str | Iterable[Quad], *, hash_name: HashName = "sha256", budget: Budget | None = None) -> str:
    """Return the canonical N-Quads of a dataset: sorted lines, blank nodes named c14n0, c14n1, ….

    dataset: N-Quads text, or quads (repeated quads count once). budget: of its own unless one is given.

    Raises PoisonGraphError beyond the budget; NQuadsError if the text cannot be read.
    Source: RDF Dataset Canonicalization, section 4.4 "Canonicalization Algorithm".
    """
    quads = _distinct(dataset)
    names = _names(quads, hash_name, budget)
    return "".join(sorted(quad_line(rename(quad, names)) for quad in quads))


def canonical_identifiers(
    dataset: str | Iterable[Quad], *, hash_name: HashName = "sha256", budget: Budget | None = None
) -> dict[str, str]:
    """Return the canonical name of each blank node, both with "_:". Raises as canonicalize."""
    return _names(_distinct(dataset), hash_name, budget)


def blank_mentions(quads: Iterable[Quad]) -> Mentions:
    """Return for each blank node the quads that mention it, each once."""
    mentions: Mentions = {}
    for quad in quads:
        subject, _, value, graph = quad
        for term in {subject, value, graph}:
            if is_blank(term):
                mentions.setdefault(term, []).append(quad)
    return mentions


def first_degree_hash(blank: str, mentions: Iterable[Quad], hash_name: HashName = "sha256") -> str:
    """Return the hash of a blank node's own quads, in hexadecimal: itself as _:a, other blank nodes as _:z.

    mentions: the quads that mention it.
    Source: RDF Dataset Canonicalization, section 4.6 "Hash First Degree Quads".
    """
    lines = sorted(quad_line(_masked(quad, blank)) for quad in mentions)
    return hashlib.new(hash_name, "".join(lines).encode("utf-8")).hexdigest()


def rename(quad: Quad, names: dict[str, str]) -> Quad:
    """Return a quad with its blank nodes renamed; all of them must be in names."""
    subject, predicate, value, graph = quad
    return (
        names[subject] if is_blank(subject) else subject,
        predicate,
        names[value] if is_blank(value) else value,
        names[graph] if is_blank(graph) else graph,
    )


def _distinct(dataset: str | Iterable[Quad]) -> list[Quad]:
    return parse_nquads(dataset) if isinstance(dataset, str) else list(dict.fromkeys(dataset))


def _masked(quad: Quad, blank: str) -> Quad:
    def mask(term: str) -> str:
        if not is_blank(term):
            return term
        return "_:a" if term == blank else "_:z"

    subject, predicate, value, graph = quad
    return mask(subject), predicate, mask(value), mask(graph)


def _names(quads: list[Quad], hash_name: HashName, budget: Budget | None) -> dict[str, str]:
    mentions = blank_mentions(quads)
    hashes = {blank: first_degree_hash(blank, mentions[blank], hash_name) for blank in mentions}
    groups: dict[str, list[str]] = {}
    for blank, hashed in hashes.items():
        groups.setdefault(hashed, []).append(blank)
    canonical = _Issuer("_:c14n")
    shared: list[list[str]] = []
    for _, blanks in sorted(groups.items()):
        if len(blanks) == 1:
            canonical.issue(blanks[0])
        else:
            shared.append(blanks)
    if shared:
        _NDegree(mentions, hashes, canonical, hash_name, budget or Budget()).name_all(shared)
    return canonical.issued


@dataclass(slots=True)
class _Issuer:
    """Gives identifiers in the order of asking. Source: section 4.5 "Issue Identifier Algorithm"."""

    prefix: str
    issued: dict[str, str] = field(default_factory=dict)

    def issue(self, blank: str) -> str:
        name = self.issued.get(blank)
        if name is None:
            name = self.issued[blank] = f"{self.prefix}{len(self.issued)}"
        return name

    def copy(self) -> _Issuer:
        return _Issuer(self.prefix, dict(self.issued))


@dataclass(slots=True)
class _NDegree:
    """The part for blank nodes whose first-degree hashes are equal. It counts its work, and stops in time."""

    mentions: Mentions
    hashes: dict[str, str]
    canonical: _Issuer
    hash_name: HashName
    budget: Budget

    def name_all(self, groups: list[list[str]]) -> None:
        """Issue canonical identifiers to all blank nodes of the groups, which are in order of their hashes.

        Source: section 4.4.3, step 5.
        """
        for blanks in groups:
            results: list[tuple[str, _Issuer]] = []
            for blank in blanks:
                if blank in self.canonical.issued:
                    continue
                issuer = _Issuer("_:b")
                issuer.issue(blank)
                results.append(self.hash_n_degree(blank, issuer, 0))
            for _, issuer in sorted(results, key=lambda result: result[0]):
                for blank in issuer.issued:
                    self.canonical.issue(blank)

    def hash_n_degree(self, blank: str, issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        """Return the hash of a blank node with its neighbours, and the issuer as the best path leaves it.

        Source: section 4.8 "Hash N-Degree Quads".
        """
        if depth > DEPTH_LIMIT:
            raise _poison()
        parts: list[str] = []
        for hashed, related in sorted(self._related(blank, issuer).items()):
            path, issuer = self._best_path(related, issuer, depth)
            parts += (hashed, path)
        return self._hash("".join(parts)), issuer

    def _related(self, blank: str, issuer: _Issuer) -> dict[str, list[str]]:
        quads = self.mentions[blank]
        self.budget.spend(len(quads))
        related: dict[str, list[str]] = {}
        for quad in quads:
            subject, predicate, value, graph = quad
            for position, term in (("s", subject), ("o", value), ("g", graph)):
                if is_blank(term) and term != blank:
                    hashed = self._hash_related(term, "" if position == "g" else predicate, issuer, position)
                    related.setdefault(hashed, []).append(term)
        return related

    def _hash_related(self, blank: str, predicate: str, issuer: _Issuer, position: str) -> str:
        """Source: section 4.7 "Hash Related Blank Node"."""
        name = self.canonical.issued.get(blank) or issuer.issued.get(blank) or self.hashes[blank]
        return self._hash(f"{position}{predicate}{name}")

    def _best_path(self, related: list[str], issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        best_path = ""
        best_issuer = issuer
        for order in permutations(related):
            self.budget.spend(len(order) + len(issuer.issued))
            path, path_issuer = "", issuer
            for path, path_issuer in self._steps(order, issuer.copy(), depth):  # noqa: B007
                if best_path and len(path) >= len(best_path) and path > best_path:
                    break
            else:
                if not best_path or path < best_path:
                    best_path, best_issuer = path, path_issuer
        return best_path, best_issuer

    def _steps(self, order: Iterable[str], issuer: _Issuer, depth: int) -> Iterator[tuple[str, _Issuer]]:
        """Yield the path for one order of the related blank nodes as it grows, with its issuer."""
        path = ""
        deeper: list[str] = []
        for blank in order:
            name = self.canonical.issued.get(blank)
            if name is None:
                if blank not in issuer.issued:
                    deeper.append(blank)
                name = issuer.issue(blank)
            path += name
            yield path, issuer
        for blank in deeper:
            hashed, deeper_issuer = self.hash_n_degree(blank, issuer, depth + 1)
            path += f"{issuer.issue(blank)}<{hashed}>"
            issuer = deeper_issuer
            yield path, issuer

    def _hash(self, text: str) -> str:
        return hashlib.new(self.hash_name, text.encode("utf-8")).hexdigest()


def _poison() -> PoisonGraphError:
    return PoisonGraphError(
        "This document has too many unnamed parts that look alike: putting them in order would take too "
        "long. Parts with an id of their own are easy."
    )
