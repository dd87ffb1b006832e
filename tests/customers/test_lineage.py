"""What the lineage says after merges, splits, growth and loss."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from identity_graph.customers.ids import HeldId, assign_ids
from identity_graph.customers.lineage import CustomerChange, answered_by_others, lineage_changes
from identity_graph.model import ChangeKind


def changes(former: dict[str, str], *groups: str, retired: tuple[HeldId, ...] = ()) -> tuple[CustomerChange, ...]:
    """Changes when customers of one-letter records become `groups`; a new id is N and its first record."""
    members: dict[str, set[str]] = {}
    for key, name in former.items():
        members.setdefault(name, set()).add(key)
    held = [HeldId(name, frozenset(keys), "2026") for name, keys in members.items()]
    split = [tuple(sorted(group)) for group in groups]
    return lineage_changes(former, split, assign_ids(split, [*held, *retired], lambda group: f"N{group[0]}"))


def short(found: tuple[CustomerChange, ...]) -> list[tuple[str, str]]:
    return [(change.kind.value, change.customer_id) for change in found]


def test_a_new_customer_is_created() -> None:
    (created,) = changes({}, "ab")
    assert (created.customer_id, created.data) == ("Na", {"records": ["a", "b"], "restored": False})


def test_nothing_is_said_of_a_customer_whose_records_stay() -> None:
    assert changes({"a": "1", "b": "1"}, "ab") == ()


def test_records_that_come_and_go_update_a_customer() -> None:
    (updated,) = changes({"a": "1", "b": "1"}, "ac")
    assert (updated.customer_id, updated.data) == ("1", {"added": ["c"], "removed": ["b"]})


def test_a_merge_names_survivor_and_absorbed_and_retires_the_absorbed() -> None:
    merged, retired = changes({"a": "1", "b": "1", "c": "2"}, "abc")
    assert merged.data == {"survivor": "1", "absorbed": [{"id": "2", "records": ["c"]}]}
    assert (retired.customer_id, retired.data) == ("2", {"successor": "1", "records": ["c"]})


def test_a_split_names_the_parts() -> None:
    created, split = changes({"a": "1", "b": "1", "c": "1"}, "ab", "c")
    assert (created.customer_id, created.data) == ("Nc", {"records": ["c"], "restored": False})
    assert split.data == {"from": "1", "into": [{"id": "Nc", "records": ["c"]}], "records": ["a", "b"]}


def test_an_undone_merge_is_a_split_that_restores() -> None:
    gone = HeldId("2", frozenset("c"), "2026", retired=True, successor="1")
    found = changes({"a": "1", "b": "1", "c": "1"}, "ab", "c", retired=(gone,))
    assert short(found) == [("created", "2"), ("split", "1")]
    assert found[0].data["restored"] is True


def test_a_customer_without_records_is_retired_without_successor() -> None:
    (retired,) = changes({"a": "1"})
    assert retired.data == {"successor": None, "records": ["a"]}


LABELS = st.lists(st.integers(0, 3), min_size=7, max_size=7)


@given(LABELS, LABELS)
def test_every_customer_that_ends_is_retired_once_and_every_move_is_told(before: list[int], after: list[int]) -> None:
    former = {letter: f"c{label}" for letter, label in zip("abcdefg", before, strict=True)}
    groups: dict[int, str] = {}
    for letter, label in zip("abcdefg", after, strict=True):
        groups[label] = groups.get(label, "") + letter
    found = changes(former, *groups.values())
    assert found == changes(former, *reversed(groups.values()))
    json.dumps([dict(change.data) for change in found])
    left = {change.customer_id: set(change.data["records"]) for change in found if change.kind is ChangeKind.RETIRED}
    split = {change.customer_id: change.data for change in found if change.kind is ChangeKind.SPLIT}
    for name in set(former.values()):
        homes = {label for letter, label in zip("abcdefg", after, strict=True) if former[letter] == name}
        assert (name in split) == (len(homes) > 1)
    for name, data in split.items():
        parts = [set(data["records"]), *(set(part["records"]) for part in data["into"])]
        assert sorted(key for part in parts for key in part) == sorted(key for key in former if former[key] == name)
    assert all(keys == {key for key in former if former[key] == name} for name, keys in left.items())


def test_an_earlier_id_is_told_again_when_another_customer_answers_for_it() -> None:
    gone = HeldId("2", frozenset("b"), "2026", retired=True, successor="1")
    held = [HeldId("1", frozenset("ab"), "2026"), HeldId("3", frozenset("cde"), "2026"), gone]

    def told(*groups: str) -> list[tuple[ChangeKind, str, object]]:
        split = [tuple(group) for group in groups]
        found = answered_by_others(held, assign_ids(split, held, lambda group: f"N{group[0]}"))
        return [(one.kind, one.customer_id, one.data) for one in found]

    assert told("a", "bcde") == [(ChangeKind.RETIRED, "2", {"successor": "3", "records": ["b"]})]
    assert told("abcde") == []  # that 1 ends says it
    assert told("ab", "cde") == []
