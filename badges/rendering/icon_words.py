"""The parts of badge art in words: for those who choose, and for those who cannot see."""

from __future__ import annotations

from typing import Final

from badges.rendering.colours import PALETTE, contrast_ratio, find_colour
from badges.vocab.badge_art import BadgeArt
from badges.wording import Wording, say

SILHOUETTE_WORDS: Final[dict[str, Wording]] = {
    "shield": say("shield"),
    "circle": say("circle"),
    "hexagon": say("hexagon"),
    "drop": say("speech drop"),
    "star": say("star"),
    "leaf": say("leaf"),
    "arch": say("arch"),
}

COLOUR_WORDS: Final[dict[str, Wording]] = {
    "ink": say("dark blue"),
    "teal": say("teal"),
    "plum": say("plum"),
    "leaf": say("green"),
    "coral": say("coral"),
    "amber": say("amber"),
    "mist": say("pale blue"),
    "paper": say("white"),
}

ICON_WORDS: Final[dict[str, Wording]] = {
    "pen": say("a pen and a line"),
    "megaphone": say("a megaphone"),
    "heart": say("a heart"),
    "book": say("an open book"),
    "group": say("a group of three"),
    "speech-marks": say("speech marks"),
    "magnifier": say("a magnifier with a tick"),
    "leaflet": say("a leaflet"),
    "mortarboard": say("a mortarboard"),
    "compass": say("a compass"),
    "hand": say("a raised hand with a question mark"),
    "lantern": say("a lantern"),
    "handshake": say("a handshake"),
    "signpost": say("a signpost"),
    "book-open-text": say("a book with text"),
    "books": say("books"),
    "newspaper": say("a newspaper"),
    "chalkboard-teacher": say("a teacher at a board"),
    "student": say("a student"),
    "certificate": say("a certificate"),
    "medal": say("a medal"),
    "trophy": say("a trophy"),
    "star": say("a star"),
    "sparkle": say("a sparkle"),
    "lightbulb": say("a light bulb"),
    "brain": say("a brain"),
    "puzzle-piece": say("a piece of a puzzle"),
    "target": say("a target"),
    "rocket-launch": say("a rocket"),
    "flag": say("a flag"),
    "mountains": say("mountains"),
    "steps": say("steps"),
    "path": say("a path"),
    "map-trifold": say("a map"),
    "lighthouse": say("a lighthouse"),
    "binoculars": say("binoculars"),
    "eye": say("an eye"),
    "ear": say("an ear"),
    "chats-circle": say("two speech bubbles"),
    "chat-teardrop-text": say("a speech bubble with text"),
    "question": say("a question mark"),
    "check-fat": say("a tick"),
    "list-checks": say("a list with ticks"),
    "clipboard-text": say("a clipboard"),
    "file-text": say("a page of text"),
    "note-pencil": say("a note and a pencil"),
    "microphone": say("a microphone"),
    "presentation-chart": say("a chart on a screen"),
    "chart-bar": say("a chart of bars"),
    "chart-line-up": say("a line that rises"),
    "scales": say("scales"),
    "database": say("a store of data"),
    "laptop": say("a laptop"),
    "globe": say("a globe"),
    "share-network": say("three linked dots"),
    "key": say("a key"),
    "shield-check": say("a shield with a tick"),
    "stethoscope": say("a stethoscope"),
    "heartbeat": say("a heartbeat"),
    "hospital": say("a hospital"),
    "first-aid-kit": say("a first aid kit"),
    "pill": say("a pill"),
    "syringe": say("a syringe"),
    "microscope": say("a microscope"),
    "dna": say("DNA"),
    "flask": say("a flask"),
    "bandaids": say("plasters"),
    "tooth": say("a tooth"),
    "ambulance": say("an ambulance"),
    "wheelchair": say("a wheelchair"),
    "baby": say("a baby"),
    "person-arms-spread": say("a person with open arms"),
    "users-three": say("three people"),
    "hand-heart": say("a hand with a heart"),
    "hands-clapping": say("clapping hands"),
    "plant": say("a young plant"),
    "tree": say("a tree"),
    "sun": say("the sun"),
    "recycle": say("the sign for recycling"),
    "coffee": say("a cup of coffee"),
    "clock": say("a clock"),
    "calendar-check": say("a calendar with a tick"),
    "house": say("a house"),
    "envelope": say("a letter"),
    "headphones": say("headphones"),
    "paint-brush": say("a paint brush"),
}


def describe_art(art: BadgeArt) -> Wording:
    """Return a sentence that says what a picture shows: a first draft of its alt text."""
    return say(
        "A %(ground)s %(shape)s with %(icon)s. Of the dots around it, %(lit)s are lit in %(light)s.",
        ground=str(_nearest(art.ground)),
        shape=str(SILHOUETTE_WORDS[art.silhouette]),
        icon=str(ICON_WORDS[art.icon]),
        lit=art.lit_dots,
        light=str(_nearest(art.light)),
    )


def _nearest(colour: str) -> Wording:
    """Return the word of a colour, of the nearest of the palette for one of somebody's own."""
    if colour in COLOUR_WORDS:
        return COLOUR_WORDS[colour]
    wanted = find_colour(colour)

    def distance(name: str) -> float:
        pairs = (PALETTE[name][at : at + 2] + wanted[at : at + 2] for at in (1, 3, 5))
        return sum((int(pair[:2], 16) - int(pair[2:], 16)) ** 2 for pair in pairs)

    return COLOUR_WORDS[min(PALETTE, key=distance)]


def figure_for(ground: str) -> str:
    """Return the name of the colour, paper or ink, in which a figure is seen best on a ground."""
    return max(("paper", "ink"), key=lambda name: contrast_ratio(PALETTE[name], find_colour(ground, field="ground")))
