"""Who somebody would be is who they are once the description arrives as a record; asking changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from identity_graph.errors import InvalidSettingError, NotFoundError
from identity_graph.graph.bolt import BoltGraph
from identity_graph.model import Verdict
from identity_graph.profiles import Asked, Placer
from identity_graph.settings import Settings
from tests.conftest import clear
from tests.facts.batches import edges
from tests.realtime.world import FAMILY, GIVEN, Town, row

_said = st.fixed_dictionaries(
    {"given_name": st.sampled_from(GIVEN[:3]), "family_name": st.sampled_from(FAMILY[:2])},
    optional={
        "birth_date": st.sampled_from(["1970-01-11", "1971-02-12"]),
        "email": st.sampled_from(["a@mail.test", "b@mail.test"]),
        "phone": st.just("+49301000001"),
    },
)
_held = st.lists(st.sampled_from(["user_id:u1", "user_id:u2", "device_id:d1"]), max_size=2, unique=True)


@settings(
    max_examples=6,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    stored=st.lists(st.tuples(_said, _held), min_size=2, max_size=8),
    asked=st.lists(st.tuples(_said, _held), min_size=3, max_size=5),
)
def test_a_description_is_placed_where_it_goes_when_it_comes(
    embedded_graph: BoltGraph, embedded_settings: Settings, stored: list[Any], asked: list[Any]
) -> None:
    clear(embedded_graph)
    town = Town(embedded_graph, embedded_settings)
    town.put(*(row(f"crm:{n}", tuple(held), **said) for n, (said, held) in enumerate(stored, start=1)))
    town.step()
    placer = Placer(embedded_graph, embedded_settings)
    for number, (said, held) in enumerate(asked):
        before = edges(embedded_graph)
        placed = placer.place([Asked(*key.split(":")) for key in held], said)
        assert edges(embedded_graph) == before
        joined = {one.customer_id for one in placed.customers if one.joins}
        members = {
            one["record_key"]: one["customer_id"] for one in embedded_graph.stream("customers/stream_memberships")
        }
        town.put(row(f"new:{number}", tuple(held), **said))
        town.step()
        after = {one["record_key"]: one["customer_id"] for one in embedded_graph.stream("customers/stream_memberships")}
        with_it = {key for key, customer in after.items() if customer == after[f"new:{number}"]} - {f"new:{number}"}
        assert {members[key] for key in with_it} == joined, (said, held, placed)
        town.delete(f"new:{number}")
        town.step()


def test_a_placement_says_why_and_what_it_could_not_read(graph: BoltGraph, engine_settings: Settings) -> None:
    town = Town(graph, engine_settings)
    ada = {"given_name": "Ada", "family_name": "Lee", "birth_date": "1970-01-11"}
    town.put(row("crm:1", ("user_id:u1",), **ada, email="a@mail.test"))
    town.put(row("crm:2", ("user_id:u2",), given_name="Bo", family_name="Kaur", birth_date="1971-02-12"))
    town.step()
    placer = Placer(graph, engine_settings)
    found = placer.place([Asked("email", " A@MAIL.test")], {"full_name": "Ada Lee", "birth_date": "31.02.1970"})
    (best,) = found.customers
    assert (found.customer_id, best.joins, best.record_key) == (best.customer_id, True, "crm:1")
    assert "share the email a@mail.test" in best.reasons[0]
    assert [(one.name, one.reason) for one in found.problems] == [("birth_date", "impossible_date")]
    rival = placer.place([Asked("user_id", "u9")], ada)
    assert rival.customer_id is None
    assert "crm:1 has another user id" in rival.customers[0].reasons[-1]
    town.decide(Verdict.CANNOT, "crm:1", "crm:2")
    nobody = placer.place([Asked("email", "new@mail.test")], {})
    assert (nobody.customer_id, nobody.customers) == (None, ())


@pytest.mark.parametrize("attributes", [{}, {"shoe": "44"}, {"birth_date": "31.02.1970"}])
def test_what_describes_nobody_is_refused(
    embedded_graph: BoltGraph, embedded_settings: Settings, attributes: dict[str, str]
) -> None:
    placer = Placer(embedded_graph, embedded_settings)
    with pytest.raises(NotFoundError, match="Nothing is resolved yet"):
        placer.place([], attributes)
    Town(embedded_graph, embedded_settings)
    with pytest.raises(InvalidSettingError):
        placer.place([], attributes)
