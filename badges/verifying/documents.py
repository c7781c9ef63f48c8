"""The documents that one verification asks for: each at most once, not too many, all of them noted."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from badges.errors import BadgesError
from badges.standards.fetching import FetchedDocument, Fetcher, FetchError, FetchProblem
from badges.standards.json_text import read_json
from badges.standards.jsonld.workload import Workload
from badges.verifying.hosts import is_same_host
from badges.verifying.report import SeenDocument
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

MOST_DOCUMENTS: Final = 24
JSON_ACCEPT: Final = "application/ld+json, application/json;q=0.9"
DID_ACCEPT: Final = "application/did+ld+json, application/did+json, application/ld+json, application/json;q=0.9"
JWK_ACCEPT: Final = "application/jwk+json, application/jwk-set+json, application/json;q=0.9"
CREDENTIAL_ACCEPT: Final = (
    "application/vc, application/vc+ld+json, application/ld+json, application/json;q=0.9, "
    "application/vc+jwt;q=0.8, text/plain;q=0.5"
)


class UnseenDocumentError(BadgesError):
    """A document could not be seen, so nothing can be said about it.

    status_code: what the address answered, or None if there was no answer at all.
    """

    def __init__(self, reason: Wording, status_code: int | None = None) -> None:
        super().__init__(reason)
        self.status_code = status_code


class Documents:
    """What the checks of one verification read from elsewhere.

    workload: what reading them, and what was handed in, may cost in canonical forms.
    """

    def __init__(self, fetcher: Fetcher) -> None:
        self.workload = Workload()
        self._fetcher = fetcher
        self._answers: dict[str, FetchedDocument | FetchError] = {}

    @property
    def seen(self) -> tuple[SeenDocument, ...]:
        """Every address that was asked, in order, with what came of it."""
        return tuple(SeenDocument(url, _describe(answer)) for url, answer in self._answers.items())

    def fetch(self, url: str, accept: str) -> FetchedDocument:
        """Return what the address answers, whatever its status. Raises FetchError."""
        address = url.partition("#")[0]
        if address not in self._answers:
            self._answers[address] = self._ask(address, accept)
        answer = self._answers[address]
        if isinstance(answer, FetchError):
            raise answer
        return answer

    def read_text(self, url: str, accept: str, *, from_anywhere: bool = False) -> str:
        """Return the text at an address. Raises UnseenDocumentError if there is none.

        from_anywhere: also when another host answered in the end. That is right only for a document that does not
        speak for its address: one that proves itself, or does not decide.
        """
        try:
            answer = self.fetch(url, accept)
        except FetchError as error:
            raise UnseenDocumentError(error.message) from error
        reason = None if from_anywhere else sent_elsewhere(url, answer)
        if reason is not None:
            raise UnseenDocumentError(reason)
        if answer.status_code != 200:
            reason = say("%(url)s answered %(code)d.", url=url, code=answer.status_code)
            raise UnseenDocumentError(reason, answer.status_code)
        try:
            return answer.body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UnseenDocumentError(say("%(url)s did not answer with text.", url=url), 200) from error

    def read_object(self, url: str, accept: str = JSON_ACCEPT, *, from_anywhere: bool = False) -> JsonObject:
        """Return the JSON object at an address. As `read_text`."""
        return as_object(self.read_text(url, accept, from_anywhere=from_anywhere), url)

    def _ask(self, url: str, accept: str) -> FetchedDocument | FetchError:
        if len(self._answers) >= MOST_DOCUMENTS:
            template = "This badge points at more documents than we read for one badge."
            return FetchError(template, problem=FetchProblem.REFUSED)
        try:
            return self._fetcher.fetch(url, accept)
        except FetchError as error:
            return error


def sent_elsewhere(url: str, answer: FetchedDocument) -> Wording | None:
    """Return the reason why an answer does not speak for the address that was asked; None if it does.

    Many sites send visitors on to any address that a link names. What another host says is that host's word.
    """
    if is_same_host(url, answer.url) or answer.url == url.partition("#")[0]:
        return None
    template = "%(url)s sent us on to another host, %(host)s, which does not speak for it."
    return say(template, url=url[:300], host=urlsplit(answer.url).netloc[:200])


def as_object(text: str, url: str) -> JsonObject:
    """Return the JSON object that a text is. Raises UnseenDocumentError if it is another thing."""
    try:
        value: JsonValue = read_json(text)
    except BadgesError as error:
        raise UnseenDocumentError(say("%(url)s did not answer with JSON.", url=url), 200) from error
    if not isinstance(value, dict):
        raise UnseenDocumentError(say("%(url)s did not answer with a JSON object.", url=url), 200)
    return value


def _describe(answer: FetchedDocument | FetchError) -> Wording:
    if isinstance(answer, FetchError):
        return answer.message
    return say("answered %(code)d, %(size)d bytes", code=answer.status_code, size=len(answer.body))
