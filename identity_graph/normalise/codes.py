"""Identifiers and other codes: national ids, cards, accounts, devices, postcodes' like; separators and case settled."""

from __future__ import annotations

import re

from identity_graph.normalise.cleaning import ascii_digits
from identity_graph.normalise.result import Normalised, value

__all__ = ["account_id", "device_id", "issued_code", "opaque_id"]

_SEPARATORS = re.compile(r"[\s\-./\\_,:]+")
_DIGIT_GROUPS = re.compile(r"\d+(?:[ -]\d+)+")
_WHOLE_FLOAT = re.compile(r"(\d+)\.0")
_UUID = re.compile(r"\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?", re.IGNORECASE)
_MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}", re.IGNORECASE)


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
