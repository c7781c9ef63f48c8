"""What a version of a badge class says, between its row and its value."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace

from badges.campaign.class_reading import class_document
from badges.errors import InvalidInputError
from badges.rendering.badge_picture import draw_pictures, square_art
from badges.services.pictures import checked_picture
from badges.standards.jcs import canonical_json
from badges.storage.records import AchievementVersionRecord
from badges.vocab.achievement import AchievementType, Alignment
from badges.vocab.badge_art import BadgeArt
from badges.vocab.class_content import ClassArt, ClassContent, Credit, Licence, UploadedArt


def content_of(version: AchievementVersionRecord) -> ClassContent:
    """Return what a version says, without what an organisation added to it locally."""
    return ClassContent(
        slug=version.achievement.slug,
        name=version.name,
        audience=version.audience,
        description=version.description,
        criteria=version.criteria,
        achievement_type=AchievementType(version.achievement_type),
        tags=tuple(version.tags),
        alignments=tuple(Alignment(**alignment) for alignment in version.alignments),
        validity_months=version.validity_months,
        who_can_earn=version.who_can_earn,
        how_to_earn=version.how_to_earn,
        first_question=version.first_question,
        art=_art_of(version),
        creator=version.creator,
        results=tuple(version.result_descriptions or ()),
        mail_text=version.mail_text,
        licence=Licence(version.licence),
        credit=Credit(**{**version.credit, "licence": Licence(version.credit["licence"])}) if version.credit else None,
    )


def _art_of(version: AchievementVersionRecord) -> ClassArt:
    """Return the picture. One from before pictures were kept as described counts as an uploaded drawing."""
    if version.art and "uploaded" not in version.art:
        return BadgeArt(**version.art)
    is_pixels = version.art is not None and version.art["uploaded"] == "png"
    return UploadedArt("" if is_pixels else version.image_svg, version.image_png, version.image_alt)


def write_content(version: AchievementVersionRecord, content: ClassContent) -> None:
    """Set what a draft says, and draw it. Its slug stays: that is the class's. Raises as `draw_badge_svg`."""
    svg, png = draw_pictures(content.art)
    version.name = content.name
    version.audience = content.audience
    version.description = content.description
    version.criteria = content.criteria
    version.achievement_type = content.achievement_type
    version.tags = list(content.tags)
    version.alignments = [asdict(alignment) for alignment in content.alignments]
    version.validity_months = content.validity_months
    version.who_can_earn = content.who_can_earn
    version.how_to_earn = content.how_to_earn
    version.first_question = content.first_question
    version.creator = content.creator
    version.result_descriptions = list(content.results) or None
    version.mail_text = content.mail_text
    version.licence = content.licence
    version.credit = asdict(content.credit) if content.credit else None
    if isinstance(content.art, BadgeArt):
        version.art = asdict(content.art)
    else:
        version.art = {"uploaded": "svg" if content.art.svg else "png"}
    version.image_alt = content.art.alt_text
    version.image_svg, version.image_png = svg, png


def content_mark(content: ClassContent) -> str:
    """Return a short text that is another one when anything of the content is: 16 hex digits."""
    return hashlib.sha256(canonical_json(class_document(content))).hexdigest()[:16]


def with_safe_art(content: ClassContent) -> ClassContent:
    """Return what came from elsewhere with its picture made safe; a described one is drawn for a try.

    Raises InvalidInputError naming the class.
    """
    try:
        if isinstance(content.art, BadgeArt):
            draw_pictures(content.art)
            return content
        picture = checked_picture(content.art.svg.encode() or content.art.png)
    except InvalidInputError as problem:
        raise InvalidInputError(
            "The picture of %(name)s: %(problem)s", field="picture", name=content.name, problem=str(problem.message)
        ) from problem
    return replace(content, art=square_art(picture, content.art.alt_text))
