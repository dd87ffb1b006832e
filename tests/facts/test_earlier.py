"""Records as they were at any earlier moment, whatever came since."""

from __future__ import annotations

import shutil
import uuid
from functools import partial
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from identity_graph.facts import ColumnarCopy, FactStore
from identity_graph.facts.earlier import records_at
from identity_graph.facts.writing import delete_batch
from identity_graph.graph.bolt import BoltGraph
from identity_graph.roles import Role
from identity_graph.settings import Settings
from identity_graph.tables import Table
from tests.conftest import clear
from tests.facts.batches import batch, day, record

_ROLES = {"plan": Role.CATEGORY, "given_name": Role.GIVEN_NAME}
_KEY = st.sampled_from(["crm:1", "crm:2", "web:1", "web:2"])
_SAID = st.fixed_dictionaries(
    {}, optional={"plan": st.sampled_from(("free", "pro")), "given_name": st.sampled_from(("Ada", "Bo"))}
)
_HELD = st.sets(st.sampled_from(("email:a@b.test", "device_id:d:1", "phone:+49301")), max_size=2)
_CHANGE = st.tuples(_KEY, st.one_of(st.none(), st.tuples(_HELD, st.integers(1, 9), _SAID)))


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
@given(changes=st.lists(_CHANGE, min_size=1, max_size=8))
def test_what_a_record_said_and_held_at_any_moment_is_found_again(
    graph: BoltGraph, engine_settings: Settings, changes: list[tuple[str, Any]]
) -> None:
    """Visitors (web) grow, others are replaced; a change without a row deletes."""
    clear(graph)
    shutil.rmtree(engine_settings.data_dir / "records", ignore_errors=True)
    store, copy = FactStore(graph, engine_settings), ColumnarCopy(engine_settings.data_dir, graph)
    moments = [(0, copy.records())]
    for key, row in changes:
        if row is None:
            graph.transaction(partial(delete_batch, keys=[key], graph_id=uuid.uuid4().hex))
        else:
            held, number, said = row
            grows = key.startswith("web")
            store.write(batch([record(key, *sorted(held), at=day(number), grows=grows, **said)]), _ROLES)
        moments.append((copy.catch_up(), copy.records()))
    for seq, then in moments:
        found = records_at(graph, copy, seq, then["key"])
        assert found.records["key"].to_pylist() == then["key"].to_pylist()
        assert _said(found.records, found.seen_since) == _said(then, found.seen_since)
    assert not records_at(graph, copy, *_now(moments)).seen_since


def _now(moments: list[tuple[int, Table]]) -> tuple[int, Any]:
    seq, records = moments[-1]
    return seq, records["key"]


def _said(records: Table, seen_since: frozenset[str]) -> dict[str, Any]:
    """Return key -> what it says and holds, and when it was seen unless that may be another time."""
    return {
        row["key"]: (
            {name: row.get(name) for name in ("source", "record_id", *_ROLES)},
            sorted((one["namespace"], one["value"]) for one in row["identifiers"]),
            None if row["key"] in seen_since else row["observed_at"],
        )
        for row in records.to_pylist()
    }
