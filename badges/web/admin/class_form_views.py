"""What the form of a badge shows: the values of a class, the choices, the picture as it is described now."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from flask import url_for
from markupsafe import Markup

from badges.campaign.wording import TAG
from badges.rendering.badge_art import draw_icon_svg, draw_silhouette_svg
from badges.rendering.colours import PALETTE, find_colour
from badges.rendering.icon_words import ICON_WORDS, SILHOUETTE_WORDS
from badges.rendering.icons import CAMPAIGN_ICONS
from badges.services.class_content import content_mark
from badges.services.class_forms import NEW_ART, alignment_choices
from badges.services.frameworks import frameworks
from badges.vocab.achievement import AchievementType, Alignment
from badges.vocab.badge_art import BadgeArt
from badges.vocab.class_content import LICENCE_WORDING, VALIDITIES, ClassContent, UploadedArt
from badges.web.current import installation
from badges.web.forms import Form
from badges.wording import Wording, say

ART_FIELDS: Final = ("name", "silhouette", "icon", "ground", "light", "lit_dots", "label")
PREVIEW_WIDTHS: Final = (40, 200, 400)
TYPE_WORDING: Final[dict[AchievementType, Wording]] = {
    AchievementType.ACHIEVEMENT: say("Something that was achieved"),
    AchievementType.CERTIFICATE_OF_COMPLETION: say("A course or session that was completed"),
    AchievementType.COMPETENCY: say("Something that somebody can do"),
    AchievementType.MEMBERSHIP: say("Being a member or supporter"),
    AchievementType.COMMUNITY_SERVICE: say("Work for others"),
    AchievementType.AWARD: say("A prize or an honour"),
    AchievementType.CO_CURRICULAR: say("Beside a course of study"),
    AchievementType.MICRO_CREDENTIAL: say("A small qualification"),
    AchievementType.BADGE: say("Another kind of badge"),
}


def first_values() -> dict[str, Any]:
    """Return what the form of a new badge begins with."""
    return {
        "achievement_type": AchievementType.ACHIEVEMENT.value,
        "tags": TAG,
        "licence": "CC-BY-4.0",
        "picture": "designed",
        "alignments": ["AMD"],
        **_art_values(NEW_ART),
    }


def values_of(content: ClassContent) -> dict[str, Any]:
    """Return what a class says, as the form shows it."""
    art = content.art
    texts = (
        "name",
        "description",
        "criteria",
        "audience",
        "who_can_earn",
        "how_to_earn",
        "first_question",
        "mail_text",
    )
    return {
        **{name: getattr(content, name) for name in texts},
        **_art_values(art if isinstance(art, BadgeArt) else NEW_ART),
        "alt_text": art.alt_text,
        "achievement_type": content.achievement_type.value,
        "validity": str(content.validity_months or ""),
        "tags": ", ".join(content.tags),
        "licence": content.licence.value,
        "picture": "designed" if isinstance(art, BadgeArt) else "uploaded",
        "alignments": [code for code, each in _choices(content).items() if each in content.alignments],
        "seen": content_mark(content),
    }


def form_context(form: Form, kept: ClassContent | None, uploaded_url: str = "") -> dict[str, Any]:
    """Return what the form's template needs beside the form. kept: the class as it is, None for a new one.
    uploaded_url: where its picture is, if it was uploaded.
    """
    values: Mapping[str, Any] = form.values
    shown: dict[str, Any] = {name: str(values.get(name, "")) for name in ART_FIELDS}
    campaign = [_choice(name, ICON_WORDS) for name in CAMPAIGN_ICONS]
    others = [_choice(name, ICON_WORDS) for name in ICON_WORDS if name not in CAMPAIGN_ICONS]
    return {
        "is_new": kept is None,
        "name_now": kept.name if kept else "",
        "uploaded_alt": kept.art.alt_text if kept and isinstance(kept.art, UploadedArt) else "",
        "has_upload": kept is not None and isinstance(kept.art, UploadedArt),
        "silhouettes": [_choice(name, SILHOUETTE_WORDS) for name in SILHOUETTE_WORDS],
        "campaign_icons": campaign,
        "other_icons": others,
        "is_other_icon": values.get("icon") not in CAMPAIGN_ICONS,
        "palette": [find_colour(name).lower() for name in PALETTE],
        "preview_url": uploaded_url
        if uploaded_url and values.get("picture") == "uploaded"
        else url_for("admin.art_picture", **shown),
        "preview_base": url_for("admin.art_picture"),
        "preview_widths": PREVIEW_WIDTHS,
        "art_fields": " ".join(ART_FIELDS),
        "frameworks": _frameworks(kept),
        "types": [{"value": kind.value, "text": text} for kind, text in TYPE_WORDING.items()],
        "validities": [
            {"value": "", "text": say("For ever")},
            *({"value": str(months), "text": say("%(months)s months", months=months)} for months in VALIDITIES),
        ],
        "licences": [{"value": each.value, "text": text} for each, text in LICENCE_WORDING.items()],
    }


def _choices(kept: ClassContent | None) -> dict[str, Alignment]:
    return alignment_choices(frameworks(installation()), kept)


def _art_values(art: BadgeArt) -> dict[str, str]:
    return {
        "silhouette": art.silhouette,
        "icon": art.icon,
        "ground": find_colour(art.ground).lower(),
        "light": find_colour(art.light).lower(),
        "lit_dots": str(art.lit_dots),
        "label": art.label,
        "alt_text": art.alt_text,
    }


def _choice(name: str, words: Mapping[str, Wording]) -> dict[str, Any]:
    return {"value": name, "text": words[name], "svg": _drawn(name, words is ICON_WORDS)}


@cache
def _drawn(name: str, is_icon: bool) -> Markup:
    """Return a shape as markup: drawn by us, of nothing but data of the package."""
    return Markup(draw_icon_svg(name) if is_icon else draw_silhouette_svg(name))  # noqa: S704


def _frameworks(kept: ClassContent | None) -> list[dict[str, Any]]:
    """Return what a class can support, by framework."""
    groups: dict[str, list[dict[str, str]]] = {}
    for code, each in _choices(kept).items():
        name = each.target_name + (f" ({each.target_code})" if each.target_code else "")
        groups.setdefault(each.target_framework, []).append(
            {"value": code, "text": name, "hint": each.target_description}
        )
    return [{"name": name, "entries": entries} for name, entries in groups.items()]
