"""From a JSON-LD document to the text that is signed: compiled where its shape was seen before, else in full."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, Generic, TypeAlias, TypeVar

from badges.standards.jsonld.compiled import CompiledForm, NotCompilableError, NotInFormError, compile_form
from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.jsonld.expansion import expand_safely
from badges.standards.jsonld.rdf import quads_of
from badges.standards.jsonld.rdfc10 import Budget, HashName, canonicalize
from badges.standards.jsonld.skeleton import ShapelessError, Skeleton, take_apart, text_paths
from badges.vocab.json import JsonObject

MOST_SHAPES: Final = 256
MOST_FORMS: Final = 512
MOST_SIGHTINGS: Final = 4_096
LARGEST_SHAPE_CHARACTERS: Final = 40_000
# What the credentials of one badge class have in common, usually.
_CLASS_MEMBERS: Final = frozenset(("achievement", "issuer", "name", "description", "image", "credentialSchema"))


def canonical_nquads(
    document: JsonObject, *, context_of: ContextSource = bundled_context, hash_name: HashName = "sha256"
) -> str:
    """Return the canonical N-Quads of a document: what two writers of the same facts agree on.

    context_of: gives the context document at a URL; only the bundled ones by default.

    Raises UndefinedTermError, UnknownContextError, ExpansionError; RefusedError for what is too large, too
    deep or (PoisonGraphError) too costly.
    Source: JSON-LD 1.1 API, section 5.1 and 8; RDF Dataset Canonicalization (RDFC-1.0), section 4.
    """
    return _canonical_bytes(document, context_of, hash_name).decode()


def canonical_digest(
    document: JsonObject,
    *,
    context_of: ContextSource = bundled_context,
    hash_name: HashName = "sha256",
    budget: Budget | None = None,
) -> bytes:
    """Return the hash of the canonical N-Quads of a document. As canonical_nquads. budget: for alike blank nodes."""
    return hashlib.new(hash_name, _canonical_bytes(document, context_of, hash_name, budget)).digest()


def canonical_nquads_in_full(
    document: JsonObject,
    *,
    context_of: ContextSource = bundled_context,
    hash_name: HashName = "sha256",
    budget: Budget | None = None,
) -> str:
    """As canonical_nquads, always by the full algorithm: nothing compiled, nothing remembered of the shape."""
    quads = quads_of(expand_safely(document, context_of=context_of))
    return canonicalize(quads, hash_name=hash_name, budget=budget)


def check_meaning(document: JsonObject) -> None:
    """Check that every member of a document has a meaning that a signature covers (safe mode).

    Raises as canonical_nquads, but for what concerns blank nodes.
    """
    found = _memory.find(document, "sha256")
    if found is not None:
        try:
            found.form.check(found.texts)
        except NotInFormError:
            pass
        else:
            return
    expand_safely(document)


def _canonical_bytes(
    document: JsonObject, context_of: ContextSource, hash_name: HashName, budget: Budget | None = None
) -> bytes:
    if context_of is bundled_context:
        found = _memory.find(document, hash_name)
        if found is not None:
            try:
                return found.form.canonical(found.texts)
            except NotInFormError:
                pass
    return canonical_nquads_in_full(document, context_of=context_of, hash_name=hash_name, budget=budget).encode()


@dataclass(frozen=True, slots=True)
class _Found:
    """A form that fits a document, and the texts for its gaps."""

    form: CompiledForm
    texts: Sequence[str]


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_Pick: TypeAlias = Callable[[Sequence[str]], tuple[str, ...]]


class _Latest(Generic[_Key, _Value]):
    """A map that keeps the entries used last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[_Key, _Value] = OrderedDict()

    def get(self, key: _Key) -> _Value | None:
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def put(self, key: _Key, value: _Value) -> None:
        self._entries[key] = value
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is known of one skeleton: which of its texts can be gaps.

    number: its own, for keys. gaps: places of texts that may differ; none if the shape does not compile.
    moving: those of them that differ among credentials of one class.
    words: picks the texts that are part of the shape. common: picks those that a class has in common.
    """

    number: int
    gaps: tuple[int, ...] = ()
    moving: tuple[int, ...] = ()
    words: _Pick = tuple
    common: _Pick = tuple


class _FormMemory:
    """Forms of the shapes that were seen more than once, the latest used; bounded in number and size.

    A shape costs twice its full canonicalisation to compile, so it is done at its second sight: what comes once
    (or is sent to fill the memory) costs nothing more. The same holds for a class within a shape: its credentials
    get a narrower form, in which its own texts are no gaps.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shapes: _Latest[tuple[Skeleton, HashName], _Shape] = _Latest(MOST_SHAPES)
        self._forms: _Latest[tuple[int, bool, tuple[str, ...]], CompiledForm] = _Latest(MOST_FORMS)
        self._sightings: _Latest[int, bool] = _Latest(MOST_SIGHTINGS)
        self._failures: _Latest[int, bool] = _Latest(MOST_SIGHTINGS)
        self._shapes_made = 0

    def find(self, document: JsonObject, hash_name: HashName) -> _Found | None:
        """Return the form of a document, compiling it if it is time; None where there is none."""
        try:
            skeleton, texts = take_apart(document)
        except ShapelessError:
            return None
        key = (skeleton, hash_name)
        with self._lock:
            shape = self._shapes.get(key)
            if shape is None and not self._was_sighted(key):
                return None
        if shape is None:
            shape = self._add_shape(key, document, texts)
        if not shape.gaps:
            return None
        common = shape.common(texts)
        class_key = (shape.number, True, common)
        general_key = (shape.number, False, shape.words(texts))
        with self._lock:
            form = self._forms.get(class_key)
            if form is not None:
                return _Found(form, [texts[place] for place in shape.moving])
            form = self._forms.get(general_key)
            is_class = self._was_sighted(class_key)
        if is_class and self._add_form(class_key, document, texts, shape.moving, hash_name):
            return self.find(document, hash_name)
        form = form or self._add_form(general_key, document, texts, shape.gaps, hash_name)
        return None if form is None else _Found(form, [texts[place] for place in shape.gaps])

    def _was_sighted(self, key: object) -> bool:
        sighting = hash(key)
        if self._sightings.get(sighting):
            return True
        self._sightings.put(sighting, True)
        return False

    def _add_shape(self, key: tuple[Skeleton, HashName], document: JsonObject, texts: list[str]) -> _Shape:
        with self._lock:
            self._shapes_made += 1
            shape = _Shape(self._shapes_made)
        if _size(key[0]) > LARGEST_SHAPE_CHARACTERS:
            return shape  # not remembered: the memory is bounded in number only as long as its entries are small
        try:
            form, gaps = compile_form(document, texts, range(len(texts)), hash_name=key[1])
        except NotCompilableError:
            pass
        else:
            found = _shape_with(shape.number, gaps, document)
            words = found.words(texts)
            if sum(map(len, words)) <= LARGEST_SHAPE_CHARACTERS:
                shape = found
                with self._lock:
                    self._forms.put((shape.number, False, words), form)
        with self._lock:
            self._shapes.put(key, shape)
        return shape

    def _add_form(
        self,
        key: tuple[int, bool, tuple[str, ...]],
        document: JsonObject,
        texts: list[str],
        variable: Collection[int],
        hash_name: HashName,
    ) -> CompiledForm | None:
        """Compile a form and remember it, or remember that there is none: trying again would cost as much again."""
        if sum(map(len, key[2])) > LARGEST_SHAPE_CHARACTERS:
            return None
        with self._lock:
            if self._failures.get(hash(key)):
                return None
        form: CompiledForm | None = None
        with suppress(NotCompilableError):
            compiled, gaps = compile_form(document, texts, variable, hash_name=hash_name)
            form = compiled if gaps == tuple(variable) else None
        with self._lock:
            if form is None:
                self._failures.put(hash(key), True)
            else:
                self._forms.put(key, form)
        return form


def _shape_with(number: int, gaps: tuple[int, ...], document: JsonObject) -> _Shape:
    paths = text_paths(document)
    moving = tuple(gap for gap in gaps if _CLASS_MEMBERS.isdisjoint(paths[gap]))
    return _Shape(number, gaps, moving, _picker(gaps, len(paths)), _picker(moving, len(paths)))


def _picker(without: tuple[int, ...], count: int) -> _Pick:
    """What takes out of `count` texts all but those at some places."""
    chosen = sorted(set(range(count)) - set(without))
    if len(chosen) > 1:
        return itemgetter(*chosen)
    return lambda texts: tuple(texts[place] for place in chosen)


def _size(skeleton: Skeleton) -> int:
    """How many characters a skeleton holds."""
    return sum(
        len(token) if isinstance(token, str) else sum(len(part) for part in token if isinstance(part, str))
        for token in skeleton
        if isinstance(token, str | tuple)
    )


_memory: Final = _FormMemory()
