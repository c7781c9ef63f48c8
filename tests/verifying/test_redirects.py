"""Addresses that send us on to another host: what that host says is not the word of the address.

Many sites have an address that sends visitors on to wherever a link says. Without these rules, it would let anybody
make valid badges of that site's owner.
"""

from __future__ import annotations

import pytest

from badges.standards.fetching import FetchedDocument
from badges.standards.json_text import write_json
from badges.standards.signer import KeyAlgorithm
from badges.verifying.documents import Documents, UnseenDocumentError
from badges.verifying.pipeline import verify
from badges.verifying.report import CheckName, Verdict
from tests.verifying import test_ob1 as ob1
from tests.verifying import test_ob2 as ob2
from tests.verifying.making import (
    AT,
    DID_URL,
    ISSUER,
    JWKS_URL,
    KEY_URL,
    LIST_URL,
    FreshSigner,
    Library,
    World,
    credential,
    entry,
    outcomes,
    sign,
)

EVIL = "https://evil.example/a.json"


def test_an_open_redirect_makes_no_issuer_of_3_0() -> None:
    url = "https://nhs.example/go?to=https://evil.example/"
    world, thief = World(), FreshSigner(KeyAlgorithm.EDDSA)
    method = f"{url}#{thief.multikey}"
    own = {"id": method, "type": "Multikey", "controller": url, "publicKeyMultibase": thief.multikey}
    world.put(url, {"id": url, "verificationMethod": [own], "assertionMethod": [method]})
    badge = write_json(sign(credential(issuer={"id": url, "type": ["Profile"], "name": "NHS"}), thief, method))
    assert verify(badge, fetcher=world, at=AT).verdict is Verdict.VALID  # where the address itself says so
    world.send_on(url, EVIL)
    report = verify(badge, fetcher=world, at=AT)
    assert (report.verdict, outcomes(report)["issuer"]) == (Verdict.UNKNOWN, "unknown")
    assert "another host, evil.example" in str(report.check(CheckName.ISSUER).details[0])


@pytest.mark.parametrize("url", [DID_URL, JWKS_URL, KEY_URL])
@pytest.mark.parametrize("form", ["embedded", "jwt"])
def test_documents_with_the_keys_of_an_issuer_must_come_from_its_host(url: str, form: str) -> None:
    library = Library()
    badge = library.embedded() if form == "embedded" else library.jwt()
    used = {"embedded": {DID_URL}, "jwt": {KEY_URL, JWKS_URL}}[form]
    library.world.send_on(url, EVIL)
    assert library.check(badge).verdict is (Verdict.UNKNOWN if url in used else Verdict.VALID)
    library.world.send_on(url, "https://library.example/moved")
    assert library.check(badge).verdict is Verdict.VALID


def test_a_key_set_that_another_host_says_is_missing_is_not_missing() -> None:
    library = Library()
    library.world.put(JWKS_URL, "", 404)
    library.world.send_on(JWKS_URL, EVIL)
    assert outcomes(library.check(library.jwt()))["issuer"] == "unknown"


