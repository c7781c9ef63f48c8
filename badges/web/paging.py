"""Pages of a long list: which one was asked for, and where the others are."""

from __future__ import annotations

from typing import Any, Protocol

from flask import request, url_for


class Page(Protocol):
    """One page of a list, as the queries return it."""

    @property
    def page(self) -> int: ...

    @property
    def pages(self) -> int: ...


def page_asked_for() -> int:
    """Return the number in `?page=`, 1 for anything else."""
    number = request.args.get("page", "1")
    return int(number) if number.isdecimal() and len(number) < 6 else 1


def pagination(page: Page, endpoint: str, **arguments: Any) -> dict[str, Any]:
    """Return what `components/details.html` needs. arguments: what else is in the address; empty ones are left out."""
    kept = {name: value for name, value in arguments.items() if value}

    def url(number: int) -> str:
        return url_for(endpoint, page=number, **kept)

    return {
        "page": page.page,
        "pages": page.pages,
        "previous_url": url(page.page - 1) if page.page > 1 else None,
        "next_url": url(page.page + 1) if page.page < page.pages else None,
    }
