"""The mistakes people and machines make when they write somebody down.

Correct text and a seeded chance come in, text with one mistake goes out. Which mistakes are made, and how often
relative to each other, follows what is known of data entry: slips of the finger first, then letters swapped, left
out or doubled, misheard spellings, and letters that scanners confuse.
"""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

from identity_graph.demo.chances import Chance

__all__ = ["NICKNAMES", "PLACEHOLDERS", "misspell", "mistake_day", "nickname", "without_accents"]

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
_NEIGHBOURS = {
    letter: "".join(row[place : place + 1] for place in (at - 1, at + 1) if 0 <= place < len(row))
    for row in _ROWS
    for at, letter in enumerate(row)
}
_SCANNED = {
    "l": "1",
    "o": "0",
    "m": "rn",
    "i": "l",
    "s": "5",
    "b": "6",
    "g": "9",
    "0": "o",
    "1": "l",
    "5": "s",
    "d": "cl",
}
_HEARD = (
    ("ph", "f"), ("ck", "k"), ("tz", "z"), ("ei", "ai"), ("th", "t"), ("mm", "m"), ("nn", "n"), ("ss", "s"),
    ("dt", "t"), ("ie", "y"), ("v", "f"), ("c", "k"), ("y", "i"), ("w", "v"), ("ll", "l"), ("ee", "ea"),
    ("k", "c"), ("z", "s"),
)  # fmt: skip
_UNDECOMPOSED = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ı": "i", "ø": "o", "Ø": "O", "æ": "ae"})

PLACEHOLDERS = ("n/a", "unknown", "-", "none", "xxx", "?", "not given")
"""What people type when a form insists on a value they do not have."""

_PAIRS = """elizabeth:liz,beth,lizzie margaret:maggie,peggy william:bill,will,billy robert:bob,rob,bobby
    richard:rick,dick james:jim,jamie john:jack,johnny thomas:tom,tommy michael:mike,mick christopher:chris
    david:dave daniel:dan,danny
    matthew:matt andrew:andy joseph:joe edward:ed,ted anthony:tony charles:charlie benjamin:ben samuel:sam
    alexander:alex,sasha nicholas:nick timothy:tim stephen:steve kenneth:ken ronald:ron susan:sue patricia:pat,trish
    jennifer:jen,jenny katherine:kate,kathy rebecca:becky jessica:jess victoria:vicky samantha:sam barbara:barb
    deborah:debbie kimberly:kim katharina:kathi,kati maximilian:max sebastian:basti johanna:hanna,jo elisabeth:lisa,elli
    stefanie:steffi franziska:franzi susanne:susi matthias:matze klaus:claus josef:sepp günter:günther philipp:phil
    antonio:toni,toño francisco:paco josé:pepe manuel:manolo dolores:lola mercedes:merche giuseppe:peppe,beppe
    francesco:franco alessandro:sandro lorenzo:enzo francesca:franci alessandra:sandra johannes:hans,johan willem:wim
    cornelis:kees hendrik:henk małgorzata:gosia katarzyna:kasia agnieszka:aga krzysztof:krzysiek tomasz:tomek
    piotr:piotrek joanna:asia aleksandra:ola frédéric:fred sébastien:seb nathalie:nat alexandre:alex catherine:cathy
    nicolas:nico guillaume:guigui michel:mitch jean:jeannot"""
NICKNAMES = {full: tuple(short.split(",")) for full, short in (entry.split(":") for entry in _PAIRS.split())}
"""Given name in lower case -> what its bearers are called."""


def nickname(given: str, chance: Chance) -> str:
    """Return a short form of a given name, or the name itself when it has none."""
    short = NICKNAMES.get(given.lower())
    return chance.one_of(short).capitalize() if short else given


def misspell(text: str, chance: Chance) -> str:
    """Make one mistake in a text; a text shorter than three letters stays as it is."""
    if len(text) < 3:
        return text
    place = chance.between(1, len(text) - 1)
    kind = chance.random()
    before, letter, after = text[:place], text[place], text[place + 1 :]
    if kind < 0.28:
        near = _NEIGHBOURS.get(letter.lower())
        return before + (chance.one_of(near) if near else "") + after
    if kind < 0.48:
        return text[: place - 1] + letter + text[place - 1] + after
    if kind < 0.64:
        return before + after
    if kind < 0.76:
        return before + letter + letter + after
    if kind < 0.9:
        return _misheard(text, chance)
    return before + _SCANNED.get(letter.lower(), letter) + after


def _misheard(text: str, chance: Chance) -> str:
    lower = text.lower()
    first = chance.below(len(_HEARD))
    for step in range(len(_HEARD)):
        said, heard = _HEARD[(first + step) % len(_HEARD)]
        place = lower.find(said, 1)
        if place > 0:
            return text[:place] + heard + text[place + len(said) :]
    return text


def mistake_day(day: date, chance: Chance) -> date:
    """Write a day down wrong: day and month swapped, a digit off, the year off, or New Year's Day of that year."""
    kind = chance.random()
    if kind < 0.35 and day.day <= 12:
        return date(day.year, day.day, day.month)
    if kind < 0.6:
        return day + timedelta(days=chance.one_of((-10, -1, 1, 10)))
    if kind < 0.85:
        return _in_year(day, day.year + chance.one_of((-10, -1, 1, 10)))
    return date(day.year, 1, 1)


def _in_year(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, 28))


def without_accents(text: str) -> str:
    """Write a text the way an old system does that knows no accents."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
