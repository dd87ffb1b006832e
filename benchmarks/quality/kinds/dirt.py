"""What goes wrong when a person or a thing is written down: gaps, slips, letter cases, ways of writing dates.

True values and a seeded chance come in, what stands in the file goes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from identity_graph.demo.chances import Chance
from identity_graph.demo.mistakes import misspell, mistake_day
from identity_graph.demo.people import FIRST_DAY, LAST_DAY, Household, households
from identity_graph.demo.places import Address

__all__ = [
    "born_as",
    "born_slipped",
    "households_of",
    "kept",
    "slipped",
    "some_day",
    "street_parts",
    "with_check_digit",
    "words",
]

_DATE_FORMS = {
    "iso": "{0:%Y-%m-%d}",
    "german": "{0:%d.%m.%Y}",
    "french": "{0:%d/%m/%Y}",
    "us": "{0:%m/%d/%Y}",
    "short": "{0:%d-%b-%y}",
    "sap": "{0:%Y%m%d}",
}


def kept(text: str | None, share_lost: float, chance: Chance) -> str | None:
    """Return the text, or nothing in this share of cases."""
    return None if text is None or chance.happens(share_lost) else text


def slipped(text: str | None, share: float, chance: Chance) -> str | None:
    """Return the text, with a typing mistake in this share of cases."""
    return misspell(text, chance) if text and chance.happens(share) else text


def born_slipped(day: date, share: float, chance: Chance) -> date:
    """Return the date of birth, wrong in this share of cases."""
    return mistake_day(day, chance) if chance.happens(share) else day


def born_as(day: date | None, form: str) -> str | None:
    """Write a date: `iso`, `german`, `french`, `us`, `short` or `sap`."""
    return None if day is None else _DATE_FORMS[form].format(day)


def street_parts(address: Address) -> tuple[str, str]:
    """Take the house number off a street line, at whichever end it stands."""
    words = address.street.split(" ")
    if words[0].isdigit():
        return " ".join(words[1:]), words[0]
    return (" ".join(words[:-1]), words[-1]) if words[-1].isdigit() else (address.street, "")


def households_of(countries: frozenset[str], people: int, chance: Chance) -> Iterator[Household]:
    """Make households of some countries until there are about this many people in them."""
    made = 0
    for household in households(100 * people, chance):
        if household.people[0].country in countries:
            yield household
            made += len(household.people)
            if made >= people:
                return


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, for lists that are easier to read as one."""
    return tuple(text.split())


def some_day(form: str, chance: Chance) -> str:
    """Return a day on which a system wrote something down, in one of the forms of `born_as`."""
    return _DATE_FORMS[form].format(chance.day(FIRST_DAY, LAST_DAY))


def with_check_digit(digits: str) -> str:
    """Append the check digit of article numbers to their first 12 digits."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)
