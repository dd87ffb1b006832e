"""The comparison form of text: what two spellings of one thing have in common.

Any text comes in, lower-case ASCII words go out. Canonical values keep their script; only comparisons use this form.
"""

from __future__ import annotations

from anyascii import anyascii

__all__ = ["fold"]

# Apostrophes vanish, because O'Brien is also written OBrien; everything else between words is a space.
_WORDS_ONLY = {code: None if chr(code) in "'`" else " " for code in range(128) if not chr(code).isalnum()}
_WORDS_ONLY |= {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}
_TABLE = str.maketrans({chr(code): target for code, target in _WORDS_ONLY.items()})
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻ´′＇", "'"))


def fold(text: str) -> str:
    """Return the comparison form: ASCII by transliteration, lower case, words separated by single spaces.

    Apostrophes vanish and other punctuation separates words; folding twice changes nothing.
    """
    if not text.isascii():
        text = anyascii(text.translate(_APOSTROPHES))
    return " ".join(text.translate(_TABLE).split())
