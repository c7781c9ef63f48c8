"""JSON-LD expansion in safe mode: what would vanish or stay vague is an error, never dropped in silence.

The expansion itself is PyLD's. It drops what no context defines, so a member that somebody added after
signing would look signed. Here every member and every piece of the result is looked at.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from typing import Any, Final

from pyld.context_resolver import ContextResolver
from pyld.jsonld import JsonLdError, JsonLdProcessor

from badges.errors import BadgesError, RefusedError, StandardsError
from badges.standards.jsonld.bounds import check_bounds, check_contexts
from badges.standards.jsonld.contexts import ContextSource, bundled_context, bundled_context_in_full
from badges.vocab.json import JsonObject, JsonValue

_ABSOLUTE_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')
_BLANK = re.compile(r"_:[A-Za-z0-9_][A-Za-z0-9_-]*")
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
_KEYWORDS: Final = frozenset(
    ("@id", "@type", "@value", "@language", "@list", "@set", "@graph", "@included", "@reverse", "@nest")
)
_GRAPHS: Final = frozenset(("@graph", "@included"))
_UNSIGNED: Final = frozenset(("@index",))
_DIRECTIONS: Final = ("ltr", "rtl")
_FAILURES: Final = (JsonLdError, KeyError, IndexError, TypeError, AttributeError, ValueError)
_MEMORY_SIZE: Final = 512
_MAXIMUM_CONTEXT_STEPS: Final = 300


class UndefinedTermError(StandardsError):
    """A member, type or address that no context defines: no signature would cover it. `term` names it."""

    def __init__(self, template: str, *, term: str) -> None:
        super().__init__(template, term=term[:200])
        self.term = term


class ExpansionError(StandardsError):
    """The document breaks a rule of JSON-LD."""


def expand_safely(
    document: JsonObject,
    *,
    context_of: ContextSource = bundled_context,
    vocabulary_words: set[str] | None = None,
) -> list[JsonValue]:
    """Return a document in expanded form, sure that nothing of it was dropped.

    Members whose value is null are left out, as JSON-LD has it; everything else must be defined.
    context_of: gives the context document at a URL.
    vocabulary_words: gets the texts that were read as words of a vocabulary, whose meaning the contexts define.

    Raises UndefinedTermError, UnknownContextError, ExpansionError, UnsafeNumberError; RefusedError if the
    document is too large or too deep.
    Source: JSON-LD 1.1 API, section 5.1; the name "safe mode" and its cases follow Verifiable Credential Data
    Integrity, section 4 (a processor must not drop data in silence).
    """
    check_bounds(document)
    urls, has_inline = check_contexts(document)
    for url in sorted(urls):
        context_of(url)
    memory = _Memory() if has_inline else _memory_for(context_of)
    try:
        expanded: list[JsonValue] = _SafeProcessor(memory, vocabulary_words).expand(
            document, _options(context_of, memory)
        )
    except RecursionError as error:
        raise RefusedError("The document is nested too deeply.") from error
    except _FAILURES as error:
        raise _plain_error(error) from error
    _check_nodes(expanded)
    return expanded


class _Memory:
    """What processing of contexts has worked out. Kept for a thread while only bundled contexts are in it."""

    def __init__(self) -> None:
        self.resolved: dict[str, Any] = {}
        self.processed: OrderedDict[tuple[str, int, bool, bool], tuple[Any, Any]] = OrderedDict()


_threads = threading.local()


def _memory_for(context_of: ContextSource) -> _Memory:
    """Return what this thread has worked out of a source of contexts; nothing of one whose contexts may change.

    The two sources of bundled contexts have a memory each: what one worked out is never taken for the other.
    """
    if context_of not in (bundled_context, bundled_context_in_full):
        return _Memory()
    memories: dict[ContextSource, _Memory] = _threads.__dict__.setdefault("memories", {})
    return memories.setdefault(context_of, _Memory())


def _options(context_of: ContextSource, memory: _Memory) -> dict[str, Any]:
    def load(url: str, _options: object) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": context_of(url), "tag": "static"}

    return {
        "base": None,
        "documentLoader": load,
        "contextResolver": ContextResolver(memory.resolved, load),
        "processingMode": "json-ld-1.1",
    }


class _SafeProcessor(JsonLdProcessor):  # type: ignore[misc]
    """PyLD's processor, but it refuses what it would drop, and remembers the contexts it has processed."""

    def __init__(self, memory: _Memory, vocabulary_words: set[str] | None = None) -> None:
        super().__init__()
        self._memory = memory
        self._context_steps = 0
        self._vocabulary_words = vocabulary_words

    def _expand_value(self, active_ctx: Any, active_property: Any, value: Any, options: Any) -> Any:
        if self._vocabulary_words is not None and isinstance(value, str):
            type_ = self.get_context_value(active_ctx, active_property, "@type")
            if type_ == "@vocab" or self._expand_iri(active_ctx, active_property, vocab=True) == "@type":
                self._vocabulary_words.add(value)
        return super()._expand_value(active_ctx, active_property, value, options)

    def _expand(self, active_ctx: Any, active_property: Any, element: Any, *rest: Any, **options: Any) -> Any:
        result = super()._expand(active_ctx, active_property, element, *rest, **options)
        if result is None and element is not None:
            raise UndefinedTermError(
                "A value of %(term)s says nothing in JSON-LD and would be dropped.",
                term=str(active_property or "the document"),
            )
        return result

    def _expand_object(
        self,
        active_ctx: Any,
        active_property: Any,
        expanded: Any,
        element: Any,
        *rest: Any,
        **options: Any,
    ) -> Any:
        for name in element:
            if name == "@context":
                continue
            meaning = self._expand_iri(active_ctx, name, vocab=True)
            if meaning in _UNSIGNED:
                raise UndefinedTermError('The member "%(term)s" is one that no signature covers.', term=name)
            if meaning not in _KEYWORDS and meaning != "@direction" and not _is_iri(meaning):
                raise UndefinedTermError('No JSON-LD context of the document defines "%(term)s".', term=name)
        return super()._expand_object(active_ctx, active_property, expanded, element, *rest, **options)

    def _process_context(
        self,
        active_ctx: Any,
        local_ctx: Any,
        options: Any,
        override_protected: bool = False,
        propagate: bool = True,
        validate_scoped: bool = True,
        cycles: Any = None,
    ) -> Any:
        """As PyLD's, but the same scoped context on the same active context is worked out only once."""
        unique = active_ctx.get("_uuid")
        if unique is None or not validate_scoped or cycles is not None or isinstance(local_ctx, str):
            return super()._process_context(
                active_ctx, local_ctx, options, override_protected, propagate, validate_scoped, cycles
            )
        key = (unique, id(local_ctx), override_protected, propagate)
        processed = self._memory.processed
        if key in processed:
            processed.move_to_end(key)
            return processed[key][1]
        self._context_steps += 1
        if self._context_steps > _MAXIMUM_CONTEXT_STEPS:
            raise RefusedError("The document switches between JSON-LD contexts too often.")
        result = super()._process_context(active_ctx, local_ctx, options, override_protected, propagate)
        processed[key] = (local_ctx, result)
        if len(processed) > _MEMORY_SIZE:
            processed.popitem(last=False)
        return result


