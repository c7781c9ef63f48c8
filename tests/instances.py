"""Whole services for tests, in this process: real parts, a clock that can be set, no way to the network."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.bootstrap import Service, make_service
from badges.config import Settings, read_settings
from badges.issuing.recipients import read_text
from badges.jobs.tasks import deliver_due_mail
from badges.network.sources import OfflineFetcher
from badges.services.achievements import find_class_to_award, find_version
from badges.services.award_values import find_award
from badges.services.awards import AwardRequest, award_badge
from badges.services.batches import draft_batch
from badges.services.compromise import compromise_key
from badges.services.credentials import credential_text
from badges.services.endorsements import EndorsementRequest, endorse
from badges.services.instance import make_instance, prepare_folders
from badges.services.key_changes import rotate_keys
from badges.services.organisations import find_organisation
from badges.services.own_documents import OwnDocument, own_document
from badges.services.revocation import revoke_award
from badges.services.signing_keys import create_key, list_keys, list_owned_keys
from badges.services.verification import verify_badge
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import (
    AchievementRecord,
    AchievementVersionRecord,
    AwardRecord,
    BatchSource,
    CredentialForm,
    EndorsementRecord,
    KeyState,
    OrganisationRecord,
    Record,
)
from badges.storage.schema import upgrade_schema
from badges.verifying.report import Report
from badges.vocab.endorsement import EndorsedKind

BASE_URL: Final = "http://localhost:8000"
ADMIN: Final = "librarian@example.org"
ORGANISATION: Final = "anytown-hospitals-library"
START: Final = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


@dataclass
class SettableClock:
    """A clock that stands still until a test moves it."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        """Move on: advance(days=3)."""
        self.now += timedelta(**amount)


@dataclass(frozen=True)
class Folders:
    """Where an instance is: its own folder, and that of its keys."""

    instance: Path
    keys: Path

    @staticmethod
    def under(folder: Path) -> Folders:
        return Folders(folder / "instance", folder / "keys")

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead `badges` here."""
        return {"BADGES_INSTANCE": str(self.instance), "BADGES_KEYS": str(self.keys), "BADGES_BASE_URL": BASE_URL}

    @property
    def database(self) -> Path:
        return self.instance / "badges.sqlite"

    @property
    def outbox(self) -> Path:
        return self.instance / "outbox"

    def settings(self, **variables: str) -> Settings:
        """Read the settings of this instance. variables: without BADGES_, in lower case."""
        changed = {f"BADGES_{name.upper()}": value for name, value in variables.items()}
        return read_settings(self.environment | changed)

    def copy_to(self, folder: Path) -> Folders:
        """Copy an instance that nobody has open."""
        copy = Folders.under(folder)
        if self.instance.exists():
            shutil.copytree(self.instance, copy.instance)
        shutil.copytree(self.keys, copy.keys)
        return copy


