"""Letters that look like letters of the Latin alphabet, so that names can be compared as people see them.

Only what a reader of Latin letters would take for one of them. It is no judgement on other alphabets: a name in
Greek or Cyrillic is compared with its like in the same way.

Source: Unicode Technical Standard 39, "Confusable Detection", for the idea; the table is our own and much smaller.
"""

from __future__ import annotations

import unicodedata
from typing import Final

# Large letters look like others than their small forms do, so this comes before the case is folded.
_PAIRS: Final = (
    # Cyrillic
    ("АВЕЗІЈКМНОРСЅТУХҮԚԜҺӀԌ", "ABE3IJKMHOPCSTYXYQWhIG"),
    ("авеіјкмнорсѕтухүԛԝһӏԁгп", "abeijkmhopcstyxyqwhldrn"),
    # Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳ", "ABEZHIKMNOPTYXCj"),
    ("αεγηικνορστυχωϲ", "aeynikvopotuxwc"),
    # Armenian
    ("ՕՍՏԼօսհոցզ", "OUSLouhngq"),
    # Cherokee
    ("ᎪᎬᎫᎳᎷᎻᏢᏚᏟᎢᏃᏴᏦᏞᏙᎠᏀᎡ", "AEJWMHPSCTZBKLVDGR"),
    # Latin letters that are only drawn otherwise
    ("ıɩɪɡɢɑʙʜʟɴʀʏꜱøØđĐłŁħĦ", "iiiggabhlnrysoOdDlLhH"),
)
_LETTERS: Final = str.maketrans("".join(pair[0] for pair in _PAIRS), "".join(pair[1] for pair in _PAIRS))
# In many typefaces a large I, a small l and a 1 are one stroke, and a 0 is an O.
_STROKES: Final = str.maketrans("i10", "llo")


def as_seen(text: str) -> str:
    """Return the letters and digits of a text as a reader takes them in: what looks alike is one letter.

    Not for showing: accents, case, spaces and signs are gone.
    """
    drawn = unicodedata.normalize("NFKD", text.translate(_LETTERS)).translate(_LETTERS).casefold()
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", drawn) if letter.isalnum())
    return letters.translate(_STROKES).replace("rn", "m").replace("vv", "w")
