"""What one system gets to see of a person on one day: the truth with gaps, stale values and mistakes.

A person, a day and a seeded chance come in, one Sighting goes out; each source then writes it in its own format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from identity_graph.demo.chances import Chance
from identity_graph.demo.mistakes import PLACEHOLDERS, misspell, mistake_day, nickname
from identity_graph.demo.people import Person
from identity_graph.demo.places import Address, PhoneNumber

__all__ = ["Sighting", "moment", "see"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was written down; None is a gap."""

    given: str | None
    family: str | None
    born: date | None
    email: str | None
    phone: PhoneNumber | None
    address: Address | None


def see(person: Person, day: date, chance: Chance, care: float = 1.0) -> Sighting:
    """Write a person down.

    Args:
        person: the truth.
        day: when; decides the family name and the address.
        chance: the seeded stream.
        care: how much goes wrong; 1 is a form filled in by the person, 3 a voice on the telephone.
    """
    given, family = _name(person, day, chance, care)
    born: date | None = person.born
    if chance.happens(0.08 * care):
        born = None
    elif chance.happens(0.025 * care):
        born = mistake_day(person.born, chance)
    email = None
    if person.emails and not chance.happens(0.1 * care):
        email = chance.skewed(person.emails)
        if chance.happens(0.015 * care):
            local, domain = email.split("@")
            email = f"{misspell(local, chance)}@{domain}"
    phone = None
    if person.phones and not chance.happens(0.12 * care):
        phone = chance.skewed(person.phones)
        if chance.happens(0.012 * care):
            phone = _slipped(phone, chance)
    return Sighting(given, family, born, email, phone, _address(person, day, chance, care))


def _name(person: Person, day: date, chance: Chance, care: float) -> tuple[str | None, str | None]:
    given: str | None = person.given
    family: str | None = person.family_at(day)
    if chance.happens(0.06):
        given = nickname(person.given, chance)
    elif chance.happens(0.02 * care):
        given = person.given[0] + "."
    if given and chance.happens(0.02 * care):
        given = misspell(given, chance)
    if family and chance.happens(0.03 * care):
        family = misspell(family, chance)
    kind = chance.random()
    if kind < 0.01:
        given, family = family, given
    elif kind < 0.01 + 0.015 * care:
        given = chance.one_of(PLACEHOLDERS) if chance.happens(0.25) else None
    return given, family


def _address(person: Person, day: date, chance: Chance, care: float) -> Address | None:
    if chance.happens(0.06 * care):
        return None
    home = person.homes[0] if chance.happens(0.08) else person.home_at(day)
    if chance.happens(0.03 * care):
        return Address(misspell(home.street, chance), home.postcode, home.city)
    if chance.happens(0.01 * care):
        return Address(home.street, misspell(home.postcode, chance), home.city)
    return home


def _slipped(phone: PhoneNumber, chance: Chance) -> PhoneNumber:
    place = chance.between(4, len(phone.national) - 1)
    digits = phone.national[:place] + str(chance.below(10)) + phone.national[place + 1 :]
    return PhoneNumber(phone.calling_code, phone.trunk, digits)


def moment(day: date, chance: Chance) -> datetime:
    """Return a time on a day, between six in the morning and midnight."""
    return datetime.combine(day, time(6)) + timedelta(seconds=chance.below(18 * 3600))
