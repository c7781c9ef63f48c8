"""The report as JSON, for `badges verify --json` and the API."""

from __future__ import annotations

from datetime import UTC, datetime

from badges.verifying.caveats import caveat_of
from badges.verifying.report import Check, CredentialKind, Inside, Report, Trust, Verdict
from badges.vocab.json import JsonObject


def report_document(report: Report) -> JsonObject:
    """Return the report as an object.

    {"verdict", "caveat"?, "kind"?, "format", "judgedInstead"?, "newerVersion"?, "checks", "trust"?, "badge"?,
    "inside"?, "documents"?}

    A check is {"name", "outcome", "message", "mend"?, "details"?}. Trust is {"standing", "sentence", "note"?,
    "list"?}. "kind" says what was handed in: of a credential that is no badge, endorsement or record the verdict is
    never "valid". "inside" has a report like this one for each credential that is carried inside, with "place"
    ("contents" or "endorsements") and perhaps "doubt". "judgedInstead" is the address of a newer version: what was
    handed in is an older one, and the report is not about it. "newerVersion" is that address where the report is about
    the older one.

    "caveat" is a sentence that belongs to the verdict "valid": who signed is not known, or an end is not shown.

    "badge" is what the badge says of itself: it may be trusted as far as the checks say. Members without a
    value are left out.
    """
    caveat = caveat_of(report) if report.verdict is Verdict.VALID else None
    document: JsonObject = {
        "verdict": report.verdict.value,
        **({"caveat": str(caveat)} if caveat else {}),
        **({"kind": report.kind.value} if report.kind else {}),
        "format": report.format.value,
        **({"judgedInstead": report.judged_instead} if report.judged_instead else {}),
        **({"newerVersion": report.newer_version} if report.newer_version else {}),
        "checks": [_check_document(check) for check in report.checks],
    }
    if report.trust is not None:
        document["trust"] = _trust_document(report.trust)
    badge = _badge_document(report)
    if badge:
        document["badge"] = badge
    if report.inside:
        document["inside"] = [_inside_document(each) for each in report.inside]
    if report.documents:
        document["documents"] = [{"url": each.url, "answer": str(each.answer)} for each in report.documents]
    return document


def _check_document(check: Check) -> JsonObject:
    document: JsonObject = {
        "name": check.name.value,
        "outcome": check.outcome.value,
        "message": str(check.message),
    }
    if check.mend is not None:
        document["mend"] = str(check.mend)
    if check.details:
        document["details"] = [str(detail) for detail in check.details]
    return document


def _inside_document(inside: Inside) -> JsonObject:
    document: JsonObject = {"place": inside.place.value}
    if inside.doubt is not None:
        document["doubt"] = str(inside.doubt)
    return document | report_document(inside.report)


def _trust_document(trust: Trust) -> JsonObject:
    looked_into = {"name": trust.list_name, "issued": _moment_text(trust.list_issued)}
    members: JsonObject = {
        "standing": trust.standing.value,
        "sentence": str(trust.sentence),
        "note": str(trust.note) if trust.note is not None else "",
        "list": _without_empty(looked_into),
    }
    return _without_empty(members)


def _badge_document(report: Report) -> JsonObject:
    view = report.view
    if view is None:
        return {}
    issuer = {"id": view.issuer.id, "name": view.issuer.name, "url": view.issuer.url}
    members: JsonObject = {
        "version": view.version.value,
        "id": view.id,
        "name": view.name,
        "description": view.description,
        "comment": view.comment,
        "subject": view.subject_id if report.kind is CredentialKind.ENDORSEMENT else "",
        "achievement": view.achievement_id,
        "criteria": _without_empty({"narrative": view.criteria_narrative, "id": view.criteria_url}),
        "issuer": _without_empty(issuer),
        "validFrom": _moment_text(view.valid_from),
        "validUntil": _moment_text(view.valid_until),
    }
    return _without_empty(members)


def _moment_text(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else ""


def _without_empty(members: JsonObject) -> JsonObject:
    return {name: value for name, value in members.items() if value not in ("", {}, None)}
