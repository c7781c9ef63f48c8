"""A browser for tests: Flask's test client that checks every page it is given, and fills in forms as a person does."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.test import TestResponse

from badges.bootstrap import Service
from badges.services.accounts import find_account
from badges.services.signing_in import create_sign_in_link, sign_in_url
from badges.web.app import create_app
from tests.instances import ADMIN, BASE_URL

BROWSER_ACCEPT: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
# What HTML lets end by itself.
_OPTIONAL_END: Final = frozenset({"li", "p", "dt", "dd", "option", "tr", "td", "th"})
_UNLABELLED: Final = frozenset({"hidden", "submit", "button", "reset", "image"})


@dataclass
class Form:
    """A form of a page: where it goes, and what a browser would send if the person changed nothing."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """One page, read: what tests ask about, and the faults that no page may have."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.title = ""
        self.language = ""
        self.words: list[str] = []
        self._open: list[str] = []
        self._labelled: set[str] = set()
        self._fields: list[dict[str, str | None]] = []
        self._referred: list[str] = []
        self._textarea: str | None = None
        self.feed(text)
        self.close()
        self._judge(text)

    @property
    def text(self) -> str:
        """Everything that a person reads, in one line."""
        return " ".join(" ".join(self.words).split())

    def form(self, action: str = "") -> Form:
        """Return the one form that posts to an address that contains this.

        "": any but the one to sign out, and those that passkeys fill in.
        """
        posting = [form for form in self.forms if form.method == "post"]
        if "passkey" not in action:
            posting = [form for form in posting if "passkey" not in form.action]
        (found,) = [form for form in posting if (action in form.action if action else form.action != "/sign-out")]
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if len(given) != len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "html":
            self.language = given.get("lang") or ""
        if identifier := given.get("id"):
            self.ids.append(identifier)
        if "style" in given or any(name.startswith("on") for name in given):
            self.faults.append(f"<{tag}> has inline style or script")
        if tag == "img" and given.get("alt") is None:
            self.faults.append(f"a picture without alt: {given.get('src')}")
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append((int(tag[1]), ""))
        for name in ("for", "aria-labelledby", "aria-describedby"):
            self._referred += (given.get(name) or "").split()
        if tag == "a" and (href := given.get("href")) is not None:
            self.links.append(href)
            if href.startswith("#") and len(href) > 1:
                self._referred.append(href[1:])
        self._read_form(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            self.faults.append(f"</{tag}> ends nothing")
            return
        while self._open and self._open[-1] != tag and self._open[-1] in _OPTIONAL_END:
            self._open.pop()
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> does not end what is open, at {self.getpos()}")
        if tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if "svg" in self._open or "script" in self._open:
            return
        if self._open and self._open[-1] == "title":
            self.title += data
            return
        self.words.append(data)
        if self._textarea is not None:
            self.forms[-1].values[self._textarea] += data
        if any(tag in ("h1", "h2", "h3", "h4", "h5", "h6") for tag in self._open):
            level, said = self.headings[-1]
            self.headings[-1] = (level, said + data)

    def _read_form(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "form":
            self.forms.append(Form(given.get("action") or "", (given.get("method") or "get").lower()))
        if tag == "label" and given.get("for"):
            self._labelled.add(given["for"] or "")
        if tag not in ("input", "select", "textarea"):
            return
        kind = given.get("type") or "text"
        name = given.get("name")
        if "hidden" not in given and (tag != "input" or kind not in _UNLABELLED):
            self._fields.append(given)
        if name is None:
            return
        self.forms[-1].names.add(name)
        if tag == "textarea":
            self._textarea = name
            self.forms[-1].values[name] = ""
        elif kind not in ("submit", "file") and (kind not in ("checkbox", "radio") or "checked" in given):
            self.forms[-1].values[name] = given.get("value") or ""

    def _judge(self, text: str) -> None:
        tops = [said for level, said in self.headings if level == 1]
        if len(tops) != 1 or not tops[0].strip():
            self.faults.append(f"a page has one h1; here: {tops}")
        for (level, _), (following, said) in zip(self.headings, self.headings[1:], strict=False):
            if following > level + 1:
                self.faults.append(f"the heading “{said.strip()}” skips a level")
        if not self.title.strip():
            self.faults.append("no title")
        if not self.language:
            self.faults.append("no language")
        if doubled := {identifier for identifier in self.ids if self.ids.count(identifier) > 1}:
            self.faults.append(f"ids that are there twice: {sorted(doubled)}")
        if lost := set(self._referred) - set(self.ids):
            self.faults.append(f"what ids point to is not there: {sorted(lost)}")
        for given in self._fields:
            identifier = given.get("id")
            if identifier not in self._labelled and not given.get("aria-label") and not given.get("aria-labelledby"):
                self.faults.append(f"a field without a label: {given}")
        if self._open:
            self.faults.append(f"never ended: {self._open}")
        if not text.lower().startswith("<!doctype html>"):
            self.faults.append("no doctype")


class _CompiledTemplates(BytecodeCache):
    """Keeps templates that were compiled for one application for the next: compiling takes longer than most tests."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key + bucket.checksum in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


_COMPILED: Final = _CompiledTemplates()


def open_app(service: Service) -> Flask:
    """Return the real application of this service."""
    app = create_app(service)
    app.jinja_env.bytecode_cache = _COMPILED
    return app


class PageClient(FlaskClient):
    """A browser. Every page that it is given must be good HTML; where it is posted from does not matter."""

    def __init__(self, app: Flask, *arguments: Any, **named: Any) -> None:
        super().__init__(app, *arguments or (app.response_class,), use_cookies=True, **named)

    def open(self, *arguments: Any, **named: Any) -> TestResponse:
        """Ask as a browser does, unless an Accept header is given."""
        headers = dict(named.pop("headers", None) or {})
        if not any(name.lower() == "accept" for name in headers):
            headers["Accept"] = BROWSER_ACCEPT
        named.setdefault("base_url", BASE_URL)
        response = super().open(*arguments, headers=headers, **named)
        if response.mimetype == "text/html" and response.data and not is_redirect(response):
            faults = Page(response.text).faults
            assert not faults, f"{response.request.method} {response.request.path}\n" + "\n".join(faults)
        return response

    def page(self, path: str, status: int = 200) -> Page:
        """Open a page and read it."""
        response = self.get(path)
        assert response.status_code == status, response.text
        return Page(response.text)

    def send(self, path: str, action: str = "", button: dict[str, str] | None = None, **typed: str) -> TestResponse:
        """Open a page, type into the form that posts to `action`, and press its button."""
        form = self.page(path).form(action)
        unknown = set(typed) - form.names
        assert not unknown, f"the form has no field {unknown}"
        return self.post(form.action or path, data=form.values | typed | (button or {}))


def is_redirect(response: TestResponse) -> bool:
    return 300 <= response.status_code < 400


def sign_in(client: PageClient, service: Service, email: str = ADMIN) -> PageClient:
    """Sign an account in with a one-time link, as one opens it from the terminal."""
    with service.database.write() as session:
        account = find_account(session, email)
        assert account is not None
        link = sign_in_url(service.installation, create_sign_in_link(session, service.installation, account, None))
    path = service.installation.addresses.path_of(link)
    assert client.send(path, action=path).status_code == 303
    return client
