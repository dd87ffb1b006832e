"""Phone numbers to E.164 with the phonenumbers library, by a short cut where the library's own patterns allow one.

Tidy text and the region of numbers without a country code come in; `+442071234567` or a problem goes out. The short
cut uses the metadata of the library and answers only where its rules leave one reading; a property test holds it
equal to the full parse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat, PhoneNumberType, ValidationResult

from identity_graph.normalise.cleaning import ascii_digits
from identity_graph.normalise.result import NO_VALUE, Normalised, problem

__all__ = ["RegionRules", "full_phone", "phone", "quick_phone", "region_of_phone", "region_rules"]

_SEPARATORS = str.maketrans("", "", " -.()/\u2010\u2011\u2012\u2013\xa0")
_WHOLE_FLOAT = re.compile(r"(\+?\d{6,})\.0")
_TRUNK_ZERO = re.compile(r"^(\s*(?:\+|00)\s?\d{1,3}[ .-]?)\(0\)")
_LABEL = re.compile(
    r"^(?:tel|phone|mobile|mob|cell|fax|home|work|office|t|m|p|h)(?:efon|ephone|\.|:)*\s*(?=[+(\d])", re.IGNORECASE
)
_SEVERAL = re.compile(r"\s*(?:[;|]|,(?=\s*[+0(])|\bor\b|\boder\b|\bou\b|/(?=\s*\+))\s*")
_FILLER = re.compile(r"\+?\d{0,3}(\d)\1{5,}|0?123456789?0?|\+?\d{0,4}0000000?")

_UNREADABLE = problem("unreadable_phone")


@dataclass(frozen=True, slots=True)
class RegionRules:
    """What the short cut needs of one region's metadata."""

    country_code: str
    national: re.Pattern[str]
    lengths: frozenset[int]
    trunk_prefix: re.Pattern[str] | None
    international_prefix: re.Pattern[str]


@lru_cache(maxsize=512)
def region_rules(region: str) -> RegionRules | None:
    """Return what the short cut needs, or None where the region's rules are not simple enough for it."""
    metadata = PhoneMetadata.metadata_for_region(region, None)
    numbers = metadata.general_desc if metadata is not None else None
    if metadata is None or numbers is None or metadata.national_prefix_transform_rule:
        return None
    prefix = metadata.national_prefix_for_parsing
    trunk_prefix = re.compile(prefix) if prefix else None
    if trunk_prefix is not None and trunk_prefix.groups:
        return None
    return RegionRules(
        str(metadata.country_code),
        re.compile(numbers.national_number_pattern or "(?!)"),
        frozenset(numbers.possible_length) & _subscriber_lengths(metadata.country_code),
        trunk_prefix,
        re.compile(metadata.international_prefix or "(?!)"),
    )


@lru_cache(maxsize=512)
def _subscriber_lengths(country_code: int) -> frozenset[int]:
    """Return how long fixed and mobile numbers of a calling code are, by the metadata of its main region."""
    metadata = PhoneMetadata.metadata_for_region(phonenumbers.region_code_for_country_code(country_code), None)
    kinds = (metadata.fixed_line, metadata.mobile) if metadata is not None else ()
    return frozenset(length for kind in kinds if kind is not None for length in kind.possible_length)


@lru_cache(maxsize=1024)
def _region_of_code(digits: str) -> tuple[int, str] | None:
    """Return (length of the calling code, its main region) for the first three digits of an international number."""
    for length in (1, 2, 3):
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length]))
        if regions:
            return None if regions[0] == "001" else (length, regions[0])
    return None


def quick_phone(digits: str, region: str | None) -> str | None:
    """Read plain ASCII digits, with or without a leading `+`, or return None where only the full parse may decide."""
    if digits[:1] == "+":
        if len(digits) < 8 or not digits[1:].isdigit() or digits[1] == "0":
            return None
        code = _region_of_code(digits[1:4])
        rules = region_rules(code[1]) if code is not None else None
        if code is None or rules is None:
            return None
        return _national(digits[1 + code[0] :], rules)
    rules = region_rules(region) if region is not None else None
    if rules is None or not digits.isdigit() or digits.startswith(rules.country_code):
        return None
    return None if rules.international_prefix.match(digits) else _national(digits, rules)


def _national(digits: str, rules: RegionRules) -> str | None:
    """Write the national digits as E.164 if, after the trunk prefix, they are a number of the region for certain."""
    prefix = rules.trunk_prefix.match(digits) if rules.trunk_prefix is not None else None
    if prefix is not None:
        digits = digits[prefix.end() :]
    if len(digits) not in rules.lengths or digits[0] == "0" or rules.national.fullmatch(digits) is None:
        return None
    if rules.trunk_prefix is not None and rules.trunk_prefix.match(digits):
        return None
    return f"+{rules.country_code}{digits}"


def full_phone(text: str, region: str | None) -> str | None:
    """Read a phone number with the library's full parse, or return None when nobody could have it.

    A number counts when it is valid, or as long as fixed and mobile numbers of its country are: a typing error keeps
    a number comparable, while a local number without its area code (`496 0123`) would stand for many people. An
    extension is left out: E.164 has none, and the raw row keeps it.
    """
    try:
        parsed = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_for_type_with_reason(parsed, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if reason != ValidationResult.IS_POSSIBLE and not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))


def region_of_phone(canonical_phone: str) -> str | None:
    """Return the region (ISO alpha-2) that gives out an E.164 number; None when it is not valid in any."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(canonical_phone))
    except NumberParseException:
        return None


def phone(text: str, region: str | None) -> Normalised:
    """Read a phone number from tidy text.

    Args:
        text: tidy text; labels (`Tel.`), brackets, an extension or a second number may surround the number.
        region: ISO alpha-2 region of numbers without a country code; None when not known.

    Returns:
        E.164. Without a region a number that is not international is kept as its digits (`0171234567`): sources of
        one country still compare equal. Filler such as `0000000` or `123456789` is no value; problem
        `unreadable_phone` when no country knows such a number.
    """
    digits = text.translate(_SEPARATORS)
    if text.endswith(".0") or not digits.isascii() or not digits.removeprefix("+").isdigit():
        text = _plain(text)
        digits = text.translate(_SEPARATORS)
    if _FILLER.fullmatch(digits):
        return NO_VALUE
    found = quick_phone(digits, region)
    if found is None:
        if digits.startswith("00") and region is None:
            text = "+" + digits[2:]
        found = full_phone(text, region)
        if found is not None and full_phone(found, region) != found:
            return _UNREADABLE
    if found is not None:
        return Normalised(found)
    if region is None and 6 <= len(digits) <= 15 and digits.isascii() and digits.isdigit():
        return Normalised(digits)
    return _UNREADABLE


def _plain(text: str) -> str:
    """Leave the first number of a text, without label, `(0)` after the country code and a spreadsheet's `.0`."""
    text = ascii_digits(text).replace("＋", "+").removeprefix("tel:")
    text = _LABEL.sub("", _SEVERAL.split(text, maxsplit=1)[0].strip())
    text = _TRUNK_ZERO.sub(r"\1", text)
    whole = _WHOLE_FLOAT.fullmatch(text)
    return whole[1] if whole is not None else text
