"""Packs, for those who look after badges: adopt one, take its newer version, publish one's own, bring one in."""

from __future__ import annotations

from typing import Any, Final

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.errors import ConflictError, InvalidInputError
from badges.services.class_comparing import differences, is_other_picture
from badges.services.own_documents import own_fetcher
from badges.services.pack_adopting import (
    adopt_pack,
    adopted_classes,
    find_adoption,
    list_changes,
    take_update,
)
from badges.services.pack_making import PackInput, packable_versions, publish_own_pack
from badges.services.pack_signing import import_pack, open_pack
from badges.services.packs import LARGEST_PACK_BYTES, find_own_pack, find_pack, find_pack_version, pack_of, search_packs
from badges.vocab.class_content import LICENCE_WORDING
from badges.vocab.people import Permission
from badges.web.admin.scope import organisation_in_scope
from badges.web.current import installation, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.paging import page_asked_for, pagination
from badges.web.public.packs import class_pictures, pack_row
from badges.web.templating import notice
from badges.wording import say

_FIELDS: Final = ("name", "description", "licence", "credit")
_EMPTY_TEXTS: Final = 2
_MOST_TEXTS: Final = 20


def packs(organisation: str) -> str:
    """GET /admin/organisations/<slug>/packs?page=: all packs, which are in use here, and the organisation's own."""
    with service().database.read() as session:
        home = organisation_in_scope(session, organisation, Permission.EDIT_CLASSES)
        page = search_packs(session, page=page_asked_for())
        rows = []
        for pack, used_by in page.found:
            adoption = find_adoption(session, home, pack)
            rows.append(
                pack_row(pack, used_by)
                | {
                    "adopted": adoption.version if adoption else None,
                    "has_news": adoption is not None and adoption.version < pack.newest_version,
                    "is_own": pack.organisation_id == home.id,
                    "address": pack.address,
                }
            )
    return render_template(
        "admin/packs.html",
        organisation=home.name,
        slug=organisation,
        packs=rows,
        pagination=pagination(page, "admin.packs", organisation=organisation),
    )


def pack_adopt(organisation: str, pack: str) -> Response:
    """GET /admin/organisations/<slug>/packs/<pack>: its badges, to tick. POST: adopts those that are ticked."""
    if request.method == "POST":
        slugs = request.form.getlist("badges")[:200]
        with write() as session:
            home = organisation_in_scope(session, organisation, Permission.EDIT_CLASSES)
            version = find_pack_version(session, find_pack(session, pack))
            count = adopt_pack(session, installation(), home, version, only=slugs)
        if not count:
            notice(say("Nothing was added: tick the badges that you want."), "info")
            return redirect(url_for("admin.pack_adopt", organisation=organisation, pack=pack), 303)
        notice(say("Added: %(count)s. They are ready to be awarded.", count=count))
        return redirect(url_for("admin.achievements"), 303)
    with service().database.read() as session:
        home = organisation_in_scope(session, organisation, Permission.EDIT_CLASSES)
        found = find_pack(session, pack)
        version = find_pack_version(session, found)
        content = pack_of(version)
        owned = {each.pack_class for each in adopted_classes(session, home, found)}
        adoption = find_adoption(session, home, found)
        pictures = class_pictures(found, version.version, content)
        page = render_template(
            "admin/pack_adopt.html",
            organisation={"name": home.name, "slug": organisation},
            pack=pack_row(found, 0) | {"licence": LICENCE_WORDING[content.licence], "credit": content.credit},
            has_news=adoption is not None and adoption.version < found.newest_version,
            classes=[
                {
                    "slug": each.slug,
                    "name": each.name,
                    "description": each.description,
                    "image_url": pictures[each.slug],
                    "is_there": each.slug in owned,
                    "is_ticked": each.slug in content.first or not content.first,
                }
                for each in content.classes
            ],
            texts=content.texts,
            form=Form(),
        )
    return make_response(page)


def pack_update(organisation: str, pack: str) -> Response:
    """GET /admin/organisations/<slug>/packs/<pack>/update: what would change, side by side. POST: takes it."""
    if request.method == "POST":
        seen = request.form.get("version", "")
        with write() as session:
            home = organisation_in_scope(session, organisation, Permission.EDIT_CLASSES)
            found = find_pack(session, pack)
            if seen != str(found.newest_version):
                raise ConflictError("The pack has changed since you opened the page. Look at it again.")
            take_update(
                session,
                installation(),
                home,
                find_pack_version(session, found),
                new=request.form.getlist("badges")[:200],
            )
        notice(say("Your badges are up to date. Badges that were awarded before keep what they said."))
        return redirect(url_for("admin.achievements"), 303)
    with service().database.read() as session:
        home = organisation_in_scope(session, organisation, Permission.EDIT_CLASSES)
        found = find_pack(session, pack)
        adoption = find_adoption(session, home, found)
        if adoption is None or adoption.version >= found.newest_version:
            return redirect(url_for("admin.pack_adopt", organisation=organisation, pack=pack))
        version = find_pack_version(session, found)
        held = {each.pack_class: each for each in adopted_classes(session, home, found)}
        pictures = class_pictures(found, version.version, pack_of(version))
        changed, added, gone = [], [], []
        for change in list_changes(session, home, version):
            if change.before and change.after:
                before_url = installation().addresses.path(
                    "achievement_svg",
                    organisation=organisation,
                    achievement=held[change.slug].slug,
                    version=held[change.slug].newest_version,
                )
                changed.append(
                    {
                        "name": change.before.name,
                        "changes": differences(change.before, change.after),
                        "is_other_picture": is_other_picture(change.before, change.after),
                        "before": {"image_url": before_url, "image_alt": change.before.art.alt_text},
                        "after": {"image_url": pictures[change.slug], "image_alt": change.after.art.alt_text},
                    }
                )
            elif change.after:
                added.append(
                    {
                        "slug": change.slug,
                        "name": change.after.name,
                        "description": change.after.description,
                        "image_url": pictures[change.slug],
                    }
                )
            elif change.before:
                gone.append(change.before.name)
        page = render_template(
            "admin/pack_update.html",
            organisation={"name": home.name, "slug": organisation},
            pack=pack_row(found, 0),
            old_version=adoption.version,
            new_version=version.version,
            changed=changed,
            added=added,
            gone=gone,
        )
    return make_response(page)


