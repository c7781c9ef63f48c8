"""The pages of lists: whatever is typed into them gets a clear answer, and nothing is lost or awarded twice."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import select

from badges.errors import UnavailableError
from badges.jobs.batches import work_on_due_batches
from badges.services.batch_signing import ChunkSigner
from badges.storage.records import AwardRecord, BatchRecord, BatchRowRecord
from badges.vocab.audit import WORKER
from tests.instances import ORGANISATION, Bench
from tests.web.browsing import PageClient
from tests.web.conftest import Standing

MANY = f"/admin/award/{ORGANISATION}/supporter/many"


def token(client: PageClient) -> str:
    return client.page(MANY).form().values["csrf_token"]


def hand_in(client: PageClient, rows: str = "", file: tuple[io.BytesIO, str] | None = None) -> str:
    data: dict[str, object] = {"csrf_token": token(client), "rows": rows}
    if file:
        data["file"] = file
    response = client.post(MANY, data=data, content_type="multipart/form-data")
    assert response.status_code == 303, response.text[:3000]
    return response.location


def press(client: PageClient, path: str, **data: str) -> int:
    return client.post(path, data={"csrf_token": token(client), **data}).status_code


def states(bench: Bench) -> list[str]:
    with bench.service.database.read() as session:
        return list(session.scalars(select(BatchRowRecord.state).order_by(BatchRowRecord.number)))


def test_a_file_is_taken_as_what_is_pasted_is(bench: Bench, signed_in_client: PageClient) -> None:
    where = hand_in(signed_in_client, file=(io.BytesIO(b"Sam;sam@nhs.net\r\nAnn;ann@nhs.net\r\n"), "people.csv"))
    page = signed_in_client.page(where)
    assert "2 people in this list" in page.text
    assert "Award 2" in page.text


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("", "Paste the rows here"),
        ("Name\nSam", "no e-mail address"),
        ("a@b.org\n" * 100_001, "more than 100,000 rows"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_box(
    bench: Bench, signed_in_client: PageClient, rows: str, words: str
) -> None:
    response = signed_in_client.post(MANY, data={"csrf_token": token(signed_in_client), "rows": rows})
    assert response.status_code == 400
    assert words in response.text
    assert bench.count(BatchRecord) == 0


def test_an_upload_beyond_the_bound_is_refused(bench: Bench, signed_in_client: PageClient) -> None:
    file = (io.BytesIO(b"a@b.org\n" * 2_000_000), "huge.csv")
    data = {"csrf_token": token(signed_in_client), "rows": "", "file": file}
    response = signed_in_client.post(MANY, data=data, content_type="multipart/form-data")
    assert response.status_code == 413
    assert bench.count(BatchRecord) == 0


def test_rows_left_aside_come_back_as_they_were_and_harmless(bench: Bench, signed_in_client: PageClient) -> None:
    where = hand_in(signed_in_client, "Name,Email,Room\n=1+1,nobody,7\nSam,sam@nhs.net,8\n@x,+44 7,9\n")
    answer = signed_in_client.get(f"{where}/left-aside.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["Name", "Email", "Room", "why"]
    assert rows[1][:3] == ["'=1+1", "nobody", "7"]
    assert rows[2][:3] == ["'@x", "'+44 7", "9"]
    assert "needs exactly one @" in rows[1][3]


def test_names_from_outside_are_only_ever_text(bench: Bench, signed_in_client: PageClient) -> None:
    where = hand_in(signed_in_client, "<script>alert(1)</script>\tsam@nhs.net\n\u202egnp.exe\tann@nhs.net\n")
    signed_in_client.page(where)
    text = signed_in_client.get(where).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "\u202e" not in text


def test_a_row_is_mended_left_out_and_brought_back(bench: Bench, signed_in_client: PageClient) -> None:
    where = hand_in(signed_in_client, "Sam\tsam@nhs.ent\nAnn\tann\nBob\tbob@nhs.net\n")
    assert states(bench) == ["look", "wrong", "ready"]
    assert press(signed_in_client, f"{where}/rows/1", do="suggestion") == 303
    assert press(signed_in_client, f"{where}/rows/2", do="out") == 303
    assert states(bench) == ["ready", "out", "ready"]
    assert press(signed_in_client, f"{where}/rows/2", do="mend", email="ann@nhs.net") == 303
    assert states(bench) == ["ready", "ready", "ready"]
    assert press(signed_in_client, f"{where}/rows/2", do="mend", email="ann@", name="Ann") == 303
    assert states(bench) == ["ready", "wrong", "ready"]
    assert press(signed_in_client, f"{where}/rows/9", do="mend", email="x@nhs.net") == 404


def test_awarded_once_however_often_it_is_sent(bench: Bench, signed_in_client: PageClient) -> None:
    where = hand_in(signed_in_client, "sam@nhs.net\nann@nhs.net\n")
    assert press(signed_in_client, f"{where}/start") == 303
    assert press(signed_in_client, f"{where}/start") == 303
    assert "2 badges are on their way" in signed_in_client.page(where).text
    bench.clock.advance(seconds=61)
    work_on_due_batches(bench.service, by=WORKER, processes=1)
    assert press(signed_in_client, f"{where}/start") == 303
    work_on_due_batches(bench.service, by=WORKER, processes=1)
    assert bench.count(AwardRecord) == 2
    page = signed_in_client.page(where)
    assert "2 badges were awarded" in page.text
    assert signed_in_client.get(f"{where}/progress.json").get_json()["awarded"] == 2


def test_undo_too_late_says_so_and_undoes_nothing(bench: Bench, signed_in_client: PageClient) -> None:
    where = hand_in(signed_in_client, "sam@nhs.net\n")
    press(signed_in_client, f"{where}/start")
    bench.clock.advance(seconds=61)
    response = signed_in_client.post(f"{where}/undo", data={"csrf_token": token(signed_in_client)})
    assert response.status_code == 409
    assert "too late to undo" in response.text


def test_what_is_typed_into_a_row_stays_also_where_it_is_wrong(bench: Bench, signed_in_client: PageClient) -> None:
    where = hand_in(signed_in_client, "Name,Email,Date\nSam,sam@nhs,01/02/2026\n")
    typed = {"do": "mend", "email": "sam@nhs.net", "name": "Sam", "date": "31/02/2026", "reference": "A 7"}
    assert press(signed_in_client, f"{where}/rows/1", **typed) == 303
    form = signed_in_client.page(f"{where}?edit=1").form(f"{where}/rows/1")
    assert {name: form.values[name] for name in ("email", "date", "reference")} == {
        "email": "sam@nhs.net", "date": "31/02/2026", "reference": "A 7",
    }  # fmt: skip
    # Mending another cell leaves the wrong date wrong.
    assert press(signed_in_client, f"{where}/rows/1", do="mend", name="Sam Jones") == 303
    assert states(bench) == ["wrong"]


def test_what_is_typed_while_the_list_is_being_awarded_is_shown_again(
    bench: Bench, signed_in_client: PageClient
) -> None:
    where = hand_in(signed_in_client, "Sam\tsam@nhs.net\nAnn\tann\n")
    press(signed_in_client, f"{where}/start")
    data = {"csrf_token": token(signed_in_client), "do": "mend", "email": "ann@nhs.net", "name": "Ann Lee"}
    response = signed_in_client.post(f"{where}/rows/2?show=all", data=data)
    assert response.status_code == 409
    assert "being awarded" in response.text
    assert "Ann Lee" in response.text
    assert states(bench) == ["ready", "wrong"]


@pytest.mark.parametrize("what", ["start", "discard"])
def test_what_cannot_be_done_is_said_on_the_page_of_the_list(
    bench: Bench, signed_in_client: PageClient, what: str
) -> None:
    where = hand_in(signed_in_client, "sam@nhs.net, ann@nhs\n" if what == "discard" else "ann@nhs\n")
    if what == "discard":
        press(signed_in_client, f"{where}/start")
    response = signed_in_client.post(f"{where}/{what}", data={"csrf_token": token(signed_in_client)})
    assert response.status_code == 409
    assert "There is a problem" in response.text or "another look" in response.text


def test_why_a_list_cannot_go_on_is_said_while_it_waits(
    bench: Bench, signed_in_client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = hand_in(signed_in_client, "sam@nhs.net\nann@nhs.net\n")
    press(signed_in_client, f"{where}/start")
    bench.clock.advance(seconds=61)

    def away(*_: object) -> None:
        raise UnavailableError("The keys cannot be reached.")

    with monkeypatch.context() as patch:
        patch.setattr(ChunkSigner, "sign", away)
        work_on_due_batches(bench.service, by=WORKER, processes=1)
    assert "The keys cannot be reached." in signed_in_client.page(where).text
    work_on_due_batches(bench.service, by=WORKER, processes=1)
    page = signed_in_client.page(where)
    assert "2 badges were awarded" in page.text
    assert "The keys cannot be reached." not in page.text


def test_lists_show_an_awarder_their_own_only(standing: Standing) -> None:
    """Whoever may award, and no more, does not see how many others were awarded."""
    assert "Handed in" in standing.clients["owner"].page("/admin/batches").text
    assert "No list has been handed in yet" in standing.clients["awarder"].page("/admin/batches").text
    assert "No list has been handed in yet" in standing.clients["elsewhere"].page("/admin/batches").text


def test_opening_pages_changes_nothing(bench: Bench, signed_in_client: PageClient) -> None:
    where = hand_in(signed_in_client, "sam@nhs.net\nnobody\n")
    before = bench.dump()
    for path in (where, f"{where}?show=all", f"{where}?edit=2", f"{where}?page=99", f"{where}/progress.json",
                 f"{where}/left-aside.csv", "/admin/batches", "/admin/batches?page=9"):  # fmt: skip
        assert signed_in_client.get(path).status_code == 200, path
    assert bench.dump() == before
