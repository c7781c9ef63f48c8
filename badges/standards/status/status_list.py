"""Status list credentials and the entries that point into them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from badges.errors import StandardsError
from badges.standards.jsonld.contexts import CREDENTIALS_V2
from badges.standards.status.bitstring import (
    MINIMUM_LENGTH,
    BitstringError,
    decode_bitstring,
    encode_bitstring,
    get_status_bit,
)
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.status import StatusPosition, StatusPurpose
from badges.wording import Wording

ENTRY_TYPES: Final = {
    "BitstringStatusListEntry": "BitstringStatusList",
    "StatusList2021Entry": "StatusList2021",
}
MAXIMUM_STATUS_SIZE: Final = 8
PROBLEM_BASE: Final = "https://www.w3.org/ns/credentials/status-list#"


class StatusProblem(StrEnum):
    """The errors that the standard names."""

    RETRIEVAL = "STATUS_RETRIEVAL_ERROR"
    VERIFICATION = "STATUS_VERIFICATION_ERROR"
    LENGTH = "STATUS_LIST_LENGTH_ERROR"
    RANGE = "RANGE_ERROR"
    MALFORMED = "MALFORMED_VALUE_ERROR"


class StatusListError(StandardsError):
    """A status cannot be read. `problem` is the standard's name for why; `problem_url` its full form."""

    def __init__(self, template: str | Wording, *, problem: StatusProblem, **values: object) -> None:
        super().__init__(template, **values)
        self.problem = problem

    @property
    def problem_url(self) -> str:
        """The type of a problem details object (RFC 9457)."""
        return PROBLEM_BASE + self.problem.value


@dataclass(frozen=True, slots=True)
class StatusResult:
    """What a list says about one credential.

    value: 0 or 1, or more where entries have several bits. message: the entry's text for it, or "".
    ttl_milliseconds: how long the list may be kept, or None if it does not say.
    """

    purpose: str
    value: int
    message: str = ""
    ttl_milliseconds: int | None = None

    @property
    def is_set(self) -> bool:
        """Whether the status applies: revoked, suspended, …"""
        return self.value != 0


def status_list_document(
    *,
    url: str,
    issuer: str | JsonObject,
    purpose: StatusPurpose,
    bitstring: bytes,
    valid_from: datetime,
    valid_until: datetime | None = None,
    ttl_milliseconds: int | None = None,
) -> JsonObject:
    """Return a status list as an unsigned BitstringStatusListCredential.

    url: where it is served. issuer: id, or profile with one. valid_from, valid_until: aware, whole seconds.
    ttl_milliseconds: how long others may keep a copy.

    Raises StatusListError if the bitstring is too short or a time has no time zone.
    Source: Bitstring Status List v1.0, section 2.2 "BitstringStatusListCredential".
    """
    if len(bitstring) * 8 < MINIMUM_LENGTH:
        raise StatusListError("A status list has at least 131,072 places.", problem=StatusProblem.LENGTH)
    subject: JsonObject = {
        "id": f"{url}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose.value,
        "encodedList": encode_bitstring(bitstring),
    }
    if ttl_milliseconds is not None:
        subject["ttl"] = ttl_milliseconds
    document: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": _moment(valid_from),
    }
    if valid_until is not None:
        document["validUntil"] = _moment(valid_until)
    document["credentialSubject"] = subject
    return document


def status_entry(position: StatusPosition) -> JsonObject:
    """Return the credentialStatus member for a place in a list.

    Source: Bitstring Status List v1.0, section 2.1 "BitstringStatusListEntry".
    """
    return {
        "id": f"{position.list_url}#{position.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": position.purpose.value,
        "statusListIndex": str(position.index),
        "statusListCredential": position.list_url,
    }


