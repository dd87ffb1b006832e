"""Rows of one record inside one batch become one record: the later replaces the earlier, or they add up.

A record table in order of arrival comes in; a table with each key once goes out, ordered by each key's last row.
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.tables import attribute_names

__all__ = ["merge_same_record"]


def merge_same_record(records: pa.Table, grows: bool) -> pa.Table:
    """Keep one row per key.

    Args:
        records: record table in order of arrival.
        grows: rows add up; else the last row wins as a whole.

    Returns:
        The table with each key once, in the order of the keys' last rows. Rows that add up give the same record in
        any order: identifiers united, the latest `observed_at`, per attribute the value seen last (of several at one
        time the greatest), and when that was in a further column `trait_times` (JSON, attribute -> time), so that a
        later batch with older rows changes nothing.
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


def _added_up(records: pa.Table, groups: list[list[int]], kept: list[int]) -> pa.Table:
    times = _times(records["observed_at"])
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
            found = [_latest(values, times, rows) for rows in groups]
            columns[name] = pa.array([value for _, value in found], pa.string())
            if name in attributes:
                for traits, (time, value) in zip(seen, found, strict=True):
                    if value is not None:
                        traits[name] = time
        else:
            columns[name] = records[name].take(kept)
    written = [json.dumps(traits, sort_keys=True, separators=(",", ":")) for traits in seen]
    return pa.table(columns, schema=records.schema).append_column("trait_times", pa.array(written, pa.string()))


def _times(moments: pa.ChunkedArray) -> list[str]:
    """Write times as text that compares as time does; empty, before all times, where there is none."""
    text = pc.replace_substring(moments.cast(pa.timestamp("us")).cast(pa.string()), " ", "T")
    written: list[str] = pc.fill_null(pc.binary_join_element_wise(text, "Z", ""), "").to_pylist()
    return written


def _united(values: list[list[dict[str, str]]], rows: list[int]) -> list[dict[str, str]]:
    found = {(item["namespace"], item["value"]): item for row in rows for item in values[row]}
    return [found[pair] for pair in sorted(found)]


def _latest(values: list[Any], times: list[str], rows: list[int]) -> tuple[str, Any]:
    """Return the time and value seen last, the greatest of one time; null without any."""
    return max(((times[row], values[row]) for row in rows if values[row] is not None), default=("", None))
