"""The page of what was done: what is shown to whom, and the files."""

from __future__ import annotations

import csv
import io
import json

from badges.services.accounts import create_account
from badges.services.organisations import find_organisation
from badges.vocab.people import Role
from tests.instances import ADMIN, Bench
from tests.web.browsing import PageClient, open_app, sign_in


def test_shows_who_did_what(bench: Bench, signed_in_client: PageClient) -> None:
    bench.award(name="Sam Jones")
    page = signed_in_client.get("/admin/audit")
    assert "Awarded a badge" in page.text
    assert "the operator, from the shell" in page.text
    assert ADMIN in page.text
    assert "Sam Jones" not in page.text


def test_finds_by_what_and_by_whom(bench: Bench, signed_in_client: PageClient) -> None:
    bench.award()
    assert "Made a signing key</" not in signed_in_client.get("/admin/audit?what=award.made").text.split("<table")[1]
    assert "Nothing found" in signed_in_client.get("/admin/audit?who=nobody@example.org").text
    assert "Signed in" in signed_in_client.get(f"/admin/audit?who={ADMIN}").text
    assert "Nothing found" in signed_in_client.get("/admin/audit?until=2020-01-01").text
    assert signed_in_client.get("/admin/audit?from=2020-99-99&before=x&what=%27&organisation=none").status_code == 200


def test_other_organisations_lines_are_not_shown(bench: Bench, signed_in_client: PageClient) -> None:
    bench.award()
    bench.add_organisation("county-library")
    with bench.service.database.write() as session:
        organisation = find_organisation(session, "county-library")
        create_account(session, bench.service.installation, "county@example.org", organisation, Role.OWNER)
    county = PageClient(open_app(bench.service))
    sign_in(county, bench.service, "county@example.org")
    page = county.get("/admin/audit")
    assert "Gave a role" in page.text
    assert "Awarded a badge</th>" not in page.text
    assert "County-Library" not in signed_in_client.get("/admin/audit").text.split("<table")[1]


def test_files_hold_every_line_and_nothing_that_a_spreadsheet_runs(bench: Bench, signed_in_client: PageClient) -> None:
    bench.award()
    rows = list(csv.DictReader(io.StringIO(signed_in_client.get("/admin/audit/lines.csv").text)))
    lines = [json.loads(line) for line in signed_in_client.get("/admin/audit/lines.jsonl").text.splitlines()]
    assert [row["hash"] for row in rows] == [line["hash"] for line in lines]
    assert {"award.made", "key.signed"} <= {line["action"] for line in lines}
    assert signed_in_client.get("/admin/audit/lines.exe").status_code == 404


def test_goes_on_to_older_lines(bench: Bench, signed_in_client: PageClient) -> None:
    for number in range(30):
        bench.award(email=f"sam{number}@example.org")
    first = signed_in_client.get("/admin/audit?what=")
    assert "Older" in first.text
    with bench.service.database.read():
        second = signed_in_client.get("/admin/audit?before=10")
    assert 'id="line-9"' in second.text
    assert 'id="line-10"' not in second.text
