"""The test mode: what the W3C's suites ask of an issuer and a verifier, and that strangers never meet it.

The sections are those of the standards; the cases are our own.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from badges.errors import BadgesError
from badges.issuing.lints import LintError
from badges.issuing.sign import sign_test_credential
from badges.services import vc_api
from badges.standards.did.multikey import decode_multibase_base58
from badges.standards.signer import KeyAlgorithm
from badges.standards.status.bitstring import decode_bitstring
from badges.verifying.plain import PlainQuestion, is_good, verify_plain_credential
from badges.vocab.json import JsonObject
from tests.instances import Bench, Folders, SettableClock, open_service
from tests.verifying.making import KEY_URL, FreshSigner, Library, jwt_text, sign, sign_as
from tests.verifying.test_kinds import plain
from tests.web.browsing import PageClient, open_app

V2 = "https://www.w3.org/ns/credentials/v2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
DATA = Path(__file__).parents[1] / "vectors" / "data" / "vc-api"
STATUS = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
ELSEWHERE = "did:web:somewhere.example"


class Api:
    """The API of one service, as a test suite calls it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.client = PageClient(open_app(bench.service))

    def post(self, path: str, body: Any) -> TestResponse:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = {"Accept": "application/json"}
        return self.client.post(path, data=text, content_type="application/json", headers=headers)

    def issue(self, credential: JsonObject, **options: Any) -> JsonObject:
        response = self.post("/credentials/issue", {"credential": credential, "options": options})
        assert response.status_code == 201, response.text
        found: JsonObject = json.loads(response.data)["verifiableCredential"]
        return found

    def verify(self, credential: Any, **options: Any) -> TestResponse:
        return self.post("/credentials/verify", {"verifiableCredential": credential, "options": options})

    def present(self, presentation: Any, **options: Any) -> TestResponse:
        return self.post("/presentations/verify", {"verifiablePresentation": presentation, "options": options})


@pytest.fixture
def api(folders: Folders) -> Iterator[Api]:
    clock = SettableClock()
    bench = Bench(open_service(folders.settings(test_mode="1"), clock), clock, folders)
    yield Api(bench)
    bench.close()


def credential(**changes: Any) -> JsonObject:
    document: JsonObject = {
        "@context": [V2],
        "id": "urn:uuid:86294362-4254-4f36-854f-3952fe42555d",
        "type": ["VerifiableCredential"],
        "issuer": ELSEWHERE,
        "credentialSubject": {"id": "did:example:subject"},
    }
    return {name: value for name, value in (document | copy.deepcopy(changes)).items() if value is not ...}


def made_elsewhere(name: str) -> JsonObject:
    document: JsonObject = json.loads((DATA / f"{name}.json").read_text())
    return document


def refused(response: TestResponse, problem: str = "") -> JsonObject:
    """Check that this is a refusal as RFC 9457 has it, and return it."""
    assert response.status_code == 400, response.text
    assert response.mimetype == "application/problem+json"
    answer: JsonObject = json.loads(response.data)
    assert answer["title"]
    assert answer["detail"]
    if problem:
        assert (answer["verified"], answer["type"]) == (False, problem)
        assert answer["problemDetails"][0]["type"] == problem
    return answer


class TestOutsideTestMode:
    @pytest.mark.parametrize("path", ["/credentials/issue", "/credentials/verify", "/presentations/verify"])
    def test_there_is_nothing(self, client: PageClient, path: str) -> None:
        assert client.post(path, json={"credential": credential()}).status_code == 404

    def test_there_is_no_status_list(self, client: PageClient) -> None:
        assert client.get("/credentials/status-lists/revocation").status_code == 404


