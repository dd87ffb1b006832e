"""Whole columns at once, where Arrow's own text functions leave no doubt: e-mails and phones here, others beside.

Distinct raw texts come in; canonical values go out, null wherever the one-at-a-time normaliser must decide. Values
that are nearly unique per row are most of the cost of a load. A property test holds both ways equal.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.normalise.emails import CANONICAL_EMAIL
from identity_graph.normalise.phones import RegionRules, region_rules
from identity_graph.normalise.quick_shapes import quick_dates, quick_moments, quick_postcodes
from identity_graph.normalise.quick_words import quick_streets, quick_words
from identity_graph.normalise.result import NormaliseContext
from identity_graph.roles import Role

__all__ = ["quick_column"]

_WORDS = frozenset({Role.GIVEN_NAME, Role.MIDDLE_NAME, Role.FAMILY_NAME, Role.FULL_NAME, Role.CITY, Role.PLACE})
_STREETS = frozenset({Role.STREET, Role.ADDRESS})
_EMAIL = f"^(?:{CANONICAL_EMAIL})$"
_PERHAPS_MADE_UP = r"^(?:a|abc|asdf|e?mail|keine[a-z]*|n/?a|nil|no[a-z._-]*|null|test|unknown|x+)@"
_LONGEST_EMAIL = 254
_SEPARATORS = r"[ \-.()/]"
_PERHAPS_FILLER = "|".join([*(f"{digit}{{6}}" for digit in range(10)), "123456789", r"\.0$"])


class _PhonePatterns(NamedTuple):
    abroad: str
    trunk_prefix: str
    national: str
    lengths: str
    calling_code: str


def quick_column(role: Role, texts: pa.Array, context: NormaliseContext) -> pa.Array | None:
    """Return canonical values, null where undecided; None when the role has no such short cut.

    Args:
        role: any role.
        texts: distinct raw texts.
        context: the conventions of the source.
    """
    if role is Role.EMAIL:
        return _emails(texts)
    if role in _WORDS:
        return quick_words(texts)
    if role in _STREETS:
        return quick_streets(texts)
    if role is Role.BIRTH_DATE:
        return quick_dates(texts, context)
    if role is Role.OBSERVED_AT:
        return quick_moments(texts)
    if role is Role.POSTCODE:
        return quick_postcodes(texts, context.country)
    if role is Role.PHONE and context.default_region is not None:
        patterns = _phone_patterns(context.default_region)
        return None if patterns is None else _phones(texts, patterns)
    return None


def _kept(values: pa.Array, *conditions: pa.Array) -> pa.Array:
    """Return the values where every condition holds, else null."""
    sure = conditions[0]
    for condition in conditions[1:]:
        sure = pc.and_(sure, condition)
    return pc.if_else(sure, values, pa.scalar(None, pa.string()))


def _emails(texts: pa.Array) -> pa.Array:
    lowered = pc.utf8_lower(pc.ascii_trim_whitespace(texts))
    return _kept(
        lowered,
        pc.string_is_ascii(texts),
        pc.less_equal(pc.binary_length(lowered), _LONGEST_EMAIL),
        pc.match_substring_regex(lowered, _EMAIL),
        pc.invert(pc.match_substring_regex(lowered, _PERHAPS_MADE_UP)),
    )


@lru_cache(maxsize=256)
def _phone_patterns(region: str) -> _PhonePatterns | None:
    """Return the region's patterns, or None where it shares its calling code or Arrow cannot run them."""
    rules: RegionRules | None = region_rules(region)
    if rules is None or phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(rules.country_code)][0] != region:
        return None
    trunk = "(?:" + rules.trunk_prefix.pattern + ")" if rules.trunk_prefix is not None else "x"
    patterns = _PhonePatterns(
        f"^(?:{rules.country_code}|{rules.international_prefix.pattern})",
        f"^{trunk}",
        f"^(?:{rules.national.pattern})$",
        "^(?:" + "|".join(f".{{{length}}}" for length in sorted(rules.lengths)) + ")$",
        rules.country_code,
    )
    try:
        _phones(pa.array(["0"]), patterns)
    except pa.ArrowInvalid:
        return None
    return patterns


def _phones(texts: pa.Array, patterns: _PhonePatterns) -> pa.Array:
    digits = pc.replace_substring_regex(pc.ascii_trim_whitespace(texts), _SEPARATORS, "")
    international = pc.starts_with(digits, "+" + patterns.calling_code)
    home = pc.replace_substring_regex(digits, rf"^\+{patterns.calling_code}", "")
    national = pc.replace_substring_regex(home, patterns.trunk_prefix, "")
    return _kept(
        pc.binary_join_element_wise("+" + patterns.calling_code, national, ""),
        pc.match_substring_regex(digits, r"^\+?[0-9]{6,15}$"),
        pc.or_(international, pc.invert(pc.match_substring_regex(digits, patterns.abroad))),
        pc.match_substring_regex(national, patterns.national),
        pc.match_substring_regex(national, patterns.lengths),
        pc.invert(pc.match_substring_regex(national, "^0")),
        pc.invert(pc.match_substring_regex(national, patterns.trunk_prefix)),
        pc.invert(pc.match_substring_regex(pc.ascii_trim_whitespace(texts), _PERHAPS_FILLER)),
        pc.invert(pc.match_substring_regex(digits, _PERHAPS_FILLER)),
    )
