"""The life of a badge class: what was awarded keeps what it said, whatever happens to the class."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy.orm import Session

from badges.campaign.class_reading import class_document, read_class
from badges.campaign.pack import load_frameworks
from badges.campaign.reading import Table
from badges.errors import ConfigurationError, ConflictError, InvalidInputError, NotFoundError
from badges.services.achievements import find_version, list_newest_versions
from badges.services.class_content import content_mark, content_of
from badges.services.class_forms import ClassInput, checked_content, tags_of
from badges.services.classes import (
    add_class,
    bring_back_class,
    copy_class,
    discard_draft,
    find_class,
    find_draft,
    publish_draft,
    retire_class,
    save_draft,
)
from badges.services.frameworks import frameworks
from badges.services.organisations import find_organisation
from badges.storage.records import AchievementRecord, AchievementVersionRecord
from badges.verifying.report import Verdict
from badges.vocab.class_content import ClassContent, Licence, UploadedArt
from tests.instances import BASE_URL, ORGANISATION, Bench

T = TypeVar("T")
TEXTS = {
    "name": "Journal Club Leader",
    "description": "Leads a journal club.",
    "criteria": "- You led a session.",
    "achievement_type": "Competency",
    "validity": "12",
    "tags": "reading, journal club",
    "licence": "CC-BY-4.0",
    "silhouette": "hexagon",
    "icon": "microscope",
    "ground": "#6a1b5d",
    "light": "#ffb81c",
    "lit_dots": "4",
    "label": "Journal club",
    "alt_text": "A plum hexagon with a microscope.",
}


def checked(given: ClassInput, kept: ClassContent | None = None) -> ClassContent:
    """Check what was typed, with the frameworks that ship with the service."""
    return checked_content(given, kept, known=load_frameworks())


def content(**changes: str) -> ClassContent:
    return checked(ClassInput({**TEXTS, **changes}, ("AMD", "K4H")))


def do(bench: Bench, what: Callable[[Session], T]) -> T:
    with bench.service.database.write() as session:
        return what(session)


def published(bench: Bench, wanted: ClassContent | None = None) -> str:
    """Make and publish a class; return its slug."""

    def make(session: Session) -> str:
        home = find_organisation(session, ORGANISATION)
        draft = add_class(session, bench.service.installation, home, wanted or content())
        publish_draft(session, bench.service.installation, draft.achievement)
        return draft.achievement.slug

    return do(bench, make)


def change(bench: Bench, slug: str, **changes: str) -> None:
    """Change and publish a class."""

    def save(session: Session) -> None:
        found = find_class(session, ORGANISATION, slug)
        save_draft(session, bench.service.installation, found, content(**changes))
        publish_draft(session, bench.service.installation, found)

    do(bench, save)


def test_award_keeps_the_version_that_it_was_made_with(either_bench: Bench) -> None:
    bench = either_bench
    slug = published(bench)
    old = bench.award(slug)
    before = bench.form(old)
    change(bench, slug, criteria="- You led two sessions.")
    new = json.loads(bench.form(bench.award(slug, email="kim@example.org")))
    assert new["credentialSubject"]["achievement"]["id"] == f"{BASE_URL}/achievements/{ORGANISATION}/{slug}/2"
    assert "two" in new["credentialSubject"]["achievement"]["criteria"]["narrative"]
    assert bench.form(old) == before
    assert bench.verify(before).verdict is Verdict.VALID
    first = bench.json("achievement_json", organisation=ORGANISATION, achievement=slug, version=1)
    assert first["criteria"]["narrative"] == "- You led a session."


def test_draft_is_found_by_nobody(bench: Bench) -> None:
    slug = do(
        bench,
        lambda session: (
            (
                add_class(session, bench.service.installation, find_organisation(session, ORGANISATION), content())
            ).achievement.slug
        ),
    )
    for name in ("achievement_json", "achievement_png", "achievement_svg", "ob2_badge_class"):
        with pytest.raises(NotFoundError):
            bench.document(name, organisation=ORGANISATION, achievement=slug, version=1)
    with pytest.raises(NotFoundError):
        bench.award(slug)
    with bench.service.database.read() as session:
        listed = list_newest_versions(session, [find_organisation(session, ORGANISATION).id], with_retired=True)
    assert slug not in {version.achievement.slug for version in listed}


def test_draft_of_the_next_version_changes_nothing_that_others_see(bench: Bench) -> None:
    slug = published(bench)
    before = bench.document("achievement_json", organisation=ORGANISATION, achievement=slug, version=1)
    do(
        bench,
        lambda session: save_draft(
            session, bench.service.installation, find_class(session, ORGANISATION, slug), content(name="Other")
        ),
    )
    assert bench.document("achievement_json", organisation=ORGANISATION, achievement=slug, version=1) == before
    with pytest.raises(NotFoundError):
        bench.document("achievement_json", organisation=ORGANISATION, achievement=slug, version=2)
    assert json.loads(bench.form(bench.award(slug)))["credentialSubject"]["achievement"]["version"] == "1"


def test_saving_what_is_published_leaves_no_draft(bench: Bench) -> None:
    slug = published(bench)

    def save(session: Session, wanted: ClassContent) -> tuple[bool, bool]:
        found = find_class(session, ORGANISATION, slug)
        is_other = save_draft(session, bench.service.installation, found, wanted)
        return is_other, find_draft(session, found) is not None

    assert do(bench, lambda session: save(session, content(name="Other"))) == (True, True)
    assert do(bench, lambda session: save(session, content())) == (False, False)


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(bench: Bench) -> None:
    slug = published(bench)
    installation = bench.service.installation
    with bench.service.database.read() as session:
        seen = content_mark(content_of(find_version(session, ORGANISATION, slug)))

    def save(session: Session, name: str) -> None:
        save_draft(session, installation, find_class(session, ORGANISATION, slug), content(name=name), seen=seen)

    do(bench, lambda session: save(session, "First"))
    with pytest.raises(ConflictError, match="Somebody else has changed"):
        do(bench, lambda session: save(session, "Second"))
    with pytest.raises(ConflictError, match="has changed since"):
        do(
            bench,
            lambda session: publish_draft(
                session, installation, find_class(session, ORGANISATION, slug), seen="0123456789abcdef"
            ),
        )
    with bench.service.database.read() as session:
        draft = find_draft(session, find_class(session, ORGANISATION, slug))
        assert draft is not None
        assert draft.name == "First"


def test_published_twice_at_once_makes_one_version(postgres_bench: Bench) -> None:
    bench = postgres_bench
    slug = published(bench)
    installation = bench.service.installation
    do(
        bench,
        lambda session: save_draft(
            session, installation, find_class(session, ORGANISATION, slug), content(name="Other")
        ),
    )

    def publish(_number: int) -> str:
        try:
            do(
                bench,
                lambda session: publish_draft(session, installation, find_class(session, ORGANISATION, slug)),
            )
        except ConflictError:
            return "refused"
        return "published"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(publish, range(4))) == ["published", "refused", "refused", "refused"]


def test_retired_class_is_awarded_no_more_and_everything_of_it_stays(either_bench: Bench) -> None:
    bench = either_bench
    slug = published(bench)
    award = bench.award(slug)
    installation = bench.service.installation
    do(bench, lambda session: retire_class(session, installation, find_class(session, ORGANISATION, slug)))
    with pytest.raises(ConflictError, match="retired"):
        bench.award(slug, email="kim@example.org")
    with pytest.raises(ConflictError, match="retired"):
        change(bench, slug, name="Other")
    assert bench.verify(bench.form(award)).verdict is Verdict.VALID
    assert bench.document("achievement_png", organisation=ORGANISATION, achievement=slug, version=1).status_code == 200
    do(bench, lambda session: bring_back_class(session, installation, find_class(session, ORGANISATION, slug)))
    assert bench.award(slug, email="kim@example.org")


def test_only_what_was_never_published_can_be_thrown_away(bench: Bench) -> None:
    installation = bench.service.installation
    home = ORGANISATION
    before = bench.count(AchievementRecord), bench.count(AchievementVersionRecord)
    slug = do(
        bench,
        lambda session: add_class(session, installation, find_organisation(session, home), content()).achievement.slug,
    )
    with pytest.raises(ConflictError, match="never published"):
        do(bench, lambda session: retire_class(session, installation, find_class(session, home, slug)))
    assert do(bench, lambda session: discard_draft(session, installation, find_class(session, home, slug))) is False
    assert (bench.count(AchievementRecord), bench.count(AchievementVersionRecord)) == before
    slug = published(bench)
    with pytest.raises(ConflictError, match="no draft"):
        do(bench, lambda session: discard_draft(session, installation, find_class(session, home, slug)))


def test_two_of_one_name_get_addresses_of_their_own(bench: Bench) -> None:
    assert [published(bench), published(bench)] == ["journal-club-leader", "journal-club-leader-2"]


def test_copy_names_whose_it_is_and_needs_a_licence(bench: Bench) -> None:
    slug = published(bench)
    closed = published(bench, content(name="Closed", licence=""))
    bench.add_organisation("county-library")
    installation = bench.service.installation

    def copy(session: Session, which: str) -> ClassContent:
        other = find_organisation(session, "county-library")
        return content_of(copy_class(session, installation, find_version(session, ORGANISATION, which), other))

    copied = do(bench, lambda session: copy(session, slug))
    assert copied.credit is not None
    assert copied.credit.id == f"{BASE_URL}/achievements/{ORGANISATION}/{slug}/1"
    assert copied.credit.by == "Anytown Hospitals Library"
    assert copied.credit.licence is Licence.CC_BY
    with pytest.raises(ConflictError, match="not for copying"):
        do(bench, lambda session: copy(session, closed))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", " ", "must not be empty"),
        ("name", "#AMillionDecisions", "without the #"),
        ("name", "x" * 81, "at most 80"),
        ("description", "", "must not be empty"),
        ("criteria", "\x00", "must not be empty"),
        ("achievement_type", "Nonsense", "Choose what kind"),
        ("validity", "13", "how long"),
        ("licence", "GPL", "copy it"),
        ("tags", "x" * 41, "too long"),
        ("silhouette", "cloud", "no silhouette"),
        ("icon", "../etc/passwd", "no icon"),
        ("ground", "javascript:", "not a colour"),
        ("light", "#6a1b5d", "cannot be seen"),
        ("lit_dots", "0", "not possible"),
        ("lit_dots", "many", "as a number"),
        ("label", "x" * 40, "1 to about 20 letters"),
        ("alt_text", "", "cannot see it"),
    ],
)
def test_mistake_is_named_with_its_field(field: str, value: str, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words) as raised:
        content(**{field: value})
    assert raised.value.field == field


def test_alignment_that_is_in_no_list_is_refused() -> None:
    with pytest.raises(InvalidInputError) as raised:
        checked(ClassInput(TEXTS, ("NOT-THERE",)))
    assert raised.value.field == "alignments"


def picture(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "#6A1B5D").save(buffer, "PNG")
    return buffer.getvalue()


def test_uploaded_picture_is_square_and_stays_when_the_words_change(bench: Bench) -> None:
    given = ClassInput({**TEXTS, "alt_text": "A plum field."}, (), is_uploaded=True, upload=picture(300, 120))
    first = checked(given)
    assert isinstance(first.art, UploadedArt)
    with Image.open(io.BytesIO(first.art.png)) as opened:
        assert opened.width == opened.height == 300
    slug = published(bench, first)
    with bench.service.database.read() as session:
        kept = content_of(find_version(session, ORGANISATION, slug))
    assert kept == first
    second = checked(replace(given, texts={**TEXTS, "name": "Other"}, upload=b""), kept)
    assert isinstance(second.art, UploadedArt)
    assert second.art.png == first.art.png
    shown = bench.document("achievement_svg", organisation=ORGANISATION, achievement=slug, version=1).body
    assert b"data:image/png;base64," in shown


@pytest.mark.parametrize(
    "svg",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="http://elsewhere/"/></svg>',
        b"GIF89a",
    ],
)
def test_hostile_picture_is_refused(svg: bytes) -> None:
    with pytest.raises(InvalidInputError) as raised:
        checked(ClassInput(TEXTS, (), is_uploaded=True, upload=svg))
    assert raised.value.field == "upload"


def test_drawing_that_is_not_square_is_put_into_one(bench: Bench) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>'
    made = checked(ClassInput(TEXTS, (), is_uploaded=True, upload=svg))
    slug = published(bench, made)
    shown = bench.document("achievement_svg", organisation=ORGANISATION, achievement=slug, version=1).body.decode()
    assert 'viewBox="0 0 400 400"' in shown
    assert 'viewBox="0 0 40 20"' in shown


@given(st.text(max_size=200))
def test_tags_are_the_campaign_s_first_and_none_twice(text: str) -> None:
    try:
        tags = tags_of(text)
    except InvalidInputError:
        return
    assert tags[0] == "AMillionDecisions"
    assert len({tag.casefold() for tag in tags}) == len(tags)
    assert not any("#" in tag or "," in tag or not tag.strip() for tag in tags)


def test_class_written_as_data_is_read_as_it_was() -> None:
    for wanted in (content(), checked(ClassInput(TEXTS, (), is_uploaded=True, upload=picture(20, 20)))):
        assert read_class(Table("pack", "class", json.loads(json.dumps(class_document(wanted)))), {}) == wanted


def test_installation_can_have_frameworks_of_its_own(bench: Bench) -> None:
    assert "AMD" in frameworks(bench.service.installation)
    file = bench.folders.instance / "frameworks.toml"
    file.write_text('[OURS]\nname = "Ours"\nurl = "https://ours.example.org/"\nframework = "Our framework"\n')
    assert list(frameworks(bench.service.installation)) == ["OURS"]
    file.write_text('[OURS]\nname = "Ours"\nurl = "ours"\nframework = "Our framework"\n')
    os.utime(file, ns=(1, 1))
    with pytest.raises(ConfigurationError, match="OURS: url must be a full web address"):
        frameworks(bench.service.installation)
