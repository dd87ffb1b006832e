"""Writing facts: once, whole, replaced as a whole, with nothing lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from identity_graph.errors import ConflictError, InvalidMappingError, InvalidSettingError, NotFoundError
from identity_graph.facts import FactStore, SeenKeys
from identity_graph.facts.writing import delete_batch
from identity_graph.graph.bolt import BoltGraph
from identity_graph.model import Reject, Verdict
from identity_graph.roles import Role
from identity_graph.settings import Settings
from tests.facts.batches import batch, day, edges, record, touchpoint

ROLES = {"full_name": Role.FULL_NAME, "given_name": Role.GIVEN_NAME, "family_name": Role.FAMILY_NAME}


@pytest.fixture
def store(graph: BoltGraph, engine_settings: Settings) -> FactStore:
    return FactStore(graph, engine_settings)


def ties(graph: BoltGraph, kind: str) -> set[tuple[Any, ...]]:
    return {edge[:3] for edge in edges(graph) if len(edge) == 4 and edge[1] == kind}


JANE = record("crm:1", "email:jane@mail.test", "phone:+331", at=day(1), full_name="Jane Doe", city="Paris")
VISIT = record("web:v1", "anonymous_id:v1", at=day(1), grows=True, email="jane@mail.test")


def test_loading_twice_changes_nothing(store: FactStore, graph: BoltGraph) -> None:
    facts = batch([JANE, VISIT], [touchpoint("m1", "web:v1", "anonymous_id:v1", at=day(1))])
    first = store.write(facts, ROLES)
    before = edges(graph)
    second = store.write(facts, ROLES)
    assert (first.new, first.changed, first.unchanged, first.touchpoints, first.last_seq) == (2, 0, 0, 1, 2)
    assert (second.new, second.changed, second.unchanged, second.touchpoints) == (0, 0, 2, 0)
    assert second.last_seq < second.first_seq
    assert edges(graph) == before


def test_a_changed_row_replaces_the_record_as_a_whole(store: FactStore, graph: BoltGraph) -> None:
    store.write(batch([JANE]), ROLES)
    result = store.write(batch([record("crm:1", "phone:+331", at=day(2), full_name="Jane Roe")]), ROLES)
    properties, held = store.records(["crm:1"])["crm:1"]
    assert (result.changed, result.new) == (1, 0)
    assert properties["full_name"] == "Jane Roe"
    assert "city" not in properties
    assert held == (("phone", "+331"),)
    assert ties(graph, "HAD_IDENTIFIER") == {("crm:1", "HAD_IDENTIFIER", "email:jane@mail.test")}
    assert ties(graph, "HAD_VERSION") == {("crm:1", "HAD_VERSION", "crm:1@1")}
    seen = next(edge for edge in edges(graph) if edge[1] == "HAS_IDENTIFIER")
    assert '"count": 2, "first_seen": "2026-01-01T00:00:00.000000Z", "last_seen": "2026-01-02' in seen[3]


def test_traits_of_growing_records_add_up_in_any_order(store: FactStore) -> None:
    early = record("web:v1", "anonymous_id:v1", at=day(1), grows=True, email="old@mail.test", city="Rome")
    late = record("web:v1", "user_id:u1", at=day(2), grows=True, email="new@mail.test")
    for key, rows in {"web:v1": [early, late], "web:v2": [late, early]}.items():
        for row in rows:
            store.write(batch([{**row, "key": key, "record_id": key[4:]}]), ROLES)
    found = store.records(["web:v1", "web:v2"])
    said = [
        ({name: one[name] for name in ("email", "city", "observed_at", "trait_times", "raw")}, held)
        for one, held in found.values()
    ]
    assert said[0] == said[1]
    assert said[0][0]["email"] == "new@mail.test"
    assert said[0][0]["city"] == "Rome"
    assert said[0][1] == (("anonymous_id", "v1"), ("user_id", "u1"))


def test_a_version_says_all_the_record_said_and_from_when_to_when(store: FactStore, graph: BoltGraph) -> None:
    store.write(batch([JANE]), ROLES)
    store.write(batch([record("crm:1", "phone:+331", full_name="Jane Roe")]), ROLES)
    row = graph.read("customers_read/record_by_key", key="crm:1")[0]
    (version,) = row["versions"]
    assert (version["full_name"], version["city"]) == ("Jane Doe", "Paris")
    assert version["identifiers"] == ["email:jane@mail.test", "phone:+331"]
    assert version["stored_at"] < version["replaced_at"] == row["record"]["stored_at"]
    assert graph.transaction(partial(delete_batch, keys=["crm:1"], graph_id="g")).changed == 1
    row = graph.read("customers_read/record_by_key", key="crm:1")[0]
    assert row["versions"][1]["replaced_at"] == row["record"]["stored_at"] > version["replaced_at"]


def test_a_growing_record_keeps_a_version_when_it_says_more_not_when_it_is_seen_again(
    store: FactStore, graph: BoltGraph
) -> None:
    def grow(number: int, *held: str, **said: str) -> Any:
        store.write(batch([record("web:v1", "anonymous_id:v1", *held, at=day(number), grows=True, **said)]), ROLES)
        return graph.read("customers_read/record_by_key", key="web:v1")[0]

    first = grow(1, city="Rome")
    again = grow(2, city="Rome")
    assert again["versions"] == []
    assert (again["record"]["observed_at"][:10], again["record"]["stored_at"]) == (
        "2026-01-02",
        first["record"]["stored_at"],
    )
    assert [one.get("email") for one in grow(3, email="v@mail.test")["versions"]] == [None]
    known = grow(4, "user_id:u1")["versions"]
    assert [one["identifiers"] for one in known] == [["anonymous_id:v1"]] * 2
    assert known[0]["replaced_at"] == known[1]["stored_at"]


def test_touchpoints_widen_the_time_a_record_was_seen_with_an_identifier(store: FactStore, graph: BoltGraph) -> None:
    views = [touchpoint(f"m{number}", "web:v1", "anonymous_id:v1", at=day(number)) for number in (3, 5)]
    store.write(batch([VISIT], views[:1]), ROLES)
    store.write(batch([VISIT], views), ROLES)
    seen = next(edge for edge in edges(graph) if edge[1] == "HAS_IDENTIFIER")
    assert '"count": 3, "first_seen": "2026-01-01T' in seen[3]
    assert '"last_seen": "2026-01-05T' in seen[3]
    assert ties(graph, "BY") == {("m3", "BY", "web:v1"), ("m5", "BY", "web:v1")}


def test_a_touchpoint_by_nobody_is_refused_and_nothing_of_its_batch_is_stored(
    store: FactStore, graph: BoltGraph
) -> None:
    with pytest.raises(NotFoundError, match="web:ghost"):
        store.write(batch([JANE], [touchpoint("m1", "web:ghost")]), ROLES)
    assert store.records(["crm:1"]) == {}


def test_an_attribute_cannot_take_a_name_of_the_record(store: FactStore) -> None:
    with pytest.raises(InvalidSettingError, match="name_key"):
        store.write(batch([record("crm:1", name_key="x")]), ROLES)


def test_records_a_full_extract_lacks_are_deleted_and_live_again_when_sent(store: FactStore, graph: BoltGraph) -> None:
    other = record("crm:2", "email:b@mail.test", full_name="Bo Ek")
    facts = batch([JANE, other, VISIT])
    store.write(facts, ROLES)
    with SeenKeys() as seen:
        seen.add(batch([other]).records["key"])
        assert store.delete_missing("crm", seen) == 1
        assert store.delete_missing("crm", seen) == 0
    assert store.counts().records == {"crm": 1, "web": 1}
    assert store.counts().deleted == {"crm": 1}
    assert {edge[0] for edge in ties(graph, "HAD_IDENTIFIER")} == {"crm:1"}
    assert store.copy.records()["key"].to_pylist() == ["crm:2", "web:v1"]
    assert store.write(facts, ROLES).changed == 1
    assert store.copy.records()["key"].to_pylist() == ["crm:1", "crm:2", "web:v1"]


def test_names_that_sound_alike_share_a_name_key(store: FactStore) -> None:
    rows = [
        record("crm:1", full_name="Jane Smith"),
        record("crm:2", given_name="JANE", family_name="Smyth"),
        record("crm:3", city="Paris"),
    ]
    store.write(batch(rows), ROLES)
    found = store.records(["crm:1", "crm:2", "crm:3"])
    assert found["crm:1"][0]["name_key"] == found["crm:2"][0]["name_key"]
    assert "name_key" not in found["crm:3"][0]


def test_several_writers_give_every_record_a_number_of_its_own(graph: BoltGraph, engine_settings: Settings) -> None:
    def load(writer: int) -> None:
        store = FactStore(graph, engine_settings)
        for part in range(5):
            rows = [record(f"crm:{part}-{row}", f"phone:{row}", city=f"{writer}") for row in range(10)]
            store.write(batch(rows), ROLES)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(load, range(4)))
    store = FactStore(graph, engine_settings)
    table = store.copy.records()
    last = graph.read("facts/read_counter")[0]["value"]
    assert table.num_rows == 50
    assert len(set(table["seq"].to_pylist())) == 50
    assert last == 50 + len(ties(graph, "HAD_VERSION"))


def test_a_stream_of_batches_is_stored_in_order(store: FactStore) -> None:
    batches = [batch([record("crm:1", city=str(number)), record(f"crm:x{number}")]) for number in range(5)]
    results = list(store.write_stream(iter(batches), ROLES))
    assert [(one.new, one.changed) for one in results] == [(2, 0), *[(1, 1)] * 4]
    assert store.records(["crm:1"])["crm:1"][0]["city"] == "4"


def test_rejects_are_kept_once_and_closed_when_replayed(store: FactStore) -> None:
    reject = Reject("crm", "a.csv", 2, "birth", "31.2.2000", "unreadable_date", '{"a": "b"}', True)
    for _ in range(2):
        store.write(batch(rejects=[reject, Reject("crm", "a.csv", 3, None, "", "ragged_row", '"x"', False)]), ROLES)
    page = store.rejected(limit=1)
    rest = store.rejected(after=page[0].key)
    assert len(page) == len(rest) == 1
    assert {one.reject.reason for one in (*page, *rest)} == {"unreadable_date", "ragged_row"}
    assert store.mark_replayed([page[0].key]) == 1
    assert [one.key for one in store.rejected()] == [rest[0].key]
    assert store.rejected(source="shop", status=None) == ()


def test_sources_keep_their_roles_and_may_not_disagree(store: FactStore) -> None:
    store.put_source("crm", "{}", {"email": Role.EMAIL}, day(1))
    store.put_source("crm", '{"a": 1}', {"city": Role.CITY}, day(2))
    (source,) = store.sources()
    assert (source.mapping, source.created_at) == ('{"a": 1}', "2026-01-01T00:00:00.000000Z")
    assert store.attribute_roles() == {"email": Role.EMAIL, "city": Role.CITY}
    store.put_source("shop", "{}", {"city": Role.PLACE}, day(2))
    with pytest.raises(InvalidMappingError, match="city"):
        store.attribute_roles()


def test_decisions_hold_until_they_are_undone(store: FactStore) -> None:
    store.write(batch([JANE, VISIT]), ROLES)
    for _ in range(2):
        store.add_decision(Verdict.MUST, "web:v1", "crm:1", "ana", "she called", day(1), "d1")
    with pytest.raises(ConflictError, match="already decided: must"):
        store.add_decision(Verdict.CANNOT, "crm:1", "web:v1", "ben", "no", day(2), "d2")
    (decision,) = store.decisions()
    assert (decision.left, decision.right, decision.verdict, decision.at) == ("crm:1", "web:v1", Verdict.MUST, day(1))
    assert store.undo_decision("d1", "ben", "wrong number", day(2)).undone_by == "ben"
    with pytest.raises(ConflictError, match="was undone by ben"):
        store.undo_decision("d1", "ana", "again", day(3))
    assert store.decisions() == ()
    assert len(store.decisions(active_only=False)) == 1
    store.add_decision(Verdict.CANNOT, "crm:1", "web:v1", "ben", "no", day(4), "d2")


@pytest.mark.parametrize(
    ("left", "right", "error"),
    [("crm:1", "crm:9", NotFoundError), ("crm:9", "crm:1", NotFoundError), ("crm:1", "crm:1", InvalidSettingError)],
)
def test_decisions_are_about_two_stored_records(
    store: FactStore, left: str, right: str, error: type[Exception]
) -> None:
    store.write(batch([JANE]), ROLES)
    with pytest.raises(error):
        store.add_decision(Verdict.MUST, left, right, "ana", "why", day(1), "d1")
    with pytest.raises(NotFoundError):
        store.undo_decision("d9", "ana", "why", day(1))
