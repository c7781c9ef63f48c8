"""Award many at once: paste or a file, look at every row, mend in place, award, watch, undo."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from badges.errors import ConflictError, InvalidInputError, UnavailableError
from badges.issuing.recipients import Column, Recipients, read_text
from badges.services.batch_ids import BatchIds
from badges.services.batch_rows import problem_wording
from badges.services.batches import (
    MOST_ROWS,
    discard_batch,
    draft_batch,
    leave_row_out,
    mend_row,
    start_batch,
    undo_batch,
)
from badges.services.recipient_files import read_recipients
from badges.storage.queries.batches import ASIDE, BatchCounts, count_rows, list_batches, list_rows, rows_aside
from badges.storage.records import BatchRecord, BatchRowRecord, BatchSource, BatchState, RowState
from badges.vocab.people import Permission
from badges.web.admin.scope import batch_in_scope, organisation_ids, version_in_scope
from badges.web.admin.views import admin_class_view
from badges.web.current import call_worker, grants, installation, require_viewer, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.paging import page_asked_for, pagination
from badges.web.templating import notice, translate
from badges.wording import Wording, say

_MENDED: Final = ("email", "name", "narrative", "evidence_url", "date", "reference")
_SHOWN: Final = {"aside": ASIDE, "ready": (RowState.READY,), "awarded": (RowState.AWARDED,)}
_STATES: Final = {
    RowState.READY: say("Ready"),
    RowState.HELD: say("Has it already"),
    RowState.LOOK: say("Needs a look"),
    RowState.WRONG: say("Wrong"),
    RowState.OUT: say("Left out"),
    RowState.AWARDED: say("Awarded"),
}
_COLUMNS: Final = {
    Column.EMAIL: say("E-mail address"),
    Column.NAME: say("Name"),
    Column.FIRST_NAME: say("First name"),
    Column.LAST_NAME: say("Last name"),
    Column.NARRATIVE: say("What they did"),
    Column.EVIDENCE_URL: say("Link"),
    Column.DATE: say("Date"),
    Column.REFERENCE: say("Your reference"),
    Column.IGNORED: say("not used"),
}


def award_many(organisation: str, achievement: str) -> AnyResponse:
    """GET /admin/award/<organisation>/<slug>/many: the box. POST: keeps the rows, and shows what would happen."""
    if request.method != "POST":
        return _box(organisation, achievement, Form())
    values = read_form(("rows",), length=12_000_000)
    try:
        recipients = _handed_in(values["rows"])
        with write() as session:
            version = version_in_scope(session, organisation, achievement, Permission.AWARD)
            batch = draft_batch(
                session,
                installation(),
                version,
                recipients,
                source=BatchSource.WEB,
                account_id=require_viewer().id,
            )
            batch_id = batch.id
    except InvalidInputError as problem:
        field = problem.field if problem.field in ("rows", "file") else "rows"
        form = with_error({**values, "file": ""}, InvalidInputError(problem.message, field=field))
        return _box(organisation, achievement, form, 400)
    except UnavailableError as problem:
        return _box(organisation, achievement, Form(values, {"": problem.message}), 503)
    return redirect(url_for("admin.batch", batch_id=batch_id), 303)


def _handed_in(text: str) -> Recipients:
    """Return what was pasted or uploaded. Raises InvalidInputError."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return read_recipients(file.stream)  # type: ignore[arg-type]
    if not text.strip():
        raise InvalidInputError("Paste the rows here, or choose a file.", field="rows")
    return read_text(text)


def _box(organisation: str, achievement: str, form: Form, status: int = 200) -> Response:
    with service().database.read() as session:
        version = version_in_scope(session, organisation, achievement, Permission.AWARD)
        return make_response(
            render_template(
                "admin/award_many.html",
                achievement=admin_class_view(version),
                form=form,
                most_rows=f"{MOST_ROWS:,}",
            ),
            status,
        )


def batches() -> str:
    """GET /admin/batches: the lists of people that were awarded, newest first."""
    ids = organisation_ids(Permission.AWARD)
    page = page_asked_for()
    with service().database.read() as session:
        found, total = list_batches(session, ids, page=page)
        views = [_summary(batch, count_rows(session, batch)) for batch in found]
        return render_template(
            "admin/batches.html", batches=views, pagination=pagination(_Pages(page, total), "admin.batches")
        )


