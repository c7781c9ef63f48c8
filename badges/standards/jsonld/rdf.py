"""An expanded JSON-LD document as RDF quads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from badges.standards.jcs import canonical_json
from badges.standards.jsonld.nquads import Quad, iri_term, literal_term
from badges.vocab.json import JsonObject, JsonValue

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_I18N: Final = "https://www.w3.org/ns/i18n#"
_RDF_TYPE: Final = iri_term(_RDF + "type")
_RDF_FIRST: Final = iri_term(_RDF + "first")
_RDF_REST: Final = iri_term(_RDF + "rest")
_RDF_NIL: Final = iri_term(_RDF + "nil")
_XSD_DOUBLE: Final = _XSD + "double"
_MANTISSA = re.compile(r"(\d)0*E\+?(-)?0*(\d)")


def quads_of(expanded: list[JsonValue]) -> list[Quad]:
    """Return the quads that an expanded document states, each once.

    expanded: as expand_safely returns it; nothing in it is vague or unknown.
    Source: JSON-LD 1.1 API, section 8 "RDF Serialization/Deserialization Algorithms".
    """
    writer = _Writer()
    for node in expanded:
        writer.write_node(node, "")
    return list(writer.quads)


@dataclass(slots=True)
class _Writer:
    quads: dict[Quad, None] = field(default_factory=dict)
    blanks: int = 0

    def write_node(self, node: JsonObject, graph: str) -> str:
        """Write what a node object states and return its term."""
        subject = self._subject(node)
        for name, items in node.items():
            if name == "@type":
                for type_iri in items:
                    self._add(subject, _RDF_TYPE, _resource(type_iri), graph)
            elif name == "@graph":
                for inner in items:
                    self.write_node(inner, subject)
            elif name == "@included":
                for inner in items:
                    self.write_node(inner, graph)
            elif name == "@reverse":
                for reverse_name, nodes in items.items():
                    for inner in nodes:
                        self._add(self.write_node(inner, graph), iri_term(reverse_name), subject, graph)
            elif name != "@id":
                for item in items:
                    self._add(subject, iri_term(name), self._object(item, graph), graph)
        return subject

    def _add(self, subject: str, predicate: str, value: str, graph: str) -> None:
        self.quads[(subject, predicate, value, graph)] = None

    def _blank(self) -> str:
        self.blanks += 1
        return f"_:n{self.blanks}"

    def _subject(self, node: JsonObject) -> str:
        address = node.get("@id")
        return self._blank() if address is None else _resource(address)

    def _object(self, item: JsonObject, graph: str) -> str:
        if "@value" in item:
            return literal_of(item)
        if "@list" in item:
            return self._list(item["@list"], graph)
        return self.write_node(item, graph)

    def _list(self, items: list[JsonObject], graph: str) -> str:
        following = _RDF_NIL
        for item in reversed(items):
            cell = self._blank()
            self._add(cell, _RDF_FIRST, self._object(item, graph), graph)
            self._add(cell, _RDF_REST, following, graph)
            following = cell
        return following


def literal_of(item: JsonObject) -> str:
    """Return the term of a value object such as {"@value": 5.5} or {"@value": "Da iawn", "@language": "cy"}.

    A direction becomes part of the datatype, so that a signature covers it.

    Source: JSON-LD 1.1 API, section 8.2.2 "Object to RDF Conversion" (rdfDirection: i18n-datatype); VC Data Model
    2.0, section 11.1.
    """
    value = item["@value"]
    datatype: str | None = item.get("@type")
    if datatype == "@json":
        return literal_term(canonical_json(value).decode(), datatype=_RDF + "JSON")
    if isinstance(value, bool):
        return literal_term("true" if value else "false", datatype=datatype or _XSD + "boolean")
    if isinstance(value, int | float):
        if datatype == _XSD_DOUBLE or not float(value).is_integer():
            return literal_term(_canonical_double(value), datatype=datatype or _XSD_DOUBLE)
        return literal_term(str(int(value)), datatype=datatype or _XSD + "integer")
    if "@direction" in item:
        return literal_term(value, datatype=f"{_I18N}{item.get('@language', '').lower()}_{item['@direction']}")
    if datatype is None:
        return literal_term(value, language=item.get("@language", ""))
    return literal_term(_double_text(value) if datatype == _XSD_DOUBLE else value, datatype=datatype)


def _resource(address: str) -> str:
    """Return the term of an address. The document's own blank nodes get a prefix that ours never have."""
    return f"_:d{address[2:]}" if address.startswith("_:") else iri_term(address)


def _canonical_double(number: float) -> str:
    return _MANTISSA.sub(r"\1E\2\3", f"{number:1.15E}")


def _double_text(text: str) -> str:
    """Bring a text of the type xsd:double to canonical form if it is a number, as other processors do."""
    try:
        return _canonical_double(float(text))
    except ValueError:
        return text