def test_a_signed_status_list_may_be_kept_elsewhere_and_an_unsigned_one_may_not() -> None:
    library = Library()
    library.put_list(5)
    library.world.send_on(LIST_URL, EVIL)
    assert outcomes(library.check(library.embedded(credentialStatus=entry(5))))["status"] == "failed"
    assert outcomes(library.check(library.embedded(credentialStatus=entry(6))))["status"] == "passed"
    url = "https://library.example/revoked"
    context = [*credential()["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    badge = library.embedded(**{"@context": context, "credentialStatus": {"id": url, "type": "1EdTechRevocationList"}})
    library.world.put(url, {"issuer": ISSUER, "revokedCredential": []})
    assert library.check(badge).verdict is Verdict.VALID
    library.world.send_on(url, EVIL)
    assert outcomes(library.check(badge))["status"] == "unknown"


@pytest.mark.parametrize("status_code", [200, 404, 410])
def test_an_assertion_that_another_host_answers_for_is_not_seen(status_code: int) -> None:
    """It is neither confirmed, nor withdrawn, nor unknown to its address."""
    world = World()
    for url, document in ((ob2.CLASS, ob2.badge_class()), (ob2.ISSUER, ob2.issuer())):
        world.put(url, document)
    url = "https://library.example/go?to=https://evil.example/a.json"
    badge = ob2.assertion(id=url)
    world.put(url, badge, status_code)
    world.send_on(url, EVIL)
    report = verify(write_json(badge), fetcher=world, at=AT)
    found = outcomes(report)
    assert report.verdict is Verdict.UNKNOWN
    assert (found["proof"], found["issuer"], found["status"]) == ("unknown", "unknown", "unknown")
    assert "another host, evil.example" in str(report.check(CheckName.PROOF).details[0])
    assert verify(url, fetcher=world, at=AT).verdict is Verdict.UNKNOWN


def test_an_assertion_may_move_to_a_host_that_its_issuer_allows() -> None:
    world = World()
    profile = ob2.issuer(verification={"allowedOrigins": ["library.example", "new.example"]})
    for url, document in ((ob2.ASSERTION, ob2.assertion()), (ob2.CLASS, ob2.badge_class()), (ob2.ISSUER, profile)):
        world.put(url, document)
    world.send_on(ob2.ASSERTION, "https://new.example/1")
    report = verify(write_json(ob2.assertion()), fetcher=world, at=AT)
    assert (report.verdict, outcomes(report)["proof"]) == (Verdict.VALID, "warning")
    world.send_on(ob2.ASSERTION, "https://newer.example/1")
    assert verify(write_json(ob2.assertion()), fetcher=world, at=AT).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("url", [ob2.CLASS, ob2.ISSUER, ob2.KEY])
@pytest.mark.parametrize("form", ["hosted", "signed"])
def test_what_a_badge_of_2_0_stands_on_must_come_from_its_address(url: str, form: str) -> None:
    world = World()
    documents = {
        ob2.ASSERTION: ob2.assertion(),
        ob2.CLASS: ob2.badge_class(),
        ob2.ISSUER: ob2.issuer(),
        ob2.KEY: ob2.key(),
    }
    for each, document in documents.items():
        world.put(each, document)
    badge = ob2.jws() if form == "signed" else write_json(ob2.assertion())
    assert verify(badge, fetcher=world, at=AT).verdict is Verdict.VALID
    world.send_on(url, EVIL)
    is_used = form == "signed" or url != ob2.KEY
    assert verify(badge, fetcher=world, at=AT).verdict is (Verdict.UNKNOWN if is_used else Verdict.VALID)


def test_a_list_of_withdrawn_badges_of_2_0_must_come_from_its_address() -> None:
    world, url = World(), "https://library.example/revoked"
    documents = {ob2.CLASS: ob2.badge_class(), ob2.ISSUER: ob2.issuer(revocationList=url), ob2.KEY: ob2.key()}
    for each, document in documents.items():
        world.put(each, document)
    world.put(url, {"@context": ob2.CONTEXT, "type": "RevocationList", "id": url, "issuer": ob2.ISSUER})
    world.documents[url] = FetchedDocument(EVIL, 200, "application/json", world.documents[url].body)
    assert outcomes(verify(ob2.jws(), fetcher=world, at=AT))["status"] == "unknown"


@pytest.mark.parametrize("url", [ob1.ASSERTION, ob1.CLASS, ob1.ISSUER, ob1.KEY])
def test_what_a_badge_of_1_0_stands_on_must_come_from_its_address(url: str) -> None:
    world = World()
    for each, document in (
        (ob1.ASSERTION, ob1.assertion()),
        (ob1.CLASS, ob1.badge_class()),
        (ob1.ISSUER, ob1.issuer()),
        (ob1.KEY, ob1.SIGNER.pem),
    ):
        world.put(each, document)
    badge = ob1.jws() if url == ob1.KEY else ob1.ASSERTION
    assert verify(badge, fetcher=world, at=AT).verdict is Verdict.VALID
    world.send_on(url, EVIL)
    assert verify(badge, fetcher=world, at=AT).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("url", "to", "is_same"),
    [
        ("https://a.example/1", "https://a.example/2", True),
        ("http://a.example/1", "https://a.example/1", True),
        ("https://A.example/1", "https://a.example:443/1", True),
        ("https://a.example/1", "https://www.a.example/1", False),
        ("https://a.example/1", "https://a.example:8443/1", False),
        ("https://a.example/1", "https://a.example.evil.example/1", False),
    ],
)
def test_which_host_is_the_same(url: str, to: str, is_same: bool) -> None:
    world = World()
    world.put(url, {"a": 1})
    world.send_on(url, to)
    if is_same:
        assert Documents(world).read_object(url) == {"a": 1}
    else:
        with pytest.raises(UnseenDocumentError, match="another host"):
            Documents(world).read_object(url)
    assert Documents(world).read_object(url, from_anywhere=True) == {"a": 1}
