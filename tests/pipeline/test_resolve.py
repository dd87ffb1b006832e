"""Resolving: what a run changes, what it leaves alone, and that everything can be taken back."""

from __future__ import annotations

import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from identity_graph.errors import ConflictError, NotFoundError
from identity_graph.facts import FactStore, SeenKeys
from identity_graph.model import Verdict
from identity_graph.pipeline.resolve import resolve
from identity_graph.pipeline.stages import SilentWatcher
from identity_graph.sources import mapping_from_text
from tests.conftest import clear, every_engine
from tests.pipeline.company import MAPPING, groups_of, load_rows
from tests.pipeline.world import World

_STRANGER = {"given": "Xaver", "family": "Yxkull", "born": "1931-07-30", "mail": "xy@far.test"}


@every_engine
def test_the_first_run_makes_one_customer_of_each_person_and_the_second_changes_nothing(world: World) -> None:
    world.load()
    first = world.resolve()
    people = {world.company.members(number) for number in range(world.company.people)}
    assert groups_of(world.holdings()) == people
    assert (first.changes, first.jitter) == ({"created": len(people)}, 0.0)
    assert first.matches_written > 0
    golden = {customer["email"]: customer["record_count"] for customer in world.customers().values()}
    assert sorted(golden.values()) == sorted(len(keys) for keys in people)

    before = world.derived()
    second = world.resolve()
    assert (second.changes, second.jitter, second.matches_written) == ({}, 0.0, 0)
    assert (second.run, second.model_version) == (first.run + 1, first.model_version)
    assert world.derived() == before


def test_new_data_touch_their_own_customers_only(world: World) -> None:
    before = world.start()
    untouched = world.customers()
    world.company.add_person(20)
    joins = world.company.sources["crm"]["4"]
    world.company.add("shop", "4-9", **{**joins, "id": "4-9"})
    moved = world.company.sources["shop"]["5-0"]
    world.company.add("shop", "5-0", **{**moved, "phone": "+493055555555"})
    world.load()
    summary = world.resolve()
    after = world.holdings()
    assert {key: after[key] for key in before} == before
    assert summary.jitter == 0.0
    assert summary.changes == {"created": 1, "updated": 1}
    assert after["shop:4-9"] == before["crm:4"]
    changed = {before["crm:4"], before["crm:5"], after["crm:20"]}
    now = world.customers()
    assert {one: now[one] for one in now if one not in changed} == {
        one: untouched[one] for one in untouched if one not in changed
    }
    assert now[before["crm:4"]]["record_count"] == untouched[before["crm:4"]]["record_count"] + 1


def test_a_must_joins_and_a_cannot_parts_until_they_are_undone(world: World) -> None:
    before = world.start()
    facts_before = world.customers()
    world.decide("d1", Verdict.MUST, "crm:1", "shop:2-0")
    world.decide("d2", Verdict.CANNOT, "crm:3", "shop:3-0")
    summary = world.resolve()
    joined = world.holdings()
    assert len({joined[key] for key in ("crm:1", "shop:1-0", "crm:2", "shop:2-0")}) == 1
    assert joined["crm:3"] != joined["shop:3-0"]
    assert before["crm:3"] in {joined["crm:3"], joined["shop:3-0"]}
    assert {"merged": 1, "retired": 1, "split": 1}.items() <= summary.changes.items()
    survivor = joined["crm:1"]
    (swallowed,) = {before["crm:1"], before["crm:2"]} - {survivor}
    profile = world.reader.profile(swallowed)
    assert (profile.redirected, profile.customer.id) == (True, survivor)
    elsewhere = [key for key in before if key.split(":")[1].split("-")[0] not in ("1", "2", "3")]
    assert {key: joined[key] for key in elsewhere} == {key: before[key] for key in elsewhere}

    world.undo("d1")
    world.undo("d2")
    world.resolve()
    assert world.holdings() == before
    assert world.customers() == facts_before
    assert not world.reader.profile(swallowed).redirected
    kinds = Counter(kind for kind, _ in world.lineage())
    assert {"created", "merged", "split", "retired"} <= kinds.keys()
    assert ("merged", survivor) in world.lineage()
    assert ("retired", swallowed) in world.lineage()
    assert [entry.kind for entry in world.reader.lineage(swallowed).items].count("created") == 2


