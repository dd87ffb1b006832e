"""What the values of a column look like: shares of patterns on a sample.

A text column comes in, a ColumnProfile goes out; no role is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.normalise import (
    NormaliseContext,
    has_check_digit,
    is_placeholder,
    looks_like_company,
    normalise_value,
)
from identity_graph.roles import Role

__all__ = ["ColumnProfile", "profile_column"]

_SAMPLE = 1_000
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[\d\s().\-/]{6,20}(?:\s?(?:x|ext\.?)\s?\d+)?")
_FORMATTED_PHONE = re.compile(r"\+\d[\d\s().\-/]{6,18}|0\d{9,11}|\(?0?\d{2,5}\)?[\s\-/.]\d[\d\s\-.]{4,}")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7}")
_YEAR_FIRST = re.compile(r"(?:1[5-9]|20)\d{2}[\-/. ].*")
_URL = re.compile(r"https?://\S+|www\.\S+|(?:[\w-]+\.)+[A-Za-z]{2,}(?:/\S*)?")
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ].*)?|(?:18|19|20)\d{6}|\d{1,4}[./\- ](?:\d{1,2}|[A-Za-z]{3,9})[./\- ,]+\d{2,4}"
)
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
_INTEGER = re.compile(r"-?\d+")
_STRONG_POSTCODE = re.compile(
    r"[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2}|[A-Za-z]\d[A-Za-z]\s?\d[A-Za-z]\d|\d{4}\s?[A-Za-z]{2}|\d{5}-\d{4}"
)
_POSTCODE = re.compile(r"(?=.*\d)[A-Za-z\d][A-Za-z\d\s-]{1,9}")
_ADDRESS = re.compile(
    r"(?:\w+\s)?\d{1,5}\s?[A-Za-z]?(?:[-/]\d+)?,?\s+[^\W\d].*[^\W\d].*|[^\W\d][^\d]{3,}\s\d{1,5}\s?[a-zA-Z]?"
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[\s.'’,\-])*")
_CODE = re.compile(r"(?=.*\d)\S{3,}")
_LIST = re.compile(r"\*\*|\|\||[^\s|]\|[^\s|]|;\s*\S")
_BUSINESS = re.compile(
    r"[&\d]|'s\b|\b(?:the|of|and|la|le|el|il|los|las|bar|cafe|café|grill|kitchen|bistro|house|inn|club|pub|deli|diner|room|"
    r"pizza|pizzeria|trattoria|ristorante|steakhouse|brasserie|tavern|palace|garden|market|center|centre)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column's values in figures; shares are of the values that are there, 0 to 1.

    Attributes:
        rows: rows looked at.
        filled: share of rows with a value (placeholders are none).
        distinct: distinct values per value.
        distinct_count: distinct values.
        values: up to a thousand values, in the file's order.
        shares: pattern -> share.
        words: words per value, mean.
        length: characters per value, mean.
        increasing: every row has a whole number, each one more than the last.
    """

    rows: int
    filled: float
    distinct: float
    distinct_count: int
    values: tuple[str, ...]
    shares: dict[str, float]
    words: float
    length: float
    increasing: bool

    def share(self, pattern: str) -> float:
        """Return the share of values of a pattern."""
        return self.shares[pattern]


