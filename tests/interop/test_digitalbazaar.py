"""Our embedded proofs, judged by @digitalbazaar/vc (npm). Skipped where Node or its packages are missing."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from badges.services.award_values import find_award
from badges.services.learner_records import make_learner_record
from badges.services.organisations import list_organisations
from badges.services.superseding import supersede_award
from badges.standards.jsonld.contexts import CONTEXT_FILES, bundled_context
from badges.standards.proofs import eddsa_jcs_2022
from badges.vocab.json import JsonObject
from badges.vocab.status import SupersessionReason
from tests.instances import ORGANISATION, Bench
from tests.interop.conftest import ROOT, TIMEOUT_SECONDS, must_exist
from tests.verifying.making import AT, AWARDED, Library, credential, moment

PACKAGES: Final = ROOT / ".tools" / "peers" / "node_modules"
SCRIPT: Final = Path(__file__).with_name("judge.mjs")
Judge = Callable[..., tuple[bool, str]]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """A function that returns whether a credential is good, and why not. Node finds packages beside a script.

    It takes the credential, the DID documents of all who signed, and the moment for which it is judged.
    """
    packages = must_exist(PACKAGES, "the packages of @digitalbazaar/vc are missing; to install them: make test")
    script = shutil.copy(SCRIPT, tmp_path)
    (tmp_path / "node_modules").symlink_to(packages, target_is_directory=True)

    def ask(credential: JsonObject, *did_documents: JsonObject, at: datetime = AT) -> tuple[bool, str]:
        documents = {url: bundled_context(url) for url in CONTEXT_FILES}
        for did_document in did_documents:
            documents[did_document["id"]] = did_document
            for method in did_document["verificationMethod"]:
                documents[method["id"]] = {"@context": "https://w3id.org/security/multikey/v1", **method}
        done = subprocess.run(
            ["node", str(script)],
            input=json.dumps({"credential": credential, "documents": documents, "now": moment(at)}),
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


class TestWhatTheServiceSigns:
    """Everything with an embedded proof that leaves the service, by the keys that its DID documents list."""

    def test_badge_that_carries_an_endorsement(self, bench: Bench, judge: Judge) -> None:
        bench.endorsement()
        badge = json.loads(bench.form(bench.award(f"{ORGANISATION}/supporter")))
        (endorsement,) = badge["issuer"]["endorsement"]
        for signed in (badge, endorsement):
            assert self._judge(bench, judge, signed) == (True, "")
        endorsement["credentialSubject"]["endorsementComment"] = "Changed"
        assert not self._judge(bench, judge, badge)[0]

    def test_newer_version(self, bench: Bench, judge: Judge) -> None:
        award = bench.award()
        bench.clock.advance(minutes=5)
        with bench.service.database.write() as session:
            record = find_award(session, award.id)
            supersede_award(
                session, bench.service.installation, record, SupersessionReason.EMAIL, email="kim@example.org"
            )
        assert self._judge(bench, judge, json.loads(bench.form(award))) == (True, "")

    def test_learner_record(self, bench: Bench, judge: Judge) -> None:
        bench.award()
        bench.award("evidence-searcher")
        with bench.service.database.write() as session:
            text = make_learner_record(session, bench.service.installation, "sam@example.org")
        assert self._judge(bench, judge, json.loads(text)) == (True, "")

    def test_status_list(self, bench: Bench, judge: Judge) -> None:
        bench.revoke(bench.award())
        assert self._judge(bench, judge, bench.json("status_list", number=1)) == (True, "")

    @staticmethod
    def _judge(bench: Bench, judge: Judge, signed: JsonObject) -> tuple[bool, str]:
        with bench.service.database.read() as session:
            slugs = [each.slug for each in list_organisations(session)]
        documents = [bench.json("organisation_did", organisation=slug) for slug in slugs]
        at = bench.clock() + timedelta(minutes=1)
        return judge(signed, bench.json("service_did"), *documents, at=at)
