"""Which column of a source means what, as one frozen value.

A mapping file or the detection makes it; the canonical step, the facts and the matching model read it. The mapping
knows columns and attributes only, never a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from identity_graph.errors import InvalidMappingError
from identity_graph.roles import CUSTOMER_FIELDS, IDENTIFIER_ROLES, RECORD_FIELDS, STRUCTURE_ROLES, Role

__all__ = [
    "ColumnMapping", "SourceMapping", "TouchpointMapping", "attribute_name", "check_source_name", "is_attribute_name",
    "is_snake_name", "name_attributes", "snake_name", "source_name",
]  # fmt: skip

_OWN_NAME = frozenset({Role.CATEGORY, Role.PLACE, Role.TEXT, Role.NUMBER, Role.ENTITY_LIST})
_DATE_PARTS = frozenset({Role.BIRTH_YEAR, Role.BIRTH_MONTH, Role.BIRTH_DAY})
_SOURCE_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_SNAKE_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What one column means.

    Attributes:
        role: the kind of value.
        attribute: name of the attribute it becomes; None when it becomes none.
        namespace: namespace of the identifiers it holds; None when it holds none.
        confidence: how sure the detection was, 0 to 1; 1 for what a person wrote.
        reason: why, for people; not part of the meaning, so it does not take part in comparisons.
    """

    role: Role
    attribute: str | None = None
    namespace: str | None = None
    confidence: float = field(default=1.0, compare=False)
    reason: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class TouchpointMapping:
    """How a row is also one interaction.

    Attributes:
        id: column of the sender's message id; None makes one from the row's content.
        at: column of the time it happened; None when the source does not say.
        type: what happened, when it is the same for every row.
        type_column: column that says what happened; wins over `type` where it has a value.
        channel: where it happened, when it is the same for every row.
        channel_column: column that says where; wins over `channel` where it has a value.
    """

    id: str | None = None
    at: str | None = None
    type: str = "event"
    type_column: str | None = None
    channel: str = "unknown"
    channel_column: str | None = None

    def named_columns(self) -> tuple[str, ...]:
        """Return the columns it reads."""
        named = (self.id, self.at, self.type_column, self.channel_column)
        return tuple(column for column in named if column is not None)


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """Which column of a source means what.

    Attributes:
        columns: column -> its meaning, in the file's order; a column not named is kept in the raw row only.
        source: name of the source; None takes the file's name.
        source_column: column that names the source of each row; wins over `source` where it has a value.
        record_id: column of the record's id, unique per source; of several columns the first that has a value is
            the id, with the column's name before it (`user_id=7`); None makes ids from the rows' content.
        grows: rows of one record add up (event streams) instead of replacing each other.
        touchpoint: how a row is also an interaction; None when it is not.
        default_region: ISO alpha-2 region of phone numbers without a country code; None when not known.
        day_first: how `03/04/1980` is read.
        placeholder_dates: ISO dates of birth that mean no date; None is `PLACEHOLDER_DATES`.
        encoding: text encoding; None finds it from the bytes.
        delimiter: field separator of delimited text; None finds it from the first lines.
    """

    columns: Mapping[str, ColumnMapping]
    source: str | None = None
    source_column: str | None = None
    record_id: str | tuple[str, ...] | None = None
    grows: bool = False
    touchpoint: TouchpointMapping | None = None
    default_region: str | None = None
    day_first: bool = True
    placeholder_dates: tuple[str, ...] | None = None
    encoding: str | None = None
    delimiter: str | None = None

    def id_columns(self) -> tuple[str, ...]:
        """Return the columns that hold the record's id, in the order they are tried."""
        if self.record_id is None:
            return ()
        return (self.record_id,) if isinstance(self.record_id, str) else self.record_id

    def attribute_roles(self) -> dict[str, Role]:
        """Return the attributes its records have, sorted by name, with the role of each."""
        roles = {
            column.attribute: column.role
            for column in self.columns.values()
            if column.attribute is not None and column.role not in STRUCTURE_ROLES
        }
        if self.date_part_columns():
            roles.setdefault(Role.BIRTH_DATE.value, Role.BIRTH_DATE)
        return dict(sorted(roles.items()))

    def date_part_columns(self) -> dict[Role, str]:
        """Return the columns that together make the birth date: year, month, day, as far as they are there."""
        return {mapped.role: name for name, mapped in self.columns.items() if mapped.role in _DATE_PARTS}

    def column_of(self, role: Role) -> str | None:
        """Return the first column of a role, or None."""
        return next((name for name, mapped in self.columns.items() if mapped.role is role), None)

    def named_columns(self) -> tuple[str, ...]:
        """Return every column the mapping names, each once."""
        named = [*self.id_columns(), *self.columns]
        if self.source_column is not None:
            named.insert(0, self.source_column)
        if self.touchpoint is not None:
            named += self.touchpoint.named_columns()
        return tuple(dict.fromkeys(named))

    def check_columns(self, found: Iterable[str], file: str) -> None:
        """Check that a file has the columns the mapping names.

        Raises:
            InvalidMappingError: a column is absent; the message names it and the nearest spelling.
        """
        present = list(found)
        missing = [name for name in self.named_columns() if name not in present]
        if not missing:
            return
        near = get_close_matches(missing[0], present, n=1, cutoff=0.6)
        hint = f"Did you mean {near[0]!r}?" if near else f"The file has the columns {', '.join(map(repr, present))}."
        raise InvalidMappingError(
            f"The mapping names column {missing[0]!r}, which {file} does not have.", ids=missing, next_step=hint
        )


