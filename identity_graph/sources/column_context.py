"""What columns mean beside each other: names and their parts, date parts, address lines, people, companies or things.

One guess per column comes in, the settled guesses go out.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from identity_graph.normalise import fold
from identity_graph.roles import Role
from identity_graph.sources.fitting import Guess, fits, role_from_values
from identity_graph.sources.lexicon import Header
from identity_graph.sources.profile import ColumnProfile

__all__ = ["settle_together"]

_PERSON_SIGNS = frozenset({Role.GIVEN_NAME, Role.FAMILY_NAME, Role.GENDER, Role.BIRTH_DATE, Role.BIRTH_YEAR})
_PLAIN_NAME = frozenset({"name", "nm", "naam", "pername", "personname"})
_MAYBE_FAMILY = frozenset({"name", "nm", "naam", "nom", "noms", "pername"})
_ONE_NAME_WORDS = 1.9
"""Words per value: one family name, with a few double names and particles; whole names have two and more."""
_REACHES_PEOPLE = _PERSON_SIGNS | {Role.EMAIL, Role.PHONE, Role.USER_ID, Role.LOYALTY_CARD, Role.DEVICE_ID}
_TITLES = frozenset({"title", "titel"})
_AUTHORS = frozenset(
    {
        "author", "authorname", "verfasser", "autor", "auteur", "autore", "schrijver", "editor", "composer", "artist",
        "performer",
    }
)  # fmt: skip
_PLAIN_PARTS = {
    Role.BIRTH_YEAR: frozenset({"year", "yyyy", "yy", "jahr", "annee", "ano", "anio", "anno", "jaar"}),
    Role.BIRTH_MONTH: frozenset({"month", "mm", "monat", "mois", "mes", "mese", "maand"}),
    Role.BIRTH_DAY: frozenset({"day", "dd", "tag", "jour", "dia", "giorno", "dag"}),
}
_SPREAD_OF_BIRTHS = 15
_BUSINESS_SHARE = 0.3
_REPEATED_SHARE = 0.9
_LOOKED_AT = 2_000


def settle_together(
    guesses: Mapping[str, Guess],
    headers: Mapping[str, Header],
    profiles: Mapping[str, ColumnProfile],
    sample: pa.Table,
    this_year: int,
) -> dict[str, Guess]:
    """Settle what depends on other columns.

    Args:
        guesses: column -> the guess for it alone.
        headers: column -> its header.
        profiles: column -> its profile.
        sample: the rows, to see whether a column repeats others.
        this_year: year the data is read in.

    Returns:
        Column -> the settled guess, in the same order.
    """
    settled = dict(guesses)
    _number_names(settled, headers, profiles)
    _names_beside(settled, headers, profiles)
    _plain_date_parts(settled, headers, profiles, this_year)
    _birth_parts(settled)
    _address_lines(settled, headers)
    _person_or_company(settled, headers, profiles)
    _repeated_names(settled, sample)
    _things(settled, headers, profiles, this_year)
    return settled


def _number_names(
    settled: dict[str, Guess], headers: Mapping[str, Header], profiles: Mapping[str, ColumnProfile]
) -> None:
    """Read `name1` and `name2` as given and family name, and a second given name as a middle name."""
    plain = {
        headers[name].number: name
        for name, guess in settled.items()
        if guess.role is Role.FULL_NAME and headers[name].key in _PLAIN_NAME and headers[name].number
    }
    if {1, 2} <= plain.keys() and all(
        profiles[plain[n]].share("company") < 0.1 and profiles[plain[n]].words < 2 for n in (1, 2)
    ):
        settled[plain[1]] = Guess(Role.GIVEN_NAME, 0.7, "the first of two names")
        settled[plain[2]] = Guess(Role.FAMILY_NAME, 0.7, "the second of two names")
    given = [name for name, guess in settled.items() if guess.role is Role.GIVEN_NAME]
    for name in given[1:]:
        if (headers[name].number or 0) > 1:
            settled[name] = Guess(Role.MIDDLE_NAME, 0.8, f"a further given name beside {given[0]}")


def _names_beside(
    settled: dict[str, Guess], headers: Mapping[str, Header], profiles: Mapping[str, ColumnProfile]
) -> None:
    """Read `name` beside a given name as the family name, and `nombre` without a family name as a whole name."""
    given, family = _first(settled, Role.GIVEN_NAME), _first(settled, Role.FAMILY_NAME)
    if given is not None and family is None:
        for name, guess in list(settled.items()):
            plain = guess.role is Role.FULL_NAME and headers[name].key in _MAYBE_FAMILY
            if plain and profiles[name].words < _ONE_NAME_WORDS:
                settled[name] = Guess(Role.FAMILY_NAME, 0.8, f"one name beside {given}")
        if headers[given].key in ("nombre", "nombres") and profiles[given].words >= _ONE_NAME_WORDS:
            settled[given] = Guess(Role.FULL_NAME, 0.7, "whole names, and no family name beside")


def _plain_date_parts(
    settled: dict[str, Guess],
    headers: Mapping[str, Header],
    profiles: Mapping[str, ColumnProfile],
    this_year: int,
) -> None:
    """Read `day`, `month`, `year` as a date of birth where no other column is one and the years are people's."""
    if any(guess.role in (Role.BIRTH_DATE, Role.BIRTH_YEAR) for guess in settled.values()):
        return
    found = {
        role: name
        for name in settled
        for role, words in _PLAIN_PARTS.items()
        if headers[name].key in words and fits(role, profiles[name])
    }
    if len(found) < len(_PLAIN_PARTS):
        return
    years = sorted(int(float(text)) for text in profiles[found[Role.BIRTH_YEAR]].values if text.strip(".0").isdigit())
    tenth = len(years) // 10
    if years[len(years) // 2] <= this_year - 15 and years[-1 - tenth] - years[tenth] >= _SPREAD_OF_BIRTHS:
        for role, name in found.items():
            settled[name] = Guess(role, 0.6, "day, month and year of many years, and no other date of birth")


def _birth_parts(settled: dict[str, Guess]) -> None:
    """Drop date parts that cannot make a date: without a year, or beside a whole birth date."""
    roles = {guess.role for guess in settled.values()}
    whole = Role.BIRTH_DATE in roles
    for name, guess in list(settled.items()):
        if guess.role in (Role.BIRTH_YEAR, Role.BIRTH_MONTH, Role.BIRTH_DAY) and (
            whole or Role.BIRTH_YEAR not in roles
        ):
            reason = "a part of the birth date that is there as a whole" if whole else "a date part without a year"
            settled[name] = Guess(Role.IGNORE, 0.8, reason)


def _address_lines(settled: dict[str, Guess], headers: Mapping[str, Header]) -> None:
    """Tell street from address by whether the house number has a column of its own; further lines are text."""
    has_number = any(guess.role is Role.HOUSE_NUMBER for guess in settled.values())
    wanted = Role.STREET if has_number else Role.ADDRESS
    lines = [name for name, guess in settled.items() if guess.role in (Role.STREET, Role.ADDRESS)]
    seen: set[str] = set()
    for name in lines:
        header, guess = headers[name], settled[name]
        if (header.number or 1) > 1 and header.key in seen:
            settled[name] = Guess(Role.TEXT, 0.6, "a further address line")
        else:
            reason = "the house number has its own column" if has_number else guess.reason
            settled[name] = Guess(wanted, guess.confidence, reason)
        seen.add(header.key)


def _person_or_company(
    settled: dict[str, Guess], headers: Mapping[str, Header], profiles: Mapping[str, ColumnProfile]
) -> None:
    """Read a plain `name` as a company's when its values are no people's and nothing else speaks of people."""
    if any(guess.role in _PERSON_SIGNS for guess in settled.values()):
        return
    for name, guess in list(settled.items()):
        if guess.role is Role.FULL_NAME and headers[name].key in _PLAIN_NAME:
            share = profiles[name].share("business")
            if share >= _BUSINESS_SHARE:
                settled[name] = Guess(Role.COMPANY, 0.7, f"{share:.0%} of the names are no person's")
    if any(guess.role is Role.COMPANY and (headers[name].number or 0) == 1 for name, guess in settled.items()):
        for name, guess in list(settled.items()):
            if guess.role in (Role.FULL_NAME, Role.COMPANY) and (headers[name].number or 0) > 1:
                settled[name] = Guess(Role.TEXT, 0.6, "a further line of the name")


def _repeated_names(settled: dict[str, Guess], sample: pa.Table) -> None:
    """Drop a whole name that only repeats the given and family names beside it."""
    parts = [_first(settled, Role.GIVEN_NAME), _first(settled, Role.MIDDLE_NAME), _first(settled, Role.FAMILY_NAME)]
    there = [name for name in parts if name is not None]
    if parts[0] is None or parts[2] is None:
        return
    for name, guess in list(settled.items()):
        if guess.role is Role.FULL_NAME and _repeats(sample, name, there):
            settled[name] = Guess(Role.IGNORE, 0.9, f"repeats {' and '.join(there)}")


def _things(
    settled: dict[str, Guess],
    headers: Mapping[str, Header],
    profiles: Mapping[str, ColumnProfile],
    this_year: int,
) -> None:
    """Read the title of a table of things as what names them, and a title beside people as a text about them."""
    people = {
        name
        for name, guess in settled.items()
        if guess.role in _REACHES_PEOPLE or (guess.role is Role.FULL_NAME and headers[name].key not in _AUTHORS)
    }
    named = [name for name, guess in settled.items() if guess.role is Role.TITLE]
    if people or _first(settled, Role.COMPANY) is not None:
        for name in named:
            settled[name] = role_from_values(profiles[name], this_year)
        return
    if not named:
        named = [name for name in settled if headers[name].key in _TITLES and fits(Role.TITLE, profiles[name])]
    if not named and not any(guess.role in (Role.FULL_NAME, Role.NATIONAL_ID) for guess in settled.values()):
        texts = [
            name for name, guess in settled.items() if guess.role is Role.TEXT and fits(Role.TITLE, profiles[name])
        ]
        named = sorted(texts, key=lambda name: profiles[name].length)[:1]
    for place, name in enumerate(named):
        if place == 0:
            settled[name] = Guess(Role.TITLE, 0.7, "names the things of a table without people")
        else:
            settled[name] = Guess(Role.TEXT, 0.5, f"a further text beside {named[0]}")


def _first(settled: Mapping[str, Guess], role: Role) -> str | None:
    return next((name for name, guess in settled.items() if guess.role is role), None)


def _repeats(sample: pa.Table, whole: str, parts: list[str]) -> bool:
    """Say whether nine of ten whole names have exactly the words of the parts, in any order."""
    rows = sample.select([whole, *parts]).slice(0, _LOOKED_AT).to_pylist()
    there = same = 0
    for row in rows:
        words = sorted(fold(row[whole] or "").split())
        if words:
            there += 1
            same += words == sorted(fold(" ".join(row[part] or "" for part in parts)).split())
    return there > 0 and same >= _REPEATED_SHARE * there
