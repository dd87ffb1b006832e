"""Conventions of a source found from its values: whose phone numbers, and which way dates are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from identity_graph.normalise import NormaliseContext, normalise_value
from identity_graph.normalise.phones import region_of_phone
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
        The country most rows name; else the region in which at least 60 % of the numbers without a country code are
        valid, of several the one that most numbers of the column belong to; else, where nothing is valid, the region
        whose numbers are that long. None when nothing says, or every number has its country code.
    """
    context = NormaliseContext()
    named = Counter(normalise_value(Role.COUNTRY, text, context).value for text in countries)
    named.pop(None, None)
    if named:
        country, count = named.most_common(1)[0]
        if count > named.total() / 2 and country is not None and re.fullmatch(r"[A-Z]{2}", country):
            return country
    distinct = list(dict.fromkeys(phones))
    local = [text for text in distinct if not _has_country_code(text)][:_LOOKED_AT]
    if not local:
        return None
    abroad = _regions([text for text in distinct if _has_country_code(text)][:_LOOKED_AT], None)
    coded = Counter(region for region in abroad if region is not None and region.isalpha())
    regions = [*coded, *(region for region in _REGIONS if region not in coded)]
    found = {region: _regions(local, region) for region in regions}
    valid = {region: found[region].count(region) for region in regions}
    possible = {region: len(found[region]) for region in regions}
    for numbers in (valid, possible):
        fitting = [region for region in regions if numbers[region] >= _ENOUGH * len(local)]
        if fitting:
            return max(fitting, key=lambda region: numbers[region] + coded[region])
    return None


def _has_country_code(phone: str) -> bool:
    return phone.lstrip("( ").startswith(("+", "00"))


def _regions(phones: Sequence[str], default_region: str | None) -> list[str | None]:
    """Return the region of each number that can be read; None where it is as long as a number, but none."""
    context = NormaliseContext(default_region=default_region)
    read = (normalise_value(Role.PHONE, text, context).value for text in phones)
    return [region_of_phone(number) for number in read if number is not None]


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
