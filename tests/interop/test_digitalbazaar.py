"""Our embedded proofs, judged by @digitalbazaar/vc (npm). Skipped where Node or its packages are missing."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from badges.standards.jsonld.contexts import CONTEXT_FILES, bundled_context
from badges.standards.proofs import eddsa_jcs_2022
from badges.vocab.json import JsonObject
from tests.interop.conftest import ROOT, TIMEOUT_SECONDS
from tests.verifying.making import AT, AWARDED, ISSUER, Library, credential, moment

PACKAGES: Final = ROOT.parent / "js" / "node_modules"
SCRIPT: Final = Path(__file__).with_name("judge.mjs")
Judge = Callable[[JsonObject, JsonObject], tuple[bool, str]]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """A function that returns whether a credential is good, and why not. Node finds packages beside a script."""
    node = shutil.which("node")
    if node is None or not (PACKAGES / "@digitalbazaar" / "vc").is_dir():
        pytest.skip(f"Node or its packages are not here: {PACKAGES}")
    script = shutil.copy(SCRIPT, tmp_path)
    (tmp_path / "node_modules").symlink_to(PACKAGES, target_is_directory=True)

    def ask(credential: JsonObject, did_document: JsonObject) -> tuple[bool, str]:
        documents = {url: bundled_context(url) for url in CONTEXT_FILES}
        documents[ISSUER] = did_document
        for method in did_document["verificationMethod"]:
            documents[method["id"]] = {"@context": "https://w3id.org/security/multikey/v1", **method}
        question = {"credential": credential, "documents": documents, "now": moment(AT)}
        done = subprocess.run(
            [str(node), str(script)],
            input=json.dumps(question),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
        answer = json.loads(done.stdout)
        return answer["verified"], answer["reason"]

    return ask


def test_our_proof_is_accepted(judge: Judge) -> None:
    library = Library()
    badge = library.embedded(evidence=[{"type": ["Evidence"], "narrative": 'Tab\tand "quotes", größer 🎓'}])
    assert judge(badge, library.did_document) == (True, "")


def test_our_proof_over_the_json_itself_is_accepted(judge: Judge) -> None:
    library = Library()
    document = credential(name="größer 🎓", evidence=[{"type": ["Evidence"], "narrative": "Tab\tand \u2028"}])
    signed = eddsa_jcs_2022.sign(document, library.ed25519, verification_method=library.method, created=AWARDED)
    assert judge(signed, library.did_document) == (True, "")
    assert not judge({**signed, "name": "Another"}, library.did_document)[0]


def test_our_proof_is_refused_once_the_badge_was_changed(judge: Judge) -> None:
    library = Library()
    verified, reason = judge({**library.embedded(), "name": "Another"}, library.did_document)
    assert not verified
    assert "Invalid signature" in reason


def test_our_proof_is_refused_when_the_key_is_not_for_badges(judge: Judge) -> None:
    library = Library()
    document = {**library.did_document, "assertionMethod": []}
    assert not judge(library.embedded(), document)[0]
