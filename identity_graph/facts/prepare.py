"""Turns the tables of a fact batch into the rows that the queries take; pure, so that it can run ahead in a thread.

Record and touchpoint tables come in; plain dictionaries, content hashes and identifier rows go out. Bulk code: rows
are dictionaries made column by column, because one object per row costs more than the engine's own work.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, starmap
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.errors import InvalidSettingError
from identity_graph.facts.holding import device_of, place_on
from identity_graph.facts.name_key import record_name_key
from identity_graph.model import Reject
from identity_graph.namespaces import identifier_key
from identity_graph.roles import RESERVED_NAMES, Role
from identity_graph.tables import RECORD_SCHEMA, TOUCHPOINT_SCHEMA, Table, attribute_names, require

__all__ = ["Identifiers", "PreparedBatch", "RecordRow", "content_hash", "prepare", "stored_row", "times_as_text"]

Identifiers: TypeAlias = tuple[tuple[str, str], ...]
"""(namespace, value) of a record, sorted, each once."""

RecordRow: TypeAlias = tuple[dict[str, Any], Identifiers]
"""Properties of a SourceRecord (without `seq`; absent values left out) and its identifiers.

Of a stored record `identifier_times` tells when it was first seen with each of its identifiers, in their order (a tuple
of ISO-8601 text, None where nobody knows); it is no property of the node.
"""

_NAME_ROLES = (Role.GIVEN_NAME, Role.FAMILY_NAME, Role.FULL_NAME)


@dataclass(frozen=True, slots=True)
class PreparedBatch:
    """A batch ready to be written.

    Attributes:
        plain: record key -> row of records that replace what is stored.
        growing: record key -> row of records that add to what is stored, without what is made after uniting them.
        touchpoints: {record_key, seen_with (record key -> keys of the identifiers it was seen with), device (visitor it
            was done on, or None), properties, identifiers, organisation: {key, source, group_id, traits} or None}.
        rejects: {key, properties}.
        names_by_role: which attributes hold the names that make the name key.
    """

    plain: Mapping[str, RecordRow]
    growing: Mapping[str, RecordRow]
    touchpoints: Sequence[Mapping[str, Any]]
    rejects: Sequence[Mapping[str, Any]]
    names_by_role: Mapping[Role, str]


def prepare(
    records: Table, touchpoints: Table, rejects: Sequence[Reject], attribute_roles: Mapping[str, Role]
) -> PreparedBatch:
    """Turn the tables of a batch into rows.

    Args:
        records: per `RECORD_SCHEMA` and attributes; of several rows with one key the last counts.
        touchpoints: per `TOUCHPOINT_SCHEMA`.
        rejects: rows and values that could not be read.
        attribute_roles: attribute -> role, for the name key.

    Raises:
        InvalidSettingError: a table lacks a column, or an attribute has a name that records or customers use for
            themselves.
    """
    require(records, RECORD_SCHEMA, "record")
    require(touchpoints, TOUCHPOINT_SCHEMA, "touchpoint")
    reserved = sorted(RESERVED_NAMES.intersection(attribute_names(records)))
    if reserved:
        raise InvalidSettingError(
            f"No attribute may be called {reserved[0]!r}: records or customers use that name for themselves.",
            ids=reserved,
        )
    names_by_role = _names_by_role(attribute_roles)
    plain: dict[str, RecordRow] = {}
    growing: dict[str, RecordRow] = {}
    for grows, row in zip(records["grows"].to_pylist(), _record_rows(records), strict=True):
        (growing if grows else plain)[row[0]["key"]] = row
    for row in plain.values():  # a record that grows gets these when it is united with what is stored
        key = record_name_key(row[0], names_by_role)
        if key is not None:
            row[0]["name_key"] = key
        row[0]["deleted"] = False
        row[0]["content_hash"] = content_hash(row)
    return PreparedBatch(
        plain, growing, _touchpoint_rows(touchpoints), [_reject_row(reject) for reject in rejects], names_by_role
    )


def content_hash(row: RecordRow, times: str = "") -> str:
    """Return the fingerprint of everything a record says: equal content, equal hash, in any order of columns.

    Args:
        row: the record; its seq, state and derived properties do not count.
        times: when each trait of a growing record was seen.
    """
    properties, identifiers = row
    said = [item for item in sorted(properties.items()) if item[0] not in _NOT_SAID]
    text = json.dumps([said, identifiers, times], ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


_NOT_SAID = frozenset({"seq", "content_hash", "deleted", "name_key", "trait_times", "stored_at"})


def stored_row(row: Mapping[str, Any]) -> RecordRow:
    """Return a row that the graph gave (`properties`, `identifiers`) in the form of a prepared one."""
    seen = {(held["namespace"], held["value"]): held["first_seen"] for held in row["identifiers"]}
    pairs = tuple(sorted(seen))
    return {**row["properties"], "identifier_times": tuple(seen[pair] for pair in pairs)}, pairs


def times_as_text(times: pa.ChunkedArray) -> list[str | None]:
    """Write UTC times as ISO-8601 text of one fixed width, so that text compares as time does."""
    # Through naive time: with a zone, casting to text needs a time zone database on the machine.
    text = pc.binary_join_element_wise(times.cast(pa.timestamp("us")).cast(pa.string()), "Z", "")
    written: list[str | None] = pc.replace_substring(text, " ", "T").to_pylist()
    return written


def _names_by_role(attribute_roles: Mapping[str, Role]) -> dict[Role, str]:
    """Choose the attribute of each name role; the one with the role's own name first."""
    found: dict[Role, str] = {}
    for attribute, role in sorted(attribute_roles.items(), key=lambda item: (item[0] != item[1], item[0])):
        if role in _NAME_ROLES:
            found.setdefault(role, attribute)
    return found


