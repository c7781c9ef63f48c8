"""The starter pack: what it holds, and that a mistake in its files is named exactly."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from badges.campaign.pack import load_starter_pack, pack_document, read_pack
from badges.campaign.wording import CAMPAIGN_LINES, TAG
from badges.errors import ConfigurationError, NotFoundError
from badges.standards.jcs import canonical_json
from badges.vocab.achievement import AchievementType
from badges.vocab.badge_art import BadgeArt
from badges.vocab.class_content import ClassContent
from badges.vocab.pack import Pack
from tests.campaign.reading_age import count_syllables, reading_grade

CLASSES = load_starter_pack().classes
ARTS = [each.art for each in CLASSES if isinstance(each.art, BadgeArt)]
HIGHEST_GRADE = 8.0
SAID_BY_VERSION = {1: "bba4dba1f9bec21ecd2500f7b2be358ab7b469703b4e07c43cb3342f49ff5684"}

each_class = pytest.mark.parametrize("pack_class", CLASSES, ids=[c.slug for c in CLASSES])


@pytest.fixture
def pack_folder(tmp_path: Path) -> Path:
    """A copy of the pack's files, to make mistakes in."""
    with resources.as_file(resources.files("badges.campaign")) as folder:
        shutil.copytree(folder / "classes", tmp_path / "classes")
        for name in ("starter_pack.toml", "frameworks.toml"):
            shutil.copy(folder / name, tmp_path / name)
    return tmp_path


def _change(file: Path, pattern: str, replacement: str) -> None:
    text = file.read_text("utf-8")
    changed = re.sub(pattern, lambda _: replacement, text, count=1, flags=re.MULTILINE)
    assert changed != text
    file.write_text(changed, "utf-8")


def test_pack_has_the_fourteen_classes_once_each() -> None:
    assert len(CLASSES) == 14
    assert len({pack_class.slug for pack_class in CLASSES}) == 14
    assert len({pack_class.name for pack_class in CLASSES}) == 14


def test_pack_gives_no_two_classes_the_same_shape_and_icon() -> None:
    assert len({(art.silhouette, art.icon) for art in ARTS}) == 14
    assert len({art.icon for art in ARTS}) == 14


def test_pack_gives_each_class_its_own_number_of_lit_dots() -> None:
    assert len({art.lit_dots for art in ARTS}) == 14


@each_class
def test_class_says_everything_that_its_page_needs(pack_class: ClassContent) -> None:
    for text in (
        pack_class.audience,
        pack_class.description,
        pack_class.who_can_earn,
        pack_class.how_to_earn,
    ):
        assert text[0].isupper()
    assert pack_class.description.endswith(".")
    assert "\n- " in pack_class.criteria
    assert "What you did" in pack_class.criteria or "What your organisation did" in pack_class.criteria
    assert pack_class.tags[0] == TAG
    assert pack_class.alignments
    assert all(a.target_framework and a.target_url.startswith("http") for a in pack_class.alignments)


@each_class
def test_class_is_written_without_hash_marks_and_marks_of_others(pack_class: ClassContent) -> None:
    everything = " ".join(
        [pack_class.name, pack_class.description, pack_class.criteria, *pack_class.tags] + [art.label for art in ARTS]
    )
    assert "#" not in everything
    assert "lozenge" not in everything.lower()
    assert "!" not in everything


@each_class
def test_class_can_be_read_at_the_age_of_twelve(pack_class: ClassContent) -> None:
    page = "\n".join([pack_class.description, pack_class.criteria, pack_class.who_can_earn, pack_class.how_to_earn])
    assert reading_grade(page) <= HIGHEST_GRADE


@each_class
def test_alt_text_describes_the_picture_that_is_drawn(pack_class: ClassContent) -> None:
    colours = {"ink": "dark blue", "leaf": "green"}
    shapes = {"shield": "shield", "drop": "speech drop"}
    art = pack_class.art
    assert isinstance(art, BadgeArt)
    assert colours.get(art.ground, art.ground) in art.alt_text
    assert shapes.get(art.silhouette, art.silhouette) in art.alt_text
    assert "amber" in art.alt_text
    assert re.search(r"dots around it, (\w+) (is|are) lit\.$", art.alt_text)


def test_reading_grade_tells_plain_from_hard_text() -> None:
    assert reading_grade("You met the library. You know how to ask.") < 3
    hard = "Organisational decision-making necessitates systematically incorporating authoritative evidence."
    assert reading_grade(hard) > 15
    assert [count_syllables(word) for word in ("the", "made", "table", "evidence")] == [1, 1, 2, 3]


def test_pack_follows_the_table_of_classes() -> None:
    pack = load_starter_pack()
    assert pack.find_class("executive-pledge").validity_months == 12
    assert pack.find_class("partner-organisation").achievement_type is AchievementType.MEMBERSHIP
    assert pack.find_class("supporter").validity_months is None
    assert pack.find_class("evidence-searcher").validity_months == 36
    assert pack.find_class("induction").first_question.startswith("What is the one thing")
    assert pack.find_class("supporter").first_question == ""


def test_pack_refuses_a_class_that_it_does_not_have() -> None:
    with pytest.raises(NotFoundError, match="no-such-badge"):
        load_starter_pack().find_class("no-such-badge")


