"""A list of voters over several elections: moves, new names, years of birth only, codes of all kinds."""

from __future__ import annotations

from benchmarks.quality.kinds.dirt import households_of, kept, slipped, some_day
from benchmarks.quality.kinds.sheets import Sheet
from identity_graph.demo.chances import Chance
from identity_graph.demo.people import Person
from identity_graph.demo.places import LOCALES, Address

__all__ = ["voters"]

_STATE = frozenset({"US", "GB"})
_SNAPSHOTS = ("2012-11-06", "2016-11-08", "2020-11-03", "2024-11-05")


def voters(people: int, chance: Chance) -> list[Sheet]:
    """Make the set: one file, about 2.8 rows a person."""
    sheet = Sheet(
        "records.tsv",
        "row_key",
        (
            "snapshot_dt", "county_id", "voter_status_desc", "last_name", "first_name", "midl_name", "name_sufx_cd",
            "res_street_address", "res_city_desc", "state_cd", "zip_code", "race_code", "gender_code", "party_cd",
            "birth_year", "birth_place", "registr_dt", "precinct_abbrv",
        ),
        delimiter="\t",
    )  # fmt: skip
    american = next(one for one in iter(lambda: chance.weighted(LOCALES), None) if one.country.code == "US")
    for household in households_of(_STATE, people, chance):
        for person in household.people:
            homes = [*person.homes, *([american.address(chance)] if chance.happens(0.25) else [])]
            middle = american.given_name(chance.happens(0.5), chance) if chance.happens(0.8) else None
            _registrations(sheet, person, homes, middle, chance)
    return [sheet]


def _registrations(sheet: Sheet, person: Person, homes: list[Address], middle: str | None, chance: Chance) -> None:
    gender, race = chance.one_of("MF"), chance.one_of("WWWBAO")
    party, born_in = chance.one_of(("DEM", "REP", "UNA")), chance.one_of(("OH", "NC", "NY", "PA", "VA", None))
    registered = some_day("iso", chance)
    last = len(_SNAPSHOTS) - 1
    for number, snapshot in enumerate(_SNAPSHOTS):
        if not chance.happens(0.7):
            continue
        home = homes[number * len(homes) // (last + 1)]
        family = person.family_before if person.family_before and number < 2 else person.family
        given = person.given if chance.happens(0.97) else person.given[:1]
        initial = middle[0] if middle and chance.happens(0.3) else middle
        cells = (
            snapshot, str(1 + len(home.city) % 9), chance.one_of(("ACTIVE", "ACTIVE", "INACTIVE")),
            slipped(family, 0.03, chance).upper(), slipped(given, 0.03, chance).upper(),
            kept(initial.upper() if initial else None, 0.1, chance), kept("JR", 0.98, chance),
            slipped(home.street.upper(), 0.03, chance), home.city.upper(), "OH", kept(home.postcode, 0.03, chance),
            race, kept(gender, 0.05, chance), party if chance.happens(0.9) else "UNA",
            str(person.born.year + (chance.between(-1, 1) if chance.happens(0.03) else 0)), born_in, registered,
            f"{1 + len(home.street) % 40:02d}-{len(home.city) % 5}",
        )  # fmt: skip
        sheet.add(person.id, f"{snapshot[:4]}{sheet.scattered():08d}", cells)