def pack_publish(organisation: str, pack: str | None = None) -> Response:
    """GET /admin/organisations/<slug>/packs/publish[/<pack>]: the form. POST: signs and publishes a version."""
    if request.method != "POST":
        return _publish_page(organisation, pack, None)
    values: dict[str, Any] = dict(read_form(_FIELDS))
    texts = [
        (request.form.get(f"title-{number}", "")[:200], request.form.get(f"text-{number}", "")[:20_000])
        for number in range(_MOST_TEXTS)
    ]
    values |= {"classes": request.form.getlist("badges")[:200], "texts": texts}
    given = PackInput(
        name=values["name"],
        description=values["description"],
        licence=values["licence"],
        credit=values["credit"],
        classes=tuple(values["classes"]),
        texts=tuple(texts),
    )
    try:
        with write() as session:
            home = organisation_in_scope(session, organisation, Permission.EDIT_CLASSES)
            record = find_own_pack(session, home, pack) if pack else None
            made = publish_own_pack(session, installation(), home, given, record)
            address, version = made.pack.address, made.version
    except InvalidInputError as problem:
        return _publish_page(organisation, pack, with_error({**values, "badges": ""}, problem), 400)
    except ConflictError as problem:
        return _publish_page(organisation, pack, Form(values, {"": problem.message}), 409)
    notice(say("Published: version %(version)s. Others can adopt it now.", version=version))
    return redirect(url_for("public.pack", pack=address), 303)


def _publish_page(slug: str, pack: str | None, form: Form | None, status: int = 200) -> Response:
    with service().database.read() as session:
        home = organisation_in_scope(session, slug, Permission.EDIT_CLASSES)
        record = find_own_pack(session, home, pack) if pack else None
        values: dict[str, Any] = {"licence": "CC-BY-4.0", "credit": home.name, "classes": [], "texts": []}
        if record is not None:
            content = pack_of(find_pack_version(session, record))
            values = {
                "name": content.name,
                "description": content.description,
                "licence": content.licence.value,
                "credit": content.credit,
                "classes": [each.slug for each in content.classes],
                "texts": [(each.title, each.text) for each in content.texts],
            }
        form = form or Form(values)
        texts = [each for each in form.values["texts"] if each[0].strip() or each[1].strip()]
        page = render_template(
            "admin/pack_publish.html",
            organisation={"name": home.name, "slug": slug},
            form=form,
            pack=record.name if record else "",
            classes=[
                {
                    "slug": version.achievement.slug,
                    "name": version.name,
                    "description": version.description,
                    "image_url": installation().addresses.path(
                        "achievement_svg",
                        organisation=slug,
                        achievement=version.achievement.slug,
                        version=version.version,
                    ),
                    "is_ticked": version.achievement.slug in form.values["classes"],
                }
                for version in packable_versions(session, home)
            ],
            texts=[*texts, *[("", "")] * min(_EMPTY_TEXTS, _MOST_TEXTS - len(texts))],
            licences=[{"value": each.value, "text": text} for each, text in LICENCE_WORDING.items() if each],
        )
    return make_response(page, status)


def pack_import(organisation: str) -> Response:
    """GET /admin/organisations/<slug>/packs/import: the form. POST: takes in a pack of another installation."""
    form, status = Form(), 200
    if request.method == "POST":
        upload = request.files.get("file")
        data = upload.stream.read(LARGEST_PACK_BYTES + 1) if upload and upload.filename else b""
        try:
            if not data:
                raise InvalidInputError("Choose the file of a pack.", field="file")
            with service().database.read() as session:
                organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
                opened = open_pack(data, own_fetcher(session, installation(), service().web_fetcher))
            with write() as session:
                home = organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
                made = import_pack(session, installation(), opened, by=home)
                address = made.pack.address
        except InvalidInputError as problem:
            form, status = with_error({"file": ""}, problem), 400
        else:
            notice(say("The pack is here. Its signature is good. Tick the badges that you want."))
            return redirect(url_for("admin.pack_adopt", organisation=organisation, pack=address), 303)
    with service().database.read() as session:
        home = organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
        page = render_template(
            "admin/pack_import.html", organisation={"name": home.name, "slug": organisation}, form=form
        )
    return make_response(page, status)
