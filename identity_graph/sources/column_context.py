"""What columns mean beside each other: whole names and their parts, date parts, address lines, people or companies.

One guess per column comes in, the settled guesses go out.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from identity_graph.normalise import fold
from identity_graph.roles import Role
from identity_graph.sources.fitting import Guess
from identity_graph.sources.lexicon import Header
from identity_graph.sources.profile import ColumnProfile

__all__ = ["settle_together"]

_PERSON_SIGNS = frozenset({Role.GIVEN_NAME, Role.FAMILY_NAME, Role.GENDER, Role.BIRTH_DATE, Role.BIRTH_YEAR})
_PLAIN_NAME = frozenset({"name", "nm", "naam", "pername", "personname"})
_BUSINESS_SHARE = 0.3
_REPEATED_SHARE = 0.9
_LOOKED_AT = 2_000


def settle_together(
    guesses: Mapping[str, Guess],
    headers: Mapping[str, Header],
    profiles: Mapping[str, ColumnProfile],
    sample: pa.Table,
) -> dict[str, Guess]:
    """Settle what depends on other columns.

    Args:
        guesses: column -> the guess for it alone.
        headers: column -> its header.
        profiles: column -> its profile.
        sample: the rows, to see whether a column repeats others.

    Returns:
        Column -> the settled guess, in the same order.
    """
    settled = dict(guesses)
    _number_names(settled, headers, profiles)
    _birth_parts(settled)
    _address_lines(settled, headers)
    _person_or_company(settled, headers, profiles)
    _repeated_names(settled, sample)
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


def _repeated_names(settled: dict[str, Guess], sample: pa.Table) -> None:
    """Drop a whole name that only repeats the given and family names beside it."""
    parts = [_first(settled, Role.GIVEN_NAME), _first(settled, Role.MIDDLE_NAME), _first(settled, Role.FAMILY_NAME)]
    there = [name for name in parts if name is not None]
    if parts[0] is None or parts[2] is None:
        return
    for name, guess in list(settled.items()):
        if guess.role is Role.FULL_NAME and _repeats(sample, name, there):
            settled[name] = Guess(Role.IGNORE, 0.9, f"repeats {' and '.join(there)}")


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