class TestIssuing:
    """VC Data Model 2.0, sections 4, 5 and 11.1; Data Integrity EdDSA Cryptosuites v1.0, section 3."""

    @pytest.mark.parametrize("cryptosuite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_gives_a_credential_with_a_proof_that_verifies(self, api: Api, cryptosuite: str) -> None:
        issued = api.issue(credential(), cryptosuite=cryptosuite)
        (proof,) = issued["proof"]
        assert (proof["type"], proof["cryptosuite"], proof["proofPurpose"]) == (
            "DataIntegrityProof",
            cryptosuite,
            "assertionMethod",
        )
        assert len(decode_multibase_base58(proof["proofValue"])) == 64
        assert proof["verificationMethod"].startswith(issued["issuer"] + "#z6Mk")
        assert {name: issued[name] for name in ("@context", "id", "type", "credentialSubject")} == {
            name: value for name, value in credential().items() if name != "issuer"
        }
        response = api.verify(issued)
        assert response.status_code == 200
        assert json.loads(response.data)["verified"] is True

    def test_signs_in_nobodys_name_but_the_test_keys(self, api: Api) -> None:
        organisation = f"{api.bench.service.installation.addresses.service_did}:organisations:anytown"
        issued = api.issue(credential(issuer={"id": organisation, "name": "Anytown"}))
        assert issued["issuer"]["id"].startswith("did:key:z6Mk")
        assert issued["issuer"]["name"] == "Anytown"
        signer = vc_api.signer_for_tests(api.bench.service.installation)
        with pytest.raises(LintError):
            sign_test_credential(
                credential(issuer=organisation),
                signer,
                created=api.bench.clock(),
                cryptosuite="eddsa-rdfc-2022",
                context_of=vc_api.example_context,
            )

    @pytest.mark.parametrize(
        "changes",
        [
            {"@context": [V2, EXAMPLES], "type": ["VerifiableCredential", "ExampleAlumniCredential"]},
            {
                "@context": [V2, {"Example": "https://example.org/#Example"}],
                "type": ["VerifiableCredential", "Example"],
            },
            {"type": ["https://example.org/#Example", "VerifiableCredential", "https://example.org/#More"]},
            {"name": {"@value": "a", "@language": "en", "@direction": "ltr"}},
            {"description": [{"@value": "a", "@language": "en"}, {"@value": "b", "@language": "fr"}]},
            {"credentialSubject": [{"id": "did:example:a"}, {"id": "did:example:b", "name": "Sam"}]},
            {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2099-01-01T00:00:00Z"},
            {"credentialStatus": {"type": "https://example.org/#Status"}},
            {"credentialSchema": {"id": "did:example:schemas/1", "type": "https://example.org/#Schema"}},
            {"refreshService": {"id": "did:example:refresh/1", "type": "https://example.org/#Refresh"}},
            {"termsOfUse": [{"type": "https://example.org/#Terms"}]},
            {"evidence": [{"type": "https://example.org/#A"}, {"type": "https://example.org/#B"}]},
        ],
    )
    def test_takes_what_the_data_model_allows(self, api: Api, changes: JsonObject) -> None:
        issued = api.issue(credential(**changes))
        assert api.verify(issued, checks=["proof"]).status_code == 200

    @pytest.mark.parametrize(
        "changes",
        [
            {"@context": ...},
            {"@context": [EXAMPLES, V2]},
            {"@context": [V2, "https ://not-a-url/contexts/example/v1"]},
            {"@context": [V2, 123]},
            {"@context": [V2, {"Example": "https ://not-a-url#Example"}], "type": ["VerifiableCredential", "Example"]},
            {"type": ["VerifiableCredential", "Undefined"]},
            {"type": ...},
            {"@context": [V2, {"VerifiableCredential": "https://example.org/#Bad"}]},
            {
                "@context": [V2, {"@protected": True, "Own": "https://a.example/1"}, {"Own": "https://a.example/2"}],
                "type": ["VerifiableCredential", "Own"],
            },
            {"id": ["urn:x:1", "urn:x:2"]},
            {"issuer": ...},
            {"issuer": None},
            {"issuer": {"id": None}},
            {"credentialSubject": {}},
            {"credentialSubject": [{"id": "did:example:a"}, {}]},
            {"name": {"@value": "a", "@language": "en", "url": "did:example:a"}},
            {"validUntil": "yesterday"},
            {"validFrom": "2026-01-02T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"},
            {"credentialStatus": {"id": "did:example:status", "type": 2}},
            {"credentialSchema": {"type": "JsonSchema"}},
            {"evidence": {"id": "did:example:a"}},
            {"proof": {"type": "DataIntegrityProof"}},
            # Bitstring Status List v1.0, 3: a malformed value must be an error.
            {"statusEntry": {"type": "BitstringStatusListEntry", "statusListIndex": True}},
            {"credentialStatus": {**STATUS, "statusListIndex": True, "statusListCredential": "https://a.example"}},
            {"credentialStatus": {**STATUS, "statusListIndex": "-1", "statusListCredential": "https://a.example"}},
            {"credentialStatus": {**STATUS, "statusListIndex": "1"}},
            {
                "credentialStatus": {
                    **STATUS,
                    "statusListIndex": "1",
                    "statusListCredential": "https://a.example",
                    "statusSize": 2,
                }
            },
        ],
    )
    def test_refuses_what_breaks_a_rule(self, api: Api, changes: JsonObject) -> None:
        refused(api.post("/credentials/issue", {"credential": credential(**changes)}))

    @pytest.mark.parametrize(
        "body",
        ["", "{", "[]", "7", {}, {"credential": "x"}, {"credential": credential(), "options": []},
         {"credential": credential(), "options": {"cryptosuite": "ecdsa-rdfc-2019"}},
         {"credential": credential(), "options": {"cryptosuite": {}}},
         {"credential": credential(), "options": {"credentialStatus": "revocation"}},
         {"credential": credential(), "options": {"credentialStatus": {**STATUS, "statusPurpose": ["x"]}}},
         b'{"credential": {"a": "\xff"}}'],
    )  # fmt: skip
    def test_refuses_a_request_that_is_none(self, api: Api, body: Any) -> None:
        refused(api.post("/credentials/issue", body))


class TestVerifying:
    """VC Data Integrity 1.0, sections 2.1, 4.4 and 4.7."""

    @pytest.mark.parametrize("name", ["credential", "credential-with-directions"])
    def test_credentials_made_elsewhere_are_verified(self, api: Api, name: str) -> None:
        assert api.verify(made_elsewhere(name)).status_code == 200

    def test_a_direction_is_signed(self, api: Api) -> None:
        changed = made_elsewhere("credential-with-directions")
        changed["name"]["@direction"] = "ltr"
        refused(api.verify(changed), "https://w3id.org/security#PROOF_VERIFICATION_ERROR")

    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("type", ...),
            ("type", "UnknownProof"),
            ("type", 5),
            ("cryptosuite", ...),
            ("cryptosuite", "unknown-2022"),
            ("cryptosuite", None),
            ("verificationMethod", ...),
            ("verificationMethod", "no key"),
            ("verificationMethod", {"id": "did:example:a"}),
            ("proofPurpose", ...),
            ("proofPurpose", "authentication"),
            ("proofPurpose", 5),
            ("proofValue", ...),
            ("proofValue", "z"),
            ("proofValue", "not multibase"),
            ("proofValue", None),
            ("created", "yesterday"),
            ("expires", "2020-01-01T00:00:00Z"),
            ("previousProof", "urn:uuid:none"),
        ],
    )
    def test_a_proof_that_is_none_is_refused(self, api: Api, member: str, value: Any) -> None:
        document = made_elsewhere("credential")
        if value is ...:
            del document["proof"][member]
        else:
            document["proof"][member] = value
        refused(api.verify(document))

    def test_a_credential_without_a_proof_is_refused(self, api: Api) -> None:
        refused(api.verify(credential()), "https://w3id.org/security#PROOF_VERIFICATION_ERROR")

    @pytest.mark.parametrize(
        ("path", "value"),
        [(("issuer", "name"), "Another"), (("id",), "urn:uuid:other"), (("credentialSubject", "name"), "Kim"),
         (("credentialSubject", "description"), "added"), (("validFrom",), "2026-11-02T09:00:00Z")],
    )  # fmt: skip
    def test_any_change_is_noticed(self, api: Api, path: tuple[str, ...], value: str) -> None:
        document = made_elsewhere("credential")
        owner = document
        for name in path[:-1]:
            owner = owner[name]
        owner[path[-1]] = value
        refused(api.verify(document), "https://w3id.org/security#PROOF_VERIFICATION_ERROR")

    def test_words_of_which_nobody_knows_the_meaning_are_refused(self, api: Api) -> None:
        document = made_elsewhere("credential") | {"undefined": "x"}
        refused(api.verify(document), "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR")

    def test_another_issuer_is_refused(self, api: Api) -> None:
        library = Library()
        document = made_elsewhere("credential")
        del document["proof"]
        key = library.ed25519
        signed = sign(document, key, f"did:key:{key.multikey}#{key.multikey}")
        refused(api.verify(signed), "https://w3id.org/security#INVALID_VERIFICATION_METHOD")

    def test_an_expired_one_is_refused(self, api: Api) -> None:
        issued = api.issue(credential(validUntil="2020-01-01T00:00:00Z"))
        refused(api.verify(issued), "https://www.w3.org/TR/vc-data-model#RANGE_ERROR")

    @pytest.mark.parametrize("options", [{"domain": "https://other.example"}, {"challenge": "another"}])
    def test_domain_and_challenge_must_be_those_asked_for(self, api: Api, options: JsonObject) -> None:
        refused(api.verify(made_elsewhere("credential"), **options))

    @pytest.mark.parametrize(
        "body",
        ["", "[]", {}, {"verifiableCredential": None}, {"verifiableCredential": "x"}, {"verifiableCredential": []},
         {"verifiableCredential": {}, "options": 5}, {"verifiableCredential": {"@context": [V2] * 5_000}},
         {"verifiableCredential": made_elsewhere("credential"), "options": {"challenge": 5}},
         '{"verifiableCredential": ' + '{"a":' * 500 + "1" + "}" * 500 + "}"],
    )  # fmt: skip
    def test_what_is_no_credential_is_refused(self, api: Api, body: Any) -> None:
        response = api.post("/credentials/verify", body)
        assert response.status_code == 400
        assert response.mimetype == "application/problem+json"


