"""Rows of one growing record add up to the same record in any order and any batching."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.facts.growing import grown
from identity_graph.facts.prepare import RecordRow, prepare
from identity_graph.sources import no_touchpoints
from identity_graph.sources.same_record import merge_batches, merge_same_record
from identity_graph.tables import IDENTIFIER_STRUCT, RECORD_SCHEMA

_ROW = st.fixed_dictionaries(
    {
        "key": st.sampled_from(["web:a", "web:b"]),
        "at": st.none() | st.integers(1, 4),
        "city": st.none() | st.sampled_from(["Rome", "Oslo", "Bonn"]),
        "email": st.none() | st.sampled_from(["a@b.de", "c@d.fr"]),
    }
)


def _records(rows: list[dict[str, object]]) -> pa.Table:
    times = [None if row["at"] is None else datetime(2024, 1, int(str(row["at"])), tzinfo=UTC) for row in rows]
    lists = [[{"namespace": "email", "value": row["email"]}] if row["email"] else [] for row in rows]
    text = {name: pa.array([row[name] for row in rows], pa.string()) for name in ("city", "email")}
    return pa.table(
        {
            "key": pa.array([row["key"] for row in rows], pa.string()),
            "source": pa.array(["web"] * len(rows), pa.string()),
            "record_id": pa.array([str(row["key"])[4:] for row in rows], pa.string()),
            "observed_at": pa.array(times, pa.timestamp("us", "UTC")),
            "raw": pa.array([json.dumps(row) for row in rows], pa.string()),
            "grows": pa.array([True] * len(rows)),
            "identifiers": pa.array(lists, pa.list_(IDENTIFIER_STRUCT)),
            **text,
        },
        schema=pa.schema([*RECORD_SCHEMA, pa.field("city", pa.string()), pa.field("email", pa.string())]),
    )


def _stored(batches: list[list[dict[str, object]]]) -> dict[str, RecordRow]:
    stored: dict[str, RecordRow] = {}
    for rows in batches:
        merged = merge_same_record(_records(rows), grows=True)
        arrived = prepare(merged, no_touchpoints(), (), {}).growing
        stored |= {key: grown(stored.get(key), row, {}) for key, row in arrived.items()}
    return stored


@settings(max_examples=300, deadline=None)
@given(data=st.data(), rows=st.lists(_ROW, min_size=1, max_size=8))
def test_order_and_batching_change_nothing(data: st.DataObject, rows: list[dict[str, object]]) -> None:
    shuffled = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(rows)))
    batches = [part for part in (shuffled[:cut], shuffled[cut:]) if part]
    assert _stored(batches) == _stored([[row] for row in rows])


@settings(max_examples=200, deadline=None)
@given(data=st.data(), rows=st.lists(_ROW, min_size=1, max_size=8))
def test_a_batch_in_any_order_gives_the_same_records(data: st.DataObject, rows: list[dict[str, object]]) -> None:
    def found(some: list[dict[str, object]]) -> list[object]:
        merged = merge_same_record(_records(some), grows=True).sort_by("key").to_pylist()
        return [{**row, "identifiers": sorted(map(str, row["identifiers"]))} for row in merged]

    assert found(data.draw(st.permutations(rows))) == found(rows)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), rows=st.lists(_ROW, min_size=1, max_size=8))
def test_batches_add_up_as_one_batch_does(data: st.DataObject, rows: list[dict[str, object]]) -> None:
    cut = data.draw(st.integers(0, len(rows)))
    parts = [merge_same_record(_records(part), grows=True) for part in (rows[:cut], rows[cut:]) if part]
    whole = merge_same_record(_records(rows), grows=True).sort_by("key").select([*RECORD_SCHEMA.names, "city", "email"])
    assert merge_batches(parts).to_pylist() == whole.to_pylist()


def test_a_later_batch_replaces_a_record_that_does_not_grow() -> None:
    def plain(city: str) -> pa.Table:
        records = _records([{"key": "web:a", "at": None, "city": city, "email": None}])
        return records.set_column(records.column_names.index("grows"), "grows", pa.array([False]))

    merged = merge_batches([plain("Rome"), plain("Oslo")])
    assert merged.select(["key", "city"]).to_pylist() == [{"key": "web:a", "city": "Oslo"}]
