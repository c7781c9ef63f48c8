"""The main job from end to end, on both databases: award, mail, the holder's page, every form, verify, withdraw."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta

from badges.jobs.tasks import renew_status_lists, tidy_up
from badges.storage.records import AwardRecord, CredentialForm, OutboxMailRecord
from badges.verifying.report import CheckName, Outcome, Verdict
from tests.instances import ORGANISATION, Bench, text_of
from tests.web.browsing import Page, PageClient, open_app, sign_in
from tests.web.test_documents import get

AWARD = f"/admin/award/{ORGANISATION}/supporter"


def links_in(bench: Bench) -> list[str]:
    """Return the holder's links of all mails, as paths."""
    texts = [text_of(mail) for mail in bench.mails()]
    return [found.group(1) for text in texts if (found := re.search(r"http://localhost:8000(/mine/\S+)", text))]


def test_from_an_award_to_a_stranger_s_check_and_back(either_bench: Bench) -> None:
    bench = either_bench
    app = open_app(bench.service)
    admin, holder, stranger = sign_in(PageClient(app), bench.service), PageClient(app), PageClient(app)

    # A librarian awards from the page, twice by mistake, and gives one to a colleague.
    assert admin.send(AWARD, AWARD, email="Sam.Jones@example.org", name="Sam Jones").status_code == 303
    assert admin.send(AWARD, AWARD, email="sam.jones@EXAMPLE.org").status_code == 409
    assert admin.send(AWARD, AWARD, email="kim@example.org", name="Kim Smith").status_code == 303
    assert bench.count(AwardRecord) == 2

    # The worker sends the mails; the link in one opens the badge without an account.
    assert bench.deliver() == 2
    assert bench.deliver() == 0
    to = [mail["To"] for mail in bench.mails()]
    mine = links_in(bench)[to.index("sam.jones@example.org")]
    before = bench.dump()
    page = holder.page(mine)
    assert "A Million Decisions Supporter" in page.text
    assert bench.dump() == before

    # The holder saves every form. Each is valid for a stranger, and for a machine that knows only addresses.
    png, svg, saved = (holder.get(link).data for link in page.links if link.endswith("?download"))
    credential = json.loads(saved)
    path = credential["id"].removeprefix("http://localhost:8000")
    ob2, ob2_jws = (get(stranger, f"/ob2/assertions/{path.rsplit('/', 1)[1]}{end}").data for end in ("", ".jws"))
    forms = [png, svg, saved, get(stranger, path, "application/vc+jwt").data, ob2, ob2_jws]
    for form in forms:
        report = bench.verify(form, email="sam.jones@example.org")
        assert report.verdict is Verdict.VALID
        assert report.check(CheckName.RECIPIENT).outcome is Outcome.PASSED
        assert b"Sam" not in form
    uploaded = stranger.post(
        "/verify", data={"file": (io.BytesIO(png), "badge.png")}, content_type="multipart/form-data"
    )
    assert "Valid. Anytown Hospitals Library awarded" in Page(uploaded.text).text

    # The holder shows the name, then nothing at all; the documents stay for those who check.
    assert holder.send(mine, "/mine/", name="Sam J.", show_name="yes").status_code == 303
    assert "Sam J." in stranger.page(path).text
    assert holder.send(mine, "/mine/", page="private").status_code == 303
    assert "Sam" not in stranger.get(path).text
    assert get(stranger, path).data == saved

    # Keys are rotated and three months pass; the worker keeps the lists alive, and every saved form stays good.
    bench.rotate()
    for _ in range(13):
        bench.clock.advance(days=7)
        renew_status_lists(bench.service)
        tidy_up(bench.service)
    assert all(bench.verify(form).verdict is Verdict.VALID for form in forms)
    assert get(stranger, path).data == saved

    # It is withdrawn: everybody is told, in every form, and the colleague's stays.
    sign_in(admin, bench.service)  # the session has run out meanwhile
    award_path = next(
        link for link in admin.page("/admin/awards?q=sam").links if re.fullmatch(r"/admin/awards/[0-9a-f-]{36}", link)
    )
    assert admin.send(f"{award_path}/withdraw", "", reason="request", note="Rang on Monday").status_code == 303
    assert bench.deliver() == 1
    assert "asked for it to be withdrawn" in text_of(bench.mails()[-1])
    assert all(bench.verify(form).verdict is Verdict.INVALID for form in forms)
    assert get(stranger, f"/ob2/assertions/{path.rsplit('/', 1)[1]}").status_code == 410
    with bench.service.database.read() as session:
        kim = session.query(AwardRecord).filter_by(name="Kim Smith").one()
    assert bench.verify(bench.form(kim)).verdict is Verdict.VALID
    assert bench.count(OutboxMailRecord) == 3


def test_instance_that_was_left_alone_for_a_year_goes_on(either_bench: Bench) -> None:
    """No worker ran: what it would have done is done when it is back."""
    bench = either_bench
    first = bench.award()
    bench.clock.now += timedelta(days=365)
    assert bench.verify(bench.form(first)).verdict is not Verdict.VALID
    assert renew_status_lists(bench.service) == 1
    assert bench.deliver() == 1
    assert bench.verify(bench.form(first)).verdict is Verdict.VALID
    second = bench.award(email="kim@example.org")
    for form in CredentialForm:
        assert bench.verify(bench.form(second, form)).verdict is Verdict.VALID
