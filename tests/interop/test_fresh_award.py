"""A badge that was just awarded by the real service, judged by software that we did not write.

Everything that a judge needs it gets from the service's own addresses, as a stranger would.
"""

from __future__ import annotations

import email
import html
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from email.policy import default
from pathlib import Path
from typing import Any, Final

import jwt
import pytest

from tests.interop.conftest import ReadBaked, ValidateOb2
from tests.interop.second_opinion import (
    openbadgeslib_unbake,
    openbadgeslib_verify_embedded,
    openbadgeslib_verify_jwt,
    openbadgeslib_verify_proof,
    public_pem,
)
from tests.service import Instance

EMAIL: Final = "ann.example@example.org"
FORMS: Final = ("json", "jwt", "jwt-es256", "png", "svg", "ob2", "ob2-jws")


@dataclass(frozen=True, slots=True)
class Award:
    """One award in all its forms, by the name that `badges export --as` gives them."""

    id: str
    forms: dict[str, bytes]

    def text(self, form: str) -> str:
        return self.forms[form].decode().strip()

    @property
    def credential(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.forms["json"])
        return loaded


@pytest.fixture(scope="module")
def award(live_service: Instance, tmp_path_factory: pytest.TempPathFactory) -> Award:
    """An award that stands."""
    return make_award(live_service, tmp_path_factory.mktemp("standing"))


@pytest.fixture(scope="module")
def withdrawn(live_service: Instance, tmp_path_factory: pytest.TempPathFactory) -> Award:
    """An award that was withdrawn after its forms were saved, as a holder's old copy would be."""
    made = make_award(live_service, tmp_path_factory.mktemp("withdrawn"))
    live_service.badges("revoke", made.id, "--reason", "mistake")
    return made


class TestOb3Embedded:
    def test_openbadgeslib_accepts_it(self, award: Award) -> None:
        opinion = openbadgeslib_verify_embedded(award.forms["json"], documents_of(award.credential), check_status=True)
        assert opinion.valid, opinion.reason

    def test_openbadgeslib_refuses_it_when_one_word_is_changed(self, award: Award) -> None:
        credential = award.credential
        credential["credentialSubject"]["achievement"]["name"] += " of the year"
        opinion = openbadgeslib_verify_embedded(credential, documents_of(credential))
        assert not opinion.valid
        assert "signature" in opinion.reason

    def test_openbadgeslib_refuses_it_once_withdrawn(self, withdrawn: Award) -> None:
        opinion = openbadgeslib_verify_embedded(
            withdrawn.forms["json"], documents_of(withdrawn.credential), check_status=True
        )
        assert not opinion.valid
        assert "Credential status 'revocation' is set" in opinion.reason


@pytest.mark.parametrize("form", ["jwt", "jwt-es256"])
class TestOb3Jwt:
    def test_openbadgeslib_accepts_it(self, award: Award, form: str) -> None:
        token = award.text(form)
        opinion = openbadgeslib_verify_jwt(
            token, key_of(token), documents=documents_of(award.credential), check_status=True
        )
        assert opinion.valid, opinion.reason

    def test_openbadgeslib_refuses_it_once_withdrawn(self, withdrawn: Award, form: str) -> None:
        token = withdrawn.text(form)
        opinion = openbadgeslib_verify_jwt(
            token, key_of(token), documents=documents_of(withdrawn.credential), check_status=True
        )
        assert not opinion.valid
        assert "Credential status 'revocation' is set" in opinion.reason


class TestOb2:
    def test_official_validator_accepts_the_hosted_assertion(self, award: Award, ob2_validator: ValidateOb2) -> None:
        report = ob2_validator(json.loads(award.forms["ob2"])["id"], email=EMAIL)
        assert report.valid, report.messages

    def test_official_validator_accepts_the_signed_assertion(self, award: Award, ob2_validator: ValidateOb2) -> None:
        report = ob2_validator(award.text("ob2-jws"), email=EMAIL)
        assert report.valid, report.messages

    def test_official_validator_refuses_another_recipient(self, award: Award, ob2_validator: ValidateOb2) -> None:
        report = ob2_validator(award.text("ob2-jws"), email="bob.example@example.org")
        assert not report.valid
        assert "did not match" in report.messages

    def test_official_validator_refuses_the_hosted_assertion_once_withdrawn(
        self, withdrawn: Award, ob2_validator: ValidateOb2
    ) -> None:
        assertion_url = json.loads(withdrawn.forms["ob2"])["id"]
        with pytest.raises(urllib.error.HTTPError) as answer:
            fetch(assertion_url)
        assert answer.value.code == 410
        assert not ob2_validator(assertion_url, email=EMAIL).valid

    def test_official_validator_refuses_the_signed_assertion_once_withdrawn(
        self, withdrawn: Award, ob2_validator: ValidateOb2
    ) -> None:
        report = ob2_validator(withdrawn.text("ob2-jws"), email=EMAIL)
        assert not report.valid
        assert "has been revoked" in report.messages


