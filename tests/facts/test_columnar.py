"""The columnar copy: always the same table as reading the graph, whatever is lost of it and whoever else writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity_graph.facts import ColumnarCopy, FactStore, SeenKeys, columnar
from identity_graph.facts.segments import Segment, gaps
from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from tests.conftest import clear
from tests.facts.batches import batch, day, record, touchpoint

KEYS = st.sampled_from(["a:1", "a:2", "a:3", "b:1", "b:2"])
ROWS = st.builds(
    lambda key, values, held, when: record(key, *held, at=when, grows=key == "b:2", **values),
    KEYS,
    st.dictionaries(st.sampled_from(["city", "email", "given_name"]), st.sampled_from(["x", "y", "ж"])),
    st.lists(st.sampled_from(["email:x", "email:y", "phone:1"]), max_size=3),
    st.sampled_from([None, day(1), day(2)]),
)
WRITE = st.lists(ROWS, min_size=1, max_size=4, unique_by=lambda row: row["key"])
DELETE = st.sets(KEYS, max_size=4)
LOSE = st.integers(0, 9)
SEE = st.tuples(KEYS, st.sampled_from(["email:x", "phone:1"]), st.sampled_from([day(1), day(2), day(3)]))
STEPS = st.lists(st.one_of(WRITE, SEE, WRITE, DELETE, LOSE), min_size=1, max_size=8)


def apply(store: FactStore, step: object) -> None:
    """Write rows (a list) or a touchpoint (a tuple), delete what an extract lacks (a set), or lose a segment."""
    if isinstance(step, list):
        store.write(batch(step), {})
    elif isinstance(step, tuple):
        key, held, at = step
        if store.records([key]):
            store.write(batch([], [touchpoint(f"{key} {held} {at}", key, held, at=at)]), {})
    elif isinstance(step, set):
        with SeenKeys() as seen:
            seen.add(pa.array(sorted(step), pa.string()))
            store.delete_missing("a", seen)
    else:
        files = sorted(store._folder.glob("records/*/*.parquet"))
        if files and isinstance(step, int):
            files[step % len(files)].unlink()


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Compact after every third segment and read gaps in tiny pieces."""
    monkeypatch.setattr(columnar, "_SMALL_SEGMENTS", 3)
    monkeypatch.setattr(columnar, "_COMPACTED_ROWS", 6)
    monkeypatch.setattr(columnar, "_READ_AT_ONCE", 2)
    monkeypatch.setattr(columnar, "_SEGMENT_ROWS", 3)
    yield


@pytest.mark.usefixtures("small_segments")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_history_and_any_loss_give_what_the_graph_says(
    embedded_graph: BoltGraph,
    embedded_settings: Settings,
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[object],
) -> None:
    clear(embedded_graph)
    store = FactStore(embedded_graph, embedded_settings)
    for step in steps:
        apply(store, step)
    rebuilt = ColumnarCopy(tmp_path_factory.mktemp("rebuilt"), embedded_graph)
    assert store.copy.records().equals(rebuilt.records())
    found = embedded_graph.read("facts/records_by_keys", keys=["a:1", "a:2", "a:3", "b:1", "b:2"])
    live = [row["properties"] for row in found if not row["properties"]["deleted"]]
    table = store.copy.records()
    assert table["key"].to_pylist() == [one["key"] for one in live]
    for name in ("seq", "city", "email", "given_name"):
        if name in table.column_names:
            assert table[name].to_pylist() == [one.get(name) for one in live]


def test_the_table_is_in_utc_and_sorted_with_all_attributes(graph: BoltGraph, engine_settings: Settings) -> None:
    store = FactStore(graph, engine_settings)
    store.write(batch([record("b:1", "phone:1", "email:x", at=day(1), city="Oslo")]), {})
    store.write(batch([record("a:1", email="x")]), {})
    table = store.copy.records()
    assert table.column_names == ["key", "seq", "source", "record_id", "observed_at", "identifiers", "city", "email"]
    assert table["key"].to_pylist() == ["a:1", "b:1"]
    assert table["observed_at"].to_pylist() == [None, day(1)]
    assert table["identifiers"].to_pylist()[1] == [
        {"namespace": "email", "value": "x", "first_seen": day(1).replace(tzinfo=None)},
        {"namespace": "phone", "value": "1", "first_seen": day(1).replace(tzinfo=None)},
    ]


