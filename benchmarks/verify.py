"""Verifying strangers' badges with embedded proofs, keys and lists at hand, beside @digitalbazaar/vc."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Final

from badges.standards.fetching import FetchedDocument, FetchError, FetchProblem
from badges.standards.json_text import write_json
from badges.standards.jsonld.contexts import CONTEXT_FILES, bundled_context
from badges.verifying.pipeline import verify
from badges.verifying.report import Verdict
from benchmarks._material import NOW, Material, make_material
from benchmarks._measuring import peer_rate, print_table, rate_of, rate_on_all_cores, report, times

# More than the verifier remembers signatures of: each badge is a new one to it.
CREDENTIALS: Final = 4_000
LEAST: Final = 1_000
LEAST_TIMES_PEER: Final = 10


class _AtHand:
    """Answers from memory, as a warm cache does."""

    def __init__(self, documents: Mapping[str, bytes]) -> None:
        self._answers = {url: FetchedDocument(url, 200, "application/json", body) for url, body in documents.items()}

    def fetch(self, url: str, accept: str) -> FetchedDocument:  # noqa: ARG002
        if url not in self._answers:
            raise FetchError("%(url)s is not at hand.", problem=FetchProblem.OFFLINE, url=url)
        return self._answers[url]


def main() -> None:
    material = make_material(CREDENTIALS)
    work = _make_work(material)
    ours = rate_of(work)
    on_all_cores = rate_on_all_cores(work)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "material.json"
        path.write_text(json.dumps({"credentials": material.signed[:100], "documents": _peer_documents(material)}))
        peer = peer_rate("verify.mjs", path, seconds=3)
    print_table(
        "Verify an Open Badge 3.0 with an embedded proof, a second",
        (
            ("@digitalbazaar/vc, proof and dates only", peer, ""),
            ("ours, the whole report, one process", ours, times(ours, peer)),
            ("ours, the whole report, on all cores", on_all_cores, times(on_all_cores, peer)),
        ),
    )
    checks = [(f"at least {LEAST:,} a second on all cores", on_all_cores >= LEAST)]
    if peer is not None:
        checks.append((f"at least {LEAST_TIMES_PEER} times @digitalbazaar/vc", on_all_cores >= LEAST_TIMES_PEER * peer))
    report(checks)


def _make_work(material: Material) -> Callable[[], object]:
    fetcher = _AtHand({url: write_json(document).encode() for url, document in material.published.items()})
    badges = cycle([write_json(document).encode() for document in material.signed])
    at = NOW + timedelta(hours=1)

    def work() -> None:
        made = verify(next(badges), fetcher=fetcher, at=at)
        if made.verdict is not Verdict.VALID:
            raise AssertionError([str(check.message) for check in made.checks])

    return work


def _peer_documents(material: Material) -> dict[str, object]:
    """Contexts, and each key as that library asks for it: by its own address, and by its controller's."""
    documents: dict[str, object] = {url: bundled_context(url) for url in CONTEXT_FILES}
    for document in material.published.values():
        documents[str(document["id"])] = document
        for method in document.get("verificationMethod", []):
            documents[method["id"]] = {"@context": "https://w3id.org/security/multikey/v1", **method}
    return documents


if __name__ == "__main__":
    main()
