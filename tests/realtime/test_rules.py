"""The identity rules at event time: trust, aliases, shared tablets and limits, with the result of a batch."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from identity_graph.customers.read import CustomerReader
from identity_graph.customers.store import CustomerStore
from identity_graph.errors import ConflictError
from identity_graph.events import event_facts
from identity_graph.model import Verdict
from identity_graph.namespaces import DEFAULT_NAMESPACES
from identity_graph.normalise import NormaliseContext
from identity_graph.pipeline.linking import LinkingOptions
from identity_graph.pipeline.resolve import ResolveOptions, resolve
from identity_graph.profiles import Asked, ProfileReader
from identity_graph.realtime import LiveResolver
from identity_graph.review import suggested_pairs
from tests.events.messages import at, event
from tests.pipeline.company import holdings
from tests.realtime.world import ROLES, Town, row

_CARDS = [row("crm:1", ("loyalty_card:7",)), row("shop:1", ("loyalty_card:8",))]
_PAGE = row("page:1", ("loyalty_card:7", "loyalty_card:8"))


def _suggested(town: Town) -> list[tuple[str, str, str]]:
    return [(pair.left.key, pair.right.key, pair.via_key) for pair in suggested_pairs(town.graph).items]


def _as_a_batch_says(town: Town) -> None:
    before = town.derived()
    assert town.batch().changes == {}
    assert town.derived() == before


def test_a_public_record_waits_as_a_suggestion_until_a_steward_answers(town: Town) -> None:
    town.put(*_CARDS)
    town.step()
    apart = holdings(town.graph)
    town.put(_PAGE)
    town.step()
    assert {key: holdings(town.graph)[key] for key in apart} == apart
    assert _suggested(town) == [("crm:1", "shop:1", "page:1")]
    _as_a_batch_says(town)
    town.decide(Verdict.MUST, "crm:1", "shop:1")
    town.step()
    assert len({holdings(town.graph)[key] for key in ("crm:1", "shop:1", "page:1")}) == 1
    assert _suggested(town) == []
    _as_a_batch_says(town)
    town.undo(0)
    town.step()
    assert _suggested(town) == [("crm:1", "shop:1", "page:1")]
    town.delete("page:1")
    town.step()
    assert _suggested(town) == []
    _as_a_batch_says(town)


def test_a_suggestion_that_goes_may_come_again(embedded_town: Town) -> None:
    town = embedded_town
    town.put(*_CARDS, _PAGE)
    town.step()
    for _ in range(2):
        assert _suggested(town) == [("crm:1", "shop:1", "page:1")]
        town.delete("page:1")
        town.step()
        assert _suggested(town) == []
        town.put(_PAGE)
        town.step()
    _as_a_batch_says(town)


def test_a_source_whose_keys_become_public_is_weighed_anew(embedded_town: Town) -> None:
    town = embedded_town
    town.put(*_CARDS, {**_PAGE, "key": "web:1", "source": "web"})
    town.step()
    assert len(set(holdings(town.graph).values())) == 2  # with Zed of the town
    web = next(source for source in town.store.sources() if source.name == "web")
    town.store.put_source("web", web.mapping, web.roles, _CARDS[0]["observed_at"], "public")
    town.put(row("crm:2"))
    done = town.step()
    assert done is not None and done.whole
    assert _suggested(town) == [("crm:1", "shop:1", "web:1")]


def test_an_alias_joins_two_users_when_it_comes_and_parts_them_when_it_goes(embedded_town: Town) -> None:
    town = embedded_town
    town.put(row("web:1", ("user_id:old",)), row("web:2", ("user_id:new",)))
    town.step()
    apart = holdings(town.graph)
    town.put(row("web:2", ("user_id:new", "previous_id:old")))
    town.step()
    assert holdings(town.graph)["web:1"] == holdings(town.graph)["web:2"]
    _as_a_batch_says(town)
    town.put(row("web:2", ("user_id:new",)))
    town.step()
    assert holdings(town.graph) == apart
    _as_a_batch_says(town)


def test_a_tablet_leaves_its_user_when_somebody_else_signs_in(embedded_town: Town) -> None:
    town = embedded_town
    town.put(row("web:ann", ("user_id:ann",)), row("web:bob", ("user_id:bob",)))
    town.put({**row("web:t", ("anonymous_id:t", "user_id:ann")), "grows": True})
    town.step()
    held = holdings(town.graph)
    assert held["web:t"] == held["web:ann"]
    town.put({**row("web:t", ("anonymous_id:t", "user_id:bob"), 5), "grows": True})
    town.step()
    held = holdings(town.graph)
    assert len({held[key] for key in ("web:t", "web:ann", "web:bob")}) == 3
    _as_a_batch_says(town)


_A_DAY = replace(DEFAULT_NAMESPACES["device_id"], limit=2, window_days=1)
_WITHIN = ResolveOptions(linking=LinkingOptions(rules={**DEFAULT_NAMESPACES, "device_id": _A_DAY}, evidence=True))


def _visit(number: int, day: int) -> dict[str, Any]:
    return {**row(f"web:{number}", ("device_id:d",), day * 24 * 60), "grows": True}


def test_an_identifier_over_its_limit_in_a_window_is_quarantined_and_released(embedded_town: Town) -> None:
    town = embedded_town
    live = LiveResolver(town.graph, town.settings, _WITHIN)

    def status() -> str:
        return CustomerStore(town.graph).marked_identifiers().get("device_id:d", ("active", ""))[0]

    for rows, expected in (
        ([_visit(1, 0), _visit(2, 0)], "active"),
        ([_visit(3, 5)], "active"),  # more than two, but they did not come within a day
        ([_visit(1, 5), _visit(2, 5)], "active"),  # who comes again is nobody new
        ([_visit(3, 1)], "quarantined"),  # late: the third came with the first two
    ):
        town.put(*rows)
        live.resolve_changes()
        assert status() == expected
    assert len({holdings(town.graph)[f"web:{number}"] for number in (1, 2, 3)}) == 3
    town.delete("web:3")
    live.resolve_changes()
    assert status() == "active"
    assert holdings(town.graph)["web:1"] == holdings(town.graph)["web:2"]
    before = town.derived()
    assert resolve(town.graph, town.settings, _WITHIN).changes == {}
    assert town.derived() == before


def test_rules_of_the_file_hold_for_steps_and_runs_and_can_be_taken_back(town: Town, tmp_path: Path) -> None:
    keys = ["crm:1", "shop:1", "web:1"]
    people = [row(key, ("loyalty_card:7",)) for key in keys]
    town.put(*people)
    town.step()
    together = holdings(town.graph)
    assert len({together[key] for key in keys}) == 1
    path = tmp_path / "namespaces.yaml"
    path.write_text("loyalty_card: {limit: 2}", encoding="utf-8")
    settings = town.settings.model_copy(update={"namespaces": path})

    ruled = LiveResolver(town.graph, settings)
    done = ruled.resolve_changes()
    assert done is not None and done.whole, "the customers are those of other rules"
    assert CustomerStore(town.graph).marked_identifiers()["loyalty_card:7"][0] == "quarantined"
    assert len({holdings(town.graph)[key] for key in keys}) == 3
    town.delete("web:1")
    assert (done := ruled.resolve_changes()) is not None and not done.whole
    assert holdings(town.graph)["crm:1"] == holdings(town.graph)["shop:1"]
    assert LiveResolver(town.graph, settings).resolve_changes() is None
    assert resolve(town.graph, settings).changes == {}
    town.put(people[2])
    ruled.resolve_changes()

    assert LiveResolver(town.graph, town.settings).resolve_changes() is not None
    assert holdings(town.graph) == together


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_a_window_counts_the_same_in_any_order_of_events(town: Town, order: tuple[int, ...]) -> None:
    """Four visits of three users to one device, of which the third user's first falls into the day of the others."""
    visits = [("u1", 0), ("u2", 30), ("u3", 60), ("u3", 60 * 24 * 5)]
    live = LiveResolver(town.graph, town.settings, _WITHIN)
    for place in order:
        user, minute = visits[place]
        sent = event(f"m{place}", userId=user, timestamp=at(minute), context={"device": {"id": "d"}})
        town.store.write(event_facts([sent], NormaliseContext(), {}).batch, ROLES)
        live.resolve_changes()
    assert CustomerStore(town.graph).marked_identifiers()["device_id:d"][0] == "quarantined"
    before = town.derived()
    assert resolve(town.graph, town.settings, _WITHIN).changes == {}
    assert town.derived() == before


def test_a_value_on_too_many_visitors_is_shown_as_quarantined_and_one_more_is_resolved_alone(town: Town) -> None:
    most = DEFAULT_NAMESPACES["device_id"].limit or 0
    town.put(*(row(f"web:{number:03}", ("device_id:tv",)) for number in range(most)))
    town.step()
    assert len({holdings(town.graph)[f"web:{number:03}"] for number in range(most)}) == 1
    town.put(row("web:one", ("device_id:tv",)))
    town.step()
    held = holdings(town.graph)
    assert len({customer for key, customer in held.items() if key.startswith("web:")}) == most + 1
    with pytest.raises(ConflictError, match="more than 50 records"):
        CustomerReader(town.graph).profile_by_identifier("device_id", "tv")
    with pytest.raises(ConflictError, match="more than 50 records"):
        ProfileReader(town.graph, town.settings).profile(Asked("device_id", "tv"))
    town.put(row("web:two", ("device_id:tv",)))
    done = town.step()
    assert done is not None and done.records == 1
    _as_a_batch_says(town)
