"""Documents for machines: who gets which form, that copies can be kept, and that any page may read them."""

from __future__ import annotations

import json
from typing import Final

import pytest
from werkzeug.test import TestResponse

from badges.addresses import PATHS
from badges.storage.records import AwardRecord, CredentialForm
from badges.verifying.report import Verdict
from badges.web.routes import ROUTES
from tests.instances import BASE_URL, ORGANISATION, Bench
from tests.web.browsing import BROWSER_ACCEPT, PageClient
from tests.web.conftest import Standing
from tests.web.test_routes import path_of

PAGE: Final = "text/html"
JSON_LD: Final = "application/ld+json"
JWT: Final = "text/plain"

# What the Accept header of a request for /credentials/<uuid> brings.
NEGOTIATION: Final = {
    "a browser": (BROWSER_ACCEPT, PAGE),
    "html": ("text/html", PAGE),
    "html, else anything": ("text/html, */*;q=0.1", PAGE),
    "html above json": ("text/html, application/json;q=0.9", PAGE),
    "html as much as json": ("text/html, application/json", PAGE),
    "no header": (None, JSON_LD),
    "anything": ("*/*", JSON_LD),
    "any application": ("application/*", JSON_LD),
    "json": ("application/json", "application/json"),
    "json above html": ("application/json, text/html;q=0.9", "application/json"),
    "json-ld": ("application/ld+json", JSON_LD),
    "json-ld with a profile": ('application/ld+json; profile="https://w3id.org/openbadges/v2"', JSON_LD),
    "a credential": ("application/vc", "application/vc"),
    "a credential of old": ("application/vc+ld+json", "application/vc+ld+json"),
    "a credential, else json": ("application/vc, application/json;q=0.5", "application/vc"),
    "a signed credential": ("application/vc+jwt", JWT),
    "jwt": ("application/jwt", JWT),
    "jwt above json": ("application/jwt, application/json;q=0.5", JWT),
    "json as much as jwt": ("application/json, application/jwt", "application/json"),
    "what we do not have": ("image/webp", JSON_LD),
    "nonsense": (";;;,,q=x", JSON_LD),
    "html refused": ("text/html;q=0, application/json", "application/json"),
}


