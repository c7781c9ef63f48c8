"""The fetcher against real servers on this machine; names are resolved by functions of the test."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from badges.network.connection import open_socket
from badges.network.fetcher import FetchLimits, WebFetcher
from badges.standards.fetching import FetchError, FetchProblem

JSON = "application/json"
QUICK = FetchLimits(total_seconds=0.6, body_bytes=2000, header_bytes=4000)


class Handler(BaseHTTPRequestHandler):
    """Answers by path; what each path does is its name."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        getattr(self, "answer_" + self.path.split("?")[0].split("/")[1].replace("-", "_"), self.answer_missing)()

    def answer_document(self) -> None:
        self.send_answer(200, b'{"a":1}', {"Content-Type": "Application/LD+JSON; charset=utf-8"})

    def answer_missing(self) -> None:
        self.send_answer(404, b"nothing", {})

    def answer_gone(self) -> None:
        self.send_answer(410, b'{"revoked":true}', {"Content-Type": JSON})

    def answer_hop(self) -> None:
        self.send_answer(302, b"", {"Location": "/document"})

    def answer_loop(self) -> None:
        self.send_answer(301, b"", {"Location": "/loop"})

    def answer_to(self) -> None:
        self.send_answer(307, b"", {"Location": self.path.partition("?")[2]})

    def answer_kept(self) -> None:
        kept = {"Cache-Control": "max-age=300", "ETag": '"v1"'}
        is_same = self.headers.get("If-None-Match") == '"v1"'
        self.send_answer(304 if is_same else 200, b"" if is_same else b"{}", kept)

    def answer_same(self) -> None:
        self.send_answer(304, b"", {"ETag": '"v1"'})

    def answer_kept_hop(self) -> None:
        age = self.path.partition("?")[2].replace("%20", " ")
        self.send_answer(302, b"", {"Location": "/kept", "Cache-Control": f"max-age={age}"})

    def answer_large(self) -> None:
        self.send_answer(200, b"x" * 3000, {})

    def answer_largest(self) -> None:
        self.send_answer(200, b"x" * 2000, {})

    def answer_chunks(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b"64\r\n" + b"x" * 100 + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def answer_headers(self) -> None:
        self.send_response(200)
        for number in range(90):
            self.send_header(f"X-{number}", "y" * 200)
        self.end_headers()

    def answer_packed(self) -> None:
        self.send_answer(200, b"\x1f\x8b", {"Content-Encoding": "gzip"})

    def answer_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(40):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def answer_silence(self) -> None:
        time.sleep(1.5)

    def send_answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body)), "Set-Cookie": "a=b"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


