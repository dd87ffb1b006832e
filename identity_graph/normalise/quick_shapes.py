"""Whole columns of dates, times and postcodes at once, where they are written in their usual shape.

Distinct raw texts come in; canonical values go out, null wherever the one-at-a-time normaliser must decide.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.normalise.places import COUNTRY_SHAPES, DIGITS_IN
from identity_graph.normalise.result import NormaliseContext

__all__ = ["quick_dates", "quick_moments", "quick_postcodes"]

_DAY = (
    r"(?:1[0-9]{3}|20[0-9]{2})-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|(?:0[13578]|1[02])-31)"
)
"""A day that is in the calendar; the 29th of February is left to be decided."""

_CLOCK = r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_FRACTIONS = (("", ".000000Z"), (r"\.[0-9]{3}", "000Z"), (r"\.[0-9]{6}", "Z"))
_TWO_PARTS = (
    (r"^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}$", 3),  # United Kingdom
    (r"^[1-9][0-9]{3} ?[A-Za-z]{2}$", 2),  # Netherlands
    (r"^[A-Za-z][0-9][A-Za-z] ?[0-9][A-Za-z][0-9]$", 3),  # Canada
)
_DIGITS = r"^[0-9]{4,6}$|^[0-9]{5}-[0-9]{4}$"
_FILLER = "^[0-]+$|^9{4,}$|^(?:" + "|".join(f"{digit}{{6}}" for digit in range(1, 9)) + ")$"
_NONE = pa.scalar(None, pa.string())


def quick_dates(texts: pa.Array, context: NormaliseContext) -> pa.Array:
    """Return days written as ISO dates that are neither placeholders nor after the reference year."""
    placeholders = pa.array(sorted(context.placeholder_dates), pa.string())
    there = pc.match_substring_regex(texts, f"^{_DAY}$")
    past = pc.less_equal(texts, f"{context.reference_year + 1:04d}-12-31")
    return pc.if_else(pc.and_not(pc.and_(there, past), pc.is_in(texts, value_set=placeholders)), texts, _NONE)


def quick_moments(texts: pa.Array) -> pa.Array:
    """Return times written as ISO 8601 to the second or finer, in UTC or without a zone."""
    moments = pc.if_else(pc.match_substring_regex(texts, f"^{_DAY}$"), _joined(texts, "T00:00:00.000000Z"), _NONE)
    seconds = pc.replace_substring(pc.utf8_slice_codeunits(texts, 0, 26), " ", "T")
    bare = pc.replace_substring(seconds, "Z", "")
    for fraction, ending in _FRACTIONS:
        written = pc.match_substring_regex(texts, f"^{_DAY}{_CLOCK}{fraction}Z?$")
        moments = pc.if_else(written, _joined(bare, ending), moments)
    return moments


def quick_postcodes(texts: pa.Array, country: str | None) -> pa.Array:
    """Return postcodes of four to six digits, ZIP+4, and those of the United Kingdom, the Netherlands and Canada."""
    lengths = pc.binary_length(texts)
    digits = pc.and_not(pc.match_substring_regex(texts, _DIGITS), pc.match_substring_regex(texts, _FILLER))
    if country in DIGITS_IN:
        digits = pc.and_(digits, pc.not_equal(lengths, DIGITS_IN[country] - 1))
    if country in COUNTRY_SHAPES:
        digits = pc.and_(digits, pc.not_equal(lengths, 5))
    codes = pc.if_else(digits, texts, _NONE)
    solid = pc.replace_substring(pc.ascii_upper(texts), " ", "")
    for shape, last in _TWO_PARTS:
        head, tail = pc.utf8_slice_codeunits(solid, 0, -last), pc.utf8_slice_codeunits(solid, -last)
        parted = pc.binary_join_element_wise(head, tail, " ")
        codes = pc.if_else(pc.match_substring_regex(texts, shape), parted, codes)
    return codes


def _joined(texts: pa.Array, ending: str) -> pa.Array:
    return pc.binary_join_element_wise(texts, ending, "")
