"""Packs for anybody: what there is, what is in one, the signed file, its pictures."""

from __future__ import annotations

from urllib.parse import unquote

from flask import render_template, url_for

from badges.services.packs import count_adoptions, find_pack, find_pack_version, pack_of, search_packs
from badges.storage.records import PackRecord
from badges.vocab.class_content import LICENCE_URLS, LICENCE_WORDING
from badges.vocab.pack import Pack
from badges.web.current import installation, service
from badges.web.markdown import to_html
from badges.web.paging import page_asked_for, pagination
from badges.web.public.views import View, endorsement_views


def packs() -> str:
    """GET /packs?page=: those that there are."""
    with service().database.read() as session:
        page = search_packs(session, page=page_asked_for())
        rows = [pack_row(pack, used_by) for pack, used_by in page.found]
    return render_template(
        "public/packs.html",
        packs=rows,
        pagination=pagination(page, "public.packs"),
    )


def pack(pack: str) -> str:
    """GET /packs/<pack>: what is in it, whose it is, and how to use it."""
    addresses = installation().addresses
    with service().database.read() as session:
        found = find_pack(session, pack)
        version = find_pack_version(session, found)
        content = pack_of(version)
        pictures = class_pictures(found, version.version, content)
        view = pack_row(found, count_adoptions(session, [found.id]).get(found.id, 0)) | {
            "publisher": found.publisher,
            "issued": version.issued_at,
            "credit": content.credit,
            "licence": LICENCE_WORDING[content.licence],
            "licence_url": LICENCE_URLS[content.licence],
            "file_url": addresses.path("pack_version_json", pack=found.address, version=version.version),
            "texts": [{"title": each.title, "text": each.text} for each in content.texts],
            "classes": [
                {
                    "name": each.name,
                    "description": each.description,
                    "criteria_html": to_html(each.criteria),
                    "image_url": pictures[each.slug],
                    "image_alt": each.art.alt_text,
                }
                for each in content.classes
            ],
        }
        endorsements = endorsement_views(session, addresses.url("pack", pack=found.address))
        return render_template("public/pack.html", pack=view, endorsements=endorsements)


def pack_row(pack: PackRecord, used_by: int) -> View:
    """Return a pack for a list. used_by: how many organisations here use it."""
    return {
        "name": pack.name,
        "description": pack.description,
        "by": pack.publisher_name,
        "by_host": _host_of(pack),
        "by_url": installation().addresses.path("organisation", organisation=pack.organisation.slug)
        if pack.organisation
        else None,
        "version": pack.newest_version,
        "used_by": used_by,
        "url": url_for("public.pack", pack=pack.address),
        "address": pack.address,
    }


def _host_of(pack: PackRecord) -> str:
    """Return at which host the publisher of a pack from elsewhere is: its name is what it says of itself."""
    ours = installation().addresses.service_did
    if pack.publisher == ours or pack.publisher.startswith(f"{ours}:"):
        return ""
    method = pack.publisher.removeprefix("did:web:")
    return unquote(method.partition(":")[0]) if method != pack.publisher else pack.publisher


def class_pictures(pack: PackRecord, version: int, content: Pack) -> dict[str, str]:
    """Return where the picture of each class of a pack is, by its slug."""
    addresses = installation().addresses
    return {
        each.slug: addresses.path("pack_picture", pack=pack.address, version=version, achievement=each.slug)
        for each in content.classes
    }
