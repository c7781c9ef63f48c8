"""An organisation's own sign-in by OpenID Connect: its settings, and the exchange that says who somebody is.

Source: OpenID Connect Core 1.0, 3.1; Discovery 1.0, 4; RFC 7636 (PKCE); RFC 9207 (issuer in the answer); RFC 7523, 2.2.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Protocol
from urllib.parse import quote, urlencode, urlsplit

import jwt as pyjwt
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import BadgesError, InvalidInputError, NotAllowedError, NotFoundError
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.vault import open_secret, seal_secret
from badges.standards.fetching import FetchedDocument
from badges.standards.json_text import read_json_object
from badges.standards.plain_text import strip_controls
from badges.storage.records import OrganisationRecord, ProviderRecord
from badges.vocab.audit import Action
from badges.vocab.json import JsonObject

SCOPES: Final = "openid email profile"
LEEWAY_SECONDS: Final = 60
# Signatures with a public key only: with a shared secret everybody who has it could sign.
ALGORITHMS: Final = ["RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class ProviderWeb(Protocol):
    """What asks a provider, over the network."""

    def fetch(self, url: str, accept: str) -> FetchedDocument: ...

    def post_form(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> FetchedDocument: ...


@dataclass(frozen=True, slots=True)
class ProviderInput:
    """What an owner typed. client_secret: "" keeps the one that is there; a private key (PEM) signs instead."""

    name: str
    issuer: str
    client_id: str
    client_secret: str
    domains: str
    vouches: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in under way. url: where the browser goes. kept: what stays in the browser's session."""

    url: str
    kept: dict[str, str]


@dataclass(frozen=True, slots=True)
class Claims:
    """Who somebody is, by a provider's signed word. email: "" where it says none."""

    issuer: str
    subject: str
    email: str
    email_verified: bool


def find_provider(session: Session, organisation: OrganisationRecord) -> ProviderRecord | None:
    """Return an organisation's own sign-in, or None."""
    return session.scalar(select(ProviderRecord).where(ProviderRecord.organisation_id == organisation.id))


def provider_of_slug(session: Session, slug: str) -> ProviderRecord:
    """Return the sign-in of the organisation with this slug. Raises NotFoundError."""
    found = session.scalar(
        select(ProviderRecord).join(ProviderRecord.organisation).where(OrganisationRecord.slug == slug)
    )
    if found is None:
        raise NotFoundError("There is no sign-in of that organisation here.")
    return found


def providers_for(session: Session, email: str) -> Sequence[ProviderRecord]:
    """Return the sign-ins that speak for an address, at most twenty."""
    domain = email.rpartition("@")[2].lower()
    found = session.scalars(select(ProviderRecord).order_by(ProviderRecord.name).limit(2_000)).all()
    return [each for each in found if domain in each.domains][:20]


def set_provider(
    session: Session, installation: Installation, organisation: OrganisationRecord, given: ProviderInput
) -> ProviderRecord:
    """Set up an organisation's own sign-in. Raises InvalidInputError naming the field."""
    record = find_provider(session, organisation)
    issuer = _checked_issuer(installation, given.issuer.strip())
    client_id = given.client_id.strip()
    if not client_id or len(client_id) > 200 or not client_id.isprintable():
        raise InvalidInputError("Type the client ID that the provider gave you.", field="client_id")
    secret = given.client_secret.strip()
    if not secret and record is None:
        raise InvalidInputError("Type the client secret that the provider gave you.", field="client_secret")
    if len(secret) > 8_000:
        raise InvalidInputError("This secret is too long.", field="client_secret")
    name = " ".join(strip_controls(given.name).split())[:60] or "Work account"
    domains = _checked_domains(given.domains)
    if record is None:
        record = ProviderRecord(organisation=organisation, organisation_id=organisation.id)
        session.add(record)
    record.name, record.issuer, record.client_id = name, issuer, client_id
    record.domains, record.vouches = domains, given.vouches
    if secret:
        record.client_secret = seal_secret(installation, secret, of=f"provider:{organisation.id}")
    session.flush()
    leave_line(
        session, installation, Action.PROVIDER_CHANGED, record.id, organisation=organisation, vouches=given.vouches
    )
    return record


