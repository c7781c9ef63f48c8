"""Work accounts: signing in with a real provider, and the ways to take somebody's account over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from badges.services.accounts import add_account, create_account, find_account
from badges.services.identities import list_identities
from badges.services.organisations import find_organisation
from badges.services.people import set_roles
from badges.services.providers import ProviderInput, set_provider
from badges.vocab.people import Role
from tests.instances import ORGANISATION, Bench
from tests.oidc import Provider, run_provider
from tests.web.browsing import PageClient, open_app, sign_in

KIM = "kim@anytown.nhs.uk"
WITH = f"/sign-in/with/{ORGANISATION}"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with run_provider() as running:
        yield running


@pytest.fixture
def office(bench: Bench, provider: Provider) -> Bench:
    """A service whose organisation has its own sign-in, and Kim, who awards there."""
    bench.clock.now = datetime.now(UTC)  # tokens are of now
    service = bench.again(trusted_providers=provider.origin)
    made = Bench(service, bench.clock, bench.folders)
    given = ProviderInput(
        "Anytown", provider.origin, provider.client_id, provider.client_secret, "anytown.nhs.uk", True
    )
    with service.database.write() as session:
        organisation = find_organisation(session, ORGANISATION)
        set_provider(session, service.installation, organisation, given)
        create_account(session, service.installation, KIM, organisation, Role.AWARDER)
    return made


def go(client: PageClient, provider: Provider, *, path: str = WITH) -> str:
    """Go to the provider and back; return the address to come back to."""
    response = client.get(path)
    assert response.location.startswith(f"{provider.origin}/authorize?"), response.location
    query = {name: values[0] for name, values in parse_qs(urlsplit(response.location).query).items()}
    back = urlsplit(provider.authorize(query))
    return f"{back.path}?{back.query}"


def is_signed_in(client: PageClient) -> bool:
    return client.get("/admin/account").status_code == 200


def come_back(client: PageClient, path: str) -> bool:
    client.get(path)
    return is_signed_in(client)


def test_signs_in_and_stays_linked_when_the_address_changes(office: Bench, provider: Provider) -> None:
    client = PageClient(open_app(office.service))
    assert come_back(client, go(client, provider))
    assert KIM in client.get("/admin/account").text
    provider.person["email"] = "kim.newname@elsewhere.org"
    again = PageClient(open_app(office.service))
    assert come_back(again, go(again, provider))
    assert KIM in again.get("/admin/account").text


def test_person_without_an_account_is_told_what_to_do(office: Bench, provider: Provider) -> None:
    provider.person = {"sub": "7", "email": "new@anytown.nhs.uk"}
    client = PageClient(open_app(office.service))
    assert not come_back(client, go(client, provider))
    with office.service.database.read() as session:
        assert find_account(session, "new@anytown.nhs.uk") is None


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another client"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"iat": None},
        {"sub": None},
        {"sub": 7},
    ],
)
def test_token_with_anything_wrong_signs_nobody_in(
    office: Bench, provider: Provider, claims: dict[str, object]
) -> None:
    provider.claims = claims
    client = PageClient(open_app(office.service))
    assert not come_back(client, go(client, provider))


def test_token_by_another_key_signs_nobody_in(office: Bench, provider: Provider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "k1"})
    client = PageClient(open_app(office.service))
    assert not come_back(client, go(client, provider))


def test_answer_counts_once_and_in_the_browser_that_asked(office: Bench, provider: Provider) -> None:
    client, other = (PageClient(open_app(office.service)) for _ in range(2))
    path = go(client, provider)
    assert not come_back(other, path)
    assert not come_back(client, path.replace("state=", "state=x"))
    path = go(client, provider)
    assert come_back(client, path)
    third = PageClient(open_app(office.service))
    go(third, provider)
    assert not come_back(third, path)


def test_answer_that_names_another_issuer_does_not_count(office: Bench, provider: Provider) -> None:
    client = PageClient(open_app(office.service))
    path = go(client, provider)
    assert not come_back(client, path.replace("iss=http", "iss=https"))


class TestTakingOver:
    """Whoever owns an organisation may set up any provider, and have it say anything."""

    def test_address_of_another_ending_opens_nothing(self, office: Bench, provider: Provider) -> None:
        with office.service.database.write() as session:
            organisation = find_organisation(session, ORGANISATION)
            create_account(session, office.service.installation, "boss@nhs.net", organisation, Role.OWNER)
        provider.person = {"sub": "1", "email": "boss@nhs.net", "email_verified": True}
        client = PageClient(open_app(office.service))
        assert not come_back(client, go(client, provider))

    def test_somebody_with_a_role_elsewhere_or_above_is_out_of_reach(self, office: Bench, provider: Provider) -> None:
        with office.service.database.write() as session:
            home = find_organisation(session, ORGANISATION)
            nation = office.add_organisation_above(session, home)
            kim = find_account(session, KIM)
            assert kim is not None
            set_roles(session, office.service.installation, nation, kim, [Role.OWNER], covers_below=True)
        client = PageClient(open_app(office.service))
        assert not come_back(client, go(client, provider))

    def test_somebody_without_a_role_here_is_out_of_reach(self, office: Bench, provider: Provider) -> None:
        with office.service.database.write() as session:
            add_account(session, office.service.installation, "guest@anytown.nhs.uk")
        provider.person = {"sub": "1", "email": "guest@anytown.nhs.uk", "email_verified": True}
        client = PageClient(open_app(office.service))
        assert not come_back(client, go(client, provider))

    @pytest.mark.parametrize("verified", [None, False, "true", 1])
    def test_address_that_was_not_verified_opens_nothing(
        self, office: Bench, provider: Provider, verified: object
    ) -> None:
        given = ProviderInput("Anytown", provider.origin, provider.client_id, "", "anytown.nhs.uk", False)
        with office.service.database.write() as session:
            set_provider(session, office.service.installation, find_organisation(session, ORGANISATION), given)
        provider.person["email_verified"] = verified
        client = PageClient(open_app(office.service))
        assert not come_back(client, go(client, provider))
        provider.person["email_verified"] = True
        assert come_back(client, go(client, provider))

    def test_work_account_of_one_person_is_not_linked_to_another(self, office: Bench, provider: Provider) -> None:
        client = PageClient(open_app(office.service))
        assert come_back(client, go(client, provider))
        owner = sign_in(PageClient(open_app(office.service)), office.service)
        owner.get(go(owner, provider))
        assert "linked to another account" in owner.get("/admin/account").text
        provider.person = {"sub": "99", "email": "whatever@example.org"}
        owner.get(go(owner, provider))
        with office.service.database.read() as session:
            account = find_account(session, "librarian@example.org")
            assert account is not None
            assert len(list_identities(session, account)) == 1

    def test_stolen_database_has_no_secret_of_the_provider(self, office: Bench, provider: Provider) -> None:
        assert provider.client_secret not in repr(office.dump())


@pytest.mark.parametrize(
    ("issuer", "field"),
    [
        ("http://login.example.org", "issuer"),
        ("https://login.microsoftonline.com/common/v2.0", "issuer"),
        ("https://login.example.org?x", "issuer"),
        ("ftp://x", "issuer"),
    ],
)
def test_issuer_that_is_none_is_refused(signed_in_client: PageClient, issuer: str, field: str) -> None:
    path = f"/admin/organisations/{ORGANISATION}/sign-in"
    form = next(form for form in signed_in_client.page(path).forms if "issuer" in form.names)
    typed = {"issuer": issuer, "client_id": "x", "client_secret": "y", "domains": "nhs.net", "do": "test"}
    response = signed_in_client.post(path, data=form.values | typed)
    assert response.status_code == 400
    assert f'id="{field}-error"' in response.text
