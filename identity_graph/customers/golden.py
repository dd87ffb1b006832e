"""Chooses the surviving value of each attribute of a customer, and says where it came from.

The records of one customer come in, golden values with their provenance go out. One rule per kind of role: names are
what most records say, then the fuller; contact data are what was seen last; an address survives as a whole, so that
a street is never shown with another street's postcode. Ties end with the smaller value, so order cannot matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from identity_graph.model import GoldenValue
from identity_graph.roles import Role

__all__ = ["golden_values"]

RecordValues: TypeAlias = Mapping[str, Any]

_RECENT_ROLES = frozenset({Role.EMAIL, Role.PHONE, Role.TEXT, Role.NUMBER, Role.LATITUDE, Role.LONGITUDE})
_ADDRESS_ROLES = frozenset(
    {Role.ADDRESS, Role.STREET, Role.HOUSE_NUMBER, Role.POSTCODE, Role.CITY, Role.REGION, Role.COUNTRY}
)


def golden_values(records: Sequence[RecordValues], roles: Mapping[str, Role]) -> dict[str, GoldenValue]:
    """Return the surviving values of one customer.

    Rules by role:
        names, gender, company, ids and all others: most frequent; of a given or family name then the one that stands
            in its place in more full names; then most complete (longest), then most recent.
        birth date: a full date before a partial one, then most frequent.
        e-mail, phone, text, number, coordinates: most recent, then most frequent.
        address parts: those of the most recent record that has at least half as many parts as the fullest; a part it
            lacks is the most recent one.

    Args:
        records: attribute -> canonical value or None, with `key` (unique) and `observed_at` (any values that compare
            with each other in order of time, or None).
        roles: attribute -> role; other entries of the records are not looked at.

    Returns:
        Attribute -> value, for each attribute that any record has, in order of `roles`.
    """
    if len(records) == 1:
        only = records[0]
        single = ((name, only.get(name)) for name in roles)
        return {name: GoldenValue(value, only["key"], "only_value") for name, value in single if value is not None}
    latest = _latest_first(records)
    whole_names = [name for name, role in roles.items() if role is Role.FULL_NAME]
    wholes = [whole for record in latest for name in whole_names if (whole := record.get(name))]
    home = _home(latest, [name for name, role in roles.items() if role in _ADDRESS_ROLES])
    golden = {}
    for name, role in roles.items():
        values = [record.get(name) for record in latest]
        present = [value for value in values if value is not None]
        if not present:
            continue
        best = present[0]
        if present.count(best) == len(present):
            golden[name] = GoldenValue(best, latest[values.index(best)]["key"], "only_value")
        else:
            found = [record for record, value in zip(latest, values, strict=True) if value is not None]
            golden[name] = _survivor(name, role, found, home, wholes)
    return golden


def _latest_first(records: Sequence[RecordValues]) -> list[RecordValues]:
    """Order records by time, latest first, undated last, equal times by key."""
    ordered = sorted(records, key=_key)
    dated = [record for record in ordered if record.get("observed_at") is not None]
    dated.sort(key=_time, reverse=True)
    return dated + [record for record in ordered if record.get("observed_at") is None]


def _key(record: RecordValues) -> str:
    return str(record["key"])


def _time(record: RecordValues) -> Any:
    return record["observed_at"]


def _home(latest: Sequence[RecordValues], parts: Sequence[str]) -> RecordValues | None:
    """Return the record whose address survives, or None when no record has one."""
    if not parts:
        return None
    counts = [sum(record.get(part) is not None for part in parts) for record in latest]
    most = max(counts, default=0)
    return next((record for record, count in zip(latest, counts, strict=True) if most and 2 * count >= most), None)


def _survivor(
    name: str, role: Role, found: Sequence[RecordValues], home: RecordValues | None, wholes: Sequence[str]
) -> GoldenValue:
    """Choose among the records that have the attribute, latest first, with at least two different values."""
    first: dict[str, RecordValues] = {}
    counts: dict[str, int] = {}
    for record in found:
        value = record[name]
        counts[value] = counts.get(value, 0) + 1
        first.setdefault(value, record)
    place = {value: position for position, value in enumerate(first)}
    if role in _ADDRESS_ROLES:
        stays = home[name] if home is not None and home.get(name) is not None else None
        order = sorted(first, key=lambda value: (value != stays, place[value]))
        rule = "most_recent"
    elif role in _RECENT_ROLES:
        order, rule = _by_time(found[0], first, counts, place)
    else:
        agreeing = {value: _agreeing(role, value, wholes) for value in first}
        order = sorted(
            first,
            key=lambda value: (
                -_fullness(role, value), -counts[value], -agreeing[value], -len(value), place[value]
            ),
        )  # fmt: skip
        rule = _frequency_rule(role, order, counts, agreeing)
    best = order[0]
    keeper = home if role in _ADDRESS_ROLES and home is not None and home.get(name) == best else first[best]
    lost = tuple((value, str(first[value]["key"])) for value in order[1:])
    return GoldenValue(best, str(keeper["key"]), rule, lost)


def _by_time(
    latest: RecordValues, first: Mapping[str, RecordValues], counts: Mapping[str, int], place: Mapping[str, int]
) -> tuple[list[str], str]:
    """Order values by the time they were last seen; values of one time by frequency."""
    times = {value: record.get("observed_at") for value, record in first.items()}
    newest = latest.get("observed_at")
    same = [value for value in first if times[value] == newest]
    order = sorted(same, key=lambda value: (-counts[value], value)) + [value for value in place if value not in same]
    return order, "most_recent" if len(same) == 1 else "most_frequent"


def _fullness(role: Role, value: str) -> int:
    """Rank partial birth dates (a year, a month) below full ones; other values are all alike."""
    return len(value) if role is Role.BIRTH_DATE else 0


def _agreeing(role: Role, value: str, wholes: Sequence[str]) -> int:
    """Count the full names that begin with a given name, or end with a family name; 0 for other roles."""
    wanted = value.casefold()
    if role is Role.GIVEN_NAME:
        return sum(whole.casefold().startswith(f"{wanted} ") for whole in wholes)
    if role is Role.FAMILY_NAME:
        return sum(whole.casefold().endswith(f" {wanted}") for whole in wholes)
    return 0


def _frequency_rule(role: Role, order: Sequence[str], counts: Mapping[str, int], agreeing: Mapping[str, int]) -> str:
    """Name what put the best value before the next."""
    best, following = order[0], order[1]
    if _fullness(role, best) == _fullness(role, following) and counts[best] != counts[following]:
        return "most_frequent"
    if _fullness(role, best) == _fullness(role, following) and agreeing[best] != agreeing[following]:
        return "agrees_with_full_name"
    if len(best) != len(following):
        return "most_complete"
    return "most_recent"
