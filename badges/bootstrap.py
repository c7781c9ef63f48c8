"""Joins the real things together, once: settings, database, keys, mail, network. Tests join others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from jinja2 import FileSystemLoader
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.campaign.wording import CAMPAIGN_LINES
from badges.clock import Clock, system_clock
from badges.config import Settings, read_settings
from badges.errors import ConfigurationError, UnavailableError
from badges.ids import RandomSource, SystemRandom
from badges.keyring import local_keyring
from badges.keyring.agent import AgentKeyring
from badges.keyring.secret_files import SecretFolder
from badges.network.cache import DocumentCache
from badges.network.fetcher import WebFetcher
from badges.network.mailers import FolderMailer, Mailer, SmtpMailer
from badges.network.notify import NotifyMailer
from badges.network.turnstile import Turnstile
from badges.rendering.mail import MailTexts
from badges.services.context import Installation
from badges.services.credentials import FormNotMadeError
from badges.services.facts import require_base_url
from badges.services.issuer_lists import usable_list
from badges.services.links import LinkMaker
from badges.services.older_versions import address_of_newer
from badges.services.own_documents import home_answer
from badges.services.own_issuers import own_issuer, own_namesakes, own_successor
from badges.standards.fetching import FetchedDocument, Fetcher, FetchError, FetchProblem
from badges.standards.issuer_list import ListedIssuer
from badges.storage.engine import Database
from badges.storage.schema import is_schema_current
from badges.verifying.report import Report
from badges.verifying.trust import KnownIssuers
from badges.vocab.audit import SHELL, Actor

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that a front (web, command line, worker) works with."""

    installation: Installation
    database: Database
    mailer: Mailer
    mail_texts: MailTexts
    web_fetcher: Fetcher
    provider_web: WebFetcher

    @property
    def settings(self) -> Settings:
        return self.installation.settings

    def home(self, path: str, _accept: str = "") -> FetchedDocument | None:
        """Return what one of our own addresses answers, without going over the network. Raises FetchError."""
        try:
            return self.read_or_make(lambda session: home_answer(session, self.installation, path))
        except (UnavailableError, ConfigurationError) as problem:
            raise FetchError(problem.message, problem=FetchProblem.UNREACHABLE) from problem

    def known_issuers(self) -> KnownIssuers:
        """Return whom this service knows: its own organisations, and those of the signed list."""
        with self.database.read() as session:
            return KnownIssuers(_Directory(self), usable_list(session, self.installation))

    def find_newer(self, report: Report) -> str:
        """Return the page of the newer version of one of our badges of 2.0; "" if that is not what was handed in."""
        with self.database.read() as session:
            return address_of_newer(session, self.installation.addresses, report)

    def read_or_make(self, work: Callable[[Session], T]) -> T:
        """Return what the work finds. Only where it needs a form of a badge that was never asked for is it done
        again in a session that may make and keep one: reading never waits for writers.
        """
        try:
            with self.database.read() as session:
                return work(session)
        except FormNotMadeError:
            with self.database.write() as session:
                return work(session)


class _Directory:
    """Finds the organisations of a service for its verifier, each question in a session of its own."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def of_id(self, issuer_id: str) -> ListedIssuer | None:
        with self._service.database.read() as session:
            return own_issuer(session, self._service.installation, issuer_id)

    def of_name(self, name: str) -> Sequence[ListedIssuer]:
        with self._service.database.read() as session:
            return own_namesakes(session, self._service.installation, name)

    def successor_of(self, issuer_id: str) -> ListedIssuer | None:
        with self._service.database.read() as session:
            return own_successor(session, self._service.installation, issuer_id)


def make_service(
    settings: Settings | None = None,
    *,
    clock: Clock = system_clock,
    random: RandomSource | None = None,
    web_fetcher: Fetcher | None = None,
    by: Actor = SHELL,
    asks_for_signatures: bool = False,
) -> Service:
    """Return the service of these settings (by default the environment's). Nothing is opened or written yet.

    by: who acts, where a transaction does not say. asks_for_signatures: have the signing agent sign, instead of using
    the keys in this process.

    Raises ConfigurationError.
    """
    settings = settings or read_settings()
    secrets = SecretFolder(settings.secrets_folder)
    return Service(
        installation=Installation(
            settings=settings,
            addresses=Addresses(settings.base_url),
            clock=clock,
            random=random or SystemRandom(),
            keys=AgentKeyring(settings.signing_socket) if asks_for_signatures else local_keyring(settings),
            secrets=secrets,
            links=LinkMaker(_once(lambda: secrets.secret("links"))),
        ),
        database=Database(settings.database_url, by),
        mailer=make_mailer(settings),
        mail_texts=MailTexts(FileSystemLoader(templates_folder()), CAMPAIGN_LINES),
        web_fetcher=web_fetcher or DocumentCache(Turnstile(WebFetcher(clock=clock)), clock),
        provider_web=WebFetcher(clock=clock, trusted_origins=settings.trusted_providers),
    )


def make_mailer(settings: Settings) -> Mailer:
    """Return the mailer that the settings ask for."""
    if settings.notify_key:
        return NotifyMailer(settings.notify_key, settings.notify_template, settings.notify_url)
    return SmtpMailer(settings.smtp_url) if settings.smtp_url else FolderMailer(settings.outbox_folder)


def ready_service() -> Service:
    """Make the service out of the settings, for a command that needs an instance. Raises as require_ready."""
    service = make_service()
    require_ready(service)
    return service


def require_ready(service: Service) -> None:
    """Raise ConfigurationError, saying what to do, when the instance is not made or its base URL is another."""
    if not is_schema_current(service.database):
        raise ConfigurationError(
            "There is no instance in %(folder)s yet, or it is older than this version. Run `badges init`.",
            folder=service.settings.instance_folder,
        )
    with service.database.read() as session:
        require_base_url(session, service.installation)


def templates_folder() -> Path:
    """Return where the templates are: at the top of the source tree, or inside the installed package."""
    package = Path(__file__).parent
    beside = package.parent / "templates"
    return beside if beside.is_dir() else package / "templates"


def _once(read: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return a function that reads once and remembers."""
    kept: list[bytes] = []

    def value() -> bytes:
        if not kept:
            kept.append(read())
        return kept[0]

    return value
