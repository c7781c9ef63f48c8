"""What the pages of lists of people show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import request, url_for

from badges.issuing.recipients import Column
from badges.services.batch_ids import BatchIds
from badges.services.batch_rows import problem_wording
from badges.storage.queries.batches import BatchCounts
from badges.storage.records import BatchRecord, BatchRowRecord, BatchState, RowState
from badges.vocab.people import Permission
from badges.web.admin.views import admin_class_view
from badges.web.current import grants, installation
from badges.web.paging import page_asked_for
from badges.wording import say

MENDED: Final = ("email", "name", "narrative", "evidence_url", "date", "reference")
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


def summary_view(batch: BatchRecord, counts: BatchCounts) -> dict[str, Any]:
    return {
        "id": batch.id,
        "url": url_for("admin.batch", batch_id=batch.id),
        "badge_name": batch.achievement_version.name,
        "created_at": batch.created_at,
        "counts": counts,
    }


def filter_views(batch_id: int, counts: BatchCounts, show: str) -> list[dict[str, Any]]:
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


def batch_view(found: BatchRecord, counts: BatchCounts) -> dict[str, Any]:
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
        "problem": problem_wording(found.problem) if is_working else None,
        "rows_kept": found.rows_kept,
        "progress_text": say(
            "%(awarded)s of %(all)s awarded", awarded=f"{counts.awarded:,}", all=f"{counts.awarded + counts.ready:,}"
        ),
    }


def row_view(
    found: BatchRecord, row: BatchRowRecord, *, is_open: bool, typed: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """typed: what was typed into the row's form, where that was not taken."""
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
        "date": row.valid_from.date() if row.valid_from else None,
        "reference": row.reference,
        "problem": problem_wording(row.problem),
        "suggestion": row.suggestion,
        "award_url": url_for("admin.award_detail", award_id=award_id) if award_id else None,
        "is_open": is_open,
        "has_typed": is_open and typed is not None,
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
        "typed": typed or {name: getattr(row, name) for name in MENDED},
    }


def cells_of(found: BatchRecord, row: BatchRowRecord) -> list[str]:
    """Return what stood in a row, for giving it back: as it came, or else out of what was kept of it."""
    width = len(found.columns)
    if row.cells is not None:
        return [*row.cells[:width], *[""] * (width - len(row.cells))]
    known = {
        Column.EMAIL: row.email,
        Column.NAME: row.name,
        Column.FIRST_NAME: row.name,
        Column.NARRATIVE: row.narrative,
        Column.EVIDENCE_URL: row.evidence_url,
        Column.DATE: row.date,
        Column.REFERENCE: row.reference,
    }
    return [known.get(Column(each["column"]), "") for each in found.columns]