def read_status(list_document: JsonObject, entry: JsonObject) -> StatusResult:
    """Return what a status list says about the credential that has this entry.

    list_document: fetched from the entry's statusListCredential; its proof, issuer and dates are for the
    caller to check.
    entry: a BitstringStatusListEntry or StatusList2021Entry.

    Raises StatusListError with the standard's name for what is wrong; RefusedError for a list too large.
    Source: Bitstring Status List v1.0, section 3.2 "Validate Algorithm".
    """
    subject = _list_subject(list_document, entry)
    purpose = _purpose(entry, subject)
    size = _positive(entry.get("statusSize", 1), "statusSize")
    if size > MAXIMUM_STATUS_SIZE:
        raise _malformed("A status of %(size)s bits is not supported.", size=size)
    index = _status_index(entry.get("statusListIndex"))
    bitstring = _bitstring(subject.get("encodedList"))
    if len(bitstring) * 8 // size < MINIMUM_LENGTH:
        raise StatusListError("The status list is shorter than 131,072 places.", problem=StatusProblem.LENGTH)
    if (index + 1) * size > len(bitstring) * 8:
        raise StatusListError(
            "The index %(index)s lies outside the status list.", problem=StatusProblem.RANGE, index=index
        )
    value = 0
    for place in range(index * size, (index + 1) * size):
        value = value << 1 | get_status_bit(bitstring, place)
    return StatusResult(purpose, value, _message(entry, value), _ttl(subject.get("ttl")))


def list_url(entry: JsonObject) -> str:
    """Return the address of the list that an entry points into. Raises StatusListError if it has none."""
    url = entry.get("statusListCredential")
    if not isinstance(url, str) or not url:
        raise _malformed("The status entry does not say where its list is.")
    return url


def _list_subject(list_document: JsonObject, entry: JsonObject) -> JsonObject:
    expected = ENTRY_TYPES.get(_single(entry.get("type")))
    if expected is None:
        raise _malformed("This kind of status entry is not supported.")
    if list_document.get("id", list_url(entry)) != list_url(entry):
        raise StatusListError("The list says that it is another list.", problem=StatusProblem.VERIFICATION)
    subject = list_document.get("credentialSubject")
    if not isinstance(subject, dict) or expected not in _texts(subject.get("type")):
        raise _malformed("What the status entry points to is not a status list of its kind.")
    return subject


def _purpose(entry: JsonObject, subject: JsonObject) -> str:
    purpose = entry.get("statusPurpose")
    if not isinstance(purpose, str) or not purpose:
        raise _malformed("The status entry has no purpose.")
    if purpose not in _texts(subject.get("statusPurpose")):
        raise StatusListError(
            "The list is not for the purpose %(purpose)s.",
            problem=StatusProblem.VERIFICATION,
            purpose=purpose[:60],
        )
    return purpose


def _status_index(value: JsonValue) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12:
        return value
    raise _malformed("The status entry's index is not a whole number.")


def _positive(value: JsonValue, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _malformed("The status entry's %(name)s is not a whole number from 1.", name=name)
    return value


def _bitstring(value: JsonValue) -> bytes:
    if not isinstance(value, str):
        raise _malformed("The status list has no encoded list.")
    try:
        return decode_bitstring(value)
    except BitstringError as error:
        raise StatusListError(error.message, problem=StatusProblem.MALFORMED) from error


def _message(entry: JsonObject, value: int) -> str:
    messages = entry.get("statusMessage")
    for item in messages if isinstance(messages, list) else []:
        if isinstance(item, dict) and item.get("status") == f"0x{value:x}" and isinstance(item.get("message"), str):
            return str(item["message"])
    return ""


def _ttl(value: JsonValue) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _single(value: JsonValue) -> str:
    texts = _texts(value)
    return texts[0] if len(texts) == 1 else ""


def _texts(value: JsonValue) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _malformed(template: str, **values: object) -> StatusListError:
    return StatusListError(template, problem=StatusProblem.MALFORMED, **values)


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise _malformed("The times of a status list need a time zone.")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
