"""Fixtures for all tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from badges.bootstrap import Service
from tests.audited import watched
from tests.instances import Bench, Folders, SettableClock, initialise, open_service
from tests.kms import KmsServer, aws_environment, kms_server
from tests.postgres import PostgresServer
from tests.service import Instance, make_instance, serve
from tests.web.browsing import PageClient, open_app, sign_in

# A made-up case may be slow while the machine is busy. CI tries the same cases every time: whether a change lands
# must not depend on luck; the luck is for those who run the tests while they work.
settings.register_profile("working", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "working")


@pytest.fixture(autouse=True)
def everything_is_audited() -> Iterator[None]:
    """Fail a test in which something was changed without a line in the audit."""
    with watched() as missing:
        yield
    assert not missing, f"Changed without a line in the audit: {missing}"


@pytest.fixture(scope="module")
def live_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The real service, running on an instance that the tests of one module share."""
    with serve(make_instance(tmp_path_factory.mktemp("live"))) as running:
        yield running


@pytest.fixture(scope="session")
def made_instance(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """An instance as `badges init` makes it, to be copied: making it takes two seconds, copying a moment."""
    folders = Folders.under(tmp_path_factory.mktemp("made"))
    initialise(open_service(folders.settings(), SettableClock()))
    return folders


@pytest.fixture
def folders(made_instance: Folders, tmp_path: Path) -> Folders:
    """The folders of an instance of this test's own."""
    return made_instance.copy_to(tmp_path)


@pytest.fixture
def bench(folders: Folders) -> Iterator[Bench]:
    """A service on a fresh instance on SQLite, with a clock that stands still and an empty web."""
    clock = SettableClock()
    made = Bench(open_service(folders.settings(), clock), clock, folders)
    yield made
    made.close()


@pytest.fixture
def service(bench: Bench) -> Service:
    """The bench's service."""
    return bench.service


@pytest.fixture
def client(bench: Bench) -> PageClient:
    """A browser that nobody signed in with. It checks every page that it is given."""
    return PageClient(open_app(bench.service))


@pytest.fixture
def signed_in_client(bench: Bench) -> PageClient:
    """A browser in which the first admin signed in with a one-time link."""
    return sign_in(PageClient(open_app(bench.service)), bench.service)


@pytest.fixture
def lead_to_kms(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that leads boto3 to a server of this machine, with credentials that open nothing."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)

    def lead_to(url: str) -> None:
        for name, value in aws_environment(url).items():
            monkeypatch.setenv(name, value)

    return lead_to


@pytest.fixture
def kms(lead_to_kms: Callable[[str], None]) -> Iterator[KmsServer]:
    """A server of the shape of AWS KMS, and the way to it."""
    with kms_server() as running:
        lead_to_kms(running.url)
        yield running


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the tests of one process.

    Its folder is not one of pytest's: as root the server runs as another user, and every new session of pytest
    closes the folder of all sessions to others.
    """
    with TemporaryDirectory(prefix="badges-postgres-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(Path(folder))
        yield server
        server.stop()


@pytest.fixture(scope="session")
def made_postgres(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Folders, str]:
    """An instance on PostgreSQL, to be copied: its folders, and the URL of its database."""
    folders = Folders.under(tmp_path_factory.mktemp("made-postgres"))
    url = postgres_server.make_database()
    initialise(open_service(folders.settings(database_url=url), SettableClock()))
    return folders, url


@pytest.fixture
def postgres_bench(
    postgres_server: PostgresServer, made_postgres: tuple[Folders, str], tmp_path: Path
) -> Iterator[Bench]:
    """As `bench`, on PostgreSQL."""
    made, template = made_postgres
    folders = made.copy_to(tmp_path / "postgres")
    url = postgres_server.make_database(template)
    clock = SettableClock()
    bench = Bench(open_service(folders.settings(database_url=url), clock), clock, folders)
    yield bench
    bench.close()
    postgres_server.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def either_bench(request: pytest.FixtureRequest) -> Bench:
    """The test runs twice: on SQLite and on PostgreSQL."""
    found: Bench = request.getfixturevalue("bench" if request.param == "sqlite" else "postgres_bench")
    return found


@pytest.fixture(scope="session")
def standards_data() -> Path:
    """The folder of the standards' own cases, beside the project. CI always has it; others may not."""
    folder = Path(__file__).parents[2] / "shared" / "standards" / "data"
    if not folder.is_dir():
        reason = f"the standards' own cases are not here: {folder}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
