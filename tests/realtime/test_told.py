"""What the change feed tells: merges with what joined them, splits with both sides, values that changed, and why."""

from __future__ import annotations

from identity_graph.feed import ChangeFeed, CloudEvent, say_event
from identity_graph.model import Verdict
from tests.pipeline.company import holdings
from tests.realtime.world import Town, row

_ADA = {"given_name": "Ada", "family_name": "Lee", "birth_date": "1960-01-01"}
_BO = {"given_name": "Bo", "family_name": "Kaur", "birth_date": "1971-02-03"}


def _told(town: Town) -> dict[str, CloudEvent]:
    """Resolve what changed and return the events of it by type."""
    feed = ChangeFeed(town.graph)
    before = feed.bounds().last
    town.step()
    events = feed.page(before).events
    assert len({event.type for event in events}) == len(events)
    return {event.type: event for event in events}


def test_a_merge_names_both_sides_and_what_joined_them(town: Town) -> None:
    town.put(row("crm:1", **_ADA), row("web:1", held=("device_id:d1",)))
    town.step()
    before = holdings(town.graph)
    town.put(row("crm:1", held=("device_id:d1",), **_ADA))
    told = _told(town)
    merged = told["customer.merged"]
    assert merged.subject == merged.data["survivor"] == holdings(town.graph)["web:1"]
    (gone,) = set(before.values()) - {before["crm:0"], merged.subject}
    assert merged.data["absorbed"] == [{"id": gone, "records": [key for key in before if before[key] == gone]}]
    (edge,) = merged.data["edges"]
    assert (edge["left"], edge["right"], edge["kind"]) == ("crm:1", "web:1", "shared_identifier")
    assert edge["identifier"] == "device_id:d1" and edge["weight"] > 0
    assert (merged.data["decision_id"], merged.data["reason"]) == (None, "they share device_id:d1")
    assert told["customer.retired"].subject == gone and gone in say_event(merged)


def test_a_newcomer_between_two_customers_is_named_in_their_merge(embedded_town: Town) -> None:
    town = embedded_town
    town.put(row("crm:1", **_ADA), row("web:1", held=("device_id:d1",)))
    town.step()
    town.put(row("web:2", held=("device_id:d1",)), row("shop:1", held=("device_id:d1",), **_ADA))
    merged = _told(town)["customer.merged"]
    ends = [(edge["left"], edge["right"], edge["kind"]) for edge in merged.data["edges"]]
    # The second visitor leads to no customer, so it is no part of what joined the two.
    assert sorted(ends) == [("crm:1", "shop:1", "scored_pair"), ("shop:1", "web:1", "shared_identifier")]


def test_a_stewards_merge_names_the_decision_and_its_undoing_splits(town: Town) -> None:
    town.put(row("crm:1", **_ADA), row("crm:2", **_BO))
    town.step()
    before = holdings(town.graph)
    town.decide(Verdict.MUST, "crm:1", "crm:2")
    merged = _told(town)["customer.merged"]
    decided = town.decisions[0]
    assert merged.data["decision_id"] == decided and decided in merged.data["reason"]
    assert [(edge["kind"], edge["weight"]) for edge in merged.data["edges"]] == [("decision", None)]
    town.undo(0)
    told = _told(town)
    split = told["customer.split"]
    (moved,) = split.data["into"]
    assert split.data["from"] == split.subject == merged.data["survivor"]
    assert {split.subject: split.data["records"], moved["customer_id"]: moved["records"]} == {
        before[key]: [key] for key in ("crm:1", "crm:2")
    }
    assert told["customer.created"].data["restored"] and split.data["decision_id"] is None


def test_a_split_names_the_decision_that_parted_the_two(town: Town) -> None:
    town.put(row("crm:1", **_ADA, email="ada@mail.test"), row("shop:1", **_ADA, email="ada@mail.test"))
    town.step()
    assert len({holdings(town.graph)[key] for key in ("crm:1", "shop:1")}) == 1
    town.decide(Verdict.CANNOT, "crm:1", "shop:1")
    split = _told(town)["customer.split"]
    assert split.data["decision_id"] == town.decisions[0]


def test_other_values_are_told_without_a_record_moving(town: Town) -> None:
    town.put(row("crm:1", **_ADA, email="old@mail.test"))
    town.step()
    town.put(row("crm:1", **{**_ADA, "birth_date": "1960-01-02"}, email="old@mail.test", phone="+4930123456"))
    updated = _told(town)["customer.updated"]
    assert (updated.data["added"], updated.data["removed"]) == ([], [])
    assert updated.data["traits"] == {
        "birth_date": {"before": "1960-01-01", "after": "1960-01-02"},
        "phone": {"before": None, "after": "+4930123456"},
    }
    town.put(row("crm:1", minute=5, **{**_ADA, "birth_date": "1960-01-02"}, email="old@mail.test", phone="+4930123456"))
    assert _told(town) == {}, "the same values again are no change"
    assert town.batch().changes == {}


def test_identifiers_that_are_quarantined_and_released_are_told_once_by_steps_and_by_runs(town: Town) -> None:
    key = "email:all@mail.test"
    people = [
        row(f"crm:{number}", given_name=f"{name}a", family_name=f"{name}moss", birth_date=f"19{number}0-01-01",
            email="all@mail.test")
        for number, name in enumerate(("Ada", "Bo", "Cyd", "Dee"), start=1)
    ]  # fmt: skip
    town.put(*people[:2])
    town.step()
    town.put(people[2])
    quarantined = _told(town)["identifier.quarantined"]
    assert (quarantined.subject, quarantined.data["was"]) == (key, "active")
    assert quarantined.data["reason"] and say_event(quarantined) == quarantined.data["reason"]
    town.put(people[3])
    assert "identifier.quarantined" not in _told(town), "one person more changes the reason only"
    town.delete("crm:3")
    town.delete("crm:4")
    feed = ChangeFeed(town.graph)
    before = feed.bounds().last
    town.batch()
    (released,) = feed.page(before, types=["identifier.released"]).events
    assert (released.subject, released.data["status"], released.data["was"]) == (key, "active", "quarantined")


def test_decisions_are_told_with_who_said_what(town: Town) -> None:
    town.put(row("crm:1", **_ADA), row("crm:2", **_BO))
    feed = ChangeFeed(town.graph)
    before = feed.bounds().last
    town.decide(Verdict.CANNOT, "crm:2", "crm:1")
    town.undo(0)
    recorded, undone = feed.page(before).events
    assert (recorded.type, undone.type) == ("decision.recorded", "decision.undone")
    assert recorded.subject == undone.subject == town.decisions[0]
    said = {"verdict": "cannot", "left": "crm:1", "right": "crm:2", "author": "ana"}
    assert said.items() <= recorded.data.items() and said.items() <= undone.data.items()
    assert (recorded.data["reason"], undone.data["reason"]) == ("called", "was wrong")
