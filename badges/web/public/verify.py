"""Verifying anybody's badge in the browser."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request

from badges.errors import InvalidInputError
from badges.network.sources import OfflineFetcher
from badges.services.endorsement_values import name_of_ours
from badges.services.submissions import badge_link, is_private_link, links_without_badge
from badges.standards.fetching import Fetcher
from badges.verifying.caveats import caveat_of, is_issuer_proven
from badges.verifying.inside_words import first_problem
from badges.verifying.intake import take_in_words
from badges.verifying.no_badge import says_no_badge
from badges.verifying.report import CheckName, CredentialKind, Format, Outcome, Report, Verdict
from badges.verifying.report_document import report_document
from badges.vocab.view import CredentialView
from badges.web.current import installation, service
from badges.web.forms import Form, read_form, with_error
from badges.web.markdown import to_html
from badges.web.public.handing_in import HandedIn, link_in_address, read_page_form, report_on
from badges.web.public.report_views import check_views, inside_views, kind_words, state_of, with_short_names
from badges.wording import Wording, say

_NO_BADGE = say("This is not a badge")
_OWN_PICTURES = ("achievement_png", "achievement_svg", "credential_png", "credential_svg")
_STANDARDS = {
    Format.OB3_EMBEDDED: "Open Badges 3.0, embedded proof",
    Format.OB3_JWT: "Open Badges 3.0, VC-JWT",
    Format.OB2_HOSTED: "Open Badges 2.0, hosted",
    Format.OB2_SIGNED: "Open Badges 2.0, signed",
    Format.OB3_DESCRIPTION: "Open Badges 3.0",
    Format.OB2_DESCRIPTION: "Open Badges 2.0",
    Format.OB1_HOSTED: "Open Badges 1, hosted",
    Format.OB1_SIGNED: "Open Badges 1, signed",
    Format.OB0_5_HOSTED: "Open Badges 0.5, hosted",
}
_KIND_STANDARDS: dict[CredentialKind | None, str] = {
    CredentialKind.CLR: "Comprehensive Learner Record 2.0",
    CredentialKind.PRESENTATION: "W3C Verifiable Presentation",
    CredentialKind.STATUS_LIST: "W3C Verifiable Credential, status list",
    CredentialKind.OTHER: "W3C Verifiable Credential",
}


def verify() -> Response:
    """GET /verify: the form, or with ?url= the answer about one of our badges, or a button for anybody else's.
    POST: the answer about a file, a pasted text or a link; nothing is kept.
    """
    if request.method != "POST":
        return _answer_address(link_in_address())
    try:
        handed_in = read_page_form()
    except InvalidInputError as problem:
        values = {**read_form(("pasted", "email")), "file": ""}
        return _unkept(render_template("public/verify.html", form=with_error(values, problem)), 400)
    link, choices = _links_of(handed_in.badge)
    if choices:
        return _unkept(render_template("public/verify_which.html", links=choices, email=handed_in.email or ""), 400)
    return _answer(handed_in, service().web_fetcher, link)


def _answer_address(link: str) -> Response:
    """Answer a GET. It asks no other server: whoever only looks at a link (a mail scanner, a crawler) makes nobody
    fetch anything. See docs/decisions/0015-links-to-answers.md.
    """
    if not link:
        return make_response(render_template("public/verify.html", form=Form()))
    link = badge_link(installation().addresses, link)
    if installation().addresses.is_ours(link):
        return _answer(HandedIn(link), OfflineFetcher(), link)
    return _unkept(render_template("public/verify_ask.html", form=Form({"pasted": link}), link=link))


def _answer(handed_in: HandedIn, web: Fetcher, link: str) -> Response:
    report = report_on(handed_in, web)
    return _unkept(render_template("public/verify_result.html", report=_report_view(report, link)))


def _links_of(badge: bytes | str) -> tuple[str, list[str]]:
    """Return the link that was given, if one was, and those to choose from, if there were several."""
    if isinstance(badge, bytes):
        return "", []
    submission = take_in_words(badge)
    addresses = installation().addresses
    if submission.address:
        return badge_link(addresses, submission.address), []
    links = links_without_badge(badge, submission)
    has_private = any(is_private_link(addresses, link) for link in links)
    return "", links if len(links) > 1 and not has_private else []


def _unkept(page: str, status: int = 200) -> Response:
    """Return a page that no cache keeps: it may hold somebody's e-mail address, or what they asked."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _report_view(report: Report, link: str) -> dict[str, Any]:
    state = state_of(report, installation().clock())
    problem = first_problem(report)
    short = with_short_names(report)
    view = short.view
    plain: dict[str, Any] = {
        "state": state,
        "sentence": _sentence(short, state),
        "word": _NO_BADGE if state == "invalid" and problem is not None and says_no_badge(problem) else None,
        "name": view.name if view else "",
        "checks": check_views(report),
        "trust": report.trust,
        "endorsed": view.subject_id if view and report.kind is CredentialKind.ENDORSEMENT else "",
        "newer_version": report.newer_version,
        "answer_url": _answer_url(report, link),
        "kind": kind_words(report) if state != "other" else None,
        "inside": inside_views(short, installation().clock()),
        "standard": _KIND_STANDARDS.get(report.kind) or _STANDARDS.get(report.format, ""),
        "json": json.dumps(report_document(report), ensure_ascii=False, indent=2),
        "details": [(say("Asked for %(url)s", url=document.url), document.answer) for document in report.documents],
        **_picture(report),
    }
    return plain | (_about(view, is_proven=is_issuer_proven(report)) if view else {})