def source_name(text: str) -> str:
    """Make a source name of any text: other characters than letters, digits, `_`, `.` and `-` become `_`."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", text.strip()).strip("_") or "source"


def check_source_name(name: str) -> str:
    """Return a source name a person gave, or say what is wrong with it.

    Raises:
        InvalidMappingError: it is empty or has characters other than letters, digits, `_`, `.` and `-`.
    """
    if not _SOURCE_NAME.fullmatch(name):
        raise InvalidMappingError(
            f"The source name {name!r} may hold letters, digits, '_', '.' and '-' only.",
            ids=[name], next_step=f"Call it {source_name(name)!r}.",
        )  # fmt: skip
    return name


def attribute_name(column: str) -> str:
    """Return a column's name in snake case, never one that records or customers use for themselves."""
    name = snake_name(column)
    return f"{name}_value" if name in CUSTOMER_FIELDS else name


def snake_name(column: str) -> str:
    """Return a name in snake case, never one that records use for themselves."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column.strip())
    snake = re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_") or "column"
    if not snake[0].isalpha():
        snake = f"column_{snake}"
    return f"{snake}_value" if snake in RECORD_FIELDS else snake


def is_attribute_name(name: str) -> bool:
    """Say whether a name may be an attribute's: lower snake case and none that records or customers go by."""
    return is_snake_name(name) and name not in CUSTOMER_FIELDS


def is_snake_name(name: str) -> bool:
    """Say whether a name is lower snake case and none that records go by."""
    return _SNAKE_NAME.fullmatch(name) is not None and name not in RECORD_FIELDS


def name_attributes(
    columns: Mapping[str, ColumnMapping], taken: Mapping[str, Role] | None = None
) -> dict[str, ColumnMapping]:
    """Give every column that becomes an attribute a name of its own, and identifiers their namespace.

    Args:
        columns: column -> meaning; a name or namespace already there stays.
        taken: attribute -> role in other layouts of the same load; a name is shared only with the same role.

    Returns:
        The same columns in the same order: the role's name, or the column's own for categories, places, texts,
        numbers and lists; the second of a name gets `_2`.
    """
    used = {mapped.attribute for mapped in columns.values() if mapped.attribute is not None}
    named: dict[str, ColumnMapping] = {}
    for column, mapped in columns.items():
        attribute, namespace = mapped.attribute, mapped.namespace
        if mapped.role not in STRUCTURE_ROLES and attribute is None:
            wanted = attribute_name(column) if mapped.role in _OWN_NAME else mapped.role.value
            attribute = _free_name(wanted, mapped.role, used, taken or {})
            used.add(attribute)
        if mapped.role in IDENTIFIER_ROLES and namespace is None:
            namespace = mapped.role.value
        named[column] = ColumnMapping(mapped.role, attribute, namespace, mapped.confidence, mapped.reason)
    return named


def _free_name(wanted: str, role: Role, used: set[str], taken: Mapping[str, Role]) -> str:
    name, number = wanted, 1
    while name in used or taken.get(name, role) is not role:
        number += 1
        name = f"{wanted}_{number}"
    return name
