"""Columns of several sources that mean the same, found by the values they share.

One source calls a number `no_adhesion`, the other `CARTE`; one shop has a `brand`, the other a `Manufacturer`. The
mappings that were found for each layout alone come in with their samples; mappings whose columns meet go out. What a
header says for sure stays; a column nobody could read takes the meaning of the column it shares values with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.normalise import fold, is_placeholder
from identity_graph.roles import IDENTIFIER_ROLES, Role
from identity_graph.sources.mapping import ColumnMapping, SourceMapping, name_attributes

__all__ = ["meet"]

_UNREAD = frozenset({Role.TEXT, Role.CATEGORY, Role.NUMBER, Role.IGNORE, Role.RECORD_ID})
_OWN = frozenset({Role.TEXT, Role.CATEGORY, Role.PLACE})
_TAUGHT = IDENTIFIER_ROLES | {
    Role.GIVEN_NAME, Role.FAMILY_NAME, Role.FULL_NAME, Role.COMPANY, Role.TITLE, Role.CITY, Role.REGION, Role.COUNTRY,
    Role.POSTCODE, Role.STREET,
}  # fmt: skip
_LOOKED_AT = 60
"""Columns of a layout that are looked at; a table of hundreds of measurements need not be compared with another."""

_CODE_LENGTH = 5
_CODES_COMMON, _CODES_SHARE = 10, 0.03
_TIMES_CHANCE = 10
_TEXTS_COMMON, _TEXTS_SHARE = 20, 0.3
_KINDS_COMMON, _KINDS_SHARE = 3, 0.5
_NO_MEANING = frozenset(
    {"list", "unit", "total", "value", "id", "no", "nr", "number", "code", "name", "in", "of", "eur"}
)
"""Words of headers that do not say what a number counts."""


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of one layout.

    Attributes:
        layout: position of the layout.
        name: the column.
        mapped: what it was taken for.
        values: distinct folded values of the sample, placeholders left out.
        code: the values are codes: one word with a digit.
    """

    layout: int
    name: str
    mapped: ColumnMapping
    values: frozenset[str]
    code: bool


def meet(layouts: Sequence[tuple[SourceMapping, pa.Table]]) -> list[SourceMapping]:
    """Let columns of different layouts meet in one attribute.

    Args:
        layouts: each layout's mapping and sample.

    Returns:
        The mappings in their order; those of a single layout as they came.
    """
    if len(layouts) < 2:
        return [mapping for mapping, _ in layouts]
    columns = [list(_columns(place, mapping, sample)) for place, (mapping, sample) in enumerate(layouts)]
    changed: list[dict[str, ColumnMapping]] = [dict(mapping.columns) for mapping, _ in layouts]
    for place, later in enumerate(columns):
        for earlier in columns[:place]:
            _meet_two(earlier, later, changed)
    return [
        replace(mapping, columns=name_attributes(found)) if found != dict(mapping.columns) else mapping
        for (mapping, _), found in zip(layouts, changed, strict=True)
    ]


def _columns(place: int, mapping: SourceMapping, sample: pa.Table) -> Iterator[_Column]:
    for name, mapped in list(mapping.columns.items())[:_LOOKED_AT]:
        if name not in sample.column_names or mapped.role not in _UNREAD | _TAUGHT | _OWN:
            continue
        texts = pc.unique(sample.column(name)).to_pylist()
        values = frozenset(fold(text)[:100] for text in texts if text and not is_placeholder(text.strip())) - {""}
        if values:
            code = sum(" " not in text and any(map(str.isdigit, text)) for text in values) > 0.9 * len(values)
            yield _Column(place, name, mapped, values, code)


def _meet_two(earlier: list[_Column], later: list[_Column], changed: list[dict[str, ColumnMapping]]) -> None:
    """Let the columns of two layouts meet, the pair that shares most first, each column once."""
    offers = []
    for one in earlier:
        for other in later:
            meaning = _meaning(one, other)
            if meaning is not None:
                common = len(one.values & other.values)
                share = common / min(len(one.values), len(other.values))
                offers.append((-share, one.name, other.name, meaning, one, other))
    done: set[tuple[int, str]] = set()
    for _, _, _, meaning, one, other in sorted(offers, key=lambda offer: offer[:3]):
        sides = {(one.layout, one.name), (other.layout, other.name)}
        if not done & sides:
            done |= sides
            _give(one, other, meaning, changed)
            _give(other, one, meaning, changed)


def _meaning(one: _Column, other: _Column) -> ColumnMapping | None:
    """Return what two columns mean together; None when they do not meet, or do so already."""
    roles = {one.mapped.role, other.mapped.role}
    if one.mapped.attribute == other.mapped.attribute and one.mapped.attribute is not None:
        return None
    common = len(one.values & other.values)
    share = common / min(len(one.values), len(other.values))
    if one.code and other.code and roles & _UNREAD and roles != {Role.RECORD_ID}:
        if not _same_codes(one, other, common, share):
            return None
        known = [column.mapped for column in (one, other) if column.mapped.role in IDENTIFIER_ROLES]
        return known[0] if known else ColumnMapping(Role.ACCOUNT_ID)
    if Role.RECORD_ID in roles or Role.IGNORE in roles:
        return None
    if roles <= _OWN and common >= _KINDS_COMMON and share >= _KINDS_SHARE:
        return one.mapped
    if roles == {Role.NUMBER}:
        return one.mapped if _words(one.name) & _words(other.name) - _NO_MEANING else None
    taught = [column.mapped for column in (one, other) if column.mapped.role in _TAUGHT - IDENTIFIER_ROLES]
    if len(taught) == 1 and common >= _TEXTS_COMMON and share >= _TEXTS_SHARE:
        return taught[0]
    return None


def _same_codes(one: _Column, other: _Column, common: int, share: float) -> bool:
    """Say whether two columns of codes share more of them than two ranges of numbers do by chance."""
    if one.name.lower() == other.name.lower() and common >= _CODES_COMMON and share >= _KINDS_SHARE:
        return True
    length = min(sum(map(len, column.values)) / len(column.values) for column in (one, other))
    if length < _CODE_LENGTH or common < _CODES_COMMON or share < _CODES_SHARE:
        return False
    numbers = [[int(text) for text in column.values if text.isdigit() and len(text) < 19] for column in (one, other)]
    if any(len(found) < len(column.values) / 2 for found, column in zip(numbers, (one, other), strict=True)):
        return True
    low, high = min(map(min, numbers)), max(map(max, numbers))
    return common > _TIMES_CHANCE * len(numbers[0]) * len(numbers[1]) / (high - low + 1)


def _give(column: _Column, other: _Column, meaning: ColumnMapping, changed: list[dict[str, ColumnMapping]]) -> None:
    """Give a column the meaning it shares with another, unless its source has a column of that meaning already."""
    mine = changed[column.layout]
    if column.mapped.role is meaning.role and column.mapped.attribute == meaning.attribute:
        return
    attribute = meaning.attribute or meaning.role.value
    if any(mapped.attribute == attribute for name, mapped in mine.items() if name != column.name):
        return
    reason = f"shares {len(column.values & other.values)} values with {other.name} of another source"
    mine[column.name] = ColumnMapping(meaning.role, attribute, meaning.namespace, 0.6, reason)


def _words(name: str) -> set[str]:
    split = "".join(f" {sign}" if sign.isupper() else sign for sign in name) if not name.isupper() else name
    return set(fold(split).split())