def _answer_url(report: Report, link: str) -> str:
    """Return the address of this answer: of a badge that was given as a link, or that is ours; else "".

    Where no badge was had there is nothing to check again: the link may be wrong, or private. A forged copy may have
    the id of a badge of ours: whoever opened its link would see the answer about ours.
    """
    if report.format is Format.UNRECOGNISED:
        return ""
    addresses = installation().addresses
    is_ours = report.verdict is Verdict.VALID and report.view is not None and addresses.is_ours(report.view.id)
    own = report.view.id if report.view and is_ours else ""
    return f"{addresses.url('verify')}?{urlencode({'url': link or own}, safe='/:')}" if link or own else ""


def _about(view: CredentialView, *, is_proven: bool) -> dict[str, Any]:
    issuer = view.issuer
    label = say("Awarded by") if is_proven else say("Says it is from")
    return {
        "organisation": {
            "label": label,
            "name": issuer.name or issuer.id,
            "url": _web(issuer.url),
            "email": issuer.email,
        },
        "recipient_name": next(
            (
                identity.identity
                for identity in view.recipients
                if identity.identity_type == "name" and not identity.hashed
            ),
            None,
        ),
        "awarded_on": view.valid_from,
        "expires_on": view.valid_until,
        "criteria_html": to_html(view.criteria_narrative),
        "achievement_url": _web(view.criteria_url) or _web(view.achievement_id),
    }


def _picture(report: Report) -> dict[str, Any]:
    """The picture that was handed in, else the one inside the badge, else our own; never one from another host."""
    alt = report.view.image.caption if report.view and report.view.image else ""
    if report.picture is not None:
        encoded = base64.b64encode(report.picture.data).decode()
        return {"image_data_uri": f"data:{report.picture.media_type};base64,{encoded}", "image_alt": alt}
    url = report.view.image.url if report.view and report.view.image else ""
    addresses = installation().addresses
    if url.startswith(("data:image/png;base64,", "data:image/svg+xml;base64,", "data:image/jpeg;base64,")):
        return {"image_data_uri": url, "image_alt": alt}
    if addresses.is_ours(url) and (found := addresses.match(addresses.path_of(url))) and found[0] in _OWN_PICTURES:
        return {"image_data_uri": addresses.path_of(url), "image_alt": alt}
    return {"image_data_uri": None, "image_alt": alt}


