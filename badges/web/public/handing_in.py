"""What somebody hands in to be verified, by the form of the page or to the API, and the report on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import parse_qs

from flask import request

from badges.errors import BadgesError, InvalidInputError
from badges.services.verification import verify_badge
from badges.standards.fetching import Fetcher
from badges.standards.identity import normalise_email
from badges.standards.json_text import read_json, write_json
from badges.verifying.links import links_in, with_scheme
from badges.verifying.report import Report
from badges.vocab.json import JsonObject
from badges.web.current import installation, service
from badges.wording import say

_MEMBERS: Final = ("badge", "email")
# Members that badges have and requests have not. The oldest badges have a member "badge" of their own.
_OF_BADGES: Final = frozenset({"@context", "type", "recipient", "verify"})
_MOST_FIELDS: Final = 10
_NOTHING: Final = say("There is no badge in this request. Send a file, the text of a badge, or a link to one.")
_TWO: Final = say("There are two badges here. Check one at a time.")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """badge: a file's bytes, or text: JSON, JWT, a web address. email: to compare with, or None. Kept nowhere."""

    badge: bytes | str
    email: str | None = None


def read_page_form() -> HandedIn:
    """Read the form of the page: a file or a text, and perhaps an e-mail address.

    Raises InvalidInputError, naming the field, when there is no badge, or two, or the address is none.
    """
    file = request.files.get("file")
    data = _one_of(_files("file"), "file") or b""
    pasted = request.form.get("pasted", "").strip()
    if data and pasted:
        raise InvalidInputError(
            say("You gave a file and a text. Check one at a time: empty the box, or leave out the file."),
            field="pasted",
        )
    if file and file.filename and not data:
        raise InvalidInputError(say("This file is empty. Choose the badge's file."), field="file")
    if not data and not pasted:
        raise InvalidInputError(say("Choose a file, or paste a link or the text of a badge."), field="pasted")
    return HandedIn(data or pasted, _read_email(request.form.get("email", "")))


def report_on(handed_in: HandedIn, web: Fetcher) -> Report:
    """Return the report, with all that this service knows of issuers and of its own badges.

    web: asks the network.

    Raises UnavailableError when this service asks so many other servers just now that it cannot look.
    """
    return verify_badge(
        installation(),
        handed_in.badge,
        home=service().home,
        web=web,
        email=handed_in.email,
        issuers=service().known_issuers(),
        find_newer=service().find_newer,
    )


def link_in_address() -> str:
    """Return the badge's address that `/verify?url=…` names; "" if there is none that could be one."""
    url = request.args.get("url", "").strip()
    link = with_scheme(url)
    return link if links_in(url) == [link] else ""


def read_api_request() -> HandedIn:
    """Read a request to the API: a badge as it is, a JSON object, or a form with the parts badge and email.

    Raises InvalidInputError when there is no badge in it, or something that we do not know.
    """
    if request.mimetype == "multipart/form-data":
        return _read_parts()
    body = request.get_data(parse_form_data=False)
    if not body.strip():
        raise InvalidInputError(_NOTHING, field="badge")
    if request.mimetype == "application/x-www-form-urlencoded":
        return _read_fields(body)
    members = _request_object(body)
    return HandedIn(body) if members is None else _read_members(members)


def _read_parts() -> HandedIn:
    texts = [text.strip() for text in request.form.getlist("badge")]
    given: list[bytes | str] = [*_files("badge"), *texts]
    badge = _one_of(given, "badge")
    if not badge:
        raise InvalidInputError(_NOTHING, field="badge")
    return HandedIn(badge, _read_email(request.form.get("email", "")))


def _files(name: str) -> list[bytes]:
    """The files of this name. A field in which no file was chosen comes with neither name nor content."""
    return [file.read() for file in request.files.getlist(name)]


def _one_of(badges: list[T], field: str) -> T | None:
    """Return the badge that was given, once or as several copies. Raises InvalidInputError when there are two."""
    different = list(dict.fromkeys(badge for badge in badges if badge))
    if len(different) > 1:
        raise InvalidInputError(_TWO, field=field)
    return different[0] if different else None


def _read_fields(body: bytes) -> HandedIn:
    """Some programs call whatever they send a form. It is one if it begins as one."""
    if not body.startswith((b"badge=", b"email=")):
        return HandedIn(body)
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise InvalidInputError("This form has more fields than badge and email.", field="badge") from error
    _one_of(fields.get("badge", []), "badge")
    return _read_members({name: values[0] for name, values in fields.items()})


def _request_object(body: bytes) -> JsonObject | None:
    """Return the JSON object of a request; None when the body is a badge itself, or anything else."""
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        value = read_json(body)
    except BadgesError:
        return None  # the verifier says what is wrong with it
    if not isinstance(value, dict) or not _OF_BADGES.isdisjoint(value) or value.keys().isdisjoint(_MEMBERS):
        return None
    return value


def _read_members(members: JsonObject) -> HandedIn:
    if unknown := sorted(members.keys() - set(_MEMBERS)):
        template = 'A request has the members "badge" and "email". We do not know "%(name)s".'
        raise InvalidInputError(template, name=unknown[0][:100], field="badge")
    badge, email = members.get("badge", ""), members.get("email", "")
    if isinstance(badge, dict):
        badge = write_json(badge)
    if not isinstance(badge, str) or not isinstance(email, str | None):
        raise InvalidInputError('In a request "badge" is a text or an object, and "email" is a text.', field="badge")
    if not badge.strip():
        raise InvalidInputError(_NOTHING, field="badge")
    return HandedIn(badge.strip(), _read_email(email or ""))


def _read_email(text: str) -> str | None:
    return normalise_email(text) if text.strip() else None
