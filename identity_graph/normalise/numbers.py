"""Numbers and coordinates: decimal point or comma, thousands, currency signs; canonical decimal text goes out."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from identity_graph.normalise.cleaning import ascii_digits
from identity_graph.normalise.result import NO_VALUE, Normalised, problem

__all__ = ["coordinate", "number"]

_PLAIN = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?(?:e[+-]?\d{1,2})?", re.IGNORECASE)
_DRESSING = re.compile(
    r"[\s$€£¥₹₽₩₺'’_]|(?<![a-z])(?:eur|usd|gbp|chf|sek|nok|dkk|pln|jpy|aud|cad)(?![a-z])", re.IGNORECASE
)
_DEGREES = re.compile(
    r"([NSEWO]?) ?(\d{1,3}) ?[°º] ?(?:(\d{1,2}(?:\.\d+)?) ?['′’] ?)?"
    r"(?:(\d{1,2}(?:\.\d+)?) ?(?:\"|″|”|'') ?)?([NSEWO]?)",
    re.IGNORECASE,
)


def number(text: str) -> Normalised:
    """Read a number from tidy text as plain decimal text without trailing zeros.

    A lone comma before exactly three digits separates thousands (`1,234`), before any other count it is decimal; a
    lone point is decimal. Parentheses mean negative. Problem `unreadable_number` otherwise.
    """
    text = ascii_digits(text)
    if _PLAIN.fullmatch(text) is None:
        text = _DRESSING.sub("", text).rstrip("%").replace("−", "-")
        if text.startswith("(") and text.endswith(")"):
            text = "-" + text[1:-1]
        if text.endswith("-"):
            text = "-" + text[:-1]
        text = _with_point(text.removeprefix("+"))
        if _PLAIN.fullmatch(text) is None:
            return problem("unreadable_number")
    try:
        return Normalised(_shortest(Decimal(text)))
    except InvalidOperation:
        return problem("unreadable_number")


def _with_point(text: str) -> str:
    """Drop the separators of thousands and write the decimal separator as a point."""
    commas, points = text.count(","), text.count(".")
    if commas and points:
        thousands, decimal = (",", ".") if text.rfind(".") > text.rfind(",") else (".", ",")
        return text.replace(thousands, "").replace(decimal, ".")
    if commas == 1 and re.search(r",\d{3}$", text) is None:
        return text.replace(",", ".")
    if points > 1:
        return text.replace(".", "")
    return text.replace(",", "")


def _shortest(exact: Decimal) -> str:
    written = format(exact, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    sign = "-" if written.startswith("-") else ""
    written = written.lstrip("-").lstrip("0") or "0"
    if written.startswith("."):
        written = "0" + written
    return written if written == "0" else sign + written


def coordinate(text: str, limit: int) -> Normalised:
    """Read a latitude (`limit` 90) or longitude (`limit` 180) in degrees, decimal or with minutes and seconds.

    Zero is no value: it is what systems write when they do not know where, and no customer lives on the equator
    south of Ghana. Problem `impossible_coordinate` outside the range, else `unreadable_coordinate`.
    """
    degrees = _DEGREES.fullmatch(ascii_digits(text))
    if degrees is not None:
        exact = Decimal(degrees[2]) + Decimal(degrees[3] or 0) / 60 + Decimal(degrees[4] or 0) / 3600
        side = (degrees[1] or degrees[5]).upper()
        read = Normalised(_shortest(round(-exact if side in ("S", "W") else exact, 7)))
    else:
        read = number(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    if read.value is None:
        return problem("unreadable_coordinate")
    if abs(Decimal(read.value)) > limit:
        return problem("impossible_coordinate")
    return read if read.value != "0" else NO_VALUE
