"""How the tables of words in this package are written: plain text, read once at import."""

from __future__ import annotations

__all__ = ["word_set"]


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text, which blanks and line ends separate."""
    return frozenset(text.split())
