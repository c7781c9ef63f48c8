"""The rows of the database, a file for each subject."""

from badges.storage.records.accounts import AccountRecord, MembershipRecord, SignInLinkRecord
from badges.storage.records.achievements import AchievementRecord, AchievementVersionRecord
from badges.storage.records.api_keys import ApiKeyRecord, ApiRequestRecord
from badges.storage.records.audit import AuditHeadRecord, AuditLineRecord
from badges.storage.records.awards import AwardRecord, CredentialForm, CredentialTextRecord, PersonRecord
from badges.storage.records.base import Record
from badges.storage.records.batches import (
    BatchChunkRecord,
    BatchRecord,
    BatchRowRecord,
    BatchSource,
    BatchState,
    CredentialTemplateRecord,
    LedgerChunkRecord,
    RowState,
)
from badges.storage.records.endorsement_requests import EndorsementRequestRecord
from badges.storage.records.endorsements import EndorsementRecord
from badges.storage.records.facts import FactName, FactRecord
from badges.storage.records.invitations import InvitationRecord
from badges.storage.records.ledger import LedgerEntryRecord
from badges.storage.records.organisations import KeyState, OrganisationRecord, SigningKeyRecord
from badges.storage.records.outbox import UNDELIVERED, MailState, Notice, OutboxMailRecord
from badges.storage.records.packs import PackAdoptionRecord, PackRecord, PackVersionRecord
from badges.storage.records.service_documents import ServiceDocumentRecord
from badges.storage.records.sessions import (
    IdentityRecord,
    PasskeyRecord,
    ProviderRecord,
    RecoveryCodeRecord,
    SessionRecord,
)
from badges.storage.records.status_lists import StatusListRecord
from badges.storage.records.superseded import SupersededCredentialRecord, SupersededTextRecord

__all__ = [
    "UNDELIVERED",
    "AccountRecord",
    "AchievementRecord",
    "AchievementVersionRecord",
    "ApiKeyRecord",
    "ApiRequestRecord",
    "AuditHeadRecord",
    "AuditLineRecord",
    "AwardRecord",
    "BatchChunkRecord",
    "BatchRecord",
    "BatchRowRecord",
    "BatchSource",
    "BatchState",
    "CredentialForm",
    "CredentialTemplateRecord",
    "CredentialTextRecord",
    "EndorsementRecord",
    "EndorsementRequestRecord",
    "FactName",
    "FactRecord",
    "IdentityRecord",
    "InvitationRecord",
    "KeyState",
    "LedgerChunkRecord",
    "LedgerEntryRecord",
    "MailState",
    "MembershipRecord",
    "Notice",
    "OrganisationRecord",
    "OutboxMailRecord",
    "PackAdoptionRecord",
    "PackRecord",
    "PackVersionRecord",
    "PasskeyRecord",
    "PersonRecord",
    "ProviderRecord",
    "Record",
    "RecoveryCodeRecord",
    "RowState",
    "ServiceDocumentRecord",
    "SessionRecord",
    "SignInLinkRecord",
    "SigningKeyRecord",
    "StatusListRecord",
    "SupersededCredentialRecord",
    "SupersededTextRecord",
]