def get(client: PageClient, path: str, accept: str | None = "*/*", **headers: str) -> TestResponse:
    """Ask as a machine."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers=sent | {"Accept": accept or ""})


@pytest.fixture
def award(bench: Bench) -> AwardRecord:
    """A badge that the test may change."""
    return bench.award()


class TestNegotiation:
    @pytest.mark.parametrize("case", NEGOTIATION)
    def test_badge_is_a_page_for_people_and_a_document_for_machines(self, standing: Standing, case: str) -> None:
        accept, expected = NEGOTIATION[case]
        response = get(standing.client, f"/credentials/{standing.award.id}", accept)
        assert response.status_code == 200
        assert response.mimetype == expected
        assert "Accept" in response.headers["Vary"]
        if expected == JWT:
            assert response.text == standing.bench.form(standing.award, CredentialForm.OB3_JWT)
        elif expected != PAGE:
            assert response.data == standing.bench.form(standing.award).encode()

    @pytest.mark.parametrize("path", [f"/achievements/{ORGANISATION}/supporter/1", f"/organisations/{ORGANISATION}"])
    def test_class_and_organisation_are_both_too(self, standing: Standing, path: str) -> None:
        assert get(standing.client, path, BROWSER_ACCEPT).mimetype == PAGE
        for accept in ("*/*", "application/json", "application/ld+json"):
            response = get(standing.client, path, accept)
            assert json.loads(response.data)["type"] in (["Achievement"], ["Profile"])
            assert "Accept" in response.headers["Vary"]
        assert get(standing.client, path, "*/*").data == get(standing.client, path + ".json", "*/*").data

    def test_address_inside_the_badge_leads_to_the_badge(self, standing: Standing) -> None:
        """Source: Open Badges 3.0, `id`; `achievement.id`."""
        document = json.loads(standing.bench.form(standing.award))
        for url in (document["id"], document["credentialSubject"]["achievement"]["id"]):
            assert url.startswith(BASE_URL)
            assert json.loads(get(standing.client, url.removeprefix(BASE_URL)).data)["id"] == url

    def test_newest_version_of_a_class_is_found(self, standing: Standing) -> None:
        response = standing.client.get(f"/achievements/{ORGANISATION}/supporter")
        assert response.status_code == 302
        assert response.location == f"/achievements/{ORGANISATION}/supporter/1"


class TestEveryDocument:
    # A trial, which this is, has no register: `tests/services/test_mergers.py` has one that is none.
    RULES: Final = [
        route.rule
        for route in ROUTES
        if route.is_document and "GET" in route.methods and route.rule != PATHS["registry"]
    ]

    @pytest.mark.parametrize("rule", RULES)
    def test_may_be_read_by_any_page_and_kept_for_a_while(self, standing: Standing, rule: str) -> None:
        response = get(standing.client, path_of(standing.bench, rule, standing.award))
        headers = response.headers
        assert response.status_code == 200
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert headers["Cache-Control"].startswith("public, max-age=")
        assert "Accept" in headers["Vary"]
        assert headers["ETag"]
        assert "Set-Cookie" not in headers
        assert "sandbox" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize("rule", RULES)
    def test_is_not_sent_again_to_who_has_it(self, standing: Standing, rule: str) -> None:
        path = path_of(standing.bench, rule, standing.award)
        first = get(standing.client, path)
        again = get(standing.client, path, If_None_Match=first.headers["ETag"])
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Access-Control-Allow-Origin"] == "*"
        assert again.headers["ETag"] == first.headers["ETag"]
        assert get(standing.client, path, If_None_Match='"another"').status_code == 200

    @pytest.mark.parametrize("rule", RULES)
    def test_is_the_same_whoever_asks(self, standing: Standing, rule: str) -> None:
        path = path_of(standing.bench, rule, standing.award)
        assert get(standing.client, path).data == get(standing.signed_in_client, path).data

    @pytest.mark.parametrize("rule", RULES)
    def test_browser_gets_the_document_too(self, standing: Standing, rule: str) -> None:
        """Only the addresses without an ending have a page; the others are what their ending says."""
        path = path_of(standing.bench, rule, standing.award)
        response = standing.client.get(path)
        assert response.mimetype != PAGE
        assert response.data == get(standing.client, path).data

    def test_copy_of_a_name_is_not_taken_for_that_of_another(self, standing: Standing) -> None:
        """The same bytes under another media type are another answer."""
        json_tag = get(standing.client, f"/credentials/{standing.award.id}", "application/json").headers["ETag"]
        vc = get(standing.client, f"/credentials/{standing.award.id}", "application/vc", If_None_Match=json_tag)
        assert vc.status_code == 200


class TestContentTypes:
    @pytest.mark.parametrize(
        ("name", "content_type"),
        [
            ("credential_json", "application/ld+json"),
            ("credential_jwt", "text/plain; charset=utf-8"),
            ("credential_png", "image/png"),
            ("credential_svg", "image/svg+xml"),
            ("credential_refresh", "application/ld+json"),
            ("organisation_did", "application/json"),
            ("service_did", "application/json"),
            ("jwks", "application/jwk-set+json"),
            ("key", "application/jwk+json"),
            ("ob2_assertion", "application/ld+json"),
            ("ob2_assertion_jws", "text/plain; charset=utf-8"),
            ("status_list", "application/vc"),
        ],
    )
    def test_fits_the_document(self, standing: Standing, name: str, content_type: str) -> None:
        assert get(standing.client, path_of(standing.bench, PATHS[name], standing.award)).content_type.startswith(
            content_type
        )

    def test_download_has_a_file_name(self, standing: Standing) -> None:
        for ending in ("png", "svg", "json"):
            response = standing.client.get(f"/credentials/{standing.award.id}.{ending}?download")
            name = f"badge-{standing.award.id.hex[:8]}.{ending}"
            assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert "Content-Disposition" not in standing.client.get(f"/credentials/{standing.award.id}.png").headers


class TestWithdrawn:
    def test_hosted_assertion_is_gone(self, bench: Bench, client: PageClient, award: AwardRecord) -> None:
        path = f"/ob2/assertions/{award.id}"
        tag = get(client, path).headers["ETag"]
        bench.revoke(award)
        for accept in ("*/*", BROWSER_ACCEPT, "application/ld+json"):
            response = get(client, path, accept, If_None_Match=tag)
            assert response.status_code == 410
            assert set(json.loads(response.data)) == {"@context", "type", "id", "revoked", "revocationReason"}
            assert response.headers["Access-Control-Allow-Origin"] == "*"

    def test_status_list_that_a_verifier_kept_is_renewed(
        self, bench: Bench, client: PageClient, award: AwardRecord
    ) -> None:
        tag = get(client, "/status/1").headers["ETag"]
        bench.revoke(award)
        assert get(client, "/status/1", If_None_Match=tag).status_code == 200

    def test_refresh_gives_the_badge_as_it_stands(self, bench: Bench, client: PageClient, award: AwardRecord) -> None:
        """Source: Open Badges 3.0, `refreshService`."""
        refreshed = get(client, f"/credentials/{award.id}/refresh").data
        assert bench.verify(refreshed).verdict is Verdict.VALID
        bench.revoke(award)
        assert bench.verify(get(client, f"/credentials/{award.id}/refresh").data).verdict is Verdict.INVALID


class TestDids:
    def test_organisation_s_document_is_where_its_did_says(self, bench: Bench, client: PageClient) -> None:
        """Source: did:web method specification, "Read (Resolve)"."""
        did = json.loads(bench.form(bench.award()))["issuer"]["id"]
        path = "/" + did.removeprefix("did:web:localhost%3A8000:").replace(":", "/") + "/did.json"
        document = json.loads(get(client, path).data)
        assert document["id"] == did
        assert {method["controller"] for method in document["verificationMethod"]} == {did}

    def test_service_s_document_is_well_known(self, client: PageClient) -> None:
        document = json.loads(get(client, "/.well-known/did.json").data)
        assert document["id"] == "did:web:localhost%3A8000"
        (hosted,) = document["service"]
        assert hosted["serviceEndpoint"] == f"{BASE_URL}/organisations/{ORGANISATION}"


class TestPreflight:
    def test_page_elsewhere_may_read_documents(self, client: PageClient, award: AwardRecord) -> None:
        """A plain GET needs no preflight: the one header that we read, Accept, is on the safe list (Fetch, 4.9)."""
        response = get(client, f"/credentials/{award.id}.json", Origin="https://elsewhere.example.org")
        assert response.headers["Access-Control-Allow-Origin"] == "*"

    def test_page_elsewhere_may_not_read_admin_pages(self, signed_in_client: PageClient) -> None:
        response = get(signed_in_client, "/admin", BROWSER_ACCEPT, Origin="https://elsewhere.example.org")
        assert response.status_code == 200
        assert "Access-Control-Allow-Origin" not in response.headers
