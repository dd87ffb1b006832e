"""What changed is resolved alone, whoever wrote it, and nothing is forgotten."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from contextlib import closing

import pytest

from identity_graph.customers.store import ChangeSet, CustomerStore
from identity_graph.errors import ConflictError
from identity_graph.facts import FactStore
from identity_graph.feed import ChangeFeed
from identity_graph.graph.bolt import BoltGraph
from identity_graph.model import Verdict
from identity_graph.pipeline.turns import sole_run
from identity_graph.realtime import LiveResolver, ResolverThread, opening
from identity_graph.settings import Settings
from tests.facts.batches import batch, edges
from tests.pipeline.company import holdings
from tests.realtime.world import ROLES, Town, nothing_is_left_for_a_batch, row

_ADA = {"given_name": "Ada", "family_name": "Lee", "birth_date": "1960-01-01", "email": "ada@mail.test"}
_BO = {"given_name": "Bo", "family_name": "Kaur", "birth_date": "1971-02-03", "email": "bo@mail.test"}


def test_a_change_resolves_whom_it_reaches_and_nobody_else(town: Town) -> None:
    town.put(row("crm:1", **_ADA), row("crm:2", **_BO), row("shop:2", **_BO))
    town.step()
    before = holdings(town.graph)
    assert before["crm:2"] == before["shop:2"] != before["crm:1"]
    town.put(row("shop:1", **_ADA))
    done = town.step()
    assert done is not None and not done.whole
    assert (done.records, done.changes) == (2, {"updated": 1})
    assert holdings(town.graph) == before | {"shop:1": before["crm:1"]}
    assert town.step() is None


def test_merges_and_splits_keep_the_contract_of_ids(town: Town) -> None:
    town.put(row("crm:1", **_ADA), row("crm:2", **_BO))
    town.step()
    before = holdings(town.graph)
    town.decide(Verdict.MUST, "crm:1", "crm:2")
    done = town.step()
    assert done is not None and done.changes == {"merged": 1, "retired": 1, "updated": 1}  # one of two names is left
    joined = holdings(town.graph)
    assert joined["crm:1"] == joined["crm:2"] in {before["crm:1"], before["crm:2"]}
    town.undo(0)
    town.step()
    assert holdings(town.graph) == before


def test_a_deleted_record_leaves_its_customer(town: Town) -> None:
    town.put(row("crm:1", **_ADA), row("shop:1", **_ADA))
    town.step()
    before = holdings(town.graph)
    town.delete("shop:1")
    town.step()
    assert holdings(town.graph) == {key: name for key, name in before.items() if key != "shop:1"}
    assert town.batch().changes == {}


def test_pairs_that_a_change_ends_are_deleted(town: Town) -> None:
    town.put(row("crm:1", **_ADA), row("shop:1", **_ADA))
    town.step()
    assert any("MATCHES" in one for one in town.derived())
    town.put(row("shop:1", **_BO))
    town.step()
    assert not any("MATCHES" in one for one in town.derived())
    nothing_is_left_for_a_batch(town)


def test_a_deleted_record_that_comes_again_as_somebody_else_is_no_fellow_of_its_old_customer(
    embedded_town: Town,
) -> None:
    town = embedded_town
    town.put(row("crm:1", **_ADA), row("shop:1", **_ADA))
    town.step()
    town.delete("shop:1")
    town.step()
    town.put(row("crm:1", **_ADA, phone="+49301000009"))
    done = town.step()
    assert done is not None and (done.records, done.changes) == (1, {"updated": 1})
    town.put(row("shop:1", **_BO))
    done = town.step()
    assert done is not None and (done.records, done.changes) == (1, {"created": 1})
    nothing_is_left_for_a_batch(town)


def test_a_record_that_is_only_seen_again_may_say_what_its_customer_is_called(embedded_town: Town) -> None:
    town = embedded_town
    town.put(row("crm:1", (), 0, **_ADA, phone="+49301000001"), row("shop:1", (), 5, **_ADA, phone="+49301000002"))
    town.step()
    assert '"phone": "+49301000002"' in _customer(town)
    town.put(row("crm:1", (), 9, **_ADA, phone="+49301000001"))
    town.step()
    assert '"phone": "+49301000001"' in _customer(town)
    nothing_is_left_for_a_batch(town)


def _customer(town: Town) -> str:
    return next(str(one[1]) for one in town.derived() if one[0] == "Customer" and "Lee" in str(one[1]))


def test_a_record_that_came_and_went_between_two_looks_may_come_again(embedded_town: Town) -> None:
    town = embedded_town
    town.put(row("crm:1", **_ADA))
    town.delete("crm:1")
    town.step()
    town.put(row("crm:1", **_ADA))
    town.step()
    assert town.batch().changes == {}


def test_what_was_written_before_a_restart_is_resolved_after_it(town: Town) -> None:
    town.put(row("crm:1", **_ADA))
    town.restart()
    assert town.step() is not None
    assert "crm:1" in holdings(town.graph)
    town.restart()
    assert town.step() is None


def test_a_source_with_new_attributes_stops_nobody(embedded_town: Town) -> None:
    town = embedded_town
    town.store.put_source("till", "{}", {**ROLES, "city": next(iter(ROLES.values()))}, row("crm:1")["observed_at"])
    town.put(row("crm:1", **_ADA))
    assert town.step() is not None
    assert "crm:1" in holdings(town.graph)


def test_what_is_in_memory_goes_before_everything_is_read_anew(
    embedded_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is not room for two of a large graph."""
    live = LiveResolver(embedded_town.graph, embedded_town.settings)
    embedded_town.put(row("crm:1", given_name="Ada"))
    live.resolve_changes()
    assert live._state is not None
    index, seen = weakref.ref(live._state.index), []
    collect = opening._collect

    def watched() -> None:
        collect()
        seen.append(index())

    monkeypatch.setattr(opening, "_collect", watched)
    embedded_town.batch()
    embedded_town.put(row("crm:2", given_name="Bo"))
    live.resolve_changes()
    assert seen == [None]


