"""Every route of the service, with who may use it. Nothing is registered anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from badges.addresses import PATHS
from badges.services.vc_api import STATUS_LIST_PATH
from badges.vocab.people import Permission
from badges.web import documents, vc_api
from badges.web.admin import (
    account,
    api_keys,
    audit,
    awarding,
    awards,
    batches,
    class_changing,
    class_editing,
    correcting,
    dashboard,
    merging,
    outbox,
    password,
    people,
    profile,
    start,
    withdrawing,
)
from badges.web.admin import achievements as admin_achievements
from badges.web.admin import endorsements as admin_endorsements
from badges.web.admin import keys as admin_keys
from badges.web.admin import organisations as admin_organisations
from badges.web.admin import packs as admin_packs
from badges.web.admin import provider as admin_provider
from badges.web.api import awards as api_awards
from badges.web.api import openapi
from badges.web.public import (
    achievements,
    credentials,
    developers,
    endorse,
    endorsements,
    holder,
    home,
    invitation,
    organisations,
    packs,
    provider,
    sign_in,
    verify,
    verify_api,
)

View = Callable[..., Any]
_GET: Final = ("GET",)
_POST: Final = ("POST",)
_BOTH: Final = ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Route:
    """One route. guarded: whether its POST needs the token of a form that we gave to this browser.

    Forms that act for a signed-in person, or sign one in, are guarded. Forms for anybody act for nobody: the
    secret, where there is one, is in the address.
    is_document: the same for whoever asks, so the cookie is not even looked at.
    """

    rule: str
    endpoint: str
    view: View
    permission: Permission
    methods: tuple[str, ...] = _GET
    guarded: bool = False
    is_document: bool = False


def _page(name: str, endpoint: str, view: View, methods: tuple[str, ...] = _GET) -> Route:
    return Route(PATHS[name], endpoint, view, Permission.PUBLIC, methods)


def _document(name: str) -> Route:
    return Route(PATHS[name], f"documents.{name}", documents.serve(name), Permission.PUBLIC, is_document=True)


def _admin(rule: str, endpoint: str, view: View, permission: Permission, methods: tuple[str, ...] = _GET) -> Route:
    return Route(rule, f"admin.{endpoint}", view, permission, methods, guarded=True)


def _test(rule: str, endpoint: str, view: View, methods: tuple[str, ...] = _POST) -> Route:
    """A route of the test mode; without it there is nothing at the address."""
    return Route(rule, f"test.{endpoint}", view, Permission.TEST_MODE, methods)


_BATCH: Final = "/admin/batches/<int:batch_id>"
_AWARD: Final = "/admin/awards/<uuid:award_id>"
_ORGANISATION: Final = "/admin/organisations/<slug:organisation>"
_CLASS: Final = "<slug:organisation>/<slug:achievement>"

ROUTES: Final[tuple[Route, ...]] = (
    # Pages for anybody. Where a machine may ask for the same address, the view answers both.
    _page("home", "public.home", home.home),
    _page("achievement", "public.achievement", achievements.achievement),
    _page("achievement_newest", "public.achievement_newest", achievements.achievement_newest),
    _page("organisations", "public.organisations", organisations.organisations),
    _page("organisation", "public.organisation", organisations.organisation),
    _page("packs", "public.packs", packs.packs),
    _page("pack", "public.pack", packs.pack),
    _page("endorsement", "public.endorsement", endorsements.endorsement),
    _page("credential", "public.credential", credentials.credential),
    _page("credential_email", "public.credential_email", credentials.check_email, _POST),
    _page("verify", "public.verify", verify.verify, _BOTH),
    Route(PATHS["verify_api"], "public.verify_api", verify_api.verify_api, Permission.PUBLIC, _POST, is_document=True),
    # Other systems, each with a key of its organisation.
    Route(PATHS["awards_api"], "api.awards", api_awards.make_awards, Permission.API_AWARD, _POST),
    Route(PATHS["award_api"], "api.award", api_awards.award, Permission.API_READ),
    Route(PATHS["openapi"], "api.openapi", openapi.openapi, Permission.PUBLIC, is_document=True),
    _page("developers", "public.developers", developers.developers),
    # Documents for machines.
    *(
        _document(name)
        for name in (
            "credential_json",
            "credential_jwt",
            "credential_jwt_es256",
            "credential_png",
            "credential_svg",
            "credential_refresh",
            "achievement_json",
            "achievement_png",
            "achievement_svg",
            "organisation_json",
            "organisation_did",
            "organisation_logo",
            "endorsement_json",
            "pack_json",
            "pack_version_json",
            "pack_picture",
            "key",
            "key_ledger",
            "ob2_assertion",
            "ob2_assertion_jws",
            "ob2_badge_class",
            "ob2_endorsement",
            "ob2_issuer",
            "ob2_key",
            "ob2_revocations",
            "status_list",
            "registry",
            "service_did",
            "jwks",
        )
    ),
    # What pages are made of.
    Route(
        "/organisations/<slug:organisation>/colour.css",
        "public.colour",
        organisations.colour,
        Permission.PUBLIC,
        is_document=True,
    ),
    # The holder of a badge: the secret is in the address.
    Route(PATHS["holder"], "public.holder", holder.holder, Permission.LINK_HOLDER, _BOTH),
    # An invitation: the secret is in the address.
    Route(PATHS["invitation"], "public.invitation", invitation.invitation, Permission.LINK_HOLDER, _BOTH, guarded=True),
    # A request for an endorsement, and what came of it: the secret is in the address.
    Route(PATHS["endorse"], "public.endorse", endorse.endorse, Permission.LINK_HOLDER, _BOTH),
    # Signing in and out.
    Route("/sign-in", "public.sign_in", sign_in.sign_in, Permission.PUBLIC, _BOTH, guarded=True),
    Route("/sign-in/code", "public.sign_in_code", sign_in.sign_in_code, Permission.PUBLIC, _BOTH, guarded=True),
    Route("/sign-in/second", "public.sign_in_second", sign_in.sign_in_second, Permission.PUBLIC, _BOTH, guarded=True),
    Route(
        "/sign-in/passkey/options",
        "public.passkey_options",
        sign_in.passkey_options,
        Permission.PUBLIC,
        _POST,
        guarded=True,
    ),
    Route(
        "/sign-in/passkey", "public.sign_in_passkey", sign_in.sign_in_passkey, Permission.PUBLIC, _POST, guarded=True
    ),
    Route("/sign-in/with", "public.choose_provider", provider.choose_provider, Permission.PUBLIC, _BOTH, guarded=True),
    Route(
        "/sign-in/with/<slug:organisation>",
        "public.sign_in_with",
        provider.sign_in_with,
        Permission.PUBLIC,
        guarded=True,
    ),
    Route(
        "/sign-in/with/<slug:organisation>/back",
        "public.back_from_provider",
        provider.back_from_provider,
        Permission.PUBLIC,
        guarded=True,
    ),
    Route(
        PATHS["sign_in_link"],
        "public.sign_in_link",
        sign_in.sign_in_link,
        Permission.PUBLIC,
        _BOTH,
        guarded=True,
    ),
    Route("/sign-out", "public.sign_out", sign_in.sign_out, Permission.SIGNED_IN, _POST, guarded=True),
    # Admins.
    _admin("/admin", "dashboard", dashboard.dashboard, Permission.SIGNED_IN),
    _admin("/admin/award", "award", awarding.choose, Permission.AWARD),
    _admin(f"/admin/award/{_CLASS}", "award_one", awarding.award_one, Permission.AWARD, _BOTH),
    _admin(f"/admin/award/{_CLASS}/many", "award_many", batches.award_many, Permission.AWARD, _BOTH),
    _admin("/admin/batches", "batches", batches.batches, Permission.AWARD),
    _admin(_BATCH, "batch", batches.batch, Permission.AWARD),
    _admin(f"{_BATCH}/rows/<int:number>", "batch_row", batches.change_row, Permission.AWARD, _POST),
    _admin(f"{_BATCH}/start", "batch_start", batches.start, Permission.AWARD, _POST),
    _admin(f"{_BATCH}/undo", "batch_undo", batches.undo, Permission.AWARD, _POST),
    _admin(f"{_BATCH}/discard", "batch_discard", batches.discard, Permission.AWARD, _POST),
    _admin(f"{_BATCH}/withdraw", "batch_withdraw", withdrawing.withdraw_list, Permission.REVOKE, _BOTH),
    _admin(f"{_BATCH}/progress.json", "batch_progress", batches.progress, Permission.AWARD),
    _admin(f"{_BATCH}/left-aside.csv", "batch_aside", batches.aside, Permission.AWARD),
    _admin("/admin/awards", "awards", awards.awards, Permission.AWARD),
    _admin(_AWARD, "award_detail", awards.award_detail, Permission.AWARD),
    _admin(f"{_AWARD}/correct", "correct", correcting.correct, Permission.AWARD, _BOTH),
    _admin(f"{_AWARD}/renew", "renew", correcting.renew, Permission.AWARD, _POST),
    _admin("/admin/outbox", "outbox", outbox.outbox, Permission.AWARD),
    _admin(f"{_AWARD}/resend", "resend", awards.resend, Permission.AWARD, _POST),
    _admin(f"{_AWARD}/withdraw", "withdraw", withdrawing.withdraw, Permission.REVOKE, _BOTH),
    _admin("/admin/badges", "achievements", admin_achievements.achievements, Permission.READ_CLASSES),
    _admin("/admin/badges/new", "new_class", class_editing.new_class, Permission.EDIT_CLASSES, _BOTH),
    _admin("/admin/badges/picture.svg", "art_picture", class_editing.art_picture, Permission.EDIT_CLASSES),
    _admin(f"/admin/badges/{_CLASS}", "achievement", admin_achievements.achievement, Permission.READ_CLASSES),
    _admin(
        f"/admin/badges/{_CLASS}/<int:version>.svg",
        "class_picture",
        admin_achievements.class_picture,
        Permission.READ_CLASSES,
    ),
    _admin(f"/admin/badges/{_CLASS}/edit", "edit_class", class_editing.edit_class, Permission.EDIT_CLASSES, _BOTH),
    _admin(
        f"/admin/badges/{_CLASS}/publish", "class_publish", class_changing.class_publish, Permission.EDIT_CLASSES, _BOTH
    ),
    _admin(
        f"/admin/badges/{_CLASS}/discard", "class_discard", class_changing.class_discard, Permission.EDIT_CLASSES, _POST
    ),
    _admin(
        f"/admin/badges/{_CLASS}/retire", "class_retire", class_changing.class_retire, Permission.EDIT_CLASSES, _BOTH
    ),
    _admin(f"/admin/badges/{_CLASS}/copy", "class_copy", class_changing.class_copy, Permission.EDIT_CLASSES, _BOTH),
    _admin(f"/admin/badges/{_CLASS}/note", "class_note", class_changing.class_note, Permission.EDIT_CLASSES, _BOTH),
    _admin(f"{_ORGANISATION}/endorsements", "endorsements", admin_endorsements.endorsements, Permission.ENDORSE, _BOTH),
    _admin(
        f"{_ORGANISATION}/endorsements/<uuid:request_id>",
        "endorsement_request",
        admin_endorsements.endorsement_request,
        Permission.ENDORSE,
        _POST,
    ),
    _admin(f"{_ORGANISATION}/merge", "merge", merging.merge_organisation, Permission.MANAGE_PEOPLE, _BOTH),
    _admin(f"{_ORGANISATION}/packs", "packs", admin_packs.packs, Permission.EDIT_CLASSES),
    _admin(
        f"{_ORGANISATION}/packs/import", "pack_import", admin_packs.pack_import, Permission.MANAGE_ORGANISATION, _BOTH
    ),
    _admin(f"{_ORGANISATION}/packs/publish", "pack_publish", admin_packs.pack_publish, Permission.EDIT_CLASSES, _BOTH),
    _admin(
        f"{_ORGANISATION}/packs/publish/<slug:pack>",
        "pack_publish_next",
        admin_packs.pack_publish,
        Permission.EDIT_CLASSES,
        _BOTH,
    ),
    _admin(
        f"{_ORGANISATION}/packs/use/<slug:pack>", "pack_adopt", admin_packs.pack_adopt, Permission.EDIT_CLASSES, _BOTH
    ),
    _admin(
        f"{_ORGANISATION}/packs/use/<slug:pack>/update",
        "pack_update",
        admin_packs.pack_update,
        Permission.EDIT_CLASSES,
        _BOTH,
    ),
    _admin("/admin/organisations", "organisations", admin_organisations.organisations, Permission.MANAGE_ORGANISATION),
    _admin(
        "/admin/organisations/add",
        "add_organisation",
        admin_organisations.add_organisation,
        Permission.MANAGE_ORGANISATION,
        _BOTH,
    ),
    _admin(f"{_ORGANISATION}/profile", "profile", profile.profile, Permission.MANAGE_ORGANISATION, _BOTH),
    _admin(f"{_ORGANISATION}/start", "start", start.start, Permission.MANAGE_ORGANISATION, _BOTH),
    _admin(f"{_ORGANISATION}/start/badges", "start_badges", start.start_badges, Permission.MANAGE_ORGANISATION, _BOTH),
    _admin(f"{_ORGANISATION}/people", "people", people.people, Permission.MANAGE_PEOPLE, _BOTH),
    _admin(f"{_ORGANISATION}/people/<int:account_id>", "person", people.person, Permission.MANAGE_PEOPLE, _BOTH),
    _admin(
        f"{_ORGANISATION}/invitations/<uuid:invitation_id>",
        "invitation",
        people.invitation,
        Permission.MANAGE_PEOPLE,
        _POST,
    ),
    _admin(
        "/admin/organisations/<slug:organisation>",
        "organisation",
        admin_organisations.organisation,
        Permission.MANAGE_ORGANISATION,
    ),
    _admin(f"{_ORGANISATION}/keys", "keys", admin_keys.keys, Permission.MANAGE_ORGANISATION),
    _admin(f"{_ORGANISATION}/keys/rotate", "keys_rotate", admin_keys.rotate, Permission.MANAGE_ORGANISATION, _BOTH),
    _admin(f"{_ORGANISATION}/api-keys", "api_keys", api_keys.api_keys, Permission.MANAGE_ORGANISATION, _BOTH),
    _admin(
        f"{_ORGANISATION}/api-keys/<uuid:api_key_id>/withdraw",
        "api_key_withdraw",
        api_keys.withdraw,
        Permission.MANAGE_ORGANISATION,
        _POST,
    ),
    _admin("/admin/audit", "audit", audit.audit, Permission.READ_AUDIT),
    _admin("/admin/audit/lines.<slug:form>", "audit_export", audit.audit_export, Permission.READ_AUDIT),
    _admin(f"{_ORGANISATION}/sign-in", "provider", admin_provider.provider, Permission.MANAGE_ORGANISATION, _BOTH),
    _admin("/admin/account", "account", account.account, Permission.SIGNED_IN),
    _admin("/admin/account/password", "password", password.password, Permission.SIGNED_IN, _BOTH),
    _admin("/admin/account/app", "account_app", account.account_app, Permission.SIGNED_IN, _BOTH),
    _admin("/admin/account/app/remove", "account_app_remove", account.account_app_remove, Permission.SIGNED_IN, _POST),
    _admin("/admin/account/recovery-codes", "account_codes", account.account_codes, Permission.SIGNED_IN, _POST),
    _admin("/admin/account/passkeys", "account_passkeys", account.account_passkeys, Permission.SIGNED_IN, _POST),
    _admin(
        "/admin/account/passkeys/options",
        "account_passkey_options",
        account.account_passkey_options,
        Permission.SIGNED_IN,
        _POST,
    ),
    _admin(
        "/admin/account/passkeys/<int:passkey_id>/remove",
        "account_passkey_remove",
        account.account_passkey_remove,
        Permission.SIGNED_IN,
        _POST,
    ),
    _admin("/admin/account/sessions", "account_sessions", account.account_sessions, Permission.SIGNED_IN, _POST),
    _admin(
        "/admin/account/identities/<int:identity_id>/remove",
        "account_unlink",
        account.account_unlink,
        Permission.SIGNED_IN,
        _POST,
    ),
    # The W3C's VC API, for test suites only.
    _test("/credentials/issue", "issue", vc_api.issue),
    _test("/credentials/verify", "verify_credential", vc_api.verify_credential),
    _test("/presentations/verify", "verify_presentation", vc_api.verify_presentation),
    _test("/credentials/status", "set_status", vc_api.set_status),
    _test(f"{STATUS_LIST_PATH}<slug:purpose>", "status_list", vc_api.status_list, _GET),
)