def test_a_deleted_record_leaves_its_customer_and_comes_back_to_it(world: World) -> None:
    before = world.start()
    kept = dict(world.company.sources["shop"])
    del world.company.sources["shop"]["4-0"]
    world.company.add("crm", "21", **_STRANGER)
    world.load(delete_missing=True)
    world.resolve()
    after = world.holdings()
    assert "shop:4-0" not in after
    assert {key: after[key] for key in before if key != "shop:4-0"} == {
        key: customer for key, customer in before.items() if key != "shop:4-0"
    }
    assert world.customers()[before["crm:4"]]["record_count"] == 1
    new_id = after["crm:21"]

    world.company.sources["shop"] = kept
    del world.company.sources["crm"]["21"]
    world.load(delete_missing=True)
    summary = world.resolve()
    assert world.holdings() == before
    assert summary.changes["retired"] == 1
    gone = world.reader.profile(new_id)
    assert (gone.customer.status, gone.records) == ("retired", ())

    world.company.add("crm", "21", **_STRANGER)
    world.load()
    world.resolve()
    assert world.holdings()["crm:21"] == new_id


@every_engine
@pytest.mark.parametrize("explained", [True, False], ids=["nobody says it", "no source explains it"])
def test_what_no_record_says_any_more_no_customer_says(world: World, explained: bool) -> None:
    row = world.company.sources["crm"]["4"]
    row["tablet"] = "tab-4"
    customer = world.start()["crm:4"]
    said = {one["id"]: name for one in world.customers().values() for name, value in one.items() if value == "tab-4"}
    assert list(said) == [customer]
    if explained:
        del row["tablet"]
        world.load()
    else:
        mapping = mapping_from_text(MAPPING.replace("device_id", "ignore"))
        for source, rows in world.company.sources.items():
            load_rows(world.graph, world.settings, world.folder / f"{source}.csv", rows.values(), mapping)
    assert world.resolve().changes == {"updated": 1}
    assert said[customer] not in world.customers()[customer]
    assert world.lineage_data()[-1]["traits"] == {said[customer]: {"before": "tab-4", "after": None}}


def test_two_values_of_a_unique_identifier_are_never_one_person(world: World) -> None:
    twin = world.company.sources["crm"]["1"]
    world.company.add("crm", "1", **{**twin, "account": "u-1"})
    world.company.add("crm", "901", **{**twin, "id": "901", "account": "u-2"})
    members = world.start()
    assert members["crm:1"] != members["crm:901"]


def test_an_identifier_of_many_people_is_marked_and_released_when_the_data_change(world: World) -> None:
    people = [str(number) for number in range(world.company.people)]
    for number in people:
        world.company.sources["crm"][number]["tablet"] = "reception-1"
    before = world.start()
    assert world.statuses() == {"device_id:reception-1": "quarantined"}
    assert len(set(before.values())) == len(people)
    with pytest.raises(ConflictError):
        world.reader.profile_by_identifier("device_id", "reception-1")
    for number in people[1:]:
        world.company.sources["crm"][number]["tablet"] = ""
    world.load()
    summary = world.resolve()
    assert summary.quarantined == 0
    assert world.statuses() == {}
    assert world.holdings() == before
    assert world.reader.profile_by_identifier("device_id", "reception-1").customer.id == before["crm:0"]


def test_a_new_model_of_the_same_data_keeps_every_id(embedded_world: World) -> None:
    before = embedded_world.start()
    summary = embedded_world.resolve(retrain=True)
    assert (summary.jitter, summary.changes) == (0.0, {})
    assert embedded_world.holdings() == before


@pytest.mark.parametrize("lost", [["derived"], ["models"], ["derived", "records", "models", "work"]])
def test_what_lies_beside_the_graph_can_be_lost(embedded_world: World, lost: list[str]) -> None:
    before = embedded_world.start()
    state = embedded_world.derived()
    for name in lost:
        shutil.rmtree(embedded_world.settings.data_dir / name, ignore_errors=True)
    summary = embedded_world.resolve()
    assert (summary.changes, summary.jitter) == ({}, 0.0)
    assert embedded_world.holdings() == before
    assert {one for one in embedded_world.derived() if one[0] != "Model"} == {one for one in state if one[0] != "Model"}


