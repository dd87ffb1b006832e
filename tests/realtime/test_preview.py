"""Whom a record would be with is whom it is with once it arrives; asking changes nothing, in the graph or in memory."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from identity_graph.facts.prepare import RecordRow
from identity_graph.graph.bolt import BoltGraph
from identity_graph.model import Verdict
from identity_graph.settings import Settings
from tests.conftest import clear
from tests.facts.batches import edges
from tests.pipeline.company import holdings
from tests.realtime.world import SAID, Town, row

_HELD = st.lists(
    st.sampled_from(("user_id:u1", "user_id:u2", "device_id:d1", "device_id:d2", "loyalty_card:c1")),
    max_size=2, unique=True,
)  # fmt: skip
_SOURCE = st.sampled_from(("crm", "shop", "web", "page"))
_TOLD = st.tuples(_SOURCE, SAID, _HELD)
_DECISION = st.tuples(st.sampled_from((Verdict.MUST, Verdict.CANNOT)), st.integers(0, 11), st.integers(0, 11))


def _as_stored(one: dict[str, Any]) -> RecordRow:
    """Return a record as resolvers take it."""
    held = tuple(sorted((held["namespace"], held["value"]) for held in one["identifiers"]))
    said = {name: value for name, value in one.items() if name not in ("identifiers", "grows")}
    return {**said, "observed_at": one["observed_at"].isoformat(), "seq": 0, "deleted": False}, held


@settings(
    max_examples=8,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    stored=st.lists(_TOLD, min_size=2, max_size=12),
    decided=st.lists(_DECISION, max_size=2),
    asked=st.lists(_TOLD, min_size=3, max_size=6),
    stay=st.booleans(),
)
def test_a_record_goes_where_it_was_said_to_go(
    embedded_graph: BoltGraph, embedded_settings: Settings, stored: list[Any], decided: list[Any], asked: list[Any],
    stay: bool,
) -> None:  # fmt: skip
    clear(embedded_graph)
    town = Town(embedded_graph, embedded_settings)
    rows = [row(f"{source}:{n}", tuple(held), **said) for n, (source, said, held) in enumerate(stored, start=1)]
    town.put(*rows)
    keys = [str(one["key"]) for one in rows]
    for verdict, left, right in decided:
        if keys[left % len(keys)] != keys[right % len(keys)]:
            town.decide(verdict, keys[left % len(keys)], keys[right % len(keys)])
    town.step()
    for number, (source, said, held) in enumerate(asked):
        before, everything = holdings(town.graph), edges(town.graph)
        comes = row(f"{source}:n{number}", tuple(held), **said)
        foreseen = town.live.preview(_as_stored(comes))
        assert foreseen is not None and edges(town.graph) == everything
        town.put(comes)
        town.step()
        after = holdings(town.graph)
        own = after.pop(str(comes["key"]))
        # An id that nobody has now may be one that comes back; one never given out cannot be foreseen.
        assert foreseen.customer_id == own or (foreseen.customer_id is None and own not in before.values())
        with_it = {key for key, customer in after.items() if customer == own}
        assert {one.customer_id for one in foreseen.customers if one.joins} == {before[key] for key in with_it}
        if not stay:
            town.delete(str(comes["key"]))
            town.step()
    town.distrust()
    assert town.batch().changes == {}
