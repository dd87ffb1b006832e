"""A hospital's index of patients: babies without names, twins, fathers and sons of one name, brides.

A newborn is registered as `Baby Boy` under the mother's name and gets a name weeks later. Twins share everything but
the given name. Jr and Sr stand in a column of their own, behind the family name, or nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.quality.kinds.dirt import born_as, born_slipped, households_of, kept, slipped, street_parts
from benchmarks.quality.kinds.sheets import Sheet
from identity_graph.demo.chances import Chance
from identity_graph.demo.people import FIRST_DAY, LAST_DAY, Household, Person
from identity_graph.demo.places import LOCALES, Address, Locale

__all__ = ["hospital"]

_ENGLISH = frozenset({"US", "GB"})


@dataclass(frozen=True, slots=True)
class _Patient:
    """A patient as things are; `newborn` is what a baby was called at first."""

    id: str
    given: str
    family: str
    suffix: str | None
    born: date
    sex: str
    address: Address
    phone: str | None
    mother: str | None
    newborn: str | None
    insurance: str


def hospital(people: int, chance: Chance) -> list[Sheet]:
    """Make the set: one file, about two registrations a patient."""
    sheet = Sheet(
        "records.csv",
        "MRN",
        (
            "PAT_LNAME", "PAT_FNAME", "PAT_MI", "PAT_SFX", "DOB", "SEX_CD", "ADDR_1", "ADDR_2", "CITY_NM", "ST",
            "ZIP_CD", "HOME_PHN", "MOTHER_FNAME", "INS_POLICY_NO", "FACILITY", "ADMIT_DT", "REC_STAT",
        ),
    )  # fmt: skip
    english = next(one for one in iter(lambda: chance.weighted(LOCALES), None) if one.country.code == "GB")
    for household in households_of(_ENGLISH, people, chance):
        policy = chance.digits("@@@########")
        for person in household.people:
            _adult(sheet, person, household, policy, chance)
        if len(household.people) > 1 and chance.happens(0.6):
            _babies(sheet, household, english, policy, chance)
    return [sheet]


def _adult(sheet: Sheet, person: Person, household: Household, policy: str, chance: Chance) -> None:
    same = [other for other in household.people if (other.given, other.family) == (person.given, person.family)]
    suffix = None
    if len(same) > 1:
        suffix = "SR" if person.born == min(other.born for other in same) else "JR"
    phone = person.phones[0].at_home("-") if person.phones else None
    sex = chance.one_of("MF")
    before = person.family_before
    for _ in range(chance.between(1, 3)):
        family = before if before and chance.happens(0.5) else person.family
        patient = _Patient(
            person.id, person.given, family, suffix, person.born, sex, person.homes[-1], phone, None, None, policy
        )
        _register(sheet, patient, chance)


def _babies(sheet: Sheet, household: Household, locale: Locale, policy: str, chance: Chance) -> None:
    mother = household.people[1]
    born = chance.day(FIRST_DAY, LAST_DAY)
    for sibling in range(chance.between(1, 2)):
        twins = 2 if chance.happens(0.3) else 1
        for place in range(twins):
            boy = chance.happens(0.5)
            called = f"Baby {'Boy' if boy else 'Girl'}" + (f" {'AB'[place]}" if twins == 2 else "")
            baby = _Patient(
                f"{mother.id}-{sibling}{place}", locale.given_name(not boy, chance), mother.family, None, born,
                "M" if boy else "F", mother.homes[-1], mother.phones[0].at_home("-") if mother.phones else None,
                mother.given, called, policy,
            )  # fmt: skip
            for visit in range(chance.between(1, 3)):
                _register(sheet, baby, chance, unnamed=visit == 0 and chance.happens(0.7))
        born += timedelta(days=chance.between(400, 1200))


def _register(sheet: Sheet, patient: _Patient, chance: Chance, unnamed: bool = False) -> None:
    given = patient.newborn if unnamed and patient.newborn else patient.given
    family, suffix = patient.family, patient.suffix
    if suffix and chance.happens(0.3):
        family, suffix = f"{family} {suffix}", None
    street, number = street_parts(patient.address)
    cells = (
        slipped(family, 0.04, chance).upper(), slipped(given, 0.04, chance).upper(),
        kept("ABCDEFGHJKLMRST"[len(patient.given) * 7 % 15], 0.5, chance), kept(suffix, 0.2, chance),
        kept(born_as(born_slipped(patient.born, 0.015, chance), "us"), 0.02, chance), patient.sex,
        kept(f"{number} {street}".upper(), 0.05, chance), kept(f"APT {chance.between(1, 30)}", 0.85, chance),
        patient.address.city.upper(), "OH", patient.address.postcode, kept(patient.phone, 0.25, chance),
        kept(patient.mother.upper() if patient.mother else None, 0.2, chance), kept(patient.insurance, 0.2, chance),
        chance.one_of(("MAIN", "EAST", "CLINIC")), born_as(chance.day(FIRST_DAY, LAST_DAY), "us"), "A",
    )  # fmt: skip
    sheet.add(patient.id, f"{sheet.scattered():08d}", cells)
