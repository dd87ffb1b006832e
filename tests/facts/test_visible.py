"""What the counter has told can be seen: nobody who reads up to it passes over a record that is being committed."""

from __future__ import annotations

import threading

from identity_graph.facts import ColumnarCopy, FactStore
from identity_graph.facts.writers import await_writers
from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from tests.facts.batches import batch, record

_BATCHES, _ROWS = 60, 200


def test_whoever_waits_for_writers_sees_all_that_was_counted(graph: BoltGraph, engine_settings: Settings) -> None:
    store, ended = FactStore(graph, engine_settings), threading.Event()

    def write() -> None:
        for number in range(_BATCHES):
            store.write(batch([record(f"crm:{number}-{one}", f"email:{number}@{one}") for one in range(_ROWS)]), {})
        ended.set()

    writing = threading.Thread(target=write)
    writing.start()
    seen = 0
    while seen < _BATCHES * _ROWS:
        over = ended.is_set()
        last = next((int(row["value"] or 0) for row in graph.read("facts/read_counter")), 0)
        if last > seen:
            await_writers(graph, engine_settings.data_dir)
            found = graph.read("facts/records_between", first=seen + 1, last=last)
            assert len(found) == last - seen
            assert all(row["identifiers"] for row in found)
            seen = last
        assert seen == _BATCHES * _ROWS or not over
    writing.join()
    assert ColumnarCopy(engine_settings.data_dir, graph).records().num_rows == _BATCHES * _ROWS
