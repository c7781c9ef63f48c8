"""Markdown to HTML: ours and strangers'. No raw HTML, no pictures, no links but to the web."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup

_RENDERER = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 12}).disable(
    ["image", "html_block", "html_inline"]
)
_LENGTH_MAX = 20_000


def _is_web_address(url: str) -> bool:
    return url.lower().startswith(("https://", "http://", "mailto:"))


_RENDERER.validateLink = _is_web_address  # type: ignore[method-assign]


def to_html(text: str) -> Markup:
    """Return safe HTML. Headings are lowered by two, because a page has its own."""
    html = _RENDERER.render(text[:_LENGTH_MAX])
    for level in (4, 3, 2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    return Markup(html.replace("<a href=", '<a rel="noopener nofollow" href='))  # noqa: S704 — rendered without raw HTML