def profile_column(column: pa.ChunkedArray) -> ColumnProfile:
    """Profile a text column; costs a pass over its rows and a closer look at a thousand values."""
    text = pc.utf8_trim_whitespace(column.combine_chunks())
    there = text.filter(pc.fill_null(pc.not_equal(text, ""), False))
    values = [value for value in there.slice(0, 4 * _SAMPLE).to_pylist() if not is_placeholder(value)]
    thinned = values[:: max(1, len(values) // _SAMPLE)][:_SAMPLE]
    count = pc.count_distinct(there).as_py() if len(there) else 0
    shares = {name: _share(thinned, test) for name, test in _TESTS.items()}
    placeholders = 1 - len(values) / max(1, min(len(there), 4 * _SAMPLE))
    return ColumnProfile(
        rows=len(text),
        filled=len(there) * (1 - placeholders) / max(1, len(text)),
        distinct=count / max(1, len(there)),
        distinct_count=count,
        values=tuple(thinned),
        shares=shares,
        words=sum(len(value.split()) for value in thinned) / max(1, len(thinned)),
        length=sum(map(len, thinned)) / max(1, len(thinned)),
        increasing=_is_increasing(there) and len(there) == len(text),
    )


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values) if values else 0.0


def _is_increasing(values: pa.Array) -> bool:
    if len(values) < 3 or not pc.all(pc.match_substring_regex(values, r"^\d{1,15}$")).as_py():
        return False
    numbers = values.cast(pa.int64()).to_numpy()
    return bool(((numbers[1:] - numbers[:-1]) == 1).all())


def _is_date(value: str) -> bool:
    return _DATE.fullmatch(value) is not None and normalise_value(Role.BIRTH_DATE, value, _CONTEXT).problem is None


def _is_no_phone(value: str) -> bool:
    """Say whether digits in groups are a date, an address of a computer or a number that begins with its year."""
    return _is_date(value) or _IP.fullmatch(value) is not None or _YEAR_FIRST.fullmatch(value) is not None


def _within(low: int, high: int) -> Callable[[str], bool]:
    def test(value: str) -> bool:
        whole = value.removesuffix(".0")
        return _INTEGER.fullmatch(whole) is not None and len(whole) < 6 and low <= int(whole) <= high

    return test


def _coordinate(limit: int) -> Callable[[str], bool]:
    def test(value: str) -> bool:
        return _NUMBER.fullmatch(value) is not None and abs(float(value.replace(",", "."))) <= limit

    return test


_CONTEXT = NormaliseContext()
_TESTS: dict[str, Callable[[str], bool]] = {
    "email": lambda value: _EMAIL.fullmatch(value) is not None,
    "at_sign": lambda value: "@" in value,
    "phone": lambda value: _PHONE.fullmatch(value) is not None and not _is_date(value),
    "formatted_phone": lambda value: _FORMATTED_PHONE.fullmatch(value) is not None and not _is_no_phone(value),
    "ip": lambda value: _IP.fullmatch(value) is not None,
    "url": lambda value: _URL.fullmatch(value) is not None,
    "check_digit": has_check_digit,
    "date": _is_date,
    "readable_date": lambda value: normalise_value(Role.BIRTH_DATE, value, _CONTEXT).problem is None,
    "number": lambda value: _NUMBER.fullmatch(value) is not None,
    "integer": lambda value: _INTEGER.fullmatch(value) is not None,
    "decimal": lambda value: _NUMBER.fullmatch(value) is not None and not value.lstrip("+-").isdigit(),
    "year": _within(1700, 2100),
    "month": _within(1, 12),
    "day": _within(1, 31),
    "latitude": _coordinate(90),
    "longitude": _coordinate(180),
    "postcode": lambda value: _POSTCODE.fullmatch(value) is not None,
    "strong_postcode": lambda value: _STRONG_POSTCODE.fullmatch(value) is not None,
    "address": lambda value: _ADDRESS.fullmatch(value) is not None,
    "name": lambda value: _NAME.fullmatch(value) is not None and len(value.split()) <= 8,
    "letters": lambda value: any(map(str.isalpha, value)),
    "digits": lambda value: any(map(str.isdigit, value)),
    "code": lambda value: _CODE.fullmatch(value) is not None,
    "list": lambda value: _LIST.search(value) is not None,
    "strong_list": lambda value: "**" in value or "||" in value,
    "company": looks_like_company,
    "business": lambda value: looks_like_company(value) or _BUSINESS.search(value) is not None,
    "short": lambda value: len(value) <= 12,
}
