"""From a JSON-LD document to the text that is signed: compiled where its shape was seen before, else in full."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from badges.standards.jsonld.compiled import CompiledForm, NotCompilableError, NotInFormError, compile_form
from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.jsonld.expansion import expand_safely
from badges.standards.jsonld.rdf import quads_of
from badges.standards.jsonld.rdfc10 import HashName, canonicalize
from badges.standards.jsonld.skeleton import ShapelessError, Skeleton, take_apart
from badges.vocab.json import JsonObject

MOST_SHAPES: Final = 256
MOST_FORMS_OF_A_SHAPE: Final = 16
MOST_SIGHTINGS: Final = 4_096
LARGEST_SHAPE_CHARACTERS: Final = 40_000


def canonical_nquads(
    document: JsonObject, *, context_of: ContextSource = bundled_context, hash_name: HashName = "sha256"
) -> str:
    """Return the canonical N-Quads of a document: what two writers of the same facts agree on.

    context_of: gives the context document at a URL; only the bundled ones by default.

    Raises UndefinedTermError, UnknownContextError, ExpansionError; RefusedError for what is too large, too
    deep or (PoisonGraphError) too costly.
    Source: JSON-LD 1.1 API, section 5.1 and 8; RDF Dataset Canonicalization (RDFC-1.0), section 4.
    """
    if context_of is bundled_context:
        found = _memory.find(document, hash_name)
        if found is not None:
            try:
                return found.form.canonical(found.gap_texts)
            except NotInFormError:
                pass
    return canonical_nquads_in_full(document, context_of=context_of, hash_name=hash_name)


def canonical_nquads_in_full(
    document: JsonObject, *, context_of: ContextSource = bundled_context, hash_name: HashName = "sha256"
) -> str:
    """As canonical_nquads, always by the full algorithm: nothing compiled, nothing remembered of the shape."""
    return canonicalize(quads_of(expand_safely(document, context_of=context_of)), hash_name=hash_name)


def check_meaning(document: JsonObject) -> None:
    """Check that every member of a document has a meaning that a signature covers (safe mode).

    Raises as canonical_nquads, but for what concerns blank nodes.
    """
    found = _memory.find(document, "sha256")
    if found is not None:
        try:
            found.form.check(found.gap_texts)
        except NotInFormError:
            pass
        else:
            return
    expand_safely(document)


@dataclass(frozen=True, slots=True)
class _Found:
    """A form that fits a document, and what fills its gaps."""

    form: CompiledForm
    gap_texts: list[str]


@dataclass(slots=True)
class _Shape:
    """What is known of one skeleton: which texts are part of it, and its forms by these.

    fixed, gaps: places of texts; None before the first form was made. A shape without forms does not compile.
    """

    fixed: tuple[int, ...] = ()
    gaps: tuple[int, ...] = ()
    forms: OrderedDict[tuple[str, ...], CompiledForm] = field(default_factory=OrderedDict)


class _FormMemory:
    """Forms of the shapes that were seen more than once, the latest used; bounded in number and size.

    A shape costs twice its full canonicalisation to compile, so it is done at its second sight: what comes once
    (or is sent to fill the memory) costs nothing more.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shapes: OrderedDict[tuple[Skeleton, HashName], _Shape] = OrderedDict()
        self._sightings: OrderedDict[int, None] = OrderedDict()

    def find(self, document: JsonObject, hash_name: HashName) -> _Found | None:
        """Return the form of a document, compiling it if it is time; None where there is none."""
        try:
            skeleton, texts = take_apart(document)
        except ShapelessError:
            return None
        key = (skeleton, hash_name)
        with self._lock:
            shape = self._shapes.get(key)
            if shape is not None:
                self._shapes.move_to_end(key)
            elif not self._was_sighted(hash(key)):
                return None
        if shape is None:
            shape = self._add(key, document, texts)
        if not shape.forms:
            return None
        words = tuple([texts[place] for place in shape.fixed])
        with self._lock:
            form = shape.forms.get(words)
        if form is None:
            form = self._add_form(shape, words, document, texts, hash_name)
        return None if form is None else _Found(form, [texts[place] for place in shape.gaps] if words else texts)

    def _was_sighted(self, sighting: int) -> bool:
        if sighting in self._sightings:
            return True
        self._sightings[sighting] = None
        if len(self._sightings) > MOST_SIGHTINGS:
            self._sightings.popitem(last=False)
        return False

    def _add(self, key: tuple[Skeleton, HashName], document: JsonObject, texts: list[str]) -> _Shape:
        shape = _Shape()
        if _size(key[0]) <= LARGEST_SHAPE_CHARACTERS:
            try:
                form, gaps = compile_form(document, texts, range(len(texts)), hash_name=key[1])
            except NotCompilableError:
                pass
            else:
                known = set(gaps)
                fixed = tuple(place for place in range(len(texts)) if place not in known)
                shape = _Shape(fixed, gaps)
                shape.forms[tuple(texts[place] for place in fixed)] = form
        with self._lock:
            self._shapes[key] = shape
            if len(self._shapes) > MOST_SHAPES:
                self._shapes.popitem(last=False)
        return shape

    def _add_form(
        self, shape: _Shape, words: tuple[str, ...], document: JsonObject, texts: list[str], hash_name: HashName
    ) -> CompiledForm | None:
        if sum(map(len, words)) > LARGEST_SHAPE_CHARACTERS:
            return None
        try:
            form, gaps = compile_form(document, texts, shape.gaps, hash_name=hash_name)
        except NotCompilableError:
            return None
        if gaps != shape.gaps:
            return None
        with self._lock:
            shape.forms[words] = form
            if len(shape.forms) > MOST_FORMS_OF_A_SHAPE:
                shape.forms.popitem(last=False)
        return form


def _size(skeleton: Skeleton) -> int:
    """How many characters a skeleton holds."""
    return sum(
        len(token) if isinstance(token, str) else sum(len(part) for part in token if isinstance(part, str))
        for token in skeleton
        if isinstance(token, str | tuple)
    )


_memory: Final = _FormMemory()