@dataclass
class Bench:
    """A service at work in a test: the service, its clock, its folders."""

    service: Service
    clock: SettableClock
    folders: Folders
    _others: list[Service] = field(default_factory=list)

    def award(self, achievement: str = "supporter", email: str | None = "sam@example.org", **more: Any) -> AwardRecord:
        """Award in a transaction of its own, as every front does."""
        request = AwardRequest(achievement, email, **more)
        with self.service.database.write() as session:
            return award_badge(session, self.service.installation, request)

    def again(self, **variables: str) -> Service:
        """Return a second service on the same instance, as another process would have."""
        service = open_service(self.folders.settings(**self._database() | variables), self.clock)
        self._others.append(service)
        return service

    def revoke(self, award: AwardRecord, reason: str = "mistake", **more: Any) -> AwardRecord:
        """Withdraw in a transaction of its own."""
        with self.service.database.write() as session:
            return revoke_award(session, self.service.installation, find_award(session, award.id), reason, **more)

    def rotate(self) -> None:
        """Make new keys for the organisation and retire the old ones."""
        with self.service.database.write() as session:
            organisation = find_organisation(session, ORGANISATION)
            rotate_keys(session, self.service.installation, organisation)

    def stolen_key(self) -> str:
        """Return the id of a key that counts as stolen, the service's own, whose ledger is published."""
        installation = self.service.installation
        with self.service.database.read() as session:
            found = [key for key in list_keys(session) if key.state == KeyState.COMPROMISED]
        if not found:
            with self.service.database.write() as session:
                key = list_owned_keys(session, None)[0]
                found = [compromise_key(session, installation, key.id, installation.clock()).key]
        return found[0].id

    def add_organisation(self, slug: str) -> OrganisationRecord:
        """Add an organisation that can award "supporter": a key and one class, as the first one has them."""
        installation = self.service.installation
        with self.service.database.write() as session:
            now = installation.clock()
            other = OrganisationRecord(slug=slug, name=slug.title(), url="", created_at=now)
            session.add(other)
            session.flush()
            create_key(session, installation, other, KeyAlgorithm.EDDSA)
            version = find_version(session, ORGANISATION, "supporter")
            columns = {
                column.key: getattr(version, column.key)
                for column in AchievementVersionRecord.__table__.columns
                if column.key not in ("id", "achievement_id")
            }
            achievement = AchievementRecord(
                organisation_id=other.id, slug="supporter", newest_version=1, created_at=now
            )
            session.add(AchievementVersionRecord(achievement=achievement, **columns))
            return other

    def add_organisation_above(self, session: Session, below: OrganisationRecord) -> OrganisationRecord:
        """Add the nation, with another organisation below it."""
        now = self.service.installation.clock()
        nation = OrganisationRecord(slug="england", name="England", url="", kind="nation", created_at=now)
        session.add(nation)
        session.flush()
        below.above_id = nation.id
        return nation

    def endorsement(self, by: str = "county-library") -> EndorsementRecord:
        """Let another organisation, made for it, endorse the first one."""
        self.add_organisation(by)
        request = EndorsementRequest(EndorsedKind.ORGANISATION, ORGANISATION, by, "We *rely* on it.")
        with self.service.database.write() as session:
            return endorse(session, self.service.installation, request)

    def draft(self, people: str = "kim@example.org, lee@example.org") -> int:
        """Hand in a list of people for the supporter badge. Returns the number of the batch."""
        with self.service.database.write() as session:
            version = find_class_to_award(session, "supporter", ORGANISATION)
            return draft_batch(
                session, self.service.installation, version, read_text(people), source=BatchSource.SHELL
            ).id

    def form(self, award: AwardRecord, form: CredentialForm = CredentialForm.OB3) -> str:
        """Return the exact text of one form of an award, made at the first request."""
        with self.service.database.write() as session:
            return credential_text(session, self.service.installation, find_award(session, award.id), form)

    def document(self, name: str, **values: object) -> OwnDocument:
        """Return the published document at the address of this name."""
        plain = {place: str(value) for place, value in values.items()}
        with self.service.database.write() as session:
            return own_document(session, self.service.installation, name, plain)

    def json(self, name: str, **values: object) -> Any:
        """Return a published document, read."""
        return json.loads(self.document(name, **values).body)

    def verify(self, badge: str | bytes, **more: Any) -> Report:
        """Verify as a stranger would, who gets our documents from our own addresses."""
        service = self.service
        given = {"home": service.home, "web": service.web_fetcher, "find_newer": service.find_newer, **more}
        return verify_badge(service.installation, badge, **given)

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table, to see whether anything changed."""
        with self.service.database.read() as session:
            return {
                table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
                for table in Record.metadata.sorted_tables
            }

    def count(self, record: type[Record]) -> int:
        """Return how many rows there are."""
        with self.service.database.read() as session:
            return session.scalar(select(func.count()).select_from(record)) or 0

    def deliver(self) -> int:
        """Let the worker send what is due."""
        return deliver_due_mail(self.service)

    def mails(self) -> list[EmailMessage]:
        """Read what was written into the outbox folder, oldest first."""
        files = sorted(self.folders.outbox.glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=default_policy) for file in files]

    def close(self) -> None:
        for service in [self.service, *self._others]:
            service.database.close()

    def variables(self) -> dict[str, str]:
        """Return the environment of another process that works on the same instance, at the same database."""
        return {**self.folders.environment, "BADGES_DATABASE_URL": self.service.settings.database_url}

    def _database(self) -> dict[str, str]:
        return {"database_url": self.service.settings.database_url}


def open_service(settings: Settings, clock: SettableClock) -> Service:
    """Return a real service whose clock stands still and whose web is empty."""
    return make_service(settings, clock=clock, web_fetcher=OfflineFetcher())


def initialise(service: Service) -> None:
    """Do what `badges init` does."""
    prepare_folders(service.installation)
    upgrade_schema(service.database)
    with service.database.write() as session:
        make_instance(session, service.installation, organisation=None, admin_email=ADMIN)
    service.database.close()


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
