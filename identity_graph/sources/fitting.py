"""Whether a column's values fit a role, and which role values alone speak for.

A header's role and a ColumnProfile come in, a verdict goes out. In doubt the answer is no: a wrong role costs more
than an attribute that is only text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from identity_graph.normalise import NormaliseContext, normalise_value
from identity_graph.roles import Role
from identity_graph.sources.profile import ColumnProfile

__all__ = ["Guess", "fits", "names_people", "role_from_values"]

_ADULT_YEARS = 15
_CATEGORY_COUNT = 200
_FEW_ROWS = 20
_STREETS = 8
"""Different streets a column of addresses has at least, in a table of any size: `Band 7`, `Band 8` has one."""
_HOSTS = 0.3
"""Different hosts per link that websites of their own have; links into one site are about pages, not owners."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A role, how sure it is (0 to 1) and why."""

    role: Role
    confidence: float
    reason: str


def _names(profile: ColumnProfile) -> bool:
    return profile.share("name") >= 0.7 and profile.words <= 5


def names_people(profile: ColumnProfile) -> bool:
    """Say whether values look like whole names of people: two or three words of letters that rarely repeat."""
    return (
        profile.share("name") >= 0.85
        and 1.5 <= profile.words <= 4
        and profile.distinct > 0.05
        and profile.share("company") < 0.3
    )


def _code(profile: ColumnProfile) -> bool:
    return profile.share("digits") >= 0.6 and profile.share("decimal") < 0.2 and profile.words < 2.5


_FITS: dict[Role, Callable[[ColumnProfile], bool]] = {
    Role.GIVEN_NAME: _names,
    Role.MIDDLE_NAME: _names,
    Role.FAMILY_NAME: _names,
    Role.FULL_NAME: lambda profile: profile.share("letters") >= 0.8 and profile.share("at_sign") < 0.2,
    Role.NAME_SUFFIX: lambda profile: profile.distinct_count <= 100 and profile.length <= 10,
    Role.GENDER: lambda profile: profile.distinct_count <= 12 and profile.length <= 14,
    Role.BIRTH_DATE: lambda profile: profile.share("readable_date") >= 0.5 and profile.length >= 4,
    Role.BIRTH_YEAR: lambda profile: profile.share("year") >= 0.8,
    Role.BIRTH_MONTH: lambda profile: profile.share("month") + profile.share("letters") >= 0.8,
    Role.BIRTH_DAY: lambda profile: profile.share("day") >= 0.8,
    Role.EMAIL: lambda profile: profile.share("at_sign") >= 0.5,
    Role.PHONE: lambda profile: profile.share("phone") >= 0.5,
    Role.ADDRESS: lambda profile: profile.share("letters") >= 0.6 and profile.length >= 5,
    Role.STREET: lambda profile: profile.share("letters") >= 0.6 and profile.length >= 3,
    Role.HOUSE_NUMBER: lambda profile: profile.share("digits") >= 0.6 and profile.length <= 10,
    Role.POSTCODE: lambda profile: profile.share("postcode") >= 0.6,
    Role.CITY: lambda profile: profile.share("letters") >= 0.8 and profile.share("digits") <= 0.3,
    Role.REGION: lambda profile: (
        profile.share("letters") >= 0.7 or (profile.share("integer") > 0.8 and profile.length <= 3)
    ),
    Role.COUNTRY: lambda profile: profile.share("letters") >= 0.8,
    Role.PLACE: lambda profile: profile.share("letters") >= 0.7,
    Role.LATITUDE: lambda profile: profile.share("latitude") >= 0.8,
    Role.LONGITUDE: lambda profile: profile.share("longitude") >= 0.8,
    Role.COMPANY: lambda profile: profile.share("letters") >= 0.7,
    Role.TITLE: lambda profile: (
        profile.share("letters") >= 0.8 and profile.words >= 1.5 and profile.distinct_count > 12 and profile.length > 6
    ),
    Role.PRODUCT_CODE: lambda profile: (
        profile.share("digits") >= 0.9
        and profile.words < 2.5
        and profile.share("decimal") < 0.2
        and profile.length >= 7
    ),
    Role.WEBSITE: lambda profile: profile.share("url") >= 0.6 and _has_hosts(profile),
    Role.NATIONAL_ID: lambda profile: _code(profile) and profile.distinct >= 0.1,
    Role.ACCOUNT_ID: lambda profile: (
        profile.share("decimal") < 0.2 and profile.words < 2.5 and profile.distinct_count > 12
    ),
    Role.LOYALTY_CARD: lambda profile: _code(profile) and profile.distinct_count > 12,
    Role.USER_ID: lambda profile: profile.words < 1.5 and profile.distinct_count > 2,
    Role.ANONYMOUS_ID: lambda profile: profile.words < 1.5 and profile.length >= 4,
    Role.DEVICE_ID: lambda profile: profile.words < 1.5 and profile.distinct_count > 12,
    Role.OBSERVED_AT: lambda profile: _is_moment(profile),
    Role.ENTITY_LIST: lambda profile: profile.share("list") >= 0.02,
    Role.SOURCE: lambda profile: (
        profile.distinct_count <= 50 and profile.filled > 0.5 and (profile.distinct <= 0.5 or profile.rows < _FEW_ROWS)
    ),
}


