"""Writing customers: whole change sets, repeatable, and read back as the next plan needs them."""

from __future__ import annotations

import pytest

from identity_graph.customers.ids import HeldId
from identity_graph.customers.store import ChangeSet, CustomerStore
from identity_graph.facts import FactStore
from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from tests.facts.batches import batch, record

_FIRST, _SECOND = "2026-01-01T00:00:00.000000Z", "2026-02-01T00:00:00.000000Z"
_KEYS = ("crm:1", "crm:2", "crm:3")


@pytest.fixture
def store(graph: BoltGraph, engine_settings: Settings) -> CustomerStore:
    FactStore(graph, engine_settings).write(batch([record(key, f"email:{key}@mail.test") for key in _KEYS]), {})
    return CustomerStore(graph)


def _born(store: CustomerStore) -> None:
    homes = {"ca": ["crm:1", "crm:2"], "cb": ["crm:3"]}
    store.apply(
        ChangeSet(
            customers=[{"id": id, "properties": {"id": id, "status": "active"}} for id in homes],
            opened=[
                {"record_key": key, "customer_id": id, "cause": "run 1"} for id, keys in homes.items() for key in keys
            ],
            graded=[{"record_key": "crm:2", "customer_id": "ca", "certainty": 0.9}],
            changes=[
                {"id": f"1:{id}:created", "properties": {"kind": "created", "customer_id": id, "data": "{}"}}
                for id in homes
            ],
        ),
        _FIRST,
    )


def _merged(store: CustomerStore) -> None:
    store.apply(
        ChangeSet(
            customers=[{"id": "ca", "properties": {"id": "ca", "status": "active"}}],
            closed=[{"record_key": "crm:3", "customer_id": "cb"}],
            opened=[{"record_key": "crm:3", "customer_id": "ca", "cause": "run 2"}],
            retired=[{"id": "cb", "successor": "ca"}],
        ),
        _SECOND,
    )


def test_a_change_set_written_twice_stays_the_same(store: CustomerStore, graph: BoltGraph) -> None:
    for _ in range(2):
        _born(store)
        assert sorted(tuple(row.values()) for row in store.memberships().to_pylist()) == [
            ("crm:1", "ca", None), ("crm:2", "ca", 0.9), ("crm:3", "cb", None),
        ]  # fmt: skip
        assert len(list(graph.stream("customers/export_lineage"))) == 2


def test_memberships_are_the_same_in_rows_and_in_blocks(store: CustomerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    _born(store)
    _merged(store)
    in_rows = store.memberships()
    monkeypatch.setattr("identity_graph.customers.store._BLOCK_ROWS", 2)
    store.start_run(_SECOND, "m1")  # of how many records there are is known from now on
    assert store.memberships().sort_by("record_key") == in_rows.sort_by("record_key")
    assert in_rows["customer_id"].to_pylist() == ["ca"] * 3


def test_what_ids_stand_for_and_stood_for_last(store: CustomerStore) -> None:
    _born(store)
    assert store.retired_once_holding(_KEYS) == ()
    _merged(store)
    assert store.held(["cb", "ca"]) == (
        HeldId("ca", frozenset(_KEYS), _FIRST),
        HeldId("cb", frozenset({"crm:3"}), _FIRST, retired=True, successor="ca"),
    )
    assert store.retired_once_holding(_KEYS) == ("cb",)
    assert store.existing(["ca", "cb", "cc"]) == {"ca", "cb"}


def test_a_run_that_did_not_end_is_known_as_such(store: CustomerStore) -> None:
    assert store.last_run() is None
    assert store.start_run(_FIRST, "m1") == 1
    died = store.last_run()
    assert died is not None and (died.number, died.finished, died.model_version) == (1, False, "m1")
    assert store.start_run(_SECOND, "m1") == 2
    store.finish_run(2, _SECOND, {"customers": 3})
    ended = store.last_run()
    assert ended is not None and (ended.number, ended.finished, ended.summary) == (2, True, {"customers": 3})


def test_the_status_of_identifiers_is_set_and_released(store: CustomerStore) -> None:
    key = "email:crm:1@mail.test"
    assert store.marked_identifiers() == {}
    store.mark_identifiers([{"key": key, "status": "quarantined", "reason": "crowded"}], _FIRST, 1)
    assert store.marked_identifiers() == {key: ("quarantined", "crowded")}
    store.mark_identifiers([{"key": key, "status": "active", "reason": None}], _SECOND, 2)
    assert store.marked_identifiers() == {}