class Server(ThreadingHTTPServer):
    """A web server on loopback that remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.origin = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is expected here."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield running
        running.shutdown()


def trusting(server: Server, limits: FetchLimits = QUICK) -> WebFetcher:
    return WebFetcher(limits, trusted_origins=frozenset({server.origin}))


def problem_of(fetcher: WebFetcher, url: str) -> FetchProblem:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url, JSON)
    assert str(caught.value)
    return caught.value.problem


def test_fetches_a_document(server: Server) -> None:
    document = trusting(server).fetch(f"{server.origin}/document?x=1#part", "application/ld+json")
    assert (document.status_code, document.media_type, document.body) == (
        200,
        "application/ld+json",
        b'{"a":1}',
    )
    assert document.url == f"{server.origin}/document?x=1"
    path, headers = server.seen[0]
    assert path == "/document?x=1"
    assert headers["Accept"] == "application/ld+json"
    assert "badges" in headers["User-Agent"]
    assert headers["Host"] == server.origin.removeprefix("http://")


@pytest.mark.parametrize(("path", "status"), [("/nothing-here", 404), ("/gone", 410)])
def test_returns_the_answer_whatever_its_status(server: Server, path: str, status: int) -> None:
    assert trusting(server).fetch(server.origin + path, JSON).status_code == status


def test_sends_no_cookies_back(server: Server) -> None:
    fetcher = trusting(server)
    fetcher.fetch(f"{server.origin}/document", JSON)
    fetcher.fetch(f"{server.origin}/hop", JSON)
    assert all("Cookie" not in headers for _, headers in server.seen)


def test_follows_a_redirect_and_names_the_last_address(server: Server) -> None:
    assert trusting(server).fetch(f"{server.origin}/hop", JSON).url == f"{server.origin}/document"


def test_stops_after_five_redirects(server: Server) -> None:
    assert problem_of(trusting(server), f"{server.origin}/loop") is FetchProblem.REFUSED
    assert len(server.seen) == 6


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://127.0.0.1:1/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "http://8.8.8.8/",
        "file:///etc/passwd",
        "https://name:word@8.8.8.8/",
        "https://[::ffff:10.0.0.1]/",
    ],
)
def test_checks_each_hop_of_a_redirect(server: Server, elsewhere: str) -> None:
    assert problem_of(trusting(server), f"{server.origin}/to?{elsewhere}") is FetchProblem.REFUSED


def test_accepts_a_body_of_just_the_limit(server: Server) -> None:
    assert len(trusting(server).fetch(f"{server.origin}/largest", JSON).body) == 2000


@pytest.mark.parametrize("path", ["/large", "/chunks", "/headers"])
def test_refuses_what_is_too_large(server: Server, path: str) -> None:
    assert problem_of(trusting(server), server.origin + path) is FetchProblem.TOO_LARGE


def test_refuses_a_packed_answer(server: Server) -> None:
    assert problem_of(trusting(server), f"{server.origin}/packed") is FetchProblem.REFUSED


@pytest.mark.parametrize("path", ["/drip", "/silence"])
def test_gives_up_at_the_deadline(server: Server, path: str) -> None:
    started = time.monotonic()
    assert problem_of(trusting(server), server.origin + path) is FetchProblem.UNREACHABLE
    assert time.monotonic() - started < 1.2


def test_says_so_when_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{unused.getsockname()[1]}"
        fetcher = WebFetcher(QUICK, trusted_origins=frozenset({origin}))
        assert problem_of(fetcher, origin) is FetchProblem.UNREACHABLE


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https://user@example.org/",
        "https://example.org:25/",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "https://example.org\\@127.0.0.1/",
        "https://example.org/\r\nX: y",
        "https://[::1",
        "https://" + "a" * 64 + "\u00e9.org/",
        "https://example.org/" + "a" * 5000,
        "did:web:example.org",
        "",
    ],
)
def test_refuses_addresses_that_it_does_not_ask(url: str) -> None:
    fetcher = WebFetcher(QUICK, resolve=lambda host, port, timeout: pytest.fail("asked for the name"))
    assert problem_of(fetcher, url) is FetchProblem.REFUSED


@pytest.mark.parametrize("host", ["localhost", "127.1", "0x7f000001", "2130706433", "[::1]", "[::ffff:127.0.0.1]"])
def test_refuses_this_machine_under_any_spelling(host: str) -> None:
    assert problem_of(WebFetcher(QUICK), f"https://{host}/") in {
        FetchProblem.REFUSED,
        FetchProblem.UNREACHABLE,
    }


def test_connects_to_the_vetted_address_when_the_name_changes_its_mind() -> None:
    answers = iter([["10.0.0.7", "93.184.216.34"], ["127.0.0.1"]])
    asked: list[str] = []

    def connect(address: str, port: int, timeout_seconds: float) -> socket.socket:
        asked.append(address)
        raise ConnectionRefusedError

    fetcher = WebFetcher(QUICK, resolve=lambda host, port, timeout: next(answers), connect=connect)
    assert problem_of(fetcher, "https://rebinding.example/") is FetchProblem.UNREACHABLE
    assert asked == ["93.184.216.34"]
    assert problem_of(fetcher, "https://rebinding.example/") is FetchProblem.REFUSED
    assert asked == ["93.184.216.34"]


def test_says_so_when_there_is_no_such_host() -> None:
    fetcher = WebFetcher(QUICK, resolve=lambda host, port, timeout: [])
    with pytest.raises(FetchError, match=r"no host of the name nowhere\.example"):
        fetcher.fetch("https://nowhere.example/", JSON)


def test_passes_the_deadline_on_to_the_resolver() -> None:
    def resolve(host: str, port: int, timeout_seconds: float) -> list[str]:
        assert timeout_seconds <= QUICK.total_seconds
        raise TimeoutError

    assert problem_of(WebFetcher(QUICK, resolve=resolve), "https://slow.example/") is FetchProblem.UNREACHABLE


def make_certificate(folder: Path, name: str) -> Path:
    """Write a key and a certificate that the key signs itself for `name`; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure_server(server: Server, tmp_path: Path) -> tuple[Server, ssl.SSLContext]:
    certificate = make_certificate(tmp_path, "badge.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server, ssl.create_default_context(cafile=str(certificate))


@pytest.mark.parametrize(("name", "fits"), [("badge.test", True), ("other.test", False)])
def test_checks_the_certificate_for_the_name_in_the_address(
    secure_server: tuple[Server, ssl.SSLContext], name: str, fits: bool
) -> None:
    server, context = secure_server
    fetcher = WebFetcher(
        FetchLimits(total_seconds=3),
        resolve=lambda host, port, timeout: ["93.184.216.34"],
        connect=lambda address, port, timeout: open_socket("127.0.0.1", server.server_port, timeout),
        context=context,
    )
    if fits:
        assert fetcher.fetch(f"https://{name}/document", JSON).status_code == 200
        assert server.seen[0][1]["Host"] == name
    else:
        with pytest.raises(FetchError, match="secure connection"):
            fetcher.fetch(f"https://{name}/document", JSON)
        assert server.seen == []


class TestKeeping:
    def test_headers_say_how_long(self, server: Server) -> None:
        """The server's Date may be a while ago when the answer is read on a busy machine, which counts as its age."""
        answer = trusting(server).ask(f"{server.origin}/kept", JSON)
        assert (answer.may_be_kept, answer.etag) == (True, '"v1"')
        assert answer.fresh_for is not None
        assert timedelta(seconds=240) < answer.fresh_for <= timedelta(seconds=300)

    def test_copy_that_is_still_right_is_not_sent_again(self, server: Server) -> None:
        answer = trusting(server).ask(f"{server.origin}/kept", JSON, '"v1"')
        assert answer.is_unchanged
        assert answer.document.body == b""
        assert server.seen[0][1]["If-None-Match"] == '"v1"'

    def test_nothing_is_said_about_a_copy_that_is_not_there(self, server: Server) -> None:
        trusting(server).ask(f"{server.origin}/document", JSON)
        assert "If-None-Match" not in server.seen[0][1]

    def test_shortest_lifetime_of_all_redirects_counts(self, server: Server) -> None:
        """And the tag of the last page says nothing about the first address."""
        answer = trusting(server).ask(f"{server.origin}/kept-hop?60", JSON, '"v1"')
        assert (answer.document.status_code, answer.fresh_for) == (200, timedelta(seconds=60))
        assert (answer.etag, answer.is_unchanged) == ("", False)

    def test_redirect_to_a_page_that_says_unchanged_says_nothing_about_the_copy(self, server: Server) -> None:
        assert trusting(server).ask(f"{server.origin}/same", JSON, '"v1"').is_unchanged
        assert not trusting(server).ask(f"{server.origin}/to?/same", JSON, '"v1"').is_unchanged

    def test_redirect_that_must_not_be_kept_is_not(self, server: Server) -> None:
        assert not trusting(server).ask(f"{server.origin}/kept-hop?60,no-store", JSON).may_be_kept


def test_each_hop_s_name_is_looked_up_and_judged(secure_server: tuple[Server, ssl.SSLContext]) -> None:
    """A public server that sends us on to a name inside our own network."""
    server, context = secure_server
    names = {"badge.test": ["93.184.216.34"], "inner.test": ["10.0.0.7"]}
    asked: list[str] = []

    def connect(address: str, port: int, timeout: float) -> socket.socket:
        asked.append(address)
        return open_socket("127.0.0.1", server.server_port, timeout)

    fetcher = WebFetcher(
        FetchLimits(total_seconds=3), resolve=lambda host, port, timeout: names[host], connect=connect, context=context
    )
    assert problem_of(fetcher, "https://badge.test/to?https://inner.test/document") is FetchProblem.REFUSED
    assert asked == ["93.184.216.34"]
