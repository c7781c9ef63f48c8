"""A request for an endorsement, opened from its mail. Opening it decides nothing; a person types the code."""

from __future__ import annotations

import json
from typing import Any, Final

from flask import Response as FlaskResponse
from flask import make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from badges.errors import ConflictError, InvalidInputError, NotAllowedError
from badges.services.achievements import find_version
from badges.services.endorsement_answering import Given, confirm_code, decline, give, open_request, withdraw_given
from badges.services.endorsement_asking import endorsed_of
from badges.services.endorsement_outside import (
    LARGEST_BYTES,
    checked_did,
    checked_upload,
    unsigned_endorsement,
)
from badges.services.endorsements import Endorsed, SignedElsewhere, checked_comment
from badges.services.evidence import checked_url
from badges.services.organisations import checked_organisation_name, find_organisation
from badges.services.own_documents import own_fetcher
from badges.services.packs import find_pack
from badges.storage.records import EndorsementRequestRecord
from badges.vocab.endorsement import EndorsedKind
from badges.web.current import call_worker, installation, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.markdown import to_html
from badges.wording import say

_FIELDS: Final = ("comment", "name", "role", "endorser_name", "url", "code", "did", "seen", "note")
_WRONG_CODE: Final = say("This is not the code from the newest mail. Look again; it has six digits.")
_OUTSIDE: Final = ("draft", "signed")


def endorse(token: str) -> Response:
    """GET /endorse/<token>: what is to be endorsed, or what was given. POST: gives it, declines, or withdraws."""
    if request.method != "POST":
        return _page(token, None)
    values = read_form(_FIELDS)
    do = request.form.get("do", "")
    try:
        if do == "draft":
            return _draft(token, values)
        if do in ("give", "signed"):
            done = _give(token, values, outside=do == "signed")
        elif do == "decline":
            with write() as session:
                done = decline(session, installation(), token, code=values["code"], note=values["note"])
        elif do == "withdraw":
            with write() as session:
                done = withdraw_given(session, installation(), token, code=values["code"])
        else:  # a machine that sends the form as it is
            raise InvalidInputError("Choose what to do.", field="code")
    except InvalidInputError as problem:
        return _page(token, with_error({**values, "signed": ""}, problem), 400, outside=do in _OUTSIDE)
    except ConflictError as problem:
        return _page(token, Form(values, {"": problem.message}), 409, outside=do in _OUTSIDE)
    except NotAllowedError as problem:
        return _page(token, Form(values, {"code": problem.message}), 403, outside=do in _OUTSIDE)
    if not done:
        return _page(token, Form(values, {"code": _WRONG_CODE}), 400, outside=do in _OUTSIDE)
    call_worker()
    if do == "decline":
        return _unshared(make_response(render_template("public/endorse_declined.html")))
    return _unshared(redirect(request.path, 303))


def _given(values: dict[str, str]) -> Given:
    return Given(**{name: values[name] for name in ("code", "comment", "name", "role", "endorser_name", "url", "seen")})


def _give(token: str, values: dict[str, str], *, outside: bool) -> bool:
    signed = None
    if outside:
        # Checking an upload asks another server: only for who has the code.
        with write() as session:
            if not confirm_code(session, installation(), token, values["code"]):
                return False
        signed = _signed_elsewhere(token, values)
    with write() as session:
        return give(session, installation(), token, _given(values), signed_elsewhere=signed) is not None


def _signed_elsewhere(token: str, values: dict[str, str]) -> SignedElsewhere:
    """Return what was signed with the endorser's own key, checked. Asks the network, so not in a transaction."""
    upload = request.files.get("signed")
    data = upload.stream.read(LARGEST_BYTES + 1) if upload else b""
    did = checked_did(installation(), values["did"])
    with service().database.read() as session:
        record = open_request(session, installation(), token)
        return checked_upload(
            installation(),
            record,
            endorsed_of(session, installation(), record),
            data,
            did=did,
            comment=checked_comment(values["comment"]),
            fetcher=own_fetcher(session, installation(), service().web_fetcher),
        )


def _draft(token: str, values: dict[str, str]) -> Response:
    """Return what an endorser is to sign with a key of its own. Keeps nothing."""
    did = checked_did(installation(), values["did"])
    name = checked_organisation_name(values["endorser_name"], field="endorser_name")
    with service().database.read() as session:
        record = open_request(session, installation(), token)
        document = unsigned_endorsement(
            installation(),
            record,
            endorsed_of(session, installation(), record),
            did=did,
            name=name,
            url=checked_url(values["url"].strip(), field="url"),
            comment=checked_comment(values["comment"]),
        )
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    headers = {"Content-Disposition": 'attachment; filename="endorsement-unsigned.json"'}
    return _unshared(FlaskResponse(text, mimetype="application/json", headers=headers))


def _page(token: str, form: Form | None, status: int = 200, *, outside: bool = False) -> Response:
    with service().database.read() as session:
        record = open_request(session, installation(), token)
        made = record.endorsement
        if made is not None:
            page = render_template(
                "public/endorse_given.html",
                endorsement={
                    "by": made.organisation.name,
                    "comment_html": to_html(made.comment),
                    "is_withdrawn": made.revoked_at is not None,
                    "page_url": installation().addresses.path("endorsement", endorsement_id=made.id),
                    "is_external": bool(made.external_did),
                },
                form=form or Form(),
                action=request.path,
            )
            return _unshared(make_response(page, status))
        endorsed = endorsed_of(session, installation(), record)
        page = render_template(
            "public/endorse.html",
            organisation=record.organisation.name,
            endorser=record.endorser_name,
            message=record.message,
            subject=_subject_view(session, record, endorsed),
            seen=endorsed.id,
            form=form or Form({"endorser_name": record.endorser_name}),
            outside=outside,
            action=request.path,
        )
    return _unshared(make_response(page, status))


def _subject_view(session: Session, record: EndorsementRequestRecord, endorsed: Endorsed) -> dict[str, Any]:
    """Return what is to be endorsed, for people."""
    addresses = installation().addresses
    view: dict[str, Any] = {"name": endorsed.name, "kind": record.kind}
    if record.kind == EndorsedKind.CLASS:
        organisation, slug = record.target.split("/")[:2]
        version = find_version(session, organisation, slug)
        places: dict[str, Any] = {"organisation": organisation, "achievement": slug, "version": version.version}
        return view | {
            "text": version.description,
            "criteria_html": to_html(version.criteria),
            "image_url": addresses.path("achievement_svg", **places),
            "image_alt": version.image_alt,
            "url": addresses.path("achievement", **places),
        }
    if record.kind == EndorsedKind.PACK:
        pack = find_pack(session, record.target)
        return view | {"text": pack.description, "url": addresses.path("pack", pack=pack.address)}
    organisation_record = find_organisation(session, record.target)
    return view | {
        "text": organisation_record.description,
        "url": addresses.path("organisation", organisation=record.target),
    }


def _unshared(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
