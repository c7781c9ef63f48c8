"""What was done: the audit's lines, found and taken away as files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from flask import Response, render_template, request, url_for
from sqlalchemy.orm import Session

from badges.errors import NotFoundError
from badges.services.audit_lines import lines_in_words, visible_lines
from badges.storage.queries.audit import PAGE_SIZE, AuditFilter, each_line, list_lines
from badges.storage.queries.organisations import list_by_ids
from badges.storage.records import AuditLineRecord
from badges.vocab.audit import ACTION_WORDING, Action
from badges.vocab.people import Permission
from badges.web.admin.scope import organisation_ids
from badges.web.csv_cells import harmless
from badges.web.current import service

MOST_EXPORTED: Final = 100_000
_FILTERS: Final = ("who", "what", "on", "organisation", "from", "until")
COLUMNS: Final = (
    "number",
    "at",
    "actor",
    "account",
    "session",
    "action",
    "subject",
    "organisation",
    "details",
    "hash",
)


def audit() -> str:
    """GET /admin/audit?who=&what=&on=&organisation=&from=&until=&before=: what was done, newest first."""
    with service().database.read() as session:
        chosen = _chosen(session)
        before = request.args.get("before", "")
        found = list_lines(session, chosen, before=int(before) if _is_number(before) else None, size=PAGE_SIZE + 1)
        lines = found[:PAGE_SIZE]
        kept: dict[str, Any] = {name: request.args[name] for name in _FILTERS if request.args.get(name)}
        return render_template(
            "admin/audit.html",
            lines=lines_in_words(session, lines),
            organisations=_organisations(session),
            actions=[{"value": action.value, "text": ACTION_WORDING[action]} for action in Action],
            values={
                name: request.args.get(name, "")[:200]
                for name in ("who", "what", "on", "organisation", "from", "until")
            },
            older_url=url_for("admin.audit", before=lines[-1].number, **kept) if len(found) > PAGE_SIZE else None,
            newest_url=url_for("admin.audit", **kept) if before else None,
            csv_url=url_for("admin.audit_export", form="csv", **kept),
            json_url=url_for("admin.audit_export", form="jsonl", **kept),
            most=MOST_EXPORTED,
        )


def audit_export(form: str) -> Response:
    """GET /admin/audit/lines.csv or .jsonl: the lines that the page would show, as a file."""
    if form not in ("csv", "jsonl"):
        raise NotFoundError("There is no page at this address.")
    database = service().database
    with database.read() as session:
        chosen = _chosen(session)

    def pieces() -> Iterator[str]:
        with database.read() as session:
            lines = each_line(session, chosen, most=MOST_EXPORTED)
            yield from _as_csv(lines) if form == "csv" else _as_json_lines(lines)

    kind = "text/csv; charset=utf-8" if form == "csv" else "application/jsonl; charset=utf-8"
    return Response(
        pieces(),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="audit.{form}"', "Cache-Control": "no-store"},
    )


def line_values(line: AuditLineRecord) -> dict[str, Any]:
    """Return a line as it is exported: everything that its hash is over, and the hash."""
    values = (
        line.number,
        line.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        line.actor,
        line.account_id,
        line.session_id,
        line.action,
        line.subject,
        line.organisation_id,
        line.details,
        line.hash,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _as_json_lines(lines: Iterable[AuditLineRecord]) -> Iterator[str]:
    for line in lines:
        yield json.dumps(line_values(line), ensure_ascii=False) + "\n"


def _as_csv(lines: Iterable[AuditLineRecord]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for line in lines:
        row = line_values(line)
        row["details"] = json.dumps(row["details"], ensure_ascii=False, sort_keys=True)
        writer.writerow(harmless(value) for value in row.values())
        if buffer.tell() > 16_384:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _chosen(session: Session) -> AuditFilter:
    """Return what the address asks for, of what the viewer may see."""
    ids = organisation_ids(Permission.READ_AUDIT)
    wanted = request.args.get("organisation", "")
    if wanted:
        ids = [each.id for each in list_by_ids(session, ids) if each.slug == wanted]
    action = request.args.get("what", "")
    return visible_lines(
        session,
        ids,
        who=request.args.get("who", "").strip()[:254],
        action=action if action in list(Action) else "",
        subject=request.args.get("on", "").strip()[:200],
        since=_day(request.args.get("from", "")),
        until=_day(request.args.get("until", ""), days=1),
    )


def _day(text: str, *, days: int = 0) -> datetime | None:
    """Return the beginning of a day, so many days later; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _organisations(session: Session) -> list[dict[str, str]]:
    found = list_by_ids(session, organisation_ids(Permission.READ_AUDIT))
    return [{"value": each.slug, "text": each.name} for each in found]
