"""What a normaliser is told and what it answers.

A source's conventions come in as NormaliseContext; every normaliser answers with Normalised. Nothing here reads a
clock: the year that two-digit years are read against is part of the context.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["NORMALISER_VERSION", "NO_VALUE", "PLACEHOLDER_DATES", "NormaliseContext", "Normalised", "problem", "value"]

NORMALISER_VERSION = "1"
"""Changes whenever the same text would give another canonical value; stored with every matching model."""

PLACEHOLDER_DATES = frozenset({"0001-01-01", "1111-11-11", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01",
                               "2999-12-31", "9999-12-31", "9999-09-09"})  # fmt: skip
"""Dates that systems write when they have none; a source of historical people has its own, smaller set."""


class Normalised(NamedTuple):
    """The canonical form of one raw text.

    Attributes:
        value: canonical text; None when the text holds no value (blank, placeholder) or cannot be read.
        problem: stable reason code when the text cannot be read, such as `unreadable_date`; else None.
    """

    value: str | None
    problem: str | None = None


NO_VALUE = Normalised(None)


def value(text: str) -> Normalised:
    """Answer with a canonical value; empty text is no value."""
    return Normalised(text) if text else NO_VALUE


def problem(code: str) -> Normalised:
    """Answer that the text cannot be read, with the reason code."""
    return Normalised(None, code)


@dataclass(frozen=True, slots=True)
class NormaliseContext:
    """The conventions of one source, where the text alone is not enough.

    Attributes:
        default_region: ISO alpha-2 region of phone numbers written without a country code; None when not known.
        day_first: how `03/04/1980` is read; dates that allow one reading only are read right whatever it says.
        country: ISO alpha-2 country of postcodes and addresses that do not name one; None when not known.
        reference_year: the year the data were written; a two-digit birth year is never read as later than this.
        excel_serials: plain numbers of up to five digits in date columns are days since 1899-12-30.
        placeholder_dates: ISO dates that mean no date.
    """

    default_region: str | None = None
    day_first: bool = True
    country: str | None = None
    reference_year: int = 2026
    excel_serials: bool = False
    placeholder_dates: frozenset[str] = PLACEHOLDER_DATES
