"""Identifiers and other codes: national ids, cards, accounts, devices, products, websites; separators and case settled.

Tidy text comes in; its canonical form or a problem goes out.
"""

from __future__ import annotations

import re

from identity_graph.normalise.cleaning import ascii_digits
from identity_graph.normalise.result import Normalised, problem, value

__all__ = ["account_id", "device_id", "has_check_digit", "issued_code", "opaque_id", "product_code", "website"]

_SEPARATORS = re.compile(r"[\s\-./\\_,:]+")
_DIGIT_GROUPS = re.compile(r"\d+(?:[ -]\d+)+")
_WHOLE_FLOAT = re.compile(r"(\d+)\.0")
_UUID = re.compile(r"\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?", re.IGNORECASE)
_MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}", re.IGNORECASE)
_ISBN_10 = re.compile(r"\d{9}[\dX]")
_SHORTEST_PADDED = 12
"""Article numbers of 12 to 14 digits are one number with zeros in front (UPC, EAN, GTIN)."""
_HOST = re.compile(r"(?:https?:)?(?://)?(?:[^/@\s]*@)?(?:www\d?\.)*([^/?#:\s]+)(?:[:/?#].*)?", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")


def _without_float(text: str) -> str:
    whole = _WHOLE_FLOAT.fullmatch(text)
    return text if whole is None else whole[1]


def issued_code(text: str) -> Normalised:
    """Read a code that an authority or a shop issued (national id, loyalty card): capitals, no separators."""
    return value(_SEPARATORS.sub("", _without_float(ascii_digits(text))).upper())


def account_id(text: str) -> Normalised:
    """Read an account number: digits in groups are joined; anything else stays, since its case may matter."""
    text = _without_float(ascii_digits(text))
    return value(re.sub("[ -]", "", text) if _DIGIT_GROUPS.fullmatch(text) else text)


def device_id(text: str) -> Normalised:
    """Read a device's id: UUIDs in their usual form, hardware addresses with colons, others as they are."""
    if _UUID.fullmatch(text):
        digits = re.sub(r"[{}-]", "", text).lower()
        return value("-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])))
    return value(text.lower().replace("-", ":") if _MAC.fullmatch(text) else text)


def opaque_id(text: str) -> Normalised:
    """Read an id whose form is the sender's business: as it is."""
    return value(_without_float(text))


def product_code(text: str) -> Normalised:
    """Read an article number or ISBN: separators gone, a ten-digit ISBN as its thirteen digits, no zeros in front.

    Twelve digits stay at least, the length of an American article number. Other codes stay, in capitals.
    """
    code = _SEPARATORS.sub("", _without_float(ascii_digits(text))).upper()
    code = code.removeprefix("ISBN").removeprefix("EAN").removeprefix("GTIN") or code
    if _ISBN_10.fullmatch(code) and _isbn_10_is_right(code):
        return value(_with_check_digit("978" + code[:9]))
    if code.isdigit() and _SHORTEST_PADDED < len(code) <= 14:
        return value(code.lstrip("0").rjust(_SHORTEST_PADDED, "0"))
    return value(code)


def has_check_digit(text: str) -> bool:
    """Say whether a text is an article number of 8, 12, 13 or 14 digits, or an ISBN, with the right check digit."""
    code = _SEPARATORS.sub("", text).upper()
    if _ISBN_10.fullmatch(code):
        return _isbn_10_is_right(code)
    return code.isascii() and code.isdigit() and len(code) in (8, 12, 13, 14) and _with_check_digit(code[:-1]) == code


def _isbn_10_is_right(code: str) -> bool:
    digits = [10 if sign == "X" else int(sign) for sign in code]
    return sum((10 - place) * digit for place, digit in enumerate(digits)) % 11 == 0


def _with_check_digit(digits: str) -> str:
    """Append the check digit of GS1: weights 3 and 1 in turn from the right."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def website(text: str) -> Normalised:
    """Read a website as its host without `www`: pages of one site are one value; `unreadable_website` otherwise."""
    found = _HOST.fullmatch(text)
    host = found[1].rstrip(".").lower() if found is not None else ""
    return value(host) if _DOMAIN.fullmatch(host) else problem("unreadable_website")
