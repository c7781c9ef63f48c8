"""Award many at once: paste or a file, look at every row, mend in place, award, watch, undo."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Final

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from badges.errors import ConflictError, InvalidInputError, UnavailableError
from badges.issuing.recipients import Recipients, read_text
from badges.services.batch_rows import problem_wording
from badges.services.batch_starting import start_batch, undo_batch
from badges.services.batches import (
    MOST_ROWS,
    discard_batch,
    draft_batch,
    find_row,
    leave_row_out,
    mend_row,
)
from badges.services.recipient_files import read_recipients
from badges.storage.queries.batches import ASIDE, count_rows, list_batches, list_rows, rows_aside
from badges.storage.records import BatchSource, BatchState, RowState
from badges.vocab.people import Permission
from badges.web.admin.batch_views import MENDED, batch_view, cells_of, filter_views, row_view, summary_view
from badges.web.admin.scope import batch_in_scope, organisation_ids, version_in_scope
from badges.web.admin.views import admin_class_view
from badges.web.csv_cells import harmless
from badges.web.current import call_worker, installation, require_viewer, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.paging import page_asked_for, pagination
from badges.web.templating import notice, translate
from badges.wording import say

_SHOWN: Final = {"all": (), "aside": ASIDE, "ready": (RowState.READY,), "awarded": (RowState.AWARDED,)}


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
    awards = set(organisation_ids(Permission.AWARD))
    reads = awards.intersection(organisation_ids(Permission.READ_AWARDS))
    with service().database.read() as session:
        page = list_batches(session, reads, require_viewer().id, own_only_in=awards - reads, page=page_asked_for())
        return render_template(
            "admin/batches.html",
            batches=[summary_view(each, page.counts[each.id]) for each in page.batches],
            pagination=pagination(page, "admin.batches"),
        )


def batch(batch_id: int) -> AnyResponse:
    """GET /admin/batches/<id>?show=aside&page=2: every row, and what can be done."""
    return _page(batch_id, Form())


def _page(
    batch_id: int, form: Form, status: int = 200, *, editing: int | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    """editing: the row whose form is open. typed: what was typed there, where that was not taken."""
    with service().database.read() as session:
        found = batch_in_scope(session, batch_id, Permission.AWARD)
        counts = count_rows(session, found)
        show = request.args.get("show", "")
        if show not in _SHOWN:
            show = "aside" if counts.aside and found.state != BatchState.DONE else "all"
        page = list_rows(session, found, states=_SHOWN[show], page=page_asked_for())
        wanted = editing or _number(request.args.get("edit", ""))
        return make_response(
            render_template(
                "admin/batch.html",
                batch=batch_view(found, counts),
                rows=[row_view(found, row, is_open=row.number == wanted, typed=typed) for row in page.rows],
                form=form,
                filters=filter_views(batch_id, counts, show),
                pagination=pagination(page, "admin.batch", batch_id=batch_id, show=show),
            ),
            status,
        )


def change_row(batch_id: int, number: int) -> AnyResponse:
    """POST /admin/batches/<id>/rows/<number>: do=mend, suggestion, sure or out."""
    do = request.form.get("do", "mend")
    given = {name: value for name, value in read_form(MENDED, 4_000).items() if name in request.form}
    try:
        with write() as session:
            found = batch_in_scope(session, batch_id, Permission.AWARD)
            if do == "out":
                leave_row_out(session, installation(), found, number)
            elif do == "sure":
                mend_row(session, installation(), found, number, is_sure=True)
            elif do == "suggestion":
                meant = find_row(session, found, number).suggestion
                mend_row(session, installation(), found, number, values={"email": meant} if meant else None)
            else:
                mend_row(session, installation(), found, number, values=given)
    except ConflictError as problem:
        return _page(batch_id, Form(errors={"": problem.message}), 409, editing=number, typed=given or None)
    where = url_for("admin.batch", batch_id=batch_id, show=request.args.get("show"), page=request.args.get("page"))
    return redirect(f"{where}#rows", 303)


def start(batch_id: int) -> AnyResponse:
    """POST /admin/batches/<id>/start: awards the ready rows, after a minute in which it can be undone."""
    try:
        with write() as session:
            batch_in_scope(session, batch_id, Permission.AWARD)
            start_batch(session, installation(), batch_id)
    except ConflictError as problem:
        return _page(batch_id, Form(errors={"": problem.message}), 409)
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
    try:
        with write() as session:
            achievement = batch_in_scope(session, batch_id, Permission.AWARD).achievement_version.achievement
            organisation, slug = achievement.organisation.slug, achievement.slug
            discard_batch(session, installation(), batch_id)
    except ConflictError as problem:
        return _page(batch_id, Form(errors={"": problem.message}), 409)
    notice(say("The list was thrown away."))
    return redirect(url_for("admin.award_many", organisation=organisation, achievement=slug), 303)


def progress(batch_id: int) -> Response:
    """GET /admin/batches/<id>/progress.json: for the page that watches."""
    with service().database.read() as session:
        found = batch_in_scope(session, batch_id, Permission.AWARD)
        counts = count_rows(session, found)
        view = batch_view(found, counts)
    return jsonify({"state": found.state, "awarded": counts.awarded, "text": translate(view["progress_text"])})


def aside(batch_id: int) -> Response:
    """GET /admin/batches/<id>/left-aside.csv: the rows that were left aside, as they came, with a column "why"."""
    with service().database.read() as session:
        found = batch_in_scope(session, batch_id, Permission.AWARD)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([*(harmless(each["heading"]) for each in found.columns), "why"])
        for row in rows_aside(session, found):
            why = problem_wording(row.problem)
            writer.writerow([*map(harmless, cells_of(found, row)), translate(why) if why else ""])
    answer = make_response("\ufeff" + text.getvalue())  # with a mark, or Excel takes it for another encoding
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="left-aside-{found.id}.csv"'
    return answer


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None