def test_without_a_model_in_use_changes_wait(embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    store = FactStore(embedded_graph, embedded_settings)
    store.write(batch([row("crm:1", **_ADA)]), ROLES)
    assert LiveResolver(embedded_graph, embedded_settings).resolve_changes() is None


def test_a_value_blocked_by_rule_is_shown_as_blocked_however_many_people_have_it(embedded_town: Town) -> None:
    names = ("Ada", "Bo", "Cy")
    rows = [row(f"crm:{name}", given_name=name, family_name="Lee", email="noreply@mail.test") for name in names]
    embedded_town.put(*rows)
    embedded_town.step()
    before = embedded_town.derived()
    assert any('"status": "blocked"' in part for one in before for part in one)
    embedded_town.batch()
    assert embedded_town.derived() == before


def test_while_everything_is_resolved_changes_wait(embedded_town: Town) -> None:
    embedded_town.put(row("crm:1", **_ADA))
    with sole_run(embedded_town.settings), pytest.raises(ConflictError):
        embedded_town.step()
    embedded_town.step()
    assert "crm:1" in holdings(embedded_town.graph)


def test_the_thread_resolves_what_anybody_writes(embedded_town: Town) -> None:
    town = embedded_town
    with closing(ResolverThread(town.graph, town.settings)):
        town.put(row("crm:1", **_ADA), row("crm:2", **_BO))
        _wait_until(lambda: {"crm:1", "crm:2"} <= holdings(town.graph).keys())
        town.decide(Verdict.MUST, "crm:1", "crm:2")
        _wait_until(lambda: len(set(holdings(town.graph).values())) == 2)
    assert town.batch().changes == {}


def test_the_thread_deletes_what_the_feed_need_not_keep(embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    properties = {"kind": "updated", "customer_id": "c1", "at": "2020-01-01T00:00:00.000000Z", "data": "{}"}
    CustomerStore(embedded_graph).apply(ChangeSet(changes=[{"id": "old", "properties": properties}]), "")
    with closing(ResolverThread(embedded_graph, embedded_settings.model_copy(update={"change_days": 90}))):
        _wait_until(lambda: ChangeFeed(embedded_graph).bounds().gone > 0)
    assert not [one for one in edges(embedded_graph) if one[0] == "Change"]


def _wait_until(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("It did not happen within a minute.")