def _is_iri(term: JsonValue) -> bool:
    return isinstance(term, str) and _ABSOLUTE_IRI.fullmatch(term) is not None


def _check_nodes(expanded: JsonValue) -> None:
    """Check every node and value of an expanded document. Raises UndefinedTermError or ExpansionError."""
    waiting = [expanded]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif "@value" in item:
            _check_value(item)
        elif isinstance(item, dict):
            for name, value in item.items():
                if name == "@id":
                    _check_address(value)
                elif name == "@type":
                    for term in value:
                        _check_type(term)
                elif name in _UNSIGNED or (name[:1] == "@" and name not in _KEYWORDS):
                    raise UndefinedTermError("No signature covers a member that means %(term)s.", term=name)
                elif name == "@reverse":
                    waiting.extend(value.values())
                else:
                    if name in _GRAPHS:
                        _check_things(value)
                    waiting.append(value)
        else:
            raise ExpansionError("The document has a value where JSON-LD allows none.")


def _check_things(items: JsonValue) -> None:
    """Check what a graph of its own holds: a value that belongs to nothing states nothing. Raises UndefinedTermError.

    Source: JSON-LD 1.1 API, section 5.1.2, step 19 (free-floating values are dropped).
    """
    for item in items if isinstance(items, list) else [items]:
        if not isinstance(item, dict) or "@value" in item or "@list" in item:
            raise UndefinedTermError("A value that belongs to no thing (%(term)s) would be dropped.", term=str(item))


def _check_address(address: JsonValue) -> None:
    if not isinstance(address, str):
        raise ExpansionError("An id is one address, written as a text.")
    if not _is_iri(address) and not _BLANK.fullmatch(address):
        raise UndefinedTermError('"%(term)s" is not a full address (such as https://… or urn:…).', term=address)


def _check_type(term: JsonValue) -> None:
    if not isinstance(term, str):
        raise ExpansionError("A type is a text.")
    if not _is_iri(term) and not _BLANK.fullmatch(term):
        raise UndefinedTermError('No JSON-LD context of the document defines the type "%(term)s".', term=term)


def _check_value(value: JsonObject) -> None:
    for name, item in value.items():
        if name == "@language":
            if not isinstance(item, str) or not _LANGUAGE.fullmatch(item):
                raise UndefinedTermError('"%(term)s" is not a language tag.', term=str(item))
        elif name == "@type":
            if item != "@json" and not _is_iri(item):
                raise UndefinedTermError('No JSON-LD context defines the datatype "%(term)s".', term=str(item))
        elif name == "@direction":
            if item not in _DIRECTIONS:
                raise UndefinedTermError('"%(term)s" is not a direction of text.', term=str(item))
        elif name != "@value":
            raise UndefinedTermError("No signature covers a member that means %(term)s.", term=name)
    if value.get("@type") != "@json" and not isinstance(value["@value"], str | int | float):
        raise ExpansionError("A value in JSON-LD is a text, a number, true or false.")


def _plain_error(error: Exception) -> BadgesError:
    """Return our own error that PyLD wrapped on the way, or one that says what PyLD found wrong."""
    cause: BaseException | None = error
    reason = ""
    while cause is not None:
        if isinstance(cause, BadgesError):
            return cause
        code = getattr(cause, "code", None)
        reason = str(code) if code else reason
        cause = cause.__cause__
    return ExpansionError("The document breaks a rule of JSON-LD: %(reason)s.", reason=reason or "its shape is wrong")