class _Pages:
    """Which page of how many, 25 to each."""

    def __init__(self, page: int, total: int) -> None:
        self.page, self.pages = page, max(1, -(-total // 25))


def _summary(batch: BatchRecord, counts: BatchCounts) -> dict[str, Any]:
    return {
        "id": batch.id,
        "url": url_for("admin.batch", batch_id=batch.id),
        "badge_name": batch.achievement_version.name,
        "organisation": batch.organisation.name,
        "created_at": batch.created_at,
        "state": batch.state,
        "counts": counts,
    }


def batch(batch_id: int) -> AnyResponse:
    """GET /admin/batches/<id>?show=aside&page=2: every row, and what can be done."""
    return _page(batch_id, Form())


def _page(batch_id: int, form: Form, status: int = 200, editing: int | None = None) -> Response:
    with service().database.read() as session:
        found = batch_in_scope(session, batch_id, Permission.AWARD)
        counts = count_rows(session, found)
        asked = request.args.get("show", "")
        show = (
            asked
            if asked in (*_SHOWN, "all")
            else "aside"
            if counts.aside and found.state != BatchState.DONE
            else "all"
        )
        page = list_rows(session, found, states=_SHOWN.get(show, ()), page=page_asked_for())
        wanted = editing if editing is not None else _number(request.args.get("edit", ""))
        view = _batch_view(found, counts)
        rows = [_row_view(found, row, is_open=row.number == wanted) for row in page.rows]
        return make_response(
            render_template(
                "admin/batch.html",
                batch=view,
                rows=rows,
                form=form,
                filters=_filters(batch_id, counts, show),
                show=show,
                pagination=pagination(page, "admin.batch", batch_id=batch_id, show=show),
            ),
            status,
        )


def _filters(batch_id: int, counts: BatchCounts, show: str) -> list[dict[str, Any]]:
    options = (
        ("all", say("All %(count)s", count=f"{counts.total:,}"), True),
        ("aside", say("Left aside %(count)s", count=f"{counts.aside:,}"), counts.aside),
        ("ready", say("Ready %(count)s", count=f"{counts.ready:,}"), counts.ready),
        ("awarded", say("Awarded %(count)s", count=f"{counts.awarded:,}"), counts.awarded),
    )
    return [
        {"text": text, "url": url_for("admin.batch", batch_id=batch_id, show=name), "current": name == show}
        for name, text, is_there in options
        if is_there
    ]


def _batch_view(found: BatchRecord, counts: BatchCounts) -> dict[str, Any]:
    version = found.achievement_version
    now = installation().clock()
    left = (found.starts_at - now).total_seconds() if found.state == BatchState.QUEUED and found.starts_at else 0
    is_working = found.state == BatchState.WORKING or (found.state == BatchState.QUEUED and left <= 0)
    return {
        "id": found.id,
        "achievement": admin_class_view(version),
        "state": found.state,
        "can_undo": left > 0,
        "seconds_left": max(0, int(left)),
        "is_working": is_working,
        "is_changeable": found.state in (BatchState.DRAFT, BatchState.DONE),
        "is_done": found.state == BatchState.DONE,
        "counts": counts,
        "columns": [
            {"heading": each["heading"], "meaning": _COLUMNS[Column(each["column"])]}
            for each in found.columns
            if each["heading"]
        ],
        "withdraw_url": url_for("admin.batch_withdraw", batch_id=found.id)
        if counts.awarded and not is_working and grants().allows(Permission.REVOKE, found.organisation_id)
        else None,
        "progress_url": url_for("admin.batch_progress", batch_id=found.id),
        "mails_url": url_for("admin.awards"),
    }


def _row_view(found: BatchRecord, row: BatchRowRecord, *, is_open: bool) -> dict[str, Any]:
    state = RowState(row.state)
    award_id = None
    if state is RowState.AWARDED:
        award_id = BatchIds(found.seed, found.created_at).of_row(row.number).award_id
    elif row.problem and row.problem.get("award"):
        award_id = row.problem["award"]
    return {
        "number": row.number,
        "state": state.value,
        "state_text": _STATES[state],
        "email": row.email,
        "name": row.name,
        "narrative": row.narrative,
        "evidence_url": row.evidence_url,
        "date": row.valid_from.date() if row.valid_from else None,
        "reference": row.reference,
        "problem": problem_wording(row.problem),
        "suggestion": row.suggestion,
        "award_url": url_for("admin.award_detail", award_id=award_id) if award_id else None,
        "is_open": is_open,
        "edit_url": url_for(
            "admin.batch", batch_id=found.id, show=request.args.get("show"), edit=row.number, page=page_asked_for()
        )
        + f"#row-{row.number}",
        "post_url": url_for(
            "admin.batch_row",
            batch_id=found.id,
            number=row.number,
            show=request.args.get("show"),
            page=page_asked_for(),
        ),
        "typed": {
            "email": row.email,
            "name": row.name,
            "narrative": row.narrative,
            "evidence_url": row.evidence_url,
            "date": row.valid_from.date().isoformat() if row.valid_from else _cell(found, row, Column.DATE),
            "reference": row.reference,
        },
    }


def _cell(found: BatchRecord, row: BatchRowRecord, column: Column) -> str:
    """Return what stood in a cell, for a value that could not be kept as it was."""
    for place, each in enumerate(found.columns):
        if each["column"] == column and row.cells and place < len(row.cells):
            return row.cells[place]
    return ""


def change_row(batch_id: int, number: int) -> AnyResponse:
    """POST /admin/batches/<id>/rows/<number>: do=mend, suggestion, sure or out."""
    do = request.form.get("do", "mend")
    with write() as session:
        found = batch_in_scope(session, batch_id, Permission.AWARD)
        if do == "out":
            leave_row_out(session, installation(), found, number)
        elif do == "sure":
            mend_row(session, installation(), found, number, is_sure=True)
        elif do == "suggestion":
            row = session.get(BatchRowRecord, (batch_id, number))
            meant = row.suggestion if row else None
            mend_row(session, installation(), found, number, values={"email": meant} if meant else None)
        else:
            given = {name: value for name, value in read_form(_MENDED, 4_000).items() if name in request.form}
            mend_row(session, installation(), found, number, values=given)
    where = url_for("admin.batch", batch_id=batch_id, show=request.args.get("show"), page=request.args.get("page"))
    return redirect(f"{where}#rows", 303)


def start(batch_id: int) -> AnyResponse:
    """POST /admin/batches/<id>/start: awards the ready rows, after a minute in which it can be undone."""
    with write() as session:
        batch_in_scope(session, batch_id, Permission.AWARD)
        start_batch(session, installation(), batch_id)
    call_worker("after_start")
    return redirect(url_for("admin.batch", batch_id=batch_id, show="all"), 303)


def undo(batch_id: int) -> AnyResponse:
    """POST /admin/batches/<id>/undo."""
    try:
        with write() as session:
            batch_in_scope(session, batch_id, Permission.AWARD)
            undo_batch(session, installation(), batch_id)
    except ConflictError as problem:
        return _page(batch_id, Form(errors={"": problem.message}), 409)
    notice(say("Undone. Nothing was signed or sent."))
    return redirect(url_for("admin.batch", batch_id=batch_id), 303)


def discard(batch_id: int) -> AnyResponse:
    """POST /admin/batches/<id>/discard: throws away a list of which nothing was awarded."""
    with write() as session:
        achievement = batch_in_scope(session, batch_id, Permission.AWARD).achievement_version.achievement
        organisation, slug = achievement.organisation.slug, achievement.slug
        discard_batch(session, installation(), batch_id)
    notice(say("The list was thrown away."))
    return redirect(url_for("admin.award_many", organisation=organisation, achievement=slug), 303)


def progress(batch_id: int) -> Response:
    """GET /admin/batches/<id>/progress.json: for the page that watches."""
    with service().database.read() as session:
        found = batch_in_scope(session, batch_id, Permission.AWARD)
        view = _batch_view(found, count_rows(session, found))
    counts: BatchCounts = view["counts"]
    return jsonify(
        {
            "state": view["state"],
            "seconds_left": view["seconds_left"],
            "awarded": counts.awarded,
            "ready": counts.ready,
            "text": translate(_progress_text(counts)),
        }
    )


def _progress_text(counts: BatchCounts) -> Wording:
    return say(
        "%(awarded)s of %(all)s awarded", awarded=f"{counts.awarded:,}", all=f"{counts.awarded + counts.ready:,}"
    )


def aside(batch_id: int) -> Response:
    """GET /admin/batches/<id>/left-aside.csv: the rows that were left aside, as they came, with a column "why"."""
    with service().database.read() as session:
        found = batch_in_scope(session, batch_id, Permission.AWARD)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([*(_harmless(each["heading"]) for each in found.columns), "why"])
        for row in rows_aside(session, found):
            why = problem_wording(row.problem)
            writer.writerow([*map(_harmless, _cells(found, row)), translate(why) if why else ""])
    answer = make_response("\ufeff" + text.getvalue())  # with a mark, or Excel takes it for another encoding
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="left-aside-{found.id}.csv"'
    return answer


def _cells(found: BatchRecord, row: BatchRowRecord) -> list[str]:
    width = len(found.columns)
    if row.cells is not None:
        return [*row.cells[:width], *[""] * (width - len(row.cells))]
    known = {
        Column.EMAIL: row.email,
        Column.NAME: row.name,
        Column.FIRST_NAME: row.name,
        Column.NARRATIVE: row.narrative,
        Column.EVIDENCE_URL: row.evidence_url,
        Column.DATE: row.valid_from.date().isoformat() if row.valid_from else "",
        Column.REFERENCE: row.reference,
    }
    return [known.get(Column(each["column"]), "") for each in found.columns]


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula. Source: OWASP, "CSV Injection"."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None
