"""What headers say: the role a header names, however it is written.

A header comes in; the role it names, if it names one, and the number it carries (`address_2`) come out. Every word of
the header must be explained: `product_name` is not a person's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from identity_graph.normalise import fold
from identity_graph.roles import Role
from identity_graph.sources.header_words import (
    ABBREVIATIONS,
    BIRTH_PARTS,
    BIRTH_WORDS,
    DECORATIONS,
    FILLERS,
    QUALIFIERS,
    ROLE_OF_WORD,
)

__all__ = ["Header", "read_header"]

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_QUESTION = re.compile(r"^\s*[QqFf]\d{1,3}[a-z]?\s*[.:)_ -]\s*")
_PIECES = re.compile(r"[/(\[,;:|?]")


@dataclass(frozen=True, slots=True)
class Header:
    """A header, read.

    Attributes:
        key: its words in one, lower case, without number and qualifiers, such as `firstname`.
        role: the role it names; None when it names none for sure.
        number: the number it carries, such as 2 in `address_2`; None without one.
        somebody: it only says who the value is about, such as `customer`.
    """

    key: str
    role: Role | None
    number: int | None
    somebody: bool = False


def read_header(name: str) -> Header:
    """Read one header: as it stands, then without what people write around the word that matters.

    Tried in turn: the whole; without its number; without qualifiers such as `customer`; abbreviations written out
    and without words like `code`; the words of a question left out; each piece before a slash or a bracket.
    """
    words = _words(name)
    whole = "".join(words)
    if whole in ROLE_OF_WORD:
        return Header(whole, ROLE_OF_WORD[whole], None)
    words, number = _without_number(words)
    first = "".join(words)
    for tried in _readings(words):
        key = "".join(tried)
        role = _role_of(tried)
        if role is not None:
            return Header(key, role, number)
    question = _QUESTION.sub("", name)
    pieces = [piece for piece in _PIECES.split(question) if piece.strip()]
    for piece in pieces if question != name or len(pieces) > 1 else ():
        found = read_header(piece)
        if found.role is not None:
            return found
    return Header(first, None, number, bool(words) and all(word in QUALIFIERS for word in words))


def _words(name: str) -> list[str]:
    return fold(_CAMEL.sub(" ", name)).split()


def _readings(words: list[str]) -> Iterator[list[str]]:
    """Yield the words in ever fewer forms, the most faithful first."""
    yield words
    kept = [word for word in words if word not in QUALIFIERS]
    yield kept
    spelled = [ABBREVIATIONS.get(word, word) for word in words]
    yield spelled
    spelled = [word for word in spelled if word not in QUALIFIERS]
    yield spelled
    plain = [word for word in spelled if word not in FILLERS]
    yield plain
    while len(plain) > 1 and plain[-1] in DECORATIONS:
        plain = plain[:-1]
        yield plain


def _role_of(words: list[str]) -> Role | None:
    """Return the role of words: together, as a part of somebody's birth, or the one that each of them names."""
    key = "".join(words)
    if key in ROLE_OF_WORD:
        return ROLE_OF_WORD[key]
    about = [word for word in words if word not in BIRTH_WORDS and word not in FILLERS]
    if len(about) == 1 and any(word in BIRTH_WORDS for word in words):
        return BIRTH_PARTS.get(about[0])
    roles = {ROLE_OF_WORD.get(word) for word in words}
    return roles.pop() if len(words) > 1 and len(roles) == 1 else None


def _without_number(words: list[str]) -> tuple[list[str], int | None]:
    """Take the number off the last word: `address 2`, `fname c1`, `pername1`."""
    if not words:
        return words, None
    found = re.fullmatch(r"([a-z]*?)_?(\d{1,2})", words[-1])
    if found is None:
        return words, None
    letters = found.group(1)
    keep_letters = bool(letters) and not (len(words) > 1 and len(letters) == 1)
    return [*words[:-1], *([letters] if keep_letters else [])], int(found.group(2))
