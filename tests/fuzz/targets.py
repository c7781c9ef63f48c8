"""One small target for each parser. A target takes bytes, and only a BadgesError may come out of what it calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from badges.errors import BadgesError
from badges.standards import jcs, ledger
from badges.standards.baking.png import extract_png
from badges.standards.baking.svg_reading import extract_svg
from badges.standards.base64url import encode_base64url
from badges.standards.clr import model as clr_model
from badges.standards.did.controller import find_verification_method
from badges.standards.did.did_jwk import resolve_did_jwk
from badges.standards.did.did_key import resolve_did_key
from badges.standards.did.did_web import did_web_to_url
from badges.standards.did.jwk import jwk_to_public_key
from badges.standards.did.multikey import decode_base58, decode_public_key, encode_base58, encode_public_key
from badges.standards.did.pem import pem_to_public_key
from badges.standards.issuer_list import read_issuer_list
from badges.standards.json_schema import check_schema
from badges.standards.json_text import read_json, read_json_object, write_json
from badges.standards.jsonld.canonical import canonical_nquads, canonical_nquads_in_full, check_meaning
from badges.standards.jsonld.expansion import expand_safely
from badges.standards.jsonld.nquads import parse_nquads
from badges.standards.jsonld.rdfc10 import Budget, canonicalize
from badges.standards.moments import read_iso_moment, read_moment
from badges.standards.ob1.upgrade import upgrade_assertion, upgrade_badge_class, upgrade_issuer
from badges.standards.ob2 import model as ob2_model
from badges.standards.ob2.reader import read_assertion
from badges.standards.ob3 import model as ob3_model
from badges.standards.ob3.reader import read_credential
from badges.standards.proofs import vc_jwt
from badges.standards.proofs.jws import parse_compact
from badges.standards.proofs.sd_proof_value import read_derived_proof_value
from badges.standards.status.bitstring import decode_bitstring, encode_bitstring
from badges.standards.status.lifetime import stated_lifetime
from badges.standards.status.status_list import read_status
from badges.standards.vc import model as vc_model
from badges.verifying.checks.plain_form import check_plain_form
from badges.verifying.intake import LARGEST_BYTES, take_in
from badges.verifying.links import MOST_LINKS, links_in
from badges.verifying.pipeline import verify
from badges.verifying.report_document import report_document
from badges.vocab.json import JsonObject
from tests.verifying.making import World
from tests.verifying.mutations.forms import WORLD, hosted_forms, json_forms, token_forms

AT: Final = datetime(2026, 12, 3, 12, tzinfo=UTC)
METHOD: Final = "did:web:library.example#key"


class Fault(AssertionError):  # noqa: N818
    """Two readers that must agree do not, or what was read does not come out again."""


@dataclass(frozen=True)
class Target:
    """run: feeds one input. seeds: which inputs to start from (`seeds.py`). is_json: whether to change its JSON."""

    run: Callable[[bytes], None]
    seeds: str
    is_json: bool = False


def text_of(data: bytes) -> str:
    """The bytes as a text; what is no UTF-8 becomes half characters, as a careless caller may hand them over."""
    return data.decode("utf-8", "surrogateescape")


def hold(is_so: bool, what: str) -> None:
    """Fault if something does not hold."""
    if not is_so:
        raise Fault(what)


def json_text(data: bytes) -> None:
    value = read_json(data)
    hold(read_json(write_json(value)) == value, "a value changes by being written and read")
    with suppress(BadgesError):
        canonical = jcs.canonical_json(value)
        hold(jcs.canonical_json(json.loads(canonical)) == canonical, "canonical JSON is not canonical")


def token(data: bytes) -> None:
    text = text_of(data)
    parsed = parse_compact(text)
    head, payload, _ = text.split(".")
    hold(parsed.signing_input == f"{head}.{payload}".encode(), "another text is verified than was handed in")
    hold(text.endswith("." + encode_base64url(parsed.signature)), "a signature has two spellings")
    vc_jwt.read(text)


def png(data: bytes) -> None:
    extract_png(b"\x89PNG\r\n\x1a\n" + data.removeprefix(b"\x89PNG\r\n\x1a\n"))


def svg(data: bytes) -> None:
    extract_svg(data)


def n_quads(data: bytes) -> None:
    quads = parse_nquads(text_of(data))
    canonical = canonicalize(quads, budget=Budget(2_000))
    hold(canonicalize(canonical, budget=Budget(20_000)) == canonical, "a canonical form is not canonical")


def expansion(data: bytes) -> None:
    expand_safely(read_json_object(data))


def compiled(data: bytes) -> None:
    """The compiled canonicaliser beside the full algorithm: at the first, second, third and fourth sight."""
    document = read_json_object(data)
    expected = _outcome(lambda: canonical_nquads_in_full(document))
    for _ in range(4):
        found = _outcome(lambda: canonical_nquads(document))
        hold(found == expected, f"{found!r} instead of {expected!r}")
    hold(not _is_refused(document) or expected.startswith("!"), "what means nothing is signed all the same")
    hold(_is_refused(document) or not expected.startswith("!") or "PoisonGraph" in expected, "a word was not missed")


def _is_refused(document: JsonObject) -> bool:
    try:
        check_meaning(document)
    except BadgesError:
        return True
    return False


def _outcome(act: Callable[[], str]) -> str:
    try:
        return act()
    except BadgesError as error:
        return f"!{type(error).__name__}"


def dids(data: bytes) -> None:
    text = text_of(data)
    with suppress(BadgesError):
        url = did_web_to_url(text)
        hold(url.isascii() and url.startswith("https://") and url.endswith("/did.json"), url)
        host = url.removeprefix("https://").partition("/")[0]
        hold(not set(host) & set("@#?%\\ [") and ".." not in url.split("/"), url)
    for resolve in (resolve_did_key, resolve_did_jwk):
        with suppress(BadgesError):
            document = resolve(text)
            find_verification_method(document, document["assertionMethod"][0])


def multikeys(data: bytes) -> None:
    text = text_of(data)
    with suppress(BadgesError):
        hold(encode_base58(decode_base58(text)) == text, "base58 has two spellings")
    hold(encode_public_key(decode_public_key(text)) == text, "a key has two spellings")


def jwks(data: bytes) -> None:
    jwk_to_public_key(read_json_object(data))


def pems(data: bytes) -> None:
    pem_to_public_key(text_of(data))


def sd_proof_values(data: bytes) -> None:
    read_derived_proof_value("u" + encode_base64url(b"\xd9\x5d\x01" + data))


def bitstrings(data: bytes) -> None:
    with suppress(BadgesError):
        decode_bitstring("u" + encode_base64url(data), maximum_bytes=100_000)
    bits = decode_bitstring(text_of(data), maximum_bytes=100_000)
    hold(decode_bitstring(encode_bitstring(bits)) == bits, "a list changes by being written and read")


def moments(data: bytes) -> None:
    text = text_of(data)
    strict, iso = read_moment(text), read_iso_moment(text)
    hold(strict is None or strict == iso, "a moment is two moments")
    for moment in (strict, iso):
        hold(moment is None or abs(moment - AT) < timedelta(days=5_000_000), "a moment that cannot be compared")


def older_versions(data: bytes) -> None:
    document = read_json_object(data)
    upgraded = upgrade_assertion(document, "https://library.example/1").document
    upgrade_badge_class(document, "https://library.example/2")
    upgrade_issuer(document, "https://library.example/3")
    read_assertion(upgraded, upgraded.get("badge"), upgraded.get("issuer"))
    ob2_model.check_shape(upgraded)


def shapes(data: bytes) -> None:
    document = read_json_object(data)
    for check in (ob2_model.check_shape, ob3_model.check_shape, clr_model.check_shape, vc_model.check_shape):
        check(document)
    for name in ("BadgeClass", "Profile", "Endorsement"):
        with suppress(KeyError):
            ob2_model.check_shape(document, name)
    check_plain_form(document)
    read_credential(document)
    check_schema(document, document.get("credentialSubject"))


def status_lists(data: bytes) -> None:
    document = read_json_object(data)
    stated_lifetime(data, AT)
    entry = document.get("credentialStatus", document)
    read_status(document, entry if isinstance(entry, dict) else {})


def controllers(data: bytes) -> None:
    document = read_json_object(data)
    ledger.find_ledger(document, METHOD)
    methods = document.get("assertionMethod")
    for name in [METHOD, *(methods if isinstance(methods, list) else [])][:5]:
        with suppress(BadgesError):
            find_verification_method(document, name if isinstance(name, str) else METHOD)


def issuer_lists(data: bytes) -> None:
    read_issuer_list(read_json_object(data))


def pasted(data: bytes) -> None:
    links = links_in(data.decode("utf-8", "replace"))
    hold(len(links) <= MOST_LINKS and all(link.lower().startswith(("http://", "https://")) for link in links), "links")


def intake(data: bytes) -> None:
    submission = take_in(data)
    hold(len(data) <= LARGEST_BYTES or submission.problem is not None, "too large, and taken in")


def everything(data: bytes) -> None:
    """The whole verifier, with the documents of the tests' world and no others."""
    json.dumps(report_document(verify(data, fetcher=World(dict(WORLD.documents)), at=AT, email="sam@example.org")))


