"""A stolen database opens nothing: no key, link, token or code is inside its file."""

from __future__ import annotations

import base64
from uuid import UUID

from badges.jobs.file_queue import FileQueue
from badges.services.holders import holder_url
from badges.services.instance import first_sign_in_url
from badges.services.links import LinkPurpose
from badges.services.signing_in import mail_sign_in_link, sign_in_url
from badges.storage.records import CredentialForm, SignInLinkRecord
from tests.instances import ADMIN, Bench

MARK = "the-secret-mark-of-the-browser"


def busy(bench: Bench) -> tuple[list[str], list[UUID]]:
    """Do everything that makes links. Returns the links, and the numbers of what they open."""
    installation = bench.service.installation
    awards = [bench.award(email=f"{number}@example.org", name="Sam") for number in range(3)]
    for form in CredentialForm:
        bench.form(awards[0], form)
    bench.revoke(awards[1])
    bench.rotate()
    with bench.service.database.write() as session:
        terminal = first_sign_in_url(session, installation)
        mail_sign_in_link(session, installation, ADMIN, MARK)
    bench.deliver()
    with bench.service.database.read() as session:
        links = session.query(SignInLinkRecord).all()
    assert terminal is not None
    made = FileQueue(bench.service)
    made.send_mail()
    queue = made.huey
    queue.storage.close()
    urls = [holder_url(installation, award) for award in awards] + [sign_in_url(installation, link) for link in links]
    return [*urls, terminal], [link.id for link in links]


def database_bytes(bench: Bench) -> bytes:
    """Return every byte of every file in the instance folder but the mails: database, its journal, the queue."""
    files = [path for path in bench.folders.instance.rglob("*") if path.is_file() and path.suffix != ".eml"]
    assert {"badges.sqlite", "badges.sqlite-wal", "jobs.sqlite"} <= {path.name for path in files}
    return b"".join(path.read_bytes() for path in files)


def test_no_link_and_no_secret_is_in_the_files_of_the_database(bench: Bench) -> None:
    urls, _ = busy(bench)
    content = database_bytes(bench)
    assert b"supporter" in content
    for url in urls:
        token = url.rsplit("/", 1)[1]
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        for secret in (token.encode(), raw[16:], raw[16:].hex().encode()):
            assert secret not in content
    assert MARK.encode() not in content
    for path in bench.folders.keys.iterdir():
        for line in path.read_bytes().split(b"\n"):
            if len(line) > 20 and b"PRIVATE KEY" not in line:
                assert line not in content
                assert not path.name.endswith("secret") or bytes.fromhex(line.decode()) not in content
    assert b"PRIVATE KEY" not in content


def test_no_code_is_a_value_in_the_database(bench: Bench) -> None:
    _, link_ids = busy(bench)
    codes = {bench.service.installation.links.code(LinkPurpose.SIGN_IN, link_id) for link_id in link_ids}
    values = {str(value) for rows in bench.dump().values() for row in rows for value in row}
    assert codes
    assert not codes & values


def test_mails_do_hold_their_links(bench: Bench) -> None:
    """What the database must not have is there where it should be."""
    urls, _ = busy(bench)
    mails = b"".join(path.read_bytes() for path in bench.folders.outbox.iterdir()).replace(b"=\r\n", b"")
    assert sum(url.rsplit("/", 1)[1].encode() in mails for url in urls) == 4