def fits(role: Role, profile: ColumnProfile) -> bool:
    """Say whether a column's values can be what its header names; a column without values fits nothing."""
    if not profile.values:
        return False
    test = _FITS.get(role)
    return test is None or test(profile)


def role_from_values(profile: ColumnProfile, this_year: int) -> Guess:
    """Choose a role by the values alone; text, category or number unless a pattern is unmistakable."""
    certain = _unmistakable(profile, this_year)
    if certain is not None:
        return certain
    if profile.share("number") >= 0.95:
        if profile.distinct_count <= 20:
            return Guess(Role.CATEGORY, 0.5, "a few whole numbers") if profile.share("integer") > 0.95 else _number()
        if profile.distinct > 0.999 and profile.share("integer") > 0.95 and profile.rows > 20:
            return Guess(Role.IGNORE, 0.6, "another number in every row")
        return _number()
    if profile.distinct > 0.999 and profile.filled > 0.99 and profile.share("code") > 0.95 and profile.rows > 20:
        return Guess(Role.IGNORE, 0.6, "another code in every row")
    few = profile.distinct_count <= _CATEGORY_COUNT and profile.distinct <= 0.2
    if few or (profile.words <= 3 and profile.distinct <= 0.05):
        return Guess(Role.CATEGORY, 0.5, f"{profile.distinct_count} different values that repeat")
    return Guess(Role.TEXT, 0.4, "neither header nor values say more")


def _unmistakable(profile: ColumnProfile, this_year: int) -> Guess | None:
    share = profile.share
    if share("email") >= 0.7:
        return Guess(Role.EMAIL, 0.9, f"{share('email'):.0%} of the values are e-mail addresses")
    if share("strong_list") >= 0.05:
        return Guess(Role.ENTITY_LIST, 0.8, f"{share('strong_list'):.0%} of the values are lists")
    if share("date") >= 0.9:
        return _date(profile, this_year)
    if share("formatted_phone") >= 0.8 and profile.distinct_count > 5:
        return Guess(Role.PHONE, 0.7, f"{share('formatted_phone'):.0%} of the values are written like phone numbers")
    if share("strong_postcode") >= 0.8 and profile.distinct_count > 5:
        return Guess(Role.POSTCODE, 0.8, f"{share('strong_postcode'):.0%} of the values are postcodes")
    if share("ip") >= 0.9:
        return Guess(Role.IGNORE, 0.6, "addresses of computers")
    if share("url") >= 0.8 and share("at_sign") < 0.2:
        if _has_hosts(profile):
            return Guess(Role.WEBSITE, 0.7, f"{share('url'):.0%} of the values are websites")
        return Guess(Role.IGNORE, 0.6, "links into a few sites")
    if share("check_digit") >= 0.9 and profile.distinct_count > 20:
        return Guess(Role.PRODUCT_CODE, 0.7, f"{share('check_digit'):.0%} of the values have a right check digit")
    if share("address") >= 0.7 and profile.words >= 2 and profile.distinct > 0.02 and _has_streets(profile):
        return Guess(Role.ADDRESS, 0.7, f"{share('address'):.0%} of the values are a street and a number")
    return None


def _has_streets(profile: ColumnProfile) -> bool:
    streets = {re.sub(r"\d+\w?\b", " ", value).strip().lower() for value in profile.values}
    return len(streets) >= min(_STREETS, profile.distinct_count)


def _has_hosts(profile: ColumnProfile) -> bool:
    context = NormaliseContext()
    hosts = {normalise_value(Role.WEBSITE, value, context).value for value in profile.values} - {None}
    return len(hosts) > max(1, _HOSTS * len(set(profile.values)))


def _date(profile: ColumnProfile, this_year: int) -> Guess:
    years = _years(profile)
    middle = years[len(years) // 2] if years else this_year
    if (
        years
        and middle <= this_year - _ADULT_YEARS
        and years[-len(years) // 10] - years[len(years) // 10] >= _ADULT_YEARS
    ):
        return Guess(Role.BIRTH_DATE, 0.6, f"dates of many years, half of them up to {middle}")
    return Guess(Role.IGNORE, 0.6, "dates, but not of birth")


def _years(profile: ColumnProfile) -> list[int]:
    context = NormaliseContext()
    read = (normalise_value(Role.BIRTH_DATE, value, context).value for value in profile.values)
    return sorted(int(text[:4]) for text in read if text)


def _is_moment(profile: ColumnProfile) -> bool:
    context = NormaliseContext()
    readable = sum(normalise_value(Role.OBSERVED_AT, value, context).value is not None for value in profile.values)
    return readable >= 0.8 * len(profile.values)


def _number() -> Guess:
    return Guess(Role.NUMBER, 0.6, "numbers")
