"""People and companies in one address book, sharing what tells others apart.

Colleagues give the office phone, families one mailbox, forty companies the e-mail address of their accountant, and a
hotel's number stands behind its guests.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.quality.kinds.dirt import households_of, kept, slipped
from benchmarks.quality.kinds.sheets import Cell, Sheet
from identity_graph.demo.chances import Chance
from identity_graph.demo.people import FIRST_DAY, LAST_DAY, Company, Person
from identity_graph.demo.places import LOCALES, Address, Locale, PhoneNumber
from identity_graph.demo.sightings import see

__all__ = ["shared_contacts"]

_CLIENTS_OF_AN_ACCOUNTANT = 40
_GUESTS = 25
_GERMANY = frozenset({"DE"})


@dataclass(frozen=True, slots=True)
class _Shared:
    """What a person gives instead of an own address or number; None where it is the own."""

    mailbox: str | None = None
    phone: PhoneNumber | None = None
    firm: str | None = None


def shared_contacts(entries: int, chance: Chance) -> list[Sheet]:
    """Make the set: one file, about 1.7 rows an entry."""
    sheet = Sheet(
        "records.csv",
        "Kontakt-Nr.",
        (
            "Kontaktart", "Anrede", "Vorname", "Nachname", "Firma", "E-Mail 1", "Telefon geschäftl.", "Straße und Nr.",
            "PLZ", "Ort", "Newsletter", "angelegt am",
        ),
        counter="#",
        delimiter=";",
        encoding="utf-8-sig",
    )  # fmt: skip
    german = next(one for one in iter(lambda: chance.weighted(LOCALES), None) if one.country.code == "DE")
    hotel, accountant = german.landline(chance), _accountant(german, chance)
    guests = number = 0
    for household in households_of(_GERMANY, entries, chance):
        office = _firm(german, household.people[0], number, chance) if number % 4 == 0 else None
        for person in household.people:
            number += 1
            shared = _Shared()
            if office is not None and chance.happens(0.7):
                shared = _Shared(office.mailbox if chance.happens(0.4) else None, office.phone, office.name)
            elif guests < _GUESTS and chance.happens(0.05):
                guests += 1
                shared = _Shared(phone=hotel)
            for _ in range(chance.between(1, 3)):
                _person(sheet, person, shared, chance)
        if office is not None:
            client = number // 4 % 7 == 0 or number < 8 * _CLIENTS_OF_AN_ACCOUNTANT
            mailbox = accountant if client else office.mailbox
            for _ in range(chance.between(1, 2)):
                _company(sheet, office, mailbox, chance)
    return [sheet]


def _accountant(locale: Locale, chance: Chance) -> str:
    return f"buchhaltung@steuerbuero-{locale.family_name(chance).lower()}.de"


def _firm(locale: Locale, owner: Person, number: int, chance: Chance) -> Company:
    address = locale.address(chance)
    name = locale.company_name(owner.family, address.city, chance)
    box = f"{chance.one_of(('info', 'kontakt', 'office'))}@firma{number}.de"
    return Company(f"F{number:06d}", name, "DE", box, locale.landline(chance), address)


def _place(address: Address | None) -> tuple[str | None, str | None, str | None]:
    return (None, None, None) if address is None else (address.street, address.postcode, address.city)


def _person(sheet: Sheet, person: Person, shared: _Shared, chance: Chance) -> None:
    seen = see(person, chance.day(FIRST_DAY, LAST_DAY), chance)
    email = shared.mailbox if shared.mailbox and chance.happens(0.7) else seen.email
    phone = shared.phone if shared.phone and chance.happens(0.8) else seen.phone
    cells: tuple[Cell, ...] = (
        "Person", kept(chance.one_of(("Herr", "Frau")), 0.4, chance), seen.given, seen.family,
        kept(shared.firm, 0.4, chance), email, phone.at_home("/") if phone else None, *_place(seen.address),
        chance.one_of(("ja", "nein")), chance.day(FIRST_DAY, LAST_DAY).strftime("%d.%m.%Y"),
    )  # fmt: skip
    sheet.add(person.id, f"K-{sheet.scattered():08d}", cells)


def _company(sheet: Sheet, company: Company, mailbox: str, chance: Chance) -> None:
    cells: tuple[Cell, ...] = (
        "Firma", "Firma", None, None, slipped(company.name, 0.08, chance), kept(mailbox, 0.15, chance),
        kept(company.phone.at_home("/"), 0.15, chance), *_place(company.address), "nein",
        chance.day(FIRST_DAY, LAST_DAY).strftime("%d.%m.%Y"),
    )  # fmt: skip
    sheet.add(company.id, f"K-{sheet.scattered():08d}", cells)