class TestStatus:
    """Bitstring Status List v1.0, sections 2 and 3."""

    def test_entry_points_to_a_list_that_is_a_credential(self, api: Api) -> None:
        entry = api.issue(credential(), credentialStatus=STATUS)["credentialStatus"]
        assert entry["type"] == "BitstringStatusListEntry"
        assert str(int(entry["statusListIndex"])) == entry["statusListIndex"]
        path = entry["statusListCredential"].removeprefix(api.bench.service.settings.base_url)
        response = api.client.get(path)
        status_list = json.loads(response.data)
        assert "BitstringStatusListCredential" in status_list["type"]
        assert status_list["id"] == entry["statusListCredential"] != entry["id"]
        subject = status_list["credentialSubject"]
        assert (subject["type"], subject["statusPurpose"]) == ("BitstringStatusList", "revocation")
        assert subject["encodedList"].startswith("u")
        assert len(decode_bitstring(subject["encodedList"])) == 16 * 1024
        assert api.verify(status_list).status_code == 200

    def test_can_be_set_and_cleared_and_is_looked_at(self, api: Api) -> None:
        issued = api.issue(credential(), credentialStatus={**STATUS, "statusPurpose": "suspension"})
        change = {"credentialId": issued["id"], "credentialStatus": {"statusPurpose": "suspension"}}
        assert api.verify(issued).status_code == 200
        assert api.post("/credentials/status", change).status_code == 200
        refused(api.verify(issued), "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR")
        assert api.verify(issued, checks=["proof"]).status_code == 200
        assert api.post("/credentials/status", change | {"status": False}).status_code == 200
        assert api.verify(issued).status_code == 200

    def test_a_credential_without_an_id_has_a_status_by_its_place(self, api: Api) -> None:
        """What the W3C's suites send has no id (VC Data Model 2.0, section 4.4: it is optional)."""
        issued, other = (api.issue(credential(id=...), credentialStatus=STATUS) for _ in range(2))
        assert "id" not in issued
        assert api.post("/credentials/status", {"credentialStatus": issued["credentialStatus"]}).status_code == 200
        refused(api.verify(issued), "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR")
        assert api.verify(other).status_code == 200

    @pytest.mark.parametrize(
        "body",
        [
            "x",
            {},
            {"credentialId": 5},
            {"credentialId": "a"},
            {"credentialId": "a", "credentialStatus": {"statusPurpose": "../../keys"}},
            {"credentialStatus": STATUS},
            {"credentialId": 5, "credentialStatus": STATUS | {"statusListIndex": "5"}},
            {"credentialStatus": STATUS | {"statusListIndex": 5}},
            {"credentialStatus": STATUS | {"statusListIndex": "../5"}},
            {"credentialStatus": STATUS | {"statusListIndex": "131072"}},
        ],
    )
    def test_a_change_that_is_none_is_refused(self, api: Api, body: Any) -> None:
        refused(api.post("/credentials/status", body))

    def test_there_are_no_other_lists(self, api: Api) -> None:
        assert api.client.get("/credentials/status-lists/message").status_code == 404


