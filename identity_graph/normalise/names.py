"""The canonical value of a person's name: the person's own letters in the case people write them.

Tidy text comes in, the name as it is shown goes out. Script, accents and mixed case stay; only text that is all
capitals or all small is put in title case, because no person chose that.
"""

from __future__ import annotations

import re

from identity_graph.normalise.result import Normalised, value
from identity_graph.normalise.vocabulary import word_set

__all__ = ["cased", "person_name", "title_case"]

_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`´＇", "'"))
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ROMAN = re.compile(r"II|III|IV|VII|VIII", re.IGNORECASE)
_SMALL_WORDS = word_set(
    """
    van von vom zu zum zur den der de del della dello degli dei di da das do dos du des la las los le les lo el
    ter ten tot te het und et y e i af av bin ibn bint ben binti
    """
)


def _capitalised(word: str) -> str:
    """Write one word in title case, knowing `O'Brien`, `D'Angelo` and `McDonald`; its letters stay the same."""
    lowered = word.lower().replace("i̇", "i")
    head, apostrophe, tail = lowered.partition("'")
    if apostrophe and len(head) <= 2 and len(tail) >= 3:
        return f"{head[:1].upper()}{head[1:]}'{tail[:1].upper()}{tail[1:]}"
    if lowered.startswith("mc") and len(lowered) >= 5 and word.isascii():
        return f"Mc{lowered[2].upper()}{lowered[3:]}"
    first = word[:1].title()
    return (first if len(first) == 1 else word[:1]) + lowered[1:]


def title_case(text: str, small_words: frozenset[str] = _SMALL_WORDS) -> str:
    """Write every word in title case; small words stay small between other words."""
    words = list(_WORD.finditer(text))
    last = len(words) - 1

    def cased_word(found: re.Match[str]) -> str:
        word = found.group()
        if _ROMAN.fullmatch(word):
            return word.upper()
        if word.lower() in small_words and found.start() > words[0].start() and found.start() < words[last].start():
            return word.lower()
        return _capitalised(word)

    return _WORD.sub(cased_word, text)


def cased(text: str, small_words: frozenset[str] = _SMALL_WORDS) -> str:
    """Put text in title case if it is all capitals or all small; else leave it."""
    if text.isupper() or text.islower():
        return title_case(text, small_words)
    return text


def person_name(text: str) -> Normalised:
    """Return a name (a part of one or a full one) as it is shown.

    A word in capitals among others (`DUPONT Jean`) stays, since it tells which is the family name.
    """
    return value(cased(text.translate(_APOSTROPHES)))