def answers(data: bytes) -> None:
    """The whole verifier on a good badge, while one address answers with these bytes. The first one says which."""
    urls = sorted(WORLD.documents)
    world = World(dict(WORLD.documents))
    answer = world.documents[urls[data[0] % len(urls)]] if data else world.documents[urls[0]]
    world.documents[answer.url] = type(answer)(answer.url, 200, "application/json", data[1:])
    badge = _GOOD[len(data) % len(_GOOD)]
    json.dumps(report_document(verify(badge, fetcher=world, at=AT)))


_GOOD: Final = [form.data for form in (json_forms()[0], *hosted_forms(), *token_forms())]

TARGETS: Final[dict[str, Target]] = {
    "json": Target(json_text, "documents"),
    "token": Target(token, "tokens"),
    "png": Target(png, "pngs"),
    "svg": Target(svg, "svgs"),
    "nquads": Target(n_quads, "nquads"),
    "expansion": Target(expansion, "documents", is_json=True),
    "compiled": Target(compiled, "documents", is_json=True),
    "did": Target(dids, "dids"),
    "multikey": Target(multikeys, "multikeys"),
    "jwk": Target(jwks, "jwks", is_json=True),
    "pem": Target(pems, "pems"),
    "sd": Target(sd_proof_values, "sd_proof_values"),
    "bitstring": Target(bitstrings, "bitstrings"),
    "moment": Target(moments, "moments"),
    "ob1": Target(older_versions, "documents", is_json=True),
    "shapes": Target(shapes, "documents", is_json=True),
    "status": Target(status_lists, "status_lists", is_json=True),
    "controller": Target(controllers, "controllers", is_json=True),
    "issuers": Target(issuer_lists, "issuer_lists", is_json=True),
    "pasted": Target(pasted, "pasted"),
    "intake": Target(intake, "files"),
    "verify": Target(everything, "files", is_json=True),
    "answers": Target(answers, "answers"),
}


def feed(name: str, data: bytes) -> None:
    """Give one input to a target. Errors that are meant for people are no faults; all others come out."""
    with suppress(BadgesError):
        TARGETS[name].run(data)


def is_object(data: bytes) -> JsonObject | None:
    """The JSON object in an input, or None."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
