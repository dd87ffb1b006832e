"""Which column is the record's id: by its name, and by being another value in every row of a source."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.roles import Role
from identity_graph.sources.lexicon import Header
from identity_graph.sources.profile import ColumnProfile

__all__ = ["find_record_id"]

_BY_NAME = (
    "recordid", "recid", "uniqueid", "id", "recordkey", "rowkey", "key", "pk", "sourcerecordid", "recordnumber",
    "recordno", "uuid", "guid", "identifier", "sourceid", "entityid", "personid", "messageid", "eventid",
)  # fmt: skip
_SURE = frozenset({"recordid", "recid", "uniqueid", "id"})
_REPEATS_ALLOWED = 0.5
_FILLED_BY_NAME = 0.9
_FILLED_BY_SHAPE = 0.98
"""Rows without their id are rejected, so a column with gaps is the id only where few rows have none."""

_ID_ROLES = frozenset({Role.ACCOUNT_ID, Role.LOYALTY_CARD, Role.USER_ID})
_MEASURED = frozenset({"decimal", "date", "email", "address"})


def find_record_id(
    sample: pa.Table, headers: Mapping[str, Header], profiles: Mapping[str, ColumnProfile], source_column: str | None
) -> tuple[str | None, str]:
    """Choose the column of the record id.

    Args:
        sample: first rows.
        headers: column -> its header.
        profiles: column -> its profile.
        source_column: ids are unique within one source.

    Returns:
        The column and why; None and why not.
    """
    for key in _BY_NAME:
        for column, header in headers.items():
            if header.key == key and header.number is None and profiles[column].filled >= _REPEATS_ALLOWED:
                unique = _uniqueness(sample, column, source_column)
                if unique > 0.999 or (key in _SURE and unique >= _REPEATS_ALLOWED):
                    return column, "named like a record id" + (", another in every row" if unique > 0.999 else "")
    candidates = [
        column
        for column, profile in profiles.items()
        if column != source_column
        and _can_be_id(headers[column], profile)
        and _uniqueness(sample, column, source_column) == 1
    ]
    ids = [name for name in candidates if not profiles[name].increasing or _named_like_id(headers[name])]
    if not candidates:
        candidates = [column for column, profile in profiles.items() if profile.increasing]
    if not candidates:
        return None, "no column has another value in every row: ids are made from the rows' content"
    if not ids:
        return candidates[0], "counts the rows, and nothing else has another value in every row"
    chosen = max(ids, key=lambda column: _rank(headers[column], profiles[column]))
    gaps = 1 - profiles[chosen].filled
    return chosen, "another value in every row" + (f" that has one; {gaps:.1%} of the rows have none" if gaps else "")


def _rank(header: Header, profile: ColumnProfile) -> tuple[bool, bool, bool]:
    """Prefer an id in every row, then one that is no card of a person, then one named like an id."""
    return profile.filled == 1, header.role is not Role.LOYALTY_CARD, _named_like_id(header)


def _named_like_id(header: Header) -> bool:
    return header.role in _ID_ROLES or header.key.endswith(("id", "key", "number", "code", "nr", "num", "ref"))


def _can_be_id(header: Header, profile: ColumnProfile) -> bool:
    """Say whether values that are all different may be ids rather than names, measures or times."""
    if header.role is not None and header.role not in _ID_ROLES:
        return False
    if profile.filled < _FILLED_BY_SHAPE and not (profile.filled >= _FILLED_BY_NAME and _named_like_id(header)):
        return False
    if profile.rows < 2 or profile.words > 1.05:
        return False
    if any(profile.share(pattern) > 0.1 for pattern in _MEASURED):
        return False
    if profile.filled < 1 and profile.share("formatted_phone") > 0.1:
        return False
    return _named_like_id(header) or profile.share("code") > 0.95


def _uniqueness(sample: pa.Table, column: str, source_column: str | None) -> float:
    """Return distinct ids per row with an id, within each source; 0 without any."""
    ids = pc.utf8_trim_whitespace(sample.column(column).combine_chunks())
    there = pc.fill_null(pc.not_equal(ids, ""), False)
    if source_column is not None:
        source = pc.fill_null(sample.column(source_column).combine_chunks(), "")
        ids = pc.binary_join_element_wise(source, ids, pa.scalar("\x1f"))
    ids = ids.filter(there)
    return float(pc.count_distinct(ids).as_py() / len(ids)) if len(ids) else 0.0