def _sentence(report: Report, state: str) -> Wording:
    """Return the one sentence that answers, for anybody's badge."""
    problem = first_problem(report)
    issuer = (report.view.issuer.name or report.view.issuer.id) if report.view else ""
    name = report.view.name if report.view else ""
    caveat = caveat_of(report)
    if state == "valid" and caveat is not None:
        return say("Valid. %(caveat)s", caveat=caveat)
    if state == "valid" and report.kind is not CredentialKind.BADGE:
        return _sentence_of_kind(report, issuer, name)
    if state == "other":
        return say("Not a badge. %(problem)s", problem=report.check(CheckName.SHAPE).message)
    if state == "valid":
        return say("Valid. %(issuer)s awarded “%(name)s”, and it still counts.", issuer=issuer, name=name)
    if state == "mismatch" and caveat is not None:
        return say("Another address. It was not awarded to the one that you gave. %(caveat)s", caveat=caveat)
    if state == "mismatch":
        return say(
            "Another address. %(issuer)s awarded “%(name)s”, and it still counts, "
            "but not to the e-mail address that you gave.",
            issuer=issuer,
            name=name,
        )
    if state == "replaced":
        return say("Replaced. There is a newer version of this badge, and only that one counts.")
    if state == "withdrawn" and (report.kind is not CredentialKind.BADGE or not is_issuer_proven(report)):
        return say("Withdrawn. %(problem)s", problem=problem or "")
    if state == "withdrawn" and (reason := report.check(CheckName.STATUS).message.values.get("reason")):
        return say(
            "Withdrawn. %(issuer)s awarded “%(name)s” and has taken it back. The reason that it gives: “%(reason)s”",
            issuer=issuer,
            name=name,
            reason=reason,
        )
    if state == "withdrawn":
        return say("Withdrawn. %(issuer)s awarded “%(name)s” and has taken it back.", issuer=issuer, name=name)
    if state == "expired":
        return say("Expired. %(problem)s", problem=report.check(CheckName.VALIDITY).message)
    if state == "unknown":
        return say("Not certain. %(problem)s", problem=problem or say("We could not check everything."))
    if problem is not None and says_no_badge(problem):
        return problem
    return say("Not valid. %(problem)s", problem=problem or "")


def _sentence_of_kind(report: Report, issuer: str, name: str) -> Wording:
    """Return the sentence for what is valid and carries badges, or speaks of them, but is none itself."""
    badges = [each.report for each in report.inside if each.place is CheckName.CONTENTS]
    if report.kind is CredentialKind.ENDORSEMENT:
        return _sentence_of_endorsement(report.view.subject_id if report.view else "", issuer, name)
    if report.kind is CredentialKind.CLR:
        contents = report.check(CheckName.CONTENTS)
        if contents.outcome is Outcome.WARNING:
            template = "Valid. %(issuer)s made the record “%(name)s”. %(doubt)s"
            return say(template, issuer=issuer, name=name, doubt=contents.message)
        sentence = "Valid. %(issuer)s made the record “%(name)s”. Badges in it: %(count)d, all valid."
        return say(sentence, issuer=issuer, name=name, count=len(badges))
    if len(badges) == 1:
        return _sentence(badges[0], "valid")
    return say("Valid. Badges that it shows: %(count)d, all valid.", count=len(badges))


def _sentence_of_endorsement(about: str, issuer: str, name: str) -> Wording:
    """Return who endorses what, by a name where there is one: an address tells nobody anything.

    about: the id of what is endorsed. name: of the endorsement itself; those of before 3.0 have none.
    """
    with service().database.read() as session:
        ours = name_of_ours(session, installation().addresses, about)
    if ours:
        return say("Valid. %(issuer)s endorses “%(name)s”.", issuer=issuer, name=ours)
    if name:
        return say("Valid. %(issuer)s made the endorsement “%(name)s”.", issuer=issuer, name=name)
    return say("Valid. %(issuer)s made this endorsement.", issuer=issuer)


def _web(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""
