"""Names, addresses and numbers of one country, drawn with real-life frequencies.

A country and a seeded chance come in; names, addresses, phone numbers and mail domains go out.
"""

from __future__ import annotations

from dataclasses import dataclass

from identity_graph.demo.chances import Chance, Weighted
from identity_graph.demo.countries import COUNTRIES, Country

__all__ = ["LOCALES", "Address", "Locale", "PhoneNumber"]

_RARE_FAMILY = 0.42
_IN_TOWN = 0.35


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody lives; `street` holds the house number as that country writes it."""

    street: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A phone number in its parts, so that every source can write it in its own way."""

    calling_code: str
    trunk: str
    national: str

    def international(self) -> str:
        """Write it with plus and country code."""
        return f"+{self.calling_code}{self.national}"

    def spaced(self) -> str:
        """Write it for people, with spaces."""
        return f"+{self.calling_code} {self.national[:3]} {self.national[3:]}"

    def dialled_abroad(self) -> str:
        """Write it as a telephone system logs it, with 00."""
        return f"00{self.calling_code}{self.national}"

    def at_home(self, separator: str = " ") -> str:
        """Write it as people of that country do."""
        return f"{self.trunk}{self.national[:3]}{separator}{self.national[3:]}"


class Locale:
    """Draws for one country."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self._women = Weighted.ranked(country.women)
        self._men = Weighted.ranked(country.men)
        self._families = Weighted.ranked(country.families)
        self._cities = Weighted.ranked(country.cities, 0.9)
        self._streets = Weighted.ranked(country.streets, 0.5)
        self._domains = Weighted.ranked(country.mail_domains, 0.9)

    def given_name(self, female: bool, chance: Chance) -> str:
        """Draw a given name."""
        return chance.weighted(self._women if female else self._men)

    def family_name(self, chance: Chance) -> str:
        """Draw a family name: a listed one, or one of the long tail."""
        if not chance.happens(_RARE_FAMILY):
            return chance.weighted(self._families)
        country = self.country
        start = chance.skewed(country.family_starts)
        return start + chance.one_of(country.family_middles) + chance.skewed(country.family_ends)

    def address(self, chance: Chance) -> Address:
        """Draw an address in a city or in one of many small towns."""
        country = self.country
        street, number = chance.weighted(self._streets), chance.between(1, 30 if chance.happens(0.6) else 180)
        written = f"{number} {street}" if country.number_first else f"{street} {number}"
        if chance.happens(_IN_TOWN):
            start, end = chance.below(len(country.town_starts)), chance.below(len(country.town_ends))
            town = (start * len(country.town_ends) + end) % 90 + 10
            postcode = chance.digits(country.town_postcode.replace("%", str(town)))
            return Address(written, postcode, country.town_starts[start] + country.town_ends[end])
        city, pattern = chance.weighted(self._cities)
        return Address(written, chance.digits(pattern), city)

    def mobile(self, chance: Chance) -> PhoneNumber:
        """Draw a mobile number."""
        return self._phone(chance.one_of(self.country.mobiles), chance)

    def landline(self, chance: Chance) -> PhoneNumber:
        """Draw a number of a house."""
        return self._phone(chance.one_of(self.country.landlines), chance)

    def _phone(self, pattern: str, chance: Chance) -> PhoneNumber:
        return PhoneNumber(self.country.calling_code, self.country.trunk, chance.digits(pattern))

    def mail_domain(self, chance: Chance) -> str:
        """Draw a mail provider."""
        return chance.weighted(self._domains)

    def company_name(self, family: str, city: str, chance: Chance) -> str:
        """Make a company name of its owner's name or its city, a trade and a legal form."""
        trade = chance.one_of(("Bau", "Design", "Logistics", "Consult", "Media", "Systems", "Garden", "Foods", "Auto"))
        return f"{family if chance.happens(0.75) else city} {trade} {chance.one_of(self.country.company_forms)}"


LOCALES: Weighted[Locale] = Weighted([Locale(country) for country in COUNTRIES], [c.share for c in COUNTRIES])
"""The countries, drawn by their share of the company's customers."""
