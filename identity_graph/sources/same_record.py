"""Rows of one record become one record, in a batch and over batches: the later replaces the earlier, or they add up.

A record table in order of arrival comes in; a table with each key once goes out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.tables import attribute_names

__all__ = ["merge_batches", "merge_same_record"]

_TRAIT_TIMES = "trait_times"


def merge_same_record(records: pa.Table, grows: bool) -> pa.Table:
    """Keep one row per key.

    Args:
        records: record table in order of arrival.
        grows: rows add up; else the last row wins as a whole.

    Returns:
        The table with each key once, in the order of the keys' last rows. Rows that add up give the same record in
        any order: identifiers united, the latest `observed_at`, per attribute the value seen last (of several at one
        time the greatest), and when that was in a further column `trait_times` (JSON, attribute -> time), so that a
        later batch with older rows changes nothing. An attribute that `trait_times` names and that has no value was
        removed at that time.
    """
    if pc.count_distinct(records["key"]).as_py() == records.num_rows:
        return records
    last: dict[str, int] = {}
    rows_of: dict[str, list[int]] = {}
    for row, key in enumerate(records["key"].to_pylist()):
        last[key] = row
        rows_of.setdefault(key, []).append(row)
    kept = sorted(last.values())
    if not grows:
        return records.take(kept)
    return _added_up(records, [rows_of[key] for key in records["key"].take(kept).to_pylist()], kept)


def merge_batches(batches: Sequence[pa.Table]) -> pa.Table:
    """Make one table of batches in which each key was one row already.

    Args:
        batches: one record table or more, in order of arrival.

    Returns:
        One table with each key once, sorted by key, without `trait_times`. As with `merge_same_record`, the last row
        of a key wins, and rows that grow add up.
    """
    records = pa.concat_tables(batches, promote_options="default")
    arrival = pa.array(np.arange(records.num_rows), pa.int64())
    order = pc.sort_indices(
        pa.table({"key": records["key"], "arrival": arrival}),
        sort_keys=[("key", "ascending"), ("arrival", "ascending")],
    )
    records = records.take(order).combine_chunks()
    keys = records["key"].combine_chunks()
    if records.num_rows > 1:
        differs = pc.not_equal(keys[:-1], keys[1:]).to_numpy(zero_copy_only=False)
        first, last = np.r_[True, differs], np.r_[differs, True]
        grows = records["grows"].to_numpy()[last][np.cumsum(first) - 1]  # as the last row of the key says
        adding = ~(first & last) & grows
        if adding.any():
            together = merge_same_record(records.filter(pa.array(adding)), grows=True)
            others = records.filter(pa.array(last & ~adding))
            records = pa.concat_tables([others, together], promote_options="default").sort_by("key")
        elif not last.all():
            records = records.filter(pa.array(last))
    return records.drop_columns(_TRAIT_TIMES) if _TRAIT_TIMES in records.column_names else records


def _added_up(records: pa.Table, groups: list[list[int]], kept: list[int]) -> pa.Table:
    times = _times(records["observed_at"])
    known = _times_by_trait(records)
    columns: dict[str, pa.Array] = {}
    seen: list[dict[str, str]] = [{} for _ in groups]
    attributes = frozenset(attribute_names(records))
    for name in records.column_names:
        if name == "identifiers":
            values = records[name].to_pylist()
            columns[name] = pa.array([_united(values, rows) for rows in groups], records[name].type)
        elif name == "observed_at":
            latest = [max(rows, key=times.__getitem__) for rows in groups]
            columns[name] = records[name].take(latest)
        elif name == "raw" or name in attributes:
            values = records[name].to_pylist()
            own = known.get(name, {})
            found = [_latest(values, times, own, rows) for rows in groups]
            columns[name] = pa.array([value for _, _, value in found], pa.string())
            if name in attributes:
                for traits, (time, was_said, _) in zip(seen, found, strict=True):
                    if was_said:
                        traits[name] = time
        elif name != _TRAIT_TIMES:
            columns[name] = records[name].take(kept)
    written = [json.dumps(traits, sort_keys=True, separators=(",", ":")) for traits in seen]
    fields = [field for field in records.schema if field.name != _TRAIT_TIMES]
    return pa.table(columns, schema=pa.schema(fields)).append_column(_TRAIT_TIMES, pa.array(written, pa.string()))


def _times(moments: pa.ChunkedArray) -> list[str]:
    """Write times as text that compares as time does; empty, before all times, where there is none."""
    text = pc.replace_substring(moments.cast(pa.timestamp("us")).cast(pa.string()), " ", "T")
    written: list[str] = pc.fill_null(pc.binary_join_element_wise(text, "Z", ""), "").to_pylist()
    return written


def _times_by_trait(records: pa.Table) -> Mapping[str, Mapping[int, str]]:
    """Return for each attribute the rows that say themselves when they saw it, or that it was removed, and when."""
    found: dict[str, dict[int, str]] = {}
    if _TRAIT_TIMES in records.column_names:
        for row, text in enumerate(records[_TRAIT_TIMES].to_pylist()):
            for name, time in (json.loads(text) if text else {}).items():
                found.setdefault(name, {})[row] = time
    return found


def _united(values: list[list[dict[str, str]]], rows: list[int]) -> list[dict[str, str]]:
    if len(rows) == 1:
        return values[rows[0]]
    found = {(item["namespace"], item["value"]): item for row in rows for item in values[row]}
    return [found[pair] for pair in sorted(found)]


def _latest(
    values: list[Any], times: list[str], own: Mapping[int, str], rows: list[int]
) -> tuple[str, bool, str | None]:
    """Return what rows say of one attribute last: when, whether any says anything, and the value.

    Of one time the greatest value counts, and a value before its removal; the value is None where it was removed.
    """
    said = [
        (own.get(row, times[row]), values[row] is not None, values[row] or "")
        for row in rows
        if values[row] is not None or row in own
    ]
    if not said:
        return "", False, None
    time, has_value, value = max(said)
    return time, True, value if has_value else None