class TestBakedImages:
    def test_official_validator_accepts_the_png(self, award: Award, ob2_validator: ValidateOb2, tmp_path: Path) -> None:
        baked = tmp_path / "badge.png"
        baked.write_bytes(award.forms["png"])
        report = ob2_validator(baked, email=EMAIL)
        assert report.valid, report.messages

    def test_bakery_reads_the_assertion_in_the_png(self, award: Award, bakery: ReadBaked) -> None:
        assert json.loads(bakery(award.forms["png"])) == json.loads(award.forms["ob2"])

    def test_bakery_reads_the_assertion_in_the_svg(
        self, award: Award, bakery: ReadBaked, ob2_validator: ValidateOb2
    ) -> None:
        """It returns the `verify` attribute: where the assertion is hosted."""
        baked = bakery(award.forms["svg"])
        assert baked == json.loads(award.forms["ob2"])["id"]
        assert ob2_validator(baked, email=EMAIL).valid

    @pytest.mark.parametrize("form", ["png", "svg"])
    def test_openbadgeslib_reads_and_accepts_the_credential(self, award: Award, form: str) -> None:
        baked = openbadgeslib_unbake(award.forms[form])
        assert json.loads(baked) == award.credential
        opinion = openbadgeslib_verify_embedded(baked, documents_of(award.credential))
        assert opinion.valid, opinion.reason


def make_award(service: Instance, folder: Path) -> Award:
    """Award a badge and export every form of it."""
    made = service.badges("award", "evidence-partner", "--email", EMAIL, "--again", "--json")
    award_id: str = json.loads(made.stdout)["id"]
    forms: dict[str, bytes] = {}
    for form in FORMS:
        path = folder / form
        service.badges("export", award_id, "--as", form, "--output", str(path))
        forms[form] = path.read_bytes()
    return Award(id=award_id, forms=forms)


def documents_of(credential: dict[str, Any]) -> dict[str, bytes]:
    """Fetch what a stranger needs to check a credential: the issuer's DID document and the status list."""
    _, _, host, *path = credential["issuer"]["id"].split(":")
    did_url = f"http://{host.replace('%3A', ':')}/{'/'.join(path) or '.well-known'}/did.json"
    status = credential["credentialStatus"]
    entries = status if isinstance(status, list) else [status]
    urls = {did_url, *(entry["statusListCredential"] for entry in entries)}
    return {url: fetch(url) for url in urls}


def key_of(token: str) -> bytes:
    """Fetch the public key that a token's `kid` points to, as PEM."""
    return public_pem(json.loads(fetch(jwt.get_unverified_header(token)["kid"])))


def fetch(url: str) -> bytes:
    """Return what the service answers at one of its own addresses."""
    assert url.startswith("http://localhost:")
    with urllib.request.urlopen(url, timeout=30) as answer:
        content: bytes = answer.read()
    return content


def test_endorsement_of_somebody_outside_is_accepted_by_openbadgeslib(live_service: Instance, tmp_path: Path) -> None:
    """Asked from the shell, given in a browser's way by the link of the mail, judged with its own DID document."""
    asked = live_service.badges(
        "endorsements",
        "ask",
        "anytown-hospitals-library",
        "organisation",
        "Royal College of Judges",
        "--email",
        "judge@college.example.org",
    )
    assert "gets a mail" in asked.stdout
    body = wait_for_text(live_service, "judge@college.example.org")
    path, code = re.search(r"(/endorse/\S+)", body), re.search(r": (\d{6})\b", body)
    assert path is not None
    assert code is not None
    url = live_service.base_url + path.group(1)
    page = urllib.request.urlopen(url).read().decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    form = {
        "do": "give",
        "seen": html.unescape(seen.group(1)),
        "comment": "We trust it.",
        "name": "Jo",
        "role": "President",
        "endorser_name": "Royal College of Judges",
        "code": code.group(1),
    }
    urllib.request.urlopen(url, urllib.parse.urlencode(form).encode())
    badge = json.loads(make_award(live_service, tmp_path).forms["json"])
    (endorsement,) = [
        each for each in badge["issuer"]["endorsement"] if each["issuer"]["name"] == "Royal College of Judges"
    ]
    documents = {}
    for did in (endorsement["issuer"]["id"], badge["issuer"]["id"]):
        address = f"{live_service.base_url}/organisations/{did.rpartition(':')[2]}/did.json"
        documents[address] = urllib.request.urlopen(address).read()
    assert openbadgeslib_verify_proof(endorsement, documents).valid
    changed = {**endorsement, "credentialSubject": {**endorsement["credentialSubject"], "endorsementComment": "No."}}
    assert not openbadgeslib_verify_proof(changed, documents).valid
    assert openbadgeslib_verify_embedded(badge, documents).valid  # which carries it


def wait_for_text(instance: Instance, address: str) -> str:
    """Return the plain text of the mail to an address, once the worker has sent it."""
    for _ in range(450):
        for file in instance.outbox_folder.glob("*.eml"):
            message = email.message_from_bytes(file.read_bytes(), policy=default)
            if address in str(message["To"]):
                body = message.get_body(("plain",))
                assert body is not None
                return str(body.get_content())
        time.sleep(0.2)
    raise AssertionError(f"no mail to {address} came")
