"""Every template compiles, finds what it includes, has no inline script, and speaks by translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import CodeType
from typing import Final

import pytest
from jinja2 import Environment, FileSystemLoader, meta, nodes, pass_context

TEMPLATES: Final = Path(__file__).parents[2] / "templates"
NAMES: Final = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*")
    if path.suffix in {".html", ".txt", ".svg", ".xml"}
)
PAGES: Final = [name for name in NAMES if name.endswith(".html")]
# Mail programs take styles from nowhere else.
FOR_BROWSERS: Final = [name for name in PAGES if not name.startswith(("email/", "layouts/email.", "components/email."))]

# What a person reads or hears besides the text of the page.
SPOKEN_ATTRIBUTES: Final = {
    "alt",
    "title",
    "placeholder",
    "aria-label",
    "aria-description",
    "summary",
    "label",
}
# What stands in these is not prose.
SILENT_ELEMENTS: Final = {"code", "pre", "kbd", "samp", "script", "style"}
# Said the same in every language.
SAME_EVERYWHERE: Final = {"#AMillionDecisions", "PNG", "SVG", "JSON", "JWT", "PDF", "English", "Cymraeg"}

# Blocks of translated text, and blocks that fill a class attribute.
NOT_SPOKEN: Final = re.compile(
    r"\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{%-?\s*block \w*class\s*-?%\}.*?endblock.*?%\}", re.DOTALL
)
# Stands for an expression: no letter, no space, nothing that HTML knows.
MARK: Final = "\ue000"
OPENING: Final = {"variable_begin", "block_begin"}
TRANSLATE: Final = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
SENTENCE: Final = re.compile(r"[A-Z][a-z]* [A-Za-z]")
INLINE: Final = re.compile(
    r"<style\b|<script\b(?![^>]*\bsrc=)|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)


ENVIRONMENT: Final = Environment(loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"], autoescape=True)


def compiled(name: str) -> CodeType:
    """Compile a template; filters that the application adds are taken as given."""
    tree = ENVIRONMENT.parse((TEMPLATES / name).read_text(), filename=name)
    overlay = ENVIRONMENT.overlay()
    overlay.filters = dict(ENVIRONMENT.filters)
    for node in tree.find_all(nodes.Filter):
        overlay.filters.setdefault(node.name, _stand_in)
    return overlay.compile(tree, name=name)


@pass_context
def _stand_in(_context: object, value: object, *_arguments: object, **_named: object) -> object:
    return value


def test_templates_are_found() -> None:
    assert PAGES


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name: str) -> None:
    assert "root" in compiled(name).co_names


@pytest.mark.parametrize("name", NAMES)
def test_template_includes_only_what_is_there(name: str) -> None:
    wanted = meta.find_referenced_templates(ENVIRONMENT.parse((TEMPLATES / name).read_text()))
    # The components of the design system come from a package.
    missing = [other for other in wanted if other and not other.startswith("nhsuk/") and other not in NAMES]
    assert missing == []


@pytest.mark.parametrize("name", FOR_BROWSERS)
def test_template_has_no_inline_script_or_style(name: str) -> None:
    text = re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text(), flags=re.DOTALL)
    assert INLINE.findall(text) == []


@pytest.mark.parametrize("name", NAMES)
def test_template_says_everything_through_translation(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    assert list(untranslated(text, is_html=not name.endswith(".txt"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "<p>Award a badge</p>",
        '<p>{{ _("Award") }} <a href="/">a badge</a></p>',
        '<img src="/a.png" alt="A badge">',
        '<input type="submit" value="Award">',
        '{% if one %}<a aria-label="Close"></a>{% endif %}',
        '{{ button("Award a badge") }}',
    ],
)
def test_untranslated_text_is_noticed(text: str) -> None:
    assert len(list(untranslated(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<p>{{ _("Award a badge") }}</p>',
        "<p>{% trans %}Award a badge{% endtrans %}</p>",
        '<img src="/a.png" alt="{{ _("A badge") }}">',
        '<p class="large {{ kind }}">1 – 2 {{ name }}</p>{# A comment #}',
        "<p><code>badges award</code> #AMillionDecisions</p>",
        '{{ button(_("Award a badge"), classes="large wide") }}',
    ],
)
def test_translated_text_is_let_through(text: str) -> None:
    assert list(untranslated(text)) == []


def untranslated(template: str, *, is_html: bool = True) -> Iterator[str]:
    """Yield every text for people that a template holds outside _() and {% trans %}."""
    # A quote inside an expression must not end an attribute, so expressions go first; a mark stays for each.
    tokens = ENVIRONMENT.lex(NOT_SPOKEN.sub("{{ 0 }}", template))
    without_jinja = "".join(
        text if kind == "data" else MARK for _line, kind, text in tokens if kind in {"data", *OPENING}
    )
    if is_html:
        reader = _Reader()
        reader.feed(without_jinja)
        reader.close()
        texts = reader.texts
    else:
        texts = without_jinja.splitlines()
    for text in texts:
        said = " ".join(re.sub(rf"{MARK}|https?:\S+|&\w+;", " ", text).split())
        words = [word for word in said.split() if word.strip(".,:;()") not in SAME_EVERYWHERE]
        if re.search(r"[^\W\d_]{2,}", " ".join(words)):
            yield said
    yield from untranslated_constants(template)


def untranslated_constants(template: str) -> Iterator[str]:
    """Yield every sentence in quotes (a capital letter, a space) that an expression holds outside _()."""

    def look(node: nodes.Node) -> Iterator[str]:
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATE:
            return
        if isinstance(node, nodes.Const) and isinstance(node.value, str) and SENTENCE.match(node.value):
            yield node.value
        for child in node.iter_child_nodes():
            yield from look(child)

    yield from look(ENVIRONMENT.parse(template))


class _Reader(HTMLParser):
    """Collects what a person reads or hears of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT_ELEMENTS:
            self._silent += 1
        attributes = {name: value or "" for name, value in attrs}
        spoken = SPOKEN_ATTRIBUTES & attributes.keys()
        if tag == "input" and attributes.get("type") in {"submit", "button", "reset"}:
            spoken.add("value")
        self.texts += [attributes[name] for name in sorted(spoken)]

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT_ELEMENTS:
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)