def remove_provider(session: Session, installation: Installation, organisation: OrganisationRecord) -> None:
    """Take an organisation's own sign-in away. Safe to repeat."""
    record = find_provider(session, organisation)
    if record is not None:
        session.delete(record)
        leave_line(session, installation, Action.PROVIDER_CHANGED, record.id, organisation=organisation, removed=True)


def start(installation: Installation, web: ProviderWeb, provider: ProviderRecord) -> Started:
    """Begin a sign-in. Raises NotAllowedError, in plain words, when the provider cannot be asked."""
    metadata = read_metadata(web, provider.issuer)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    query = urlencode(
        {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": redirect_url(installation, provider),
            "scope": SCOPES,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        },
        quote_via=quote,
    )
    endpoint = metadata["authorization_endpoint"]
    kept = {"state": state, "nonce": nonce, "verifier": verifier, "provider": str(provider.id)}
    return Started(f"{endpoint}{'&' if '?' in endpoint else '?'}{query}", kept)


def finish(
    installation: Installation,
    web: ProviderWeb,
    provider: ProviderRecord,
    kept: Mapping[str, str],
    answer: Mapping[str, str],
) -> Claims:
    """Return who came back. kept: what `start` left in the browser. answer: the query of the address that they came
    back to.

    Raises NotAllowedError, in plain words, for whatever is not right; nobody is signed in then.
    """
    if not kept.get("state") or not secrets.compare_digest(answer.get("state", ""), kept["state"]):
        raise NotAllowedError("This sign-in was not begun in this browser, or too long ago. Begin again.")
    if kept.get("provider") != str(provider.id):
        raise NotAllowedError("This sign-in was begun with another organisation. Begin again.")
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise NotAllowedError("Another provider answered than the one that was asked. Begin again.")
    if "error" in answer or not answer.get("code"):
        raise NotAllowedError("%(name)s did not sign you in. Try again, or use another way.", name=provider.name)
    metadata = read_metadata(web, provider.issuer)
    token = _ask_for_token(installation, web, provider, metadata, kept["verifier"], answer["code"])
    return _read_token(installation, web, provider, metadata, token, kept["nonce"])


def redirect_url(installation: Installation, provider: ProviderRecord) -> str:
    """Return the address to which a provider sends people back. Each organisation has its own, so that one provider's
    answer never counts for another's.
    """
    return f"{installation.addresses.base_url}/sign-in/with/{provider.organisation.slug}/back"


def read_metadata(web: ProviderWeb, issuer: str) -> JsonObject:
    """Return what a provider says of itself. Raises NotAllowedError when it cannot be had, or is another's."""
    document = _fetch(web, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if document.get("issuer") != issuer:
        raise NotAllowedError(
            'The provider says that its issuer is "%(said)s", but the settings say "%(issuer)s". Make them the same.',
            said=str(document.get("issuer"))[:200],
            issuer=issuer,
        )
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(document.get(name), str) or not document[name].startswith(("https://", "http://")):
            raise NotAllowedError("The provider does not say its %(name)s.", name=name)
    return document


def _fetch(web: ProviderWeb, url: str) -> JsonObject:
    try:
        answer = web.fetch(url, "application/json")
        if answer.status_code != 200:
            raise NotAllowedError("The provider answered %(code)s at %(url)s.", code=answer.status_code, url=url)
        return read_json_object(answer.body)
    except NotAllowedError:
        raise
    except BadgesError as error:
        raise NotAllowedError("The provider could not be asked: %(problem)s", problem=error.message) from error


def _ask_for_token(
    installation: Installation,
    web: ProviderWeb,
    provider: ProviderRecord,
    metadata: JsonObject,
    verifier: str,
    code: str,
) -> str:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_url(installation, provider),
        "client_id": provider.client_id,
        "code_verifier": verifier,
    }
    secret = open_secret(installation, provider.client_secret, of=f"provider:{provider.organisation_id}")
    if secret.startswith("-----BEGIN"):
        assertion = _client_assertion(installation, provider, metadata["token_endpoint"], secret)
        fields |= {"client_assertion_type": _ASSERTION, "client_assertion": assertion}
    else:
        fields["client_secret"] = secret
    try:
        answer = web.post_form(metadata["token_endpoint"], fields, {"Accept": "application/json"})
        document = read_json_object(answer.body) if answer.status_code == 200 else {}
    except BadgesError as error:
        raise NotAllowedError("The provider could not be asked: %(problem)s", problem=error.message) from error
    token = document.get("id_token")
    if not isinstance(token, str):
        raise NotAllowedError(
            "The provider did not accept the sign-in (%(code)s). The client secret may have run out.",
            code=answer.status_code,
        )
    return token


