"""Mails as text and HTML, from the templates in `templates/email/<notice>/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import BaseLoader, Environment, StrictUndefined, select_autoescape

from badges.wording import Wording


@dataclass(frozen=True, slots=True)
class MailText:
    """What a mail says. subject: one line."""

    subject: str
    text: str
    html: str


class MailTexts:
    """Renders mails. English now; a language is a catalogue of the same templates."""

    def __init__(self, loader: BaseLoader, campaign: Mapping[str, Wording]) -> None:
        """loader: finds `email/<notice>/{subject.txt,body.txt,body.html}` and `layouts/`. campaign: its lines."""
        self._environment = Environment(
            loader=loader,
            autoescape=select_autoescape(("html",)),
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=False,
        )
        self._environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
        self._environment.filters["translate"] = _english
        self._environment.globals["language"] = "en"
        self._environment.globals["campaign"] = campaign

    def render(self, notice: str, context: Mapping[str, object]) -> MailText:
        """Return the texts of one mail."""

        def part(name: str) -> str:
            return self._environment.get_template(f"email/{notice}/{name}").render(context)

        subject = " ".join(part("subject.txt").split())
        return MailText(subject, part("body.txt").strip() + "\n", part("body.html").strip() + "\n")


def _english(message: Wording | str) -> str:
    return str(message)