def _record_rows(records: Table) -> list[RecordRow]:
    names = ("key", "source", "record_id", "observed_at", "raw", *attribute_names(records))
    if "trait_times" in records.column_names:
        names = (*names, "trait_times")
    columns = [times_as_text(records[name]) if name == "observed_at" else records[name].to_pylist() for name in names]
    rows: list[RecordRow] = []
    for values, identifiers in zip(zip(*columns, strict=True), _identifiers(records["identifiers"]), strict=True):
        properties = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        rows.append((properties, identifiers))
    return rows


def _identifiers(lists: pa.ChunkedArray | pa.ListArray) -> list[Identifiers]:
    """Read lists of identifiers through flat columns, several times faster than row by row."""
    column = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
    flat = column.flatten()
    pairs = list(zip(flat.field("namespace").to_pylist(), flat.field("value").to_pylist(), strict=True))
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_pylist()
    rows: list[Identifiers] = []
    start = 0
    for length in lengths:
        rows.append(tuple(sorted(set(pairs[start : start + length]))))
        start += length
    return rows


def _touchpoint_rows(touchpoints: Table) -> list[Mapping[str, Any]]:
    names = ("key", "source", "type", "channel", "at", "properties")
    columns = [times_as_text(touchpoints[name]) if name == "at" else touchpoints[name].to_pylist() for name in names]
    rows: dict[str, Mapping[str, Any]] = {}
    authors = touchpoints["record_key"].to_pylist()
    groups = _organisations(touchpoints)
    observed = [
        [
            {"key": identifier_key(namespace, value), "namespace": namespace, "value": value}
            for namespace, value in pairs
        ]
        for pairs in _identifiers(touchpoints["identifiers"])
    ]
    seen_with = _seen_with(touchpoints, authors, observed)
    for record_key, seen, values, identifiers, organisation in zip(
        authors, seen_with, zip(*columns, strict=True), observed, groups, strict=True
    ):
        properties = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        device = device_of(properties["source"], record_key, seen)
        if device is not None and "at" in properties:
            properties["place"] = place_on(device, properties["at"], properties["key"])
        rows[properties["key"]] = {
            "record_key": record_key,
            "seen_with": seen,
            "device": device,
            "properties": properties,
            "identifiers": identifiers,
            "organisation": organisation,
        }
    return list(rows.values())


def _seen_with(
    touchpoints: Table, authors: Sequence[str], observed: Sequence[Sequence[Mapping[str, Any]]]
) -> list[Mapping[str, tuple[str, ...]]]:
    """Return per touchpoint the records it is about, its own first, with the identifiers that each was seen with."""
    if "seen_with" not in touchpoints.column_names:
        return [
            {author: tuple(one["key"] for one in identifiers)}
            for author, identifiers in zip(authors, observed, strict=True)
        ]
    column = touchpoints["seen_with"].combine_chunks()
    flat = column.flatten()
    seen = zip(flat.field("record_key").to_pylist(), _identifiers(flat.field("identifiers")), strict=True)
    return [
        {key: tuple(starmap(identifier_key, pairs)) for key, pairs in islice(seen, length)}
        for length in pc.list_value_length(column).to_pylist()
    ]


def _organisations(touchpoints: Table) -> list[Mapping[str, Any] | None]:
    """Return what each touchpoint says of the organisation that its record belongs to."""
    if "group_id" not in touchpoints.column_names:
        return [None] * touchpoints.num_rows
    columns = (touchpoints[name].to_pylist() for name in ("source", "group_id", "group_traits"))
    return [
        None
        if group_id is None
        else {
            "key": f"{source}:{group_id}", "source": source, "group_id": group_id, "traits": json.loads(traits),
        }
        for source, group_id, traits in zip(*columns, strict=True)
    ]  # fmt: skip


def _reject_row(reject: Reject) -> Mapping[str, Any]:
    """Build a reject's row; its key is made of what was wrong where, so that a second load finds it again."""
    properties = {
        "source": reject.source, "file": reject.file, "line": reject.line, "column": reject.column,
        "value": reject.value, "reason": reject.reason, "raw": reject.raw, "kept_record": reject.kept_record,
    }  # fmt: skip
    text = json.dumps(list(properties.values()), ensure_ascii=False)
    key = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return {"key": key, "properties": {**properties, "key": key, "status": "open"}}
