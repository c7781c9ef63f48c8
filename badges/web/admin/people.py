"""Who may do what in an organisation, and who is invited."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from badges.errors import ConflictError, InvalidInputError
from badges.services.invitations import (
    find_invitation,
    invite,
    list_open,
    send_again,
    withdraw_invitation,
)
from badges.services.people import Member, checked_roles, find_member, list_members, set_roles
from badges.storage.records import OrganisationRecord
from badges.vocab.people import ROLE_MEANING, ROLE_WORDING, Permission, Role
from badges.web.admin.scope import organisation_in_scope
from badges.web.current import call_worker, installation, require_viewer, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.paging import page_asked_for, pagination
from badges.web.templating import notice
from badges.wording import say

_ROLES = [{"value": role.value, "text": ROLE_WORDING[role], "hint": ROLE_MEANING[role]} for role in Role]


def people(organisation: str) -> Response:
    """GET /admin/organisations/<slug>/people: who may do what. POST: invites somebody."""
    if request.method != "POST":
        return _list_page(organisation, Form({"roles": ""}))
    values = read_form(("email", "covers_below"), 500)
    roles = request.form.getlist("roles")
    try:
        with write() as session:
            found = organisation_in_scope(session, organisation, Permission.MANAGE_PEOPLE)
            record = invite(
                session,
                installation(),
                found,
                values["email"],
                roles,
                covers_below=values["covers_below"] == "yes",
                invited_by_id=require_viewer().id,
            )
            email = record.email
    except InvalidInputError as problem:
        return _list_page(organisation, with_error({**values, "roles": ",".join(roles)}, problem), 400)
    except ConflictError as problem:
        return _list_page(organisation, Form({**values, "roles": ",".join(roles)}, {"": problem.message}), 409)
    call_worker()
    notice(say("%(email)s gets a mail with the invitation.", email=email))
    return redirect(url_for("admin.people", organisation=organisation), 303)


def _list_page(slug: str, form: Form, status: int = 200) -> Response:
    with service().database.read() as session:
        found = organisation_in_scope(session, slug, Permission.MANAGE_PEOPLE)
        page = list_members(
            session,
            found,
            page=page_asked_for(),
            words=request.args.get("q", "").strip()[:100],
        )
        now = installation().clock()
        text = render_template(
            "admin/people.html",
            organisation={"name": found.name, "slug": slug},
            members=[_member_view(found, member) for member in page.members],
            invitations=[
                {
                    "email": each.email,
                    "roles": [ROLE_WORDING[Role(role)] for role in each.roles],
                    "expires_at": each.expires_at,
                    "is_over": each.expires_at <= now,
                    "url": url_for("admin.invitation", organisation=slug, invitation_id=each.id),
                }
                for each in list_open(session, installation(), found)
            ],
            roles=_ROLES,
            chosen=form.values.get("roles", "").split(","),
            has_below=_has_below(session, found),
            form=form,
            query=request.args.get("q", ""),
            total=page.total,
            pagination=pagination(page, "admin.people", organisation=slug),
        )
    return make_response(text, status)


def _member_view(organisation: OrganisationRecord, member: Member) -> dict[str, Any]:
    return {
        "email": member.account.email,
        "roles": [ROLE_WORDING[role] for role in member.roles],
        "covers_below": member.covers_below,
        "is_you": member.account.id == require_viewer().id,
        "url": url_for("admin.person", organisation=organisation.slug, account_id=member.account.id),
    }


def person(organisation: str, account_id: int) -> Response:
    """GET /admin/organisations/<slug>/people/<number>: what somebody may do. POST: changes it, or takes them out."""
    if request.method != "POST":
        return _person_page(organisation, account_id, None)
    values = read_form(("do", "covers_below"), 100)
    names = request.form.getlist("roles")
    form = Form({**values, "roles": ",".join(names)})
    try:
        if values["do"] not in ("save", "remove"):
            raise InvalidInputError(say("Choose what to do: save, or take them out."), field="roles")
        roles = checked_roles(names) if values["do"] == "save" else []
        with write() as session:
            found = organisation_in_scope(session, organisation, Permission.MANAGE_PEOPLE)
            member = find_member(session, found, account_id)
            set_roles(
                session,
                installation(),
                found,
                member.account,
                roles,
                covers_below=values["covers_below"] == "yes",
            )
    except InvalidInputError as problem:
        return _person_page(organisation, account_id, with_error(form.values, problem), 400)
    except ConflictError as problem:
        return _person_page(organisation, account_id, Form(form.values, {"roles": problem.message}), 409)
    if values["do"] == "save":
        notice(say("Saved. It counts from their next click on."))
    else:
        notice(say("They have no part in it any more."))
    if account_id == require_viewer().id and Role.OWNER not in roles:
        return redirect(url_for("admin.dashboard"), 303)
    return redirect(url_for("admin.people", organisation=organisation), 303)


def _person_page(slug: str, account_id: int, form: Form | None, status: int = 200) -> Response:
    with service().database.read() as session:
        found = organisation_in_scope(session, slug, Permission.MANAGE_PEOPLE)
        member = find_member(session, found, account_id)
        held = ",".join(member.roles)
        form = form or Form({"roles": held, "covers_below": "yes" if member.covers_below else ""})
        text = render_template(
            "admin/person.html",
            organisation={"name": found.name, "slug": slug},
            person={"email": member.account.email, "is_you": member.account.id == require_viewer().id},
            roles=_ROLES,
            chosen=form.values.get("roles", "").split(","),
            has_below=_has_below(session, found),
            form=form,
        )
    return make_response(text, status)


def invitation(organisation: str, invitation_id: UUID) -> Response:
    """POST /admin/organisations/<slug>/invitations/<uuid>: sends it again, or withdraws it."""
    do = request.form.get("do", "")
    try:
        with write() as session:
            found = organisation_in_scope(session, organisation, Permission.MANAGE_PEOPLE)
            record = find_invitation(session, found, invitation_id)
            if do == "again":
                send_again(session, installation(), record)
            elif do == "withdraw":
                withdraw_invitation(session, installation(), record)
            else:
                raise ConflictError(say("Choose what to do: send it again, or withdraw it."))
    except ConflictError as problem:
        notice(problem.message, "warning")
        return redirect(url_for("admin.people", organisation=organisation), 303)
    call_worker()
    notice(say("The invitation is on its way again.") if do == "again" else say("The invitation was withdrawn."))
    return redirect(url_for("admin.people", organisation=organisation), 303)


def _has_below(session: Session, organisation: OrganisationRecord) -> bool:
    """Whether there is any organisation below this one."""
    return bool(session.scalar(select(exists().where(OrganisationRecord.above_id == organisation.id))))
