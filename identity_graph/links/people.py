"""Who a record says it is, as a code cheap enough to count people behind an identifier.

A record table and the roles of its attributes come in. Two records of one person mostly get one code in spite of
typing errors and swapped names, because only the initials of the names count; a few different people share a code,
so counting codes counts people from below. Codes are ordered like the initials, so that a record's place among others
does not depend on what else the table holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

from identity_graph.links.types import Codes, Flags
from identity_graph.roles import PERSON_ROLES, Role
from identity_graph.tables import Table

__all__ = ["People", "people_of"]

_NAME_ROLES = (Role.GIVEN_NAME, Role.FAMILY_NAME, Role.FULL_NAME, Role.COMPANY)


@dataclass(frozen=True, slots=True)
class People:
    """Per record row, what it says of a person.

    Attributes:
        known: it carries a value of a role that says who somebody is (PERSON_ROLES).
        name: code of the initials of its name, ordered like them; -1 when it has no name.
    """

    known: Flags
    name: Codes


def people_of(records: Table, roles: Mapping[str, Role]) -> People:
    """Read who each record says it is.

    Args:
        records: record table; attributes that it lacks are passed over.
        roles: attribute -> role.
    """
    known = np.zeros(len(records), dtype=np.bool_)
    for attribute in sorted(roles):
        if roles[attribute] in PERSON_ROLES and attribute in records.column_names:
            known |= records.column(attribute).is_valid().to_numpy()
    by_role = {role: _first_value(records, roles, role) for role in _NAME_ROLES}
    initials = _paired(_initials(by_role[Role.GIVEN_NAME]), _initials(by_role[Role.FAMILY_NAME]))
    for role in (Role.FULL_NAME, Role.COMPANY):
        initials = _filled(initials, _initials(by_role[role]), len(records))
    if initials is None:
        return People(known, np.full(len(records), -1, dtype=np.int64))
    encoded = initials.combine_chunks() if isinstance(initials, pa.ChunkedArray) else initials
    encoded = encoded.dictionary_encode()
    rank = np.append(np.argsort(pc.sort_indices(encoded.dictionary).to_numpy()), -1)
    return People(known, rank[pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)].astype(np.int64))


def _first_value(records: Table, roles: Mapping[str, Role], role: Role) -> Any:
    """Return each record's value of a role: of the attribute of the same name, else the first by name; None for none.

    A column without values counts like an absent one, so a record is read alike in every table.
    """
    names = sorted((name for name in roles if roles[name] is role), key=lambda name: (name != role.value, name))
    columns = [records.column(name) for name in names if name in records.column_names]
    return pc.coalesce(*columns) if columns else None


def _initials(column: Any) -> Any:
    """Map each text to the sorted initials of its first and last word; distinct values are read once."""
    if column is None:
        return None
    encoded = column.combine_chunks().dictionary_encode()
    short = pa.array([_letters(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return short.take(encoded.indices)


def _letters(value: str) -> str | None:
    words = anyascii(value).lower().replace(",", " ").split()
    return "".join(sorted({words[0][0], words[-1][0]})) if words else None


def _paired(given: Any, family: Any) -> Any:
    """Join the initials of two name parts in alphabetical order, so that swapped names agree; null unless both."""
    if given is None or family is None:
        return None
    given, family = pc.utf8_slice_codeunits(given, 0, 1), pc.utf8_slice_codeunits(family, 0, 1)
    low, high = (
        pc.min_element_wise(given, family, skip_nulls=False),
        pc.max_element_wise(given, family, skip_nulls=False),
    )
    return pc.if_else(pc.equal(low, high), low, pc.binary_join_element_wise(low, high, ""))


def _filled(initials: Any, other: Any, count: int) -> Any:
    if other is None:
        return initials
    return pc.coalesce(initials, other) if initials is not None else pc.coalesce(other, pa.nulls(count, pa.string()))
