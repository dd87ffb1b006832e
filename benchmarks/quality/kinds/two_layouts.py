"""Two systems with different layouts: whole names and address lines here, everything in columns of its own there.

The billing system holds each customer once and writes what was on the contract; the portal has several accounts of
some people and what they typed. Ids of the two overlap without meaning anything.
"""

from __future__ import annotations

from benchmarks.quality.kinds.dirt import born_as, born_slipped, households_of, kept, slipped, street_parts
from benchmarks.quality.kinds.sheets import Sheet
from identity_graph.demo.chances import Chance
from identity_graph.demo.people import FIRST_DAY, LAST_DAY, Person
from identity_graph.demo.sightings import see

__all__ = ["two_layouts"]

_GERMAN_SPEAKING = frozenset({"DE", "NL"})


def two_layouts(people: int, chance: Chance) -> list[Sheet]:
    """Make the set: two files."""
    billing = Sheet(
        "records_abrechnung.csv",
        "VERTRAGSNR",
        ("NAME_VOLLSTAENDIG", "ANSCHRIFT", "GEBDAT", "RUFNUMMER", "TARIF", "ZAHLWEISE", "ANLAGEDATUM"),
        delimiter=";",
        encoding="cp1252",
    )
    portal = Sheet(
        "records_portal.csv",
        "accountId",
        (
            "firstName", "lastName", "streetName", "houseNo", "zipCode", "town", "dateOfBirth", "mobilePhone",
            "emailAddr", "newsletterOptIn", "lastLoginTs",
        ),
    )  # fmt: skip
    for household in households_of(_GERMAN_SPEAKING, people, chance):
        for person in household.people:
            if chance.happens(0.7):
                _bill(billing, person, chance)
            if chance.happens(0.65):
                for _ in range(1 + chance.happens(0.15)):
                    _sign_up(portal, person, chance)
    return [billing, portal]


def _bill(sheet: Sheet, person: Person, chance: Chance) -> None:
    seen = see(person, chance.day(FIRST_DAY, LAST_DAY), chance)
    given, family = seen.given or "", seen.family or ""
    title = chance.one_of(("Herr ", "Frau ", "", "", "Dr. ")) if chance.happens(0.3) else ""
    name = f"{family.upper()}, {given}" if chance.happens(0.3) else f"{title}{given} {family}"
    home = seen.address
    line = f"{home.street}, {home.postcode} {home.city}" if home else None
    if line and chance.happens(0.2):
        line = line.replace("straße", "str.").replace("Straße", "Str.")
    phone = seen.phone.at_home(chance.one_of(("/", " ", "-"))) if seen.phone else None
    sheet.add(
        person.id,
        str(sheet.scattered(6)),
        (
            name.strip(" ,"),
            line,
            born_as(seen.born, "german"),
            phone,
            chance.one_of(("BASIS", "KOMFORT", "PLUS")),
            chance.one_of(("SEPA", "RECHNUNG")),
            born_as(chance.day(FIRST_DAY, LAST_DAY), "german"),
        ),
    )


def _sign_up(sheet: Sheet, person: Person, chance: Chance) -> None:
    seen = see(person, chance.day(FIRST_DAY, LAST_DAY), chance, 1.5)
    street, number = street_parts(seen.address) if seen.address else (None, None)
    born = born_slipped(seen.born, 0.02, chance) if seen.born else None
    login = f"{chance.day(FIRST_DAY, LAST_DAY).isoformat()}T{chance.between(10, 23)}:{chance.between(10, 59)}:00Z"
    cased = str.lower if chance.happens(0.12) else str
    sheet.add(
        person.id,
        str(sheet.scattered(6)),
        (
            cased(seen.given) if seen.given else None,
            cased(seen.family) if seen.family else None,
            slipped(street, 0.03, chance),
            number,
            seen.address.postcode if seen.address else None,
            seen.address.city if seen.address else None,
            born_as(born, "iso"),
            kept(seen.phone.international() if seen.phone else None, 0.25, chance),
            seen.email,
            chance.one_of(("true", "false")),
            login,
        ),
    )
