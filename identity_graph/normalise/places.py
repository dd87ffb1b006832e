"""Parts of an address that arrive in a column of their own: street, house number, city, region, postcode."""

from __future__ import annotations

import re

from identity_graph.normalise.cleaning import ascii_digits
from identity_graph.normalise.names import cased
from identity_graph.normalise.result import NO_VALUE, Normalised, value
from identity_graph.normalise.vocabulary import word_set

__all__ = ["COUNTRY_SHAPES", "DIGITS_IN", "house_number", "place", "postcode", "region", "street"]

_SMALL_WORDS = word_set(
    """
    of on upon in the by under le la les de del della do da das dos du des sur sous en al am an der den bei im
    und y e i aan op het ter ten te van von
    """
)
_ORDINAL = re.compile(r"\b(\d+)(ST|ND|RD|TH)\b", re.IGNORECASE)
_STATE_CODE = re.compile(r"[A-Za-z]{2,3}")
_NUMBER_WORD = re.compile(r"^(?:no|nr|num|number|n°|nº|#)\.? ?(?=\d)", re.IGNORECASE)
_LETTER_AFTER = re.compile(r"(?<=\d) (?=[a-zA-Z]$)")


def place(text: str) -> Normalised:
    """Return a city or another place as it is shown; all capitals or all small become title case."""
    return value(cased(text.strip(" ,;"), _SMALL_WORDS))


def street(text: str) -> Normalised:
    """Return a street line as it is shown; abbreviations stay (only comparisons expand them)."""
    text = text.strip(" ,;")
    shown = cased(text, _SMALL_WORDS)
    return value(shown if shown == text else _ORDINAL.sub(lambda found: found[1] + found[2].lower(), shown))


def region(text: str) -> Normalised:
    """Return a state or county: a code of two or three letters in capitals, a name as it is shown."""
    text = text.strip(" .,;")
    return value(text.upper() if _STATE_CODE.fullmatch(text) else cased(text, _SMALL_WORDS))


def house_number(text: str) -> Normalised:
    """Return a house number in capitals without a word for `number`; zero is no value."""
    text = _NUMBER_WORD.sub("", ascii_digits(text).strip(" ,;."))
    text = _LETTER_AFTER.sub("", re.sub(r"(?<=\d)\.0$", "", text))
    return NO_VALUE if not text.strip("0 -") else value(re.sub(r" ?([-/]) ?", r"\1", text.upper()))


_PREFIX = re.compile(r"(?:AT|BE|CH|CZ|DE|DK|ES|FI|FR|GR|HU|IT|LT|LU|LV|NL|NO|PL|PT|RO|SE|SI|SK|[ABDFILS])-(?=\d{4})")
_SHAPES = (
    (re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})"), " "),  # United Kingdom
    (re.compile(r"([1-9]\d{3})([A-Z]{2})"), " "),  # Netherlands
    (re.compile(r"([A-Z]\d[A-Z])(\d[A-Z]\d)"), " "),  # Canada
    (re.compile(r"([A-Z]\d[\dW])([A-Z\d]{4})"), " "),  # Ireland
    (re.compile(r"(\d{5})(\d{4})"), "-"),  # United States, ZIP+4
)
COUNTRY_SHAPES = {
    "PL": (re.compile(r"(\d{2})(\d{3})"), "-"),
    "PT": (re.compile(r"(\d{4})(\d{3})"), "-"),
    "JP": (re.compile(r"(\d{3})(\d{4})"), "-"),
    "BR": (re.compile(r"(\d{5})(\d{3})"), "-"),
}
DIGITS_IN = {"US": 5, "DE": 5, "FR": 5, "ES": 5, "IT": 5, "FI": 5, "MX": 5}


def postcode(text: str, country: str | None = None) -> Normalised:
    """Return a postcode in capitals with the inner space or hyphen of its pattern.

    Args:
        text: tidy text.
        country: ISO alpha-2 country, which restores hyphens and leading zeros that a spreadsheet lost; or None.

    Returns:
        `SW1A 1AA`, `1012 AB`, `K1A 0B1`, `12345-6789`, `00-950`; a code of no known pattern keeps its letters and
        digits, with single hyphens where it had them.
    """
    text = re.sub(r"(?<=\d)\.0$", "", ascii_digits(text)).upper().strip(" .,;")
    text = _PREFIX.sub("", text)
    solid = re.sub(r"[\s-]+", "", text)
    shapes = (*_SHAPES, COUNTRY_SHAPES[country]) if country in COUNTRY_SHAPES else _SHAPES
    for shape, separator in shapes:
        found = shape.fullmatch(solid)
        if found is not None:
            return Normalised(f"{found[1]}{separator}{found[2]}")
    if solid.isdigit():
        if len(solid) == DIGITS_IN.get(country or "", 0) - 1:
            return Normalised("0" + solid)
        return value(re.sub(r"\s*-\s*", "-", text).replace(" ", ""))
    return value(re.sub(r"\s*-\s*", "-", text))
