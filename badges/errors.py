"""Every error that this service raises on purpose.

One tree. The kind (the class) decides the answer, in one place for HTTP (`web/errors.py`) and one for the
command line (`cli/main.py`). The message is for the person who made the request: what was wrong, which one,
and what to do now. A check that fails while somebody's badge is verified is not an error but a result.
"""

from __future__ import annotations

from badges.wording import Wording, say


class BadgesError(Exception):
    """Base of all errors of the service. `message` is written for the person who asked."""

    def __init__(self, template: str | Wording, **values: object) -> None:
        self.message: Wording = template if isinstance(template, Wording) else say(template, **values)
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class InvalidInputError(BadgesError):
    """What was given cannot be used. `field` names the input, so that a form can show the error beside it."""

    def __init__(self, template: str | Wording, *, field: str = "", **values: object) -> None:
        super().__init__(template, **values)
        self.field = field


class NotFoundError(BadgesError):
    """There is nothing of that name or number here."""


class ConflictError(BadgesError):
    """The request makes sense, but not in the state that things are in."""


class AlreadyHeldError(ConflictError):
    """The person holds this badge already. `award_id` names the first."""

    def __init__(self, template: str | Wording, *, award_id: str, **values: object) -> None:
        super().__init__(template, **values)
        self.award_id = award_id


class MismatchError(ConflictError):
    """The same request key came with another request before."""


class GoneError(BadgesError):
    """It was here, and was taken away on purpose."""


class NotRecognisedError(BadgesError):
    """Whoever asks has shown no key, or one that opens nothing."""


class NotAllowedError(BadgesError):
    """The person may not do this."""


class ConfigurationError(BadgesError):
    """A setting, a key or a file of the installation is missing or wrong."""


class UnavailableError(BadgesError):
    """Something that we need (database, disk, mail server) does not answer; trying again later may help."""


class RefusedError(BadgesError):
    """Refused as hostile or beyond a limit: too large, too deep, a private address, a document type declaration."""


class StandardsError(BadgesError):
    """A document, key or signature breaks a rule of a standard."""
