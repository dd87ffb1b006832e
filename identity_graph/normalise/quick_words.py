"""Whole columns of names, places and streets at once, where they stand as people write them.

Distinct raw texts come in; canonical values go out, null wherever the one-at-a-time normaliser must decide.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.normalise.placeholders import PLACEHOLDER_WORDS

__all__ = ["quick_streets", "quick_words"]

_WORDS = r"^[A-Za-z]+(?:[ '-][A-Za-z]+)*$"
_ONE_CASE_WORD = r"^(?:[A-Z]+|[a-z]+)$"
_OWN_CASE = r"^(?i:mc.*|ii|iii|iv|vii|viii)$"
_STREET = r"^[0-9A-Za-z]+(?:[.,'/&#-]* ?[.,'/&#-]*[0-9A-Za-z]+)*$"
_DIGIT_AT_AN_END = r"^[0-9]|[0-9]$"
_PLACEHOLDERS = pa.array(sorted(PLACEHOLDER_WORDS), pa.string())
_NONE = pa.scalar(None, pa.string())


def quick_words(texts: pa.Array) -> pa.Array:
    """Return names of people or places that are plain words: in mixed case as they are, one word in title case."""
    plain = pc.and_(pc.match_substring_regex(texts, _WORDS), _no_placeholder(texts))
    own_case = pc.match_substring_regex(texts, _OWN_CASE)
    one_case = pc.and_not(pc.match_substring_regex(texts, _ONE_CASE_WORD), own_case)
    shown = pc.if_else(one_case, pc.ascii_capitalize(texts), texts)
    return pc.if_else(pc.and_(plain, pc.or_(_mixed_case(texts), one_case)), shown, _NONE)


def quick_streets(texts: pa.Array) -> pa.Array:
    """Return street lines in mixed case as they are: with a number first or last, or of words alone."""
    numbered = pc.and_(pc.match_substring_regex(texts, _STREET), pc.match_substring_regex(texts, _DIGIT_AT_AN_END))
    words = pc.and_(pc.match_substring_regex(texts, _WORDS), _no_placeholder(texts))
    return pc.if_else(pc.and_(_mixed_case(texts), pc.or_(numbered, words)), texts, _NONE)


def _mixed_case(texts: pa.Array) -> pa.Array:
    return pc.and_(pc.match_substring_regex(texts, "[a-z]"), pc.match_substring_regex(texts, "[A-Z]"))


def _no_placeholder(texts: pa.Array) -> pa.Array:
    """Say which texts, words of ASCII letters, are surely a value: the comparison form is made as `fold` does."""
    folded = pc.replace_substring(pc.replace_substring(pc.ascii_lower(texts), "'", ""), "-", " ")
    filler = pc.or_(pc.is_in(folded, value_set=_PLACEHOLDERS), pc.match_substring_regex(texts, "^[xX]{3,}$"))
    return pc.invert(filler)