class TestPresentations:
    """VC Data Model 2.0, section 4.13."""

    @pytest.mark.parametrize("options", [{}, {"challenge": "a challenge"}])
    def test_one_made_elsewhere_is_verified(self, api: Api, options: JsonObject) -> None:
        assert api.present(made_elsewhere("presentation"), **options).status_code == 200

    def test_one_for_a_place_is_verified_there_only(self, api: Api) -> None:
        document = made_elsewhere("presentation-for-a-place")
        here = {"challenge": "a challenge", "domain": "https://verifier.example"}
        assert api.present(document, **here).status_code == 200
        refused(api.present(document, **(here | {"domain": "https://other.example"})))
        refused(api.present(document, **(here | {"challenge": "another"})))

    @pytest.mark.parametrize(
        "changes",
        [
            {"@context": ...},
            {"@context": [EXAMPLES, V2]},
            {"@context": [V2, 123192875]},
            {"type": ...},
            {"type": ["Presentation"]},
            {"holder": "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"},
            {"holder": {"name": "Sam"}},
            {"verifiableCredential": ["https://a.example/credential"]},
            {"verifiableCredential": [{"type": "EnvelopedVerifiableCredential", "@context": V2, "id": "data:,x"}]},
            {"proof": ...},
            {"id": "no address"},
        ],
    )
    def test_one_that_breaks_a_rule_is_refused(self, api: Api, changes: JsonObject) -> None:
        document = made_elsewhere("presentation") | changes
        refused(api.present({name: value for name, value in document.items() if value is not ...}))

    def test_one_that_names_another_holder_than_the_one_who_signed_is_refused(self, api: Api) -> None:
        signer = FreshSigner(KeyAlgorithm.EDDSA)
        shown = {"@context": [V2], "type": ["VerifiablePresentation"], "holder": f"did:key:{signer.multikey}"}
        method = f"did:key:{signer.multikey}#{signer.multikey}"
        assert api.present(sign_as(shown, signer, method, proofPurpose="authentication")).status_code == 200
        shown["holder"] = "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"
        refused(
            api.present(sign_as(shown, signer, method, proofPurpose="authentication")),
            "https://w3id.org/security#INVALID_VERIFICATION_METHOD",
        )

    def test_one_with_a_credential_that_was_changed_is_refused(self, api: Api) -> None:
        """Signed anew by its holder, so that only the credential in it is wrong."""
        inside = made_elsewhere("credential")
        inside["credentialSubject"]["name"] = "Kim"
        document = made_elsewhere("presentation") | {"verifiableCredential": [inside]}
        answer = refused(api.present(document))
        assert any("Credential 1" in problem["detail"] for problem in answer["problemDetails"])

    @pytest.mark.parametrize("value", [None, "x", [], {}, 5])
    def test_what_is_none_is_refused(self, api: Api, value: Any) -> None:
        refused(api.present(value))


