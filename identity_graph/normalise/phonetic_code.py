"""A short code of how a name sounds, the same for its usual spellings in Western languages.

A folded name comes in, a code of at most eight letters goes out. It is made for finding candidates (blocking), where
two spellings must meet; whether they are one name is decided by comparison.
"""

from __future__ import annotations

import re
from functools import lru_cache

from identity_graph.normalise.folding import fold

__all__ = ["phonetic"]

_REMEMBERED = 1 << 16
_LONGEST = 8

_AT_START = (("kn", "n"), ("gn", "n"), ("pn", "n"), ("wr", "r"), ("ps", "s"), ("pf", "f"), ("wh", "w"), ("x", "s"),
             ("mac", "mk"), ("mc", "mk"), ("tsch", "X"), ("gh", "k"), ("hj", "j"))  # fmt: skip
_SOUNDS = {
    "tsch": "X", "tzsch": "X", "sch": "X", "tch": "X", "shch": "X", "sh": "X", "sz": "X", "cz": "X", "ch": "X",
    "ph": "f", "th": "t", "dt": "t", "tz": "s", "ts": "s", "ck": "k", "cq": "k", "qu": "k", "ght": "t", "mps":
    "ms", "mpt": "mt", "gh": "", "wr": "r", "kh": "k", "zh": "X", "dg": "j", "dj": "j", "ll": "l", "chr": "kr",
    "mb": "m", "bh": "b", "dh": "t", "ks": "ks", "x": "ks", "b": "b", "c": "k", "d": "t", "f": "f", "g": "k", "h":
    "", "j": "j", "k": "k", "l": "l", "m": "m", "n": "n", "p": "p", "q": "k", "r": "r", "s": "s", "t": "t", "v":
    "f", "w": "", "z": "s", "a": "", "e": "", "i": "", "o": "", "u": "", "y": "",
}  # fmt: skip
_SOFT = {"c": "s", "g": "j", "sc": "s"}
_TOKEN = re.compile(
    r"(?P<soft>sc(?=[eiy])|[cg](?=[eiy]))|(?P<final>mb$)|"
    + "|".join(sorted((key for key in _SOUNDS if key != "mb"), key=len, reverse=True))
)
_VOWELS = frozenset("aeiouy")
_REPEATED = re.compile(r"(.)\1+")


def _sound(found: re.Match[str]) -> str:
    return _SOFT[found.group()] if found["soft"] else _SOUNDS[found.group()]


@lru_cache(maxsize=_REMEMBERED)
def phonetic(text: str) -> str:
    """Return how a name sounds: `smith` and `smyth`, `meier` and `mayer`, `philip` and `filip` have one code.

    Args:
        text: a name, folded or not; words are joined, so `van der berg` equals `vanderberg`.

    Returns:
        At most eight letters: the first sound (`A` for any vowel), then the consonants by sound class: `X` for sh and
        ch, `t` for d and t, `f` for f, v and ph, `k` for c, g, k and q, `s` for s and z; h, w and vowels inside
        vanish and repeated sounds count once. Empty when the text has no letter.
    """
    word = re.sub("[^a-z]", "", fold(text))
    if not word:
        return ""
    start = next(((prefix, sound) for prefix, sound in _AT_START if word.startswith(prefix)), None)
    if start is not None:
        first, rest = start[1], word[len(start[0]) :]
    elif word[0] in _VOWELS:
        first, rest = "A", word[1:]
    elif word[0] in "hw":
        first, rest = "f" if word[0] == "w" else "h", word[1:]
    else:
        first, rest = "", word
    code = _REPEATED.sub(r"\1", first + _TOKEN.sub(_sound, rest))
    return code[:_LONGEST]