def test_campaign_lines_are_the_campaigns_own() -> None:
    assert "across the healthcare sector in England, a million decisions are made" in str(CAMPAIGN_LINES["first_line"])
    assert str(CAMPAIGN_LINES["second_line"]).startswith("Knowledge and information professionals can help you")


def test_read_pack_reads_a_copy_of_the_files(pack_folder: Path) -> None:
    pack: Pack = read_pack(pack_folder)
    assert pack == load_starter_pack()


MISTAKES: list[tuple[str, str, str, str]] = [
    ("classes/supporter.toml", r"^name = .*", 'name = "#AMillionDecisions"', "name .*without the #"),
    ("classes/supporter.toml", r"^name = .*", "", "name must be a text"),
    ("classes/supporter.toml", r"^audience = .*", 'audence = "x"', "audence is not a field"),
    ("classes/supporter.toml", r"^slug = .*", 'slug = "suporter"', "slug must be the name of the file"),
    ("classes/supporter.toml", r'"Membership"', '"Member"', "achievement_type must be one of"),
    ("classes/supporter.toml", r'"AMillionDecisions", ', "", "tags must begin with"),
    ("classes/supporter.toml", r'"supporter", ', '"#supporter", ', "tags must be written without"),
    ("classes/supporter.toml", r'"fun"', '"public"', "tags has the same entry twice"),
    ("classes/supporter.toml", r'\["AMD"\]', '["XYZ"]', "alignments has XYZ"),
    ("classes/supporter.toml", r"lit_dots = .*", 'lit_dots = "5"', "art: lit_dots must be a whole number"),
    ("classes/supporter.toml", r"^alt_text = .*", "", "art: alt_text must be a text"),
    ("classes/induction.toml", r"^name = .*", 'name = "A Million Decisions Supporter"', "same name"),
    (
        "classes/evidence-searcher.toml",
        r"^validity_months = .*",
        "validity_months = 7",
        "validity_months must",
    ),
    ("frameworks.toml", r"^url = .*", 'url = "example"', "framework AMD: url must be a full web address"),
]


@pytest.mark.parametrize(("file", "pattern", "replacement", "message"), MISTAKES)
def test_read_pack_names_file_class_and_field_of_a_mistake(
    pack_folder: Path, file: str, pattern: str, replacement: str, message: str
) -> None:
    _change(pack_folder / file, pattern, replacement)
    with pytest.raises(ConfigurationError, match=message) as raised:
        read_pack(pack_folder)
    assert file in str(raised.value) or "starter_pack.toml" in str(raised.value)


def _remove(file: Path) -> None:
    file.unlink()


def _break(file: Path) -> None:
    file.write_text("name = ", "utf-8")


@pytest.mark.parametrize("spoil", [_remove, _break])
def test_read_pack_names_a_file_that_cannot_be_read(pack_folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(pack_folder / "classes" / "supporter.toml")
    with pytest.raises(ConfigurationError, match=r"classes/supporter\.toml cannot be read"):
        read_pack(pack_folder)


RICH = """
[creator]
id = "https://campaign.example.org/"
name = "The campaign"

[[results]]
slug = "depth"
name = "Depth"
type = "RubricCriterionLevel"
levels = [{ slug = "basic", name = "Basic" }, { slug = "deep", name = "Deep", points = "2" }]

[[results]]
slug = "mark"
name = "Mark"
type = "Percent"
value_min = "0"
value_max = "100"
"""


def test_class_may_have_results_and_a_creator(pack_folder: Path) -> None:
    file = pack_folder / "classes" / "supporter.toml"
    file.write_text(file.read_text("utf-8") + RICH, "utf-8")
    found = read_pack(pack_folder).find_class("supporter")
    assert found.creator == {"id": "https://campaign.example.org/", "name": "The campaign"}
    depth, mark = found.results
    assert [level["slug"] for level in depth["levels"]] == ["basic", "deep"]
    assert mark == {"slug": "mark", "name": "Mark", "type": "Percent", "value_min": "0", "value_max": "100"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('type = "Percent"', 'type = "Per cent"', "type must be one of"),
        ('slug = "mark"', 'slug = "depth"', "same slug twice"),
        ('slug = "basic"', 'slug = "deep"', "same slug twice"),
        ('slug = "mark"', 'slug = "The mark"', "small letters"),
        ('type = "RubricCriterionLevel"', 'type = "Percent"', "levels must be there for"),
        ('name = "The campaign"', 'title = "The campaign"', "title is not a field"),
    ],
)
def test_mistake_in_results_is_named(pack_folder: Path, old: str, new: str, said: str) -> None:
    file = pack_folder / "classes" / "supporter.toml"
    file.write_text(file.read_text("utf-8") + RICH.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigurationError, match=said):
        read_pack(pack_folder)


def test_version_rises_whenever_the_pack_changes() -> None:
    """Those who have adopted a version are offered the next one; the same number must always say the same."""
    said = hashlib.sha256(canonical_json(pack_document(load_starter_pack()))).hexdigest()
    assert SAID_BY_VERSION.get(load_starter_pack().version) == said, (
        "The starter pack says something else now: raise its version, and write the new hash down here."
    )
