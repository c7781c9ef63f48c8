"""What a changed badge may be called, and which changes are harmless: exactly those, no others."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from pyld import jsonld

from badges.standards.baking.detect import PNG_SIGNATURE
from badges.standards.baking.png import extract_png
from badges.standards.base64url import decode_base64url
from badges.standards.jsonld.contexts import bundled_context
from badges.verifying.report import CheckName, Outcome, Report, Verdict
from badges.verifying.report_document import report_document
from badges.vocab.json import JsonObject, JsonValue
from tests.verifying.mutations.forms import Form, check

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def hold(form: Form, changed: bytes) -> Report:
    """Verify a changed badge, and check what holds for every change: a reason, or nothing else said than before."""
    report = check(changed)
    json.dumps(report_document(report))
    if report.verdict is Verdict.VALID:
        assert is_harmless(form, report), f"{form.name} was changed and is still called valid"
    else:
        assert_reason(report)
    return report


def assert_reason(report: Report) -> None:
    """Whatever is not valid says why, in a sentence."""
    if report.verdict is Verdict.NOT_A_BADGE:
        return
    decisive = Outcome.FAILED if report.verdict is Verdict.INVALID else Outcome.UNKNOWN
    reasons = [str(item.message) for item in report.checks if item.outcome is decisive]
    assert reasons or all(item.outcome is Outcome.SKIPPED for item in report.checks)
    assert all(reason.strip().endswith((".", "?", ":")) or len(reason) > 20 for reason in reasons)


def is_harmless(form: Form, report: Report) -> bool:
    """Whether a changed badge that was called valid says the same as before.

    What a reader is shown must be the same, or stand whole in the picture: where the badge of 3.0 in it is no longer
    seen, its badge of 2.0 is judged. Beyond that:
    - a text with two dots: every byte is the same, but for an ECDSA signature (r, s), of which (r, -s) is the twin
      that mathematics allows;
    - a copy of a hosted badge: it says nothing that the badge at its address does not say; or it describes the badge
      class in other words, and that is said (a class may be edited, so an honest older copy does the same);
    - JSON that is signed as JSON: the same values, in whatever spelling JSON has for them;
    - JSON that is signed as a graph: the same values, where one and a list of one are alike, and the order and the
      number of equal items in a list, which say nothing in JSON-LD. Contexts may differ, and what is said of one thing
      in two places may be missing in one of them, as long as a processor of others finds the same graph in it.
    """
    if report.text in _baked(form.data):
        return True
    honest = check(form.data)
    if not _is_part(_shown(report), _shown(honest)):
        return False
    before, after = honest.text, report.text
    if before == after:
        return True
    if not after.startswith("{"):
        return _is_twin(before, after)
    old, new = _plain(json.loads(before)), _plain(json.loads(after))
    if "proof" not in old:
        is_part = _is_part(_without(new, _WRITING), _without(old, _WRITING))
        return is_part or report.check(CheckName.PROOF).outcome is Outcome.WARNING
    if form.document is not None and not form.signs_graph:
        return bool(_without_proof(json.loads(before)) == _without_proof(json.loads(after)))
    if old == new:
        return True
    is_part = _is_part(_without(new, _GRAPH_TELLS), _without(old, _GRAPH_TELLS))
    return is_part and _graph(json.loads(before)) == _graph(json.loads(after))


def _baked(data: bytes) -> tuple[str | None, ...]:
    """The texts in a PNG, each a badge of its own."""
    if not data.startswith(PNG_SIGNATURE):
        return ()
    texts = extract_png(data)
    return texts.credential, texts.assertion


_WRITING = frozenset({"@context", "type", "@type", "verify", "verification"})
_GRAPH_TELLS = frozenset({"@context", "proof"})


def _shown(report: Report) -> JsonValue:
    """What a reader is shown, in whatever order."""
    return _plain(json.loads(json.dumps(asdict(report.view), default=str))) if report.view else None


def _is_part(part: JsonValue, whole: JsonValue) -> bool:
    """Whether everything in one value is in the other, at the same place."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(_is_part(item, whole.get(name)) for name, item in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return all(any(_is_part(item, each) for each in whole) for item in part)
    return part in ("", None, []) or part == whole or _is_same_moment(part, whole)


def _is_same_moment(one: JsonValue, other: JsonValue) -> bool:
    """Hosted badges may be copied with another spelling of a moment; in a signed one every letter counts."""
    try:
        return datetime.fromisoformat(str(one).upper()) == datetime.fromisoformat(str(other).upper())
    except (ValueError, TypeError):
        return False


def _without(value: JsonValue, names: frozenset[str]) -> JsonValue:
    """A document without certain members, at any depth."""
    if isinstance(value, dict):
        kept = {name: _without(item, names) for name, item in value.items() if name not in names}
        return {"id" if name == "@id" and names is _WRITING else name: item for name, item in kept.items()}
    return [_without(item, names) for item in value] if isinstance(value, list) else value


def _without_proof(document: JsonObject) -> JsonObject:
    return {name: value for name, value in document.items() if name != "proof"}


def _plain(value: JsonValue) -> JsonValue:
    """The value with every set in one spelling."""
    if isinstance(value, dict):
        if value.keys() == {"@value"}:
            return _plain(value["@value"])
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        items = {json.dumps(_plain(item), sort_keys=True): _plain(item) for item in value}
        return next(iter(items.values())) if len(items) == 1 else [items[key] for key in sorted(items)]
    return value


def _graph(document: JsonObject) -> str:
    """The canonical graph, by PyLD as it comes."""

    def load(url: str, _options: object) -> JsonObject:
        return {"contextUrl": None, "documentUrl": url, "document": bundled_context(url)}

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    return str(jsonld.normalize(_without_proof(document), options))


def _is_twin(before: str, after: str) -> bool:
    (head, old), (changed_head, new) = (text.rsplit(".", 1) for text in (before, after))
    first, second = (decode_base64url(text, maximum_bytes=512) for text in (old, new))
    if head != changed_head or len(first) != 64 or first[:32] != second[:32]:
        return False
    return int.from_bytes(first[32:], "big") + int.from_bytes(second[32:], "big") == P256_ORDER
