"""Two waves of an online survey, as the survey tool exports them: questions as headers, technical columns around.

People type their own names and addresses, in any letter case, and answer twice when the browser was closed.
"""

from __future__ import annotations

from benchmarks.quality.kinds.dirt import born_as, households_of, kept, slipped
from benchmarks.quality.kinds.sheets import Sheet
from identity_graph.demo.chances import Chance
from identity_graph.demo.people import FIRST_DAY, LAST_DAY, Person
from identity_graph.demo.sightings import see

__all__ = ["survey"]

_DUTCH_AND_BRITISH = frozenset({"NL", "GB"})


def survey(people: int, chance: Chance) -> list[Sheet]:
    """Make the set: one file, about 1.6 answers a person."""
    sheet = Sheet(
        "records.csv",
        "ResponseId",
        (
            "StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished",
            "LocationLatitude", "LocationLongitude", "Q1. What is your first name?", "Q2. What is your last name?",
            "Q3. Please enter your e-mail address", "Q4. Date of birth (dd/mm/yyyy)", "Q5. Postcode",
            "Q6. Town or city", "Q7. How satisfied are you?", "Q8. Any other comments?",
        ),
    )  # fmt: skip
    for household in households_of(_DUTCH_AND_BRITISH, people, chance):
        address = ".".join(str(chance.between(11, 250)) for _ in range(4))
        for person in household.people:
            for _ in range(chance.between(1, 2) + chance.happens(0.1)):
                _answer(sheet, person, address if chance.happens(0.7) else None, chance)
    return [sheet]


def _answer(sheet: Sheet, person: Person, address: str | None, chance: Chance) -> None:
    seen = see(person, chance.day(FIRST_DAY, LAST_DAY), chance, 1.5)
    cased = chance.one_of((str, str, str, str.lower, str.upper))
    start = f"{chance.day(FIRST_DAY, LAST_DAY).isoformat()} {chance.between(8, 22):02d}:{chance.between(10, 59)}:00"
    where = (f"{50 + chance.random() * 4:.4f}", f"{chance.random() * 6:.4f}")
    cells = (
        start, start, "IP Address", address or ".".join(str(chance.between(11, 250)) for _ in range(4)), "100",
        str(chance.between(60, 2000)), "True", *where, cased(seen.given) if seen.given else None,
        cased(seen.family) if seen.family else None, kept(seen.email, 0.1, chance), born_as(seen.born, "french"),
        seen.address.postcode if seen.address else None,
        slipped(cased(seen.address.city), 0.04, chance) if seen.address else None,
        chance.one_of(("very", "somewhat", "not at all", None)),
        chance.one_of((None, None, "no", "Great service, thank you!", "I would like to be called back")),
    )  # fmt: skip
    sheet.add(person.id, f"R_{sheet.scattered():08d}xQ", cells)