class TestEnvelopes:
    """VC Data Model 2.0, section 4.13.1."""

    def envelope(self, text: str) -> JsonObject:
        return {"@context": V2, "id": f"data:application/vc+jwt,{text}", "type": "EnvelopedVerifiableCredential"}

    def check(self, library: Library, document: JsonObject) -> bool:
        clock = SettableClock()
        return is_good(verify_plain_credential(document, PlainQuestion(library.world, clock())))

    def test_a_token_that_only_repeats_nothing_is_verified(self) -> None:
        library = Library()
        text = jwt_text({"kid": KEY_URL, "typ": "vc+jwt"}, plain(), library.rsa)
        assert self.check(library, self.envelope(text))
        changed = jwt_text({"kid": KEY_URL, "typ": "vc+jwt"}, plain(), Library(number=1).rsa)
        assert not self.check(library, self.envelope(changed))

    def test_a_key_that_nobody_publishes_verifies_nothing(self) -> None:
        text = jwt_text({"kid": "unknown", "typ": "vc+jwt"}, plain(), Library().rsa)
        assert not self.check(Library(), self.envelope(text))

    @pytest.mark.parametrize(
        "identifier", ["data:application/vc+jwt,", "data:application/vc+jwt,a.b.c", "https://a.example", 5]
    )
    def test_what_holds_no_token_is_refused(self, identifier: Any) -> None:
        assert not self.check(Library(), self.envelope("") | {"id": identifier})


def test_nothing_starts_with_it_in_production(folders: Folders) -> None:
    with pytest.raises(BadgesError, match="BADGES_TEST_MODE"):
        folders.settings(test_mode="1", mode="production", base_url="https://badges.example.org")
