"""Pages of packs: what a publisher elsewhere calls itself is not taken for what it is."""

from __future__ import annotations

from sqlalchemy import update

from badges.storage.records import PackRecord
from tests.instances import Bench
from tests.web.browsing import PageClient


def test_pack_from_elsewhere_says_at_which_host_its_publisher_is(bench: Bench, client: PageClient) -> None:
    assert "(at " not in client.get("/packs").text
    with bench.service.database.write() as session:
        session.execute(update(PackRecord).values(publisher="did:web:copy.example.org:organisations:x"))
    assert "(at copy.example.org)" in client.get("/packs").text
    assert "at copy.example.org" in client.get("/packs/starter").text


def test_file_is_served_as_it_was_signed_and_kept_for_a_while(bench: Bench, client: PageClient) -> None:
    newest, first = client.get("/packs/starter.json"), client.get("/packs/starter/1.json")
    assert newest.data == first.data == bench.document("pack_json", pack="starter").body
    assert newest.headers["Cache-Control"] != first.headers["Cache-Control"]
    assert client.get("/packs/starter/2.json").status_code == 404
    assert client.get("/packs/starter/1/nothing.svg").status_code == 404
