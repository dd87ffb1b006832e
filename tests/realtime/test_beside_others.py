"""Real time equals batch beside other processes, whatever changes while it runs, and wherever it dies.

Others write records and hand nothing over, also while a step looks for them; identifiers have limits, windows and
values that identify nobody; a source comes or is trusted otherwise, another model is used, questions are asked between
steps. A step may die before it is written, and a process after it. In the end a run of all finds nothing to do.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from identity_graph.errors import EngineError
from identity_graph.facts import FactStore
from identity_graph.graph.bolt import BoltGraph
from identity_graph.model import Verdict
from identity_graph.pipeline.resolve import ResolveOptions, resolve
from identity_graph.pipeline.stages import SilentWatcher
from identity_graph.realtime import resolver
from identity_graph.realtime.step import StepWriter
from identity_graph.roles import Role
from identity_graph.settings import Settings
from tests.conftest import clear
from tests.facts.batches import batch
from tests.realtime.world import ROLES, SAID, Town, nothing_is_left_for_a_batch, row, town_model, without_times

_RULES = """
device_id: {limit: 2, window_days: 1}
loyalty_card: {limit: 3}
account_id: {unique: true, blocked: ["a0"]}
"""
_KEYS = [f"{source}:{number}" for source in ("crm", "shop", "web", "page") for number in range(1, 5)]
_KEY = st.sampled_from(_KEYS)
_HELD = st.sets(
    st.sampled_from((
        "device_id:d1", "user_id:u1", "user_id:u2", "previous_id:u1", "loyalty_card:c1", "account_id:a0",
        "account_id:a1", "account_id:a2",
    )),
    max_size=3,
)  # fmt: skip
_ROW = st.builds(
    lambda key, held, said, minute, grows: {**row(key, tuple(sorted(held)), minute, **said), "grows": grows},
    _KEY, _HELD, SAID, st.sampled_from((0, 1, 2, 2_000, 2_001)), st.booleans(),
)  # fmt: skip
_ROWS = st.lists(_ROW, min_size=1, max_size=4, unique_by=lambda one: str(one["key"]))
_PUT = st.tuples(st.sampled_from(("put", "put_elsewhere")), _ROWS)
_STEP = st.tuples(st.sampled_from(("step", "step", "restart")))
_OTHER = st.one_of(
    st.tuples(st.just("step_while"), st.lists(_ROWS, min_size=1, max_size=2)),
    st.tuples(st.just("resolve_while"), st.lists(_ROWS, min_size=1, max_size=2)),
    st.tuples(st.just("delete"), _KEY),
    st.tuples(st.just("decide"), st.sampled_from((Verdict.MUST, Verdict.CANNOT)), _KEY, _KEY),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("step_that_dies")),
    st.tuples(st.just("ask"), _ROW),
    st.tuples(st.just("new_source"), st.sampled_from((None, "public")), _HELD, SAID),
    st.tuples(st.just("trust"), st.sampled_from(("private", "public"))),
    st.tuples(st.just("use"), st.integers(1, 3)),
    st.tuples(st.just("batch")),
)
_ACTIONS = st.lists(st.one_of(_PUT, _PUT, _STEP, _STEP, _OTHER, _OTHER), min_size=3, max_size=16)


class _Busy(Town):
    """A town beside which others write."""

    def put_elsewhere(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write records as another process does."""
        FactStore(self.graph, self.settings).write(batch(rows), ROLES)
        self.keys.update(str(one["key"]) for one in rows)

    def step_while(self, batches: Sequence[Sequence[dict[str, Any]]]) -> None:
        """Resolve what changed while others write, whenever records are looked for."""
        look, waiting = self.live._between, list(batches)

        def between(*given: Any) -> Any:
            if waiting:
                self.put_elsewhere(waiting.pop())
            return look(*given)

        self.live._between = between  # type: ignore[method-assign]
        self.live.resolve_changes()
        self.live._between = look  # type: ignore[method-assign]

    def step_that_dies(self) -> None:
        """Resolve what changed, and die before it is written."""

        def fail(*_: Any) -> None:
            raise EngineError("The engine went away.")

        with pytest.MonkeyPatch.context() as failing:
            failing.setattr(StepWriter, "write", fail)
            try:
                self.live.resolve_changes()
            except EngineError:
                return

    def resolve_while(self, batches: Sequence[Sequence[dict[str, Any]]]) -> None:
        """Resolve everything while others write, before the customers are."""
        town, waiting = self, list(batches)

        class Watching(SilentWatcher):
            def begin(self, stage: str, total: int | None) -> None:
                if waiting:
                    town.put_elsewhere(waiting.pop())

        resolve(self.graph, self.settings, watcher=Watching())

    def ask(self, one: dict[str, Any]) -> None:
        """Ask whom a record would be with."""
        held = tuple(sorted((held["namespace"], held["value"]) for held in one["identifiers"]))
        said = {name: value for name, value in one.items() if name not in ("identifiers", "grows")}
        said |= {"key": "crm:asked", "record_id": "asked", "observed_at": one["observed_at"].isoformat()}
        self.live.preview(({**said, "seq": 0, "deleted": False}, held))

    def new_source(self, trust: str | None, held: set[str], said: dict[str, str]) -> None:
        """Let a source come that tells a town of each record too."""
        roles = {**ROLES, "city": Role.CITY}
        new = row("till:1", tuple(sorted(held)), **said, city="Ulm")
        self.store.put_source("till", "{}", roles, new["observed_at"], trust)
        self.store.write(batch([new]), roles)

    def trust(self, how: str) -> None:
        """Let a source be trusted otherwise."""
        self.store.put_source("web", "{}", ROLES, row("web:1")["observed_at"], how)

    def use(self, people: int) -> None:
        """Resolve everything with another model, which steps go by from then on."""
        folder: Path = self.settings.data_dir / f"model-{people}"
        limits = dict.fromkeys(("email", "phone", "device_id"), people)
        replace(town_model(), people_limits=limits).save(folder)
        resolve(self.graph, self.settings, ResolveOptions(model=str(folder)))

    def rest(self) -> None:
        """Resolve until nothing is left."""
        while self.step() is not None:
            pass


def _act(town: _Busy, action: tuple[Any, ...]) -> None:
    kind, *rest = action
    if kind == "put":
        town.put(*rest[0])
    elif kind != "decide" or rest[1] != rest[2]:
        getattr(town, kind)(*rest)


@settings(
    max_examples=3,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
@given(actions=_ACTIONS, most=st.sampled_from((2, 2_000)))
def test_a_run_of_all_finds_nothing_however_steps_went(
    graph: BoltGraph, engine_settings: Settings, actions: list[tuple[Any, ...]], most: int
) -> None:
    clear(graph)
    for name in ("records", "derived", "models"):
        shutil.rmtree(engine_settings.data_dir / name, ignore_errors=True)
    rules = engine_settings.data_dir / "namespaces.yaml"
    rules.write_text(_RULES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resolver, "_MOST_OF_A_STEP", most)
        town = _Busy(graph, engine_settings.model_copy(update={"namespaces": rules}))
        for action in actions:
            _act(town, action)
        town.rest()
    before = town.derived()
    nothing_is_left_for_a_batch(town)
    town.distrust()
    town.batch()
    assert without_times(town.derived()) == without_times(before)
