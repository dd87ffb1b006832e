"""Real time equals batch: however facts and decisions come, a resolve of all finds nothing left to do."""

from __future__ import annotations

import shutil
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from identity_graph.graph.bolt import BoltGraph
from identity_graph.model import Verdict
from identity_graph.settings import Settings
from tests.conftest import clear
from tests.realtime.world import SAID, Town, row, without_times

_KEYS = [f"{source}:{number}" for source in ("crm", "shop", "web", "page") for number in range(1, 7)]
_KEY = st.sampled_from(_KEYS)
_HELD = st.sets(
    st.sampled_from(("device_id:d1", "device_id:d2", "user_id:u1", "user_id:u2", "previous_id:u1")), max_size=2
)
_PUT = st.tuples(st.just("put"), st.lists(st.tuples(_KEY, _HELD, SAID), min_size=1, max_size=5))
_DELETE = st.tuples(st.just("delete"), _KEY)
_DECIDE = st.tuples(st.just("decide"), st.sampled_from((Verdict.MUST, Verdict.CANNOT)), _KEY, _KEY)
_UNDO = st.tuples(st.just("undo"), st.integers(0, 5))
_RESOLVE = st.tuples(st.sampled_from(("step", "step", "step", "restart", "batch")))
_EVENT = st.tuples(
    st.sampled_from(("web:user-0", "web:user-1", "page:user-0", "page:user-1")), _HELD, SAID, st.integers(0, 9)
)
_EVENTS = st.tuples(st.just("events"), st.lists(_EVENT, min_size=1, max_size=4))
_ACTIONS = st.lists(st.one_of(_PUT, _EVENTS, _PUT, _RESOLVE, _RESOLVE, _DELETE, _DECIDE, _UNDO), max_size=14)


def _act(town: Town, action: tuple[Any, ...]) -> None:
    kind, *rest = action
    if kind == "put":
        rows = {key: row(key, tuple(sorted(held)), **said) for key, held, said in rest[0]}
        town.put(*rows.values())
    elif kind == "events":
        for key, held, said, minute in rest[0]:
            town.put({**row(key, tuple(sorted(held)), minute, **said), "grows": True})
    else:
        getattr(town, kind)(*rest)


@settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
@given(actions=_ACTIONS)
def test_a_batch_after_real_time_changes_nothing(
    graph: BoltGraph, engine_settings: Settings, actions: list[tuple[Any, ...]]
) -> None:
    clear(graph)
    for name in ("records", "derived", "models"):
        shutil.rmtree(engine_settings.data_dir / name, ignore_errors=True)
    town = Town(graph, engine_settings)
    for action in actions:
        _act(town, action)
    town.step()
    before = town.derived()
    summary = town.batch()
    assert (summary.changes, summary.matches_written) == ({}, 0)
    assert town.derived() == before
    town.distrust()
    town.batch()
    assert without_times(town.derived()) == without_times(before)