def test_the_table_tells_since_when_a_record_has_an_identifier(graph: BoltGraph, engine_settings: Settings) -> None:
    store = FactStore(graph, engine_settings)

    def since() -> list[object]:
        seen = {one["value"]: one["first_seen"] for one in store.copy.records()["identifiers"].to_pylist()[0]}
        return [None if seen[value] is None else seen[value].day for value in sorted(seen)]

    store.write(batch([record("a:1", "email:x", at=day(4))]), {})
    store.write(batch([record("a:1", "email:x", "email:y", at=day(6))]), {})
    assert since() == [4, 6]
    before = store.copy.catch_up()
    late = [touchpoint("m1", "a:1", "email:y", at=day(5)), touchpoint("m2", "a:1", "email:x", at=day(9))]
    assert store.write(batch([], late), {}).last_seq == before + 1  # the record says what it said; who looks must know
    assert since() == [4, 5]
    assert store.write(batch([], late), {}).last_seq == before + 1
    visits = [record("a:1", "email:y", at=day(number), grows=True) for number in (3, 8)]
    for visit in visits:
        store.write(batch([visit]), {})
    assert since() == [4, 3]
    assert ColumnarCopy(engine_settings.data_dir / "other", graph).records().equals(store.copy.records())


def test_an_empty_graph_has_an_empty_table(graph: BoltGraph, engine_settings: Settings) -> None:
    assert ColumnarCopy(engine_settings.data_dir, graph).records().num_rows == 0


def test_the_copy_of_another_graph_is_not_read(graph: BoltGraph, engine_settings: Settings) -> None:
    FactStore(graph, engine_settings).write(batch([record("a:1", city="x"), record("a:2")]), {})
    clear(graph)
    store = FactStore(graph, engine_settings)
    assert store.copy.records().num_rows == 0
    store.write(batch([record("a:3")]), {})
    assert store.copy.records()["key"].to_pylist() == ["a:3"]


def test_a_copy_ahead_of_a_graph_put_back_to_an_earlier_state_is_built_again(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    store = FactStore(embedded_graph, embedded_settings)
    store.write(batch([record("a:1")]), {})
    (folder,) = embedded_settings.data_dir.glob("records/*")
    shutil.copy(folder / Segment(1, 1).name, folder / Segment(2, 7).name)
    assert store.copy.records()["key"].to_pylist() == ["a:1"]
    assert [path.name for path in sorted(folder.glob("*.parquet"))] == [Segment(1, 1).name]


def test_catching_up_tells_its_progress(embedded_graph: BoltGraph, embedded_settings: Settings, tmp_path: Path) -> None:
    store = FactStore(embedded_graph, embedded_settings)
    store.write(batch([record(f"a:{number}") for number in range(12)]), {})
    steps: list[int] = []
    assert ColumnarCopy(tmp_path / "other", embedded_graph).catch_up(steps.append) == 12
    assert sum(steps) == 12


@pytest.mark.parametrize(
    ("covered", "missing"),
    [
        ([], [(1, 10)]),
        ([(1, 10)], []),
        ([(1, 3), (5, 6)], [(4, 4), (7, 10)]),
        ([(2, 8), (3, 4), (8, 10)], [(1, 1)]),
        ([(4, 20)], [(1, 3)]),
    ],
)
def test_gaps_are_what_no_segment_covers(covered: list[tuple[int, int]], missing: list[tuple[int, int]]) -> None:
    assert gaps([Segment(*one) for one in covered], 10) == [Segment(*one) for one in missing]


def test_a_copy_that_an_earlier_version_made_is_made_anew(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    """Earlier versions kept no times of identifiers, in a folder that was named for the graph alone."""
    store = FactStore(embedded_graph, embedded_settings)
    store.write(batch([record("a:1", "email:x", at=day(1))]), {})
    (segment,) = embedded_settings.data_dir.glob("records/*/*.parquet")
    pair = pa.struct([("namespace", pa.string()), ("value", pa.string())])
    table = pq.read_table(segment)
    untimed = [
        [{name: one[name] for name in ("namespace", "value")} for one in held]
        for held in table["identifiers"].to_pylist()
    ]
    place = table.column_names.index("identifiers")
    graph_id = str(embedded_graph.read("facts/read_counter")[0]["graph_id"])
    earlier = embedded_settings.data_dir / "records" / graph_id
    earlier.mkdir(exist_ok=True)
    segment.unlink()
    pq.write_table(table.set_column(place, "identifiers", pa.array(untimed, pa.list_(pair))), earlier / segment.name)
    (held,) = ColumnarCopy(embedded_settings.data_dir, embedded_graph).records()["identifiers"].to_pylist()
    assert held == [{"namespace": "email", "value": "x", "first_seen": day(1).replace(tzinfo=None)}]
