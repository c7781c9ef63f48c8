"""From a JSON-LD document to the text that is signed."""

from __future__ import annotations

from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.jsonld.expansion import expand_safely
from badges.standards.jsonld.rdf import quads_of
from badges.standards.jsonld.rdfc10 import HashName, canonicalize
from badges.vocab.json import JsonObject


def canonical_nquads(
    document: JsonObject, *, context_of: ContextSource = bundled_context, hash_name: HashName = "sha256"
) -> str:
    """Return the canonical N-Quads of a document: what two writers of the same facts agree on.

    context_of: gives the context document at a URL; only the bundled ones by default.

    Raises UndefinedTermError, UnknownContextError, ExpansionError; RefusedError for what is too large, too
    deep or (PoisonGraphError) too costly.
    Source: JSON-LD 1.1 API, section 5.1 and 8; RDF Dataset Canonicalization (RDFC-1.0), section 4.
    """
    return canonicalize(quads_of(expand_safely(document, context_of=context_of)), hash_name=hash_name)