def test_the_order_of_arrival_changes_nothing(embedded_world: World) -> None:
    before = embedded_world.start()
    golden = embedded_world.customers()
    clear(embedded_world.graph)
    shutil.rmtree(embedded_world.settings.data_dir / "derived")
    sources = embedded_world.company.sources
    embedded_world.company.sources = {
        source: dict(reversed(rows.items())) for source, rows in reversed(sources.items())
    }
    assert embedded_world.start() == before
    assert embedded_world.customers() == golden


def test_each_membership_says_how_certain_it_is_and_a_stricter_run_lets_the_doubtful_go(
    embedded_world: World,
) -> None:
    embedded_world.start()
    rows = list(embedded_world.graph.stream("customers/export_records"))
    certainty = {row["record_key"]: row["certainty"] for row in rows}
    customers = embedded_world.customers()
    for row in rows:
        assert 0 <= customers[row["customer_id"]]["certainty"] <= certainty[row["record_key"]] <= 1
    embedded_world.resolve(minimum_certainty=1.0)
    alone = list(embedded_world.graph.stream("customers/export_records"))
    assert len({row["customer_id"] for row in alone}) > len(customers)
    embedded_world.resolve()
    assert list(embedded_world.graph.stream("customers/export_records")) == rows


def test_a_customer_whose_certainty_changes_is_written_again_though_its_records_stay(embedded_world: World) -> None:
    embedded_world.start()
    customer, (one, other) = next((name, keys) for name, keys in embedded_world.members().items() if len(keys) == 2)
    assert embedded_world.customers()[customer]["certainty"] < 1
    embedded_world.decide("d1", Verdict.MUST, one, other)
    summary = embedded_world.resolve()
    assert (summary.changes, summary.jitter) == ({}, 0.0)
    assert embedded_world.customers()[customer]["certainty"] == 1.0


def test_a_second_run_at_the_same_time_is_refused(embedded_world: World) -> None:
    embedded_world.load()
    refused: list[BaseException | None] = []

    class Another(SilentWatcher):
        def begin(self, stage: str, total: int | None) -> None:
            if stage == "Read records":
                with ThreadPoolExecutor(1) as other:
                    refused.append(other.submit(embedded_world.resolve).exception())

    resolve(embedded_world.graph, embedded_world.settings, None, Another())
    assert isinstance(refused[0], ConflictError)
    assert embedded_world.resolve().changes == {}


def test_nothing_to_resolve_is_said(embedded_world: World) -> None:
    with pytest.raises(NotFoundError, match="holds no records"):
        embedded_world.resolve()


@pytest.mark.parametrize("people", [1, 2])
def test_few_records_can_be_resolved(embedded_world: World, people: int) -> None:
    embedded_world.company.sources = {"crm": {}, "shop": {}}
    for number in range(people):
        embedded_world.company.add_person(number)
    embedded_world.load()
    assert embedded_world.resolve().records == len(embedded_world.holdings())


def test_a_contradiction_among_decisions_is_reported_and_harms_nobody_else(embedded_world: World) -> None:
    before = embedded_world.start()
    embedded_world.decide("d1", Verdict.MUST, "crm:1", "crm:2")
    embedded_world.decide("d2", Verdict.MUST, "crm:2", "crm:4")
    embedded_world.decide("d3", Verdict.CANNOT, "crm:1", "crm:4")
    summary = embedded_world.resolve()
    assert summary.conflicts == ("Earlier decisions say that the two are one person.",)
    after = embedded_world.holdings()
    assert after["crm:1"] == after["crm:2"] == after["crm:4"]
    others = [key for key in before if key.split(":")[1].split("-")[0] not in ("1", "2", "4")]
    assert {key: after[key] for key in others} == {key: before[key] for key in others}


def test_when_the_last_record_is_gone_its_customer_retires(embedded_world: World) -> None:
    embedded_world.company.sources = {"crm": {"1": {"id": "1", **_STRANGER}, "2": {"id": "2", **_STRANGER}}}
    before = embedded_world.start()
    with SeenKeys() as nothing:
        FactStore(embedded_world.graph, embedded_world.settings).delete_missing("crm", nothing)
    summary = embedded_world.resolve()
    assert (summary.records, summary.customers, summary.changes) == (0, 0, {"retired": len(set(before.values()))})
    assert embedded_world.holdings() == {}
    assert embedded_world.customers() == {}
