"""The people behind the demo's records: households whose members move, marry and share what families share.

A seed comes in, households go out one after the other in a stream; nothing is held, so any size fits in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from identity_graph.demo.chances import Chance, Weighted
from identity_graph.demo.mistakes import without_accents
from identity_graph.demo.places import LOCALES, Address, Locale, PhoneNumber

__all__ = ["FIRST_DAY", "LAST_DAY", "Company", "Household", "Person", "households"]

FIRST_DAY = date(2021, 1, 1)
LAST_DAY = date(2026, 6, 30)
"""The time the company's systems have been in use; fixed, so that a seed gives the same files on every day."""

_SIZES = Weighted((1, 2, 3, 4, 5), (40.0, 32.0, 12.0, 11.0, 5.0))


@dataclass(frozen=True, slots=True)
class Person:
    """One human being, as things really are.

    Attributes:
        id: the true cluster.
        country: ISO alpha-2.
        given, family: names today.
        family_before: family name before marriage; None when it never changed.
        married_on: the day it changed.
        born: day of birth.
        emails: own addresses, the one used most first; may end with the family's shared one.
        phones: own numbers, then the household's landline.
        homes: addresses, the present one last.
        moved_on: the day of the move to the last address; None when there is only one.
        household: number of the household.
    """

    id: str
    country: str
    given: str
    family: str
    family_before: str | None
    married_on: date | None
    born: date
    emails: tuple[str, ...]
    phones: tuple[PhoneNumber, ...]
    homes: tuple[Address, ...]
    moved_on: date | None
    household: int

    def family_at(self, day: date) -> str:
        """Return the family name on a day."""
        if self.family_before is not None and self.married_on is not None and day < self.married_on:
            return self.family_before
        return self.family

    def home_at(self, day: date) -> Address:
        """Return the address on a day."""
        return self.homes[0] if self.moved_on is not None and day < self.moved_on else self.homes[-1]


@dataclass(frozen=True, slots=True)
class Company:
    """A business that is a customer too: one mailbox and one switchboard for everybody who works there."""

    id: str
    name: str
    country: str
    mailbox: str
    phone: PhoneNumber
    address: Address


@dataclass(frozen=True, slots=True)
class Household:
    """People who live together; `company` is the one its first member runs."""

    people: tuple[Person, ...]
    company: Company | None


def households(people: int, chance: Chance) -> Iterator[Household]:
    """Make households until there are this many people.

    Args:
        people: how many; companies are not counted.
        chance: the seeded stream.
    """
    made = number = 0
    while made < people:
        size = min(chance.weighted(_SIZES), people - made)
        locale = chance.weighted(LOCALES)
        members = _members(locale, size, number, made, chance)
        company = _company(locale, members[0], number, chance) if chance.happens(0.03) else None
        yield Household(members, company)
        made += size
        number += 1


def _members(locale: Locale, size: int, number: int, made: int, chance: Chance) -> tuple[Person, ...]:
    family, home = locale.family_name(chance), locale.address(chance)
    homes: tuple[Address, ...] = (home,)
    moved: date | None = None
    if chance.happens(0.13):
        homes, moved = (locale.address(chance), home), chance.day(FIRST_DAY, LAST_DAY)
    landline = locale.landline(chance) if chance.happens(0.45) else None
    shared = f"{_mail_word(family)}.family{chance.below(10_000)}@{locale.mail_domain(chance)}"
    shared_by_all = size > 1 and chance.happens(0.16)
    members: list[Person] = []
    female = chance.happens(0.5)
    for place in range(size):
        female = not female if place == 1 else chance.happens(0.5)
        given = locale.given_name(female, chance)
        born = _born(place, members, chance)
        if place >= 2 and not female and chance.happens(0.06):
            given = members[0].given
        person = Person(
            id=f"P{made + place + 1:08d}", country=locale.country.code, given=given, family=family,
            family_before=None, married_on=None, born=born,
            emails=(), phones=(locale.mobile(chance),) if chance.happens(0.93) else (),
            homes=homes, moved_on=moved, household=number,
        )  # fmt: skip
        if place == 1:
            person = _married(person, locale, chance)
        emails = _emails(person, locale, chance)
        phones = person.phones
        if landline is not None:
            phones = (*phones, landline)
        if shared_by_all:
            emails = (*emails, shared) if chance.happens(0.5) else (shared,)
        members.append(replace(person, emails=emails, phones=phones))
    return tuple(members)


def _born(place: int, members: list[Person], chance: Chance) -> date:
    if place == 0:
        return chance.day(date(1940, 1, 1), date(2003, 12, 31))
    eldest = members[0].born
    if place == 1:
        return _clamp(chance.day(_years_after(eldest, -7), _years_after(eldest, 7)))
    if place > 2 and chance.happens(0.04):
        return members[-1].born
    return _clamp(chance.day(_years_after(eldest, 20), _years_after(eldest, 40)))


def _years_after(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))


def _clamp(day: date) -> date:
    """Keep children old enough to be a customer."""
    return day if day.year <= 2011 else date(1996 + day.year % 15, day.month, min(day.day, 28))


def _married(person: Person, locale: Locale, chance: Chance) -> Person:
    kind = chance.random()
    if kind < 0.28:
        return replace(person, family=locale.family_name(chance))
    if kind < 0.5:
        return replace(person, family_before=locale.family_name(chance), married_on=chance.day(FIRST_DAY, LAST_DAY))
    return person


def _mail_word(name: str) -> str:
    return "".join(sign for sign in without_accents(name).lower() if sign.isascii() and sign.isalnum())


def _emails(person: Person, locale: Locale, chance: Chance) -> tuple[str, ...]:
    if chance.happens(0.07):
        return ()
    own = [_email(person, locale, chance)]
    if chance.happens(0.24):
        own.append(_email(person, locale, chance))
    return tuple(own)


def _email(person: Person, locale: Locale, chance: Chance) -> str:
    given, family = _mail_word(person.given), _mail_word(person.family_before or person.family)
    number = chance.between(1, 9999)
    local = chance.one_of(
        (
            f"{given}.{family}{number}", f"{given}{family}{number}", f"{given[0]}.{family}{number}",
            f"{family}.{given}{person.born.year % 100:02d}{number}", f"{given}{number}{family[:2]}",
            f"{given}_{family}{number}",
        )
    )  # fmt: skip
    return f"{local}@{locale.mail_domain(chance)}"


def _company(locale: Locale, owner: Person, number: int, chance: Chance) -> Company:
    address = locale.address(chance)
    name = locale.company_name(owner.family, address.city, chance)
    words = "-".join(_mail_word(word) for word in name.split()[:2])
    box = chance.weighted(Weighted(("info", "office", "sales", "kontakt"), (5.0, 3.0, 2.0, 1.0)))
    domain = f"{words}-{number}.{locale.country.code.lower() if locale.country.code != 'US' else 'com'}"
    return Company(f"C{number:08d}", name, locale.country.code, f"{box}@{domain}", locale.landline(chance), address)
