"""What an author typed about a badge class, checked: every mistake is named with its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from badges.campaign.class_reading import MOST_TAGS, TAG_MAX
from badges.campaign.wording import TAG
from badges.errors import InvalidInputError
from badges.rendering.badge_art import draw_badge_svg
from badges.rendering.badge_picture import square_art
from badges.rendering.icon_words import describe_art, figure_for
from badges.services.organisations import slug_of
from badges.services.pictures import checked_picture
from badges.services.typed_texts import checked_line, checked_paragraphs, one_line
from badges.vocab.achievement import AchievementType, Alignment
from badges.vocab.badge_art import BadgeArt
from badges.vocab.class_content import LONGEST, VALIDITIES, ClassArt, ClassContent, Licence, UploadedArt

NEW_ART: Final = BadgeArt("circle", "book", "teal", 3, "", "")
_LINES: Final = ("name", "audience", "first_question")
_PARAGRAPHS: Final = ("description", "who_can_earn", "how_to_earn", "criteria", "mail_text")


@dataclass(frozen=True, slots=True)
class ClassInput:
    """What was typed. Names as in `ClassContent` and `BadgeArt`, all as text.

    alignments: what was ticked of `alignment_choices`. is_uploaded: whether the picture is to be an uploaded one.
    upload: its bytes; empty to keep the one that is there.
    """

    texts: Mapping[str, str]
    alignments: tuple[str, ...] = ()
    is_uploaded: bool = False
    upload: bytes = b""


def checked_content(
    given: ClassInput, kept: ClassContent | None = None, *, known: Mapping[str, Alignment]
) -> ClassContent:
    """Return what a class is to say. kept: what it said before; what the form has no field for stays. known: the
    entries of the frameworks.

    Raises InvalidInputError naming the field.
    """
    texts = {name: _text(given, name) for name in (*_LINES, *_PARAGRAPHS)}
    for name in ("name", "description", "criteria"):
        if not texts[name]:
            raise InvalidInputError("This must not be empty.", field=name)
    if "#" in texts["name"]:
        raise InvalidInputError("Write the name without the # sign.", field="name")
    return ClassContent(
        slug=kept.slug if kept else slug_of(texts["name"]),
        achievement_type=_type(given.texts.get("achievement_type", "")),
        tags=tags_of(given.texts.get("tags", "")),
        alignments=_alignments(given.alignments, alignment_choices(known, kept)),
        validity_months=_validity(given.texts.get("validity", "")),
        art=_art(given, texts["name"], kept),
        creator=kept.creator if kept else None,
        results=kept.results if kept else (),
        licence=_licence(given.texts.get("licence", "")),
        credit=kept.credit if kept else None,
        **texts,
    )


def alignment_choices(known: Mapping[str, Alignment], kept: ClassContent | None) -> dict[str, Alignment]:
    """Return what a class can say that it supports, by the code that a form sends: the entries of the frameworks, and
    whatever the class has from elsewhere.
    """
    others = [each for each in kept.alignments if each not in known.values()] if kept else []
    return {**known} | {f"kept-{number}": each for number, each in enumerate(others, start=1)}


def tags_of(words: str) -> tuple[str, ...]:
    """Return tags that were typed with commas between them: without "#", none twice, the campaign's own first.

    Raises InvalidInputError.
    """
    found = {TAG.casefold(): TAG}
    for word in words.replace("#", "").split(","):
        tag = one_line(word)
        if len(tag) > TAG_MAX:
            raise InvalidInputError(
                '"%(tag)s…" is too long for a tag: at most %(most)s letters.', field="tags", tag=tag[:20], most=TAG_MAX
            )
        if tag:
            found.setdefault(tag.casefold(), tag)
    if len(found) > MOST_TAGS:
        raise InvalidInputError("At most %(most)s tags fit.", field="tags", most=MOST_TAGS)
    return tuple(found.values())


def designed_art(texts: Mapping[str, str], name: str) -> BadgeArt:
    """Return the picture that the designer's fields describe, once it was drawn for a try.

    name: of the class, for the short name when that is left out. Without an alt text it gets one that is made of its
    parts, so that a picture can be looked at before it is described.

    Raises InvalidInputError naming the field.
    """
    dots = texts.get("lit_dots", "").strip()
    if not dots.isdecimal() or len(dots) > 2:
        raise InvalidInputError("Write how many dots are lit, as a number.", field="lit_dots")
    ground = texts.get("ground", "").strip()
    art = BadgeArt(
        silhouette=texts.get("silhouette", ""),
        icon=texts.get("icon", ""),
        ground=ground,
        lit_dots=int(dots),
        label=one_line(texts.get("label", "")) or name[:20].strip(),
        alt_text=one_line(texts.get("alt_text", "")) or "–",
        figure=figure_for(ground),
        light=texts.get("light", "").strip(),
    )
    draw_badge_svg(art, with_label=True)
    return art if art.alt_text != "–" else replace(art, alt_text=str(describe_art(art)))


def _art(given: ClassInput, name: str, kept: ClassContent | None) -> ClassArt:
    alt_text = _text(given, "alt_text")
    if not alt_text:
        raise InvalidInputError(
            "Say in a sentence what the picture shows, for people who cannot see it.", field="alt_text"
        )
    if not given.is_uploaded:
        return designed_art(given.texts, name)
    if given.upload:
        return square_art(checked_picture(given.upload, field="upload"), alt_text)
    if kept is not None and isinstance(kept.art, UploadedArt):
        return replace(kept.art, alt_text=alt_text)
    raise InvalidInputError("Choose a picture, or design one.", field="upload")


def _text(given: ClassInput, name: str) -> str:
    check = checked_paragraphs if name in _PARAGRAPHS else checked_line
    return check(given.texts.get(name, ""), LONGEST[name], field=name)


def _type(text: str) -> AchievementType:
    try:
        return AchievementType(text)
    except ValueError as error:
        raise InvalidInputError("Choose what kind of badge it is.", field="achievement_type") from error


def _licence(text: str) -> Licence:
    try:
        return Licence(text)
    except ValueError as error:
        raise InvalidInputError("Choose whether others may copy it.", field="licence") from error


def _validity(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 2 or int(text) not in VALIDITIES:
        raise InvalidInputError("Choose how long it counts.", field="validity")
    return int(text)


def _alignments(codes: tuple[str, ...], choices: Mapping[str, Alignment]) -> tuple[Alignment, ...]:
    if any(code not in choices for code in codes):
        raise InvalidInputError("Choose what it supports from the list.", field="alignments")
    return tuple(choices[code] for code in dict.fromkeys(codes))
