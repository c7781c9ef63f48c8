"""A form as a template sees it: what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask import request

from badges.errors import InvalidInputError
from badges.wording import Wording


@dataclass(frozen=True, slots=True)
class Form:
    """values: by field, as typed. errors: by field; "" is about the whole form."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Wording] = field(default_factory=dict)


def read_form(names: Iterable[str], length: int = 20_000) -> dict[str, str]:
    """Return these fields as typed, "" for those that are missing, each cut to a bounded length."""
    return {name: request.form.get(name, "")[:length] for name in names}


def with_error(values: Mapping[str, str], problem: InvalidInputError) -> Form:
    """Return the form with an error beside the field that the problem names."""
    return Form(values, {problem.field if problem.field in values else "": problem.message})
