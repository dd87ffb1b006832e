"""A full name taken apart: given, middle and family names, and what stands around them.

A name as shown comes in, its parts in their own script and case go out. The order is read from commas, particles and
scripts; where nothing tells, the first word is the given name. Any text has an answer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from identity_graph.normalise import name_words
from identity_graph.normalise.cleaning import tidy
from identity_graph.normalise.folding import fold

__all__ = ["PersonName", "parse_full_name"]

_REMEMBERED = 1 << 16
_NICKNAME = re.compile(r"[\"“„«]([^\"“”„»]+)[\"”“»]|(?<!\S)['‘]([^'’]+)['’](?!\S)|\(([^()]*)\)|\[([^\[\]]*)\]")
_BORN = re.compile(r"^(?:née?|nee|born|geb\.?|geboren|z domu)\s", re.IGNORECASE)
_CARE_OF = re.compile(r"^(?:c/o|z\.? ?hd\.?|attn\.?|attention|fao)[:\s]+", re.IGNORECASE)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)
_AND = frozenset({"and", "&", "und", "et", "y", "e", "en", "+"})
_PATRONYMIC = re.compile(r"\w+(?:ович|евич|ич|овна|евна|ична|івна)", re.IGNORECASE)
_EAST_ASIAN = re.compile("[\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff々]+")
_ONE_CASE_FAMILY = re.compile(r"[^\W\d_]{2,}(?:[-'][^\W\d_]+)*")


class PersonName(NamedTuple):
    """The parts of one person's name; None where the name has no such part.

    Attributes:
        given: first given name, or an initial.
        middle: further given names and patronymics, separated by spaces.
        family: family name with its particles.
        prefix: titles and forms of address.
        suffix: generation (`Jr`, `III`), degrees and ranks; two people of one name often differ only here.
        nickname: a name in quotes or brackets.
    """

    given: str | None = None
    middle: str | None = None
    family: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    nickname: str | None = None


@lru_cache(maxsize=_REMEMBERED)
def parse_full_name(text: str) -> PersonName:
    """Take a full name apart.

    Args:
        text: the name as written or shown, in any script; `Family, Given` and `Given Family` order are both read.

    Returns:
        Its parts. A single word is the given name, after a title (`Dr Smith`) the family name. Text that is no name
        still gives its words; empty text gives no parts.
    """
    text, nickname = _without_nickname(_CARE_OF.sub("", tidy(text)))
    parts = [part for part in (piece.strip(" .;") for piece in text.split(",")) if part]
    suffixes: list[str] = []
    while len(parts) > 1 and _is_suffix_part(parts[-1]):
        suffixes.insert(0, parts.pop())
    if not parts:
        return PersonName(suffix=_joined(suffixes), nickname=nickname)
    if len(parts) > 1:
        return _family_comma_given(parts, suffixes, nickname)
    words, titles = _without_titles(parts[0].split())
    words, trailing = _without_suffixes(words)
    given, middle, family = _in_order(words, bool(titles))
    return PersonName(given, middle, family, _joined(titles), _joined(trailing + suffixes), nickname)


def _joined(words: list[str]) -> str | None:
    return " ".join(words) or None


def _bare(word: str) -> str:
    """Fold one word as the tables are folded: dots and apostrophes gone."""
    return word.replace(".", "").lower() if word.isascii() else fold(word).replace(" ", "")


def _without_nickname(text: str) -> tuple[str, str | None]:
    if not any(mark in text for mark in "\"“„«'‘(["):
        return text, None
    found = _NICKNAME.search(text)
    if found is None:
        return text, None
    inner = next((group for group in found.groups() if group), "").strip()
    rest = f"{text[: found.start()].rstrip()} {text[found.end() :].lstrip()}".strip()
    if not rest:
        return inner, None
    return rest, None if _BORN.match(inner + " ") else inner or None


def _is_suffix_part(part: str) -> bool:
    words = [_bare(word) for word in part.split()]
    if _ORDINAL.fullmatch(words[0]) or (words[0] in name_words.NOBLE_RANKS and (len(words) == 1 or "of" in words)):
        return True
    return all(word in name_words.SUFFIXES_AFTER_COMMA for word in words)


def _family_comma_given(parts: list[str], suffixes: list[str], nickname: str | None) -> PersonName:
    """Read `Family, Given Middle` (and `Family, Jr, Given`)."""
    inner = [part for part in parts[1:-1] if _is_suffix_part(part)]
    family_words, family_titles = _without_titles(parts[0].split())
    family_words, family_suffixes = _without_suffixes(family_words)
    given_text = " ".join(part for part in parts[1:] if part not in inner)
    words, titles = _without_titles(given_text.split())
    words, trailing = _without_suffixes(words)
    while len(words) > 1 and _bare(words[-1]) in name_words.FAMILY_FIRST_PARTICLES:
        family_words.insert(0, words.pop())  # Gogh, Vincent van
    given = words[0] if words else None
    return PersonName(
        given,
        _joined(words[1:]),
        _joined(family_words),
        _joined(family_titles + titles),
        _joined(family_suffixes + inner + trailing + suffixes),
        nickname,
    )


def _without_titles(words: list[str]) -> tuple[list[str], list[str]]:
    """Split leading titles off; the last word is never one, so no name becomes empty."""
    count = 0
    while count < len(words) - 1:
        bare = _bare(words[count])
        joins = bare in _AND and count > 0 and _bare(words[count + 1]) in name_words.TITLES
        noble = bare in name_words.TITLES_BEFORE_OF and words[count + 1].lower() == "of"
        phrase = bare in ("the", "his", "her", "right", "rt", "most", "very") and (
            count > 0 or _bare(words[1]) in name_words.TITLES or _bare(words[1]) in ("right", "rt", "most", "very")
        )
        if not (joins or noble or phrase or _is_title(words, count)):
            break
        count += 1
    return words[count:], words[:count]


def _is_title(words: list[str], index: int) -> bool:
    bare = _bare(words[index])
    return bare in name_words.TITLES or (index > 0 and words[index].islower() and bare in name_words.DEGREE_FIELDS)


def _without_suffixes(words: list[str]) -> tuple[list[str], list[str]]:
    """Split trailing suffixes and `1st Earl of Onslow` off; at least one word stays."""
    for index in range(1, len(words) - 1):
        if _ORDINAL.fullmatch(words[index]) and _bare(words[index + 1]) in name_words.NOBLE_RANKS:
            return words[:index], words[index:]
    count = len(words)
    while count > 1 and _bare(words[count - 1]) in name_words.SUFFIXES:
        count -= 1
    if count == len(words) and count > 2 and _bare(words[-1]) in ("junior", "senior"):
        count -= 1
    return words[:count], words[count:]


def _in_order(words: list[str], titled: bool) -> tuple[str | None, str | None, str | None]:
    """Tell given, middle and family names apart in a name without a comma."""
    if not words:
        return None, None, None
    if _EAST_ASIAN.fullmatch("".join(words)):
        return _east_asian(words)
    if len(words) == 1 or (titled and words[0].lower() == "of"):
        return (None, None, _joined(words)) if titled else (words[0], None, None)
    words = _first_of_two_people(words)
    head = _bare(words[0])
    if head in name_words.FAMILY_FIRST_PARTICLES and (len(words) > 2 or words[0].islower()):
        return _family_first(words)
    if _is_shouted_family(words):
        return words[1], _joined(words[2:]), words[0]
    if len(words) == 3 and _PATRONYMIC.fullmatch(words[2]) and not _PATRONYMIC.fullmatch(words[1]):
        return words[1], words[2], words[0]
    start = len(words) - 1
    while start > 1 and _bare(words[start - 1]) in name_words.PARTICLES:
        start -= 2 if start > 2 and _bare(words[start - 1]) in ("y", "e", "i", "und", "et") else 1
    return words[0], _joined(words[1:start]), _joined(words[start:])


def _first_of_two_people(words: list[str]) -> list[str]:
    """Read `John and Mary Smith` as John Smith; both names stay in the value."""
    if len(words) == 4 and _bare(words[1]) in ("and", "und", "et", "") and words[1] not in ("Et", "."):
        return [words[0], words[3]]
    return words


def _family_first(words: list[str]) -> tuple[str | None, str | None, str | None]:
    """Read `van der Saag Paulus Maria`: particles, one family name, then the given names."""
    end = 1
    while end < len(words) - 1 and _bare(words[end]) in name_words.PARTICLES:
        end += 1
    given = words[end + 1 :]
    return (given[0] if given else None), _joined(given[1:]), _joined(words[: end + 1])


def _is_shouted_family(words: list[str]) -> bool:
    """Say whether only the first word is in capitals, as in `DUPONT Jean`."""
    first = words[0]
    return (
        len(words) > 1
        and _ONE_CASE_FAMILY.fullmatch(first) is not None
        and first.isupper()
        and all(len(word.strip(".")) > 1 and not word.isupper() and word.lower() != word for word in words[1:])
    )


def _east_asian(words: list[str]) -> tuple[str | None, str | None, str | None]:
    """Read Chinese, Japanese and Korean names: the family name comes first, by length where no space tells."""
    if len(words) > 1:
        return _joined(words[1:]), None, words[0]
    name = words[0]
    if len(name) == 1:
        return None, None, name
    family = 2 if name[:2] in name_words.COMPOUND_FAMILY_NAMES or len(name) >= 4 else 1
    return name[family:] or None, None, name[:family]