def _client_assertion(installation: Installation, provider: ProviderRecord, audience: str, key: str) -> str:
    """Return a signed statement in place of a secret. Source: RFC 7523, 2.2."""
    now = installation.clock()
    claims = {
        "iss": provider.client_id,
        "sub": provider.client_id,
        "aud": audience,
        "jti": installation.random.token(16),
        "iat": now,
        "exp": now + timedelta(minutes=5),
    }
    algorithm = "ES256" if "BEGIN EC" in key else "RS512"
    try:
        return pyjwt.encode(claims, key, algorithm=algorithm)
    except (ValueError, TypeError, pyjwt.PyJWTError) as error:
        raise NotAllowedError("The private key in the settings of this sign-in cannot be used.") from error


def _read_token(
    installation: Installation,
    web: ProviderWeb,
    provider: ProviderRecord,
    metadata: JsonObject,
    token: str,
    nonce: str,
) -> Claims:
    """Return what an ID token says, once its signature and everything in it is right. Source: OIDC Core, 3.1.3.7."""
    keys = _fetch(web, metadata["jwks_uri"])
    try:
        key_set: Any = KeySet.import_key_set(json.loads(json.dumps({"keys": _usable(keys)})))
        read = jwt.decode(token, key_set, algorithms=ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "nonce": {"essential": True, "value": nonce},
            },
            params={"client_id": provider.client_id, "nonce": nonce},
        )
        claims.validate(now=int(installation.clock().timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
        raise NotAllowedError("What the provider said is not signed as it must be, or is for somebody else.") from error
    subject, email = claims.get("sub"), claims.get("email")
    if not isinstance(subject, str) or not subject or len(subject) > 255:
        raise NotAllowedError("The provider does not say who you are.")
    return Claims(
        provider.issuer,
        subject,
        email if isinstance(email, str) and len(email) <= 254 else "",
        claims.get("email_verified") is True,
    )


def _usable(keys: JsonObject) -> list[JsonObject]:
    """Return the public keys for signatures."""
    found = keys.get("keys")
    listed = found if isinstance(found, list) else []
    return [
        key
        for key in listed[:50]
        if isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"
    ]


def _checked_issuer(installation: Installation, issuer: str) -> str:
    parts = urlsplit(issuer)
    trusted = f"{parts.scheme}://{parts.netloc}" in installation.settings.trusted_providers
    if (parts.scheme != "https" and not trusted) or not parts.hostname or parts.query or parts.fragment:
        raise InvalidInputError(
            "The issuer looks like https://login.microsoftonline.com/…/v2.0: https, and nothing after a ? or #.",
            field="issuer",
        )
    if len(issuer) > 500 or "{" in issuer or "/common/" in issuer or "/organizations/" in issuer:
        raise InvalidInputError(
            "Use the issuer of your own tenant, with its number in it, not the one for everybody.", field="issuer"
        )
    return issuer


def _checked_domains(text: str) -> list[str]:
    domains = list(
        dict.fromkeys(part.strip().lower().lstrip("@") for part in re.split(r"[\s,;]+", text) if part.strip())
    )
    bad = [domain for domain in domains if not _DOMAIN.fullmatch(domain)]
    if bad or not domains or len(domains) > 20:
        raise InvalidInputError(
            "Type the endings of your addresses, such as anytown.nhs.uk, at most twenty.", field="domains"
        )
    return domains
