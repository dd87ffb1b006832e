"""Conventions of a source found from its values: whose phone numbers, and which way dates are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from identity_graph.normalise import NormaliseContext, normalise_value
from identity_graph.roles import Role

__all__ = ["find_day_first", "find_region"]

_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "AU", "IN", "BR", "AT", "CH", "BE", "SE", "PL", "JP", "MX", "ZA")
_ENOUGH = 0.6
_LOOKED_AT = 200
_NUMERIC_DATE = re.compile(r"(\d{1,2})[./\- ](\d{1,2})[./\- ]\d{2,4}\b")


def find_region(phones: Sequence[str], countries: Iterable[str]) -> str | None:
    """Find the region of phone numbers that are written without a country code.

    Args:
        phones: sampled values of phone columns.
        countries: sampled values of country columns.

    Returns:
        The country most rows name; else the region for which most of these numbers are valid, at least 60 %; None
        when neither says, or every number has its country code.
    """
    context = NormaliseContext()
    named = Counter(normalise_value(Role.COUNTRY, text, context).value for text in countries)
    named.pop(None, None)
    if named:
        country, count = named.most_common(1)[0]
        if count > named.total() / 2 and country is not None and re.fullmatch(r"[A-Z]{2}", country):
            return country
    local = [text for text in dict.fromkeys(phones) if not text.lstrip("( ").startswith(("+", "00"))][:_LOOKED_AT]
    if not local:
        return None
    valid = {region: _valid(local, region) for region in _REGIONS}
    best = max(_REGIONS, key=lambda region: valid[region])
    return best if valid[best] >= _ENOUGH * len(local) else None


def _valid(phones: Sequence[str], region: str) -> int:
    context = NormaliseContext(default_region=region)
    return sum(normalise_value(Role.PHONE, text, context).value is not None for text in phones)


def find_day_first(dates: Iterable[str], region: str | None) -> bool:
    """Find whether `03/04/1980` is the third of April.

    Returns:
        What the dates that allow one reading only say, by majority; without any, the habit of the region.
    """
    day_first = month_first = 0
    for text in dates:
        found = _NUMERIC_DATE.match(text)
        if found is not None:
            first, second = int(found.group(1)), int(found.group(2))
            day_first += first > 12 >= second
            month_first += second > 12 >= first
    if day_first == month_first:
        return region != "US"
    return day_first > month_first
