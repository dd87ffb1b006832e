"""What an id promises: it survives reruns, merges, splits and their undoing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.customers.ids import HeldId, IdAssignment, IdKind, assign_ids, jitter, mint_id
from identity_graph.errors import ConflictError

Groups = Sequence[tuple[str, ...]]


def minter(taken: set[str]) -> Callable[[tuple[str, ...]], str]:
    def mint(group: tuple[str, ...]) -> str:
        name = mint_id(group, taken)
        taken.add(name)
        return name

    return mint


class History:
    """Runs one after another, each seeing what the ones before left, as the graph does."""

    def __init__(self) -> None:
        self.held: dict[str, HeldId] = {}
        self.runs = 0

    def run(self, groups: Groups) -> IdAssignment:
        self.runs += 1
        assignment = assign_ids(groups, self.held.values(), minter(set(self.held)))
        for name, successor in assignment.retired.items():
            old = self.held[name]
            self.held[name] = HeldId(name, old.records, old.since, True, successor)
        for group, one in zip(groups, assignment.groups, strict=True):
            since = self.held[one.id].since if one.id in self.held else f"{self.runs:03}"
            self.held[one.id] = HeldId(one.id, frozenset(group), since)
        return assignment

    def ids(self, groups: Groups) -> list[str]:
        return [one.id for one in self.run(groups).groups]


def groups_of(labels: Sequence[int]) -> list[tuple[str, ...]]:
    """Groups of records r00, r01, ... by label."""
    found: dict[int, list[str]] = {}
    for record, label in enumerate(labels):
        found.setdefault(label, []).append(f"r{record:02}")
    return sorted(tuple(group) for group in found.values())


PARTITIONS = st.lists(st.integers(0, 5), min_size=9, max_size=9).map(groups_of)


@given(PARTITIONS)
def test_a_rerun_changes_nothing(groups: Groups) -> None:
    history = History()
    first = history.ids(groups)
    again = history.run(groups)
    assert [one.id for one in again.groups] == first
    assert {one.kind for one in again.groups} == {IdKind.KEPT}
    assert not again.retired


@given(PARTITIONS, st.data())
def test_taking_a_merge_back_restores_both_ids(groups: Groups, data: st.DataObject) -> None:
    history = History()
    before = history.ids(groups)
    if len(groups) < 2:
        return
    chosen = data.draw(st.sets(st.integers(0, len(groups) - 1), min_size=2))
    merged = tuple(sorted(key for position in chosen for key in groups[position]))
    rest = [group for position, group in enumerate(groups) if position not in chosen]
    after = history.ids([merged, *rest])
    assert after[0] in {before[position] for position in chosen}
    assert history.ids(groups) == before


@given(PARTITIONS, st.data())
def test_taking_merges_back_one_by_one_restores_all_ids(groups: Groups, data: st.DataObject) -> None:
    history = History()
    states: list[tuple[Groups, list[str]]] = [(groups, history.ids(groups))]
    while len(states[-1][0]) > 1 and data.draw(st.booleans()):
        left, right = data.draw(st.permutations(states[-1][0]))[:2]
        rest = [group for group in states[-1][0] if group not in (left, right)]
        merged = sorted([tuple(sorted(left + right)), *rest])
        states.append((merged, history.ids(merged)))
    for earlier, ids in reversed(states[:-1]):
        assert history.ids(earlier) == ids


@given(st.lists(PARTITIONS, min_size=1, max_size=6))
def test_no_two_groups_share_an_id_and_every_id_is_found(partitions: list[Groups]) -> None:
    history = History()
    for groups in partitions:
        assignment = history.run(groups)
        ids = [one.id for one in assignment.groups]
        assert len(set(ids)) == len(groups)
        for name, one in history.held.items():
            assert name in ids or one.successor in ids


@given(st.lists(PARTITIONS, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_order_of_groups_and_held_ids_does_not_matter(partitions: list[Groups], random: object) -> None:
    history = History()
    for groups in partitions[:-1]:
        history.run(groups)
    held, groups = list(history.held.values()), list(partitions[-1])
    expected = dict(zip(groups, assign_ids(groups, held, minter(set(history.held))).groups, strict=True))
    random.shuffle(held)  # type: ignore[attr-defined]
    random.shuffle(groups)  # type: ignore[attr-defined]
    assert dict(zip(groups, assign_ids(groups, held, minter(set(history.held))).groups, strict=True)) == expected


def test_a_split_leaves_the_id_with_the_larger_part() -> None:
    history = History()
    (before,) = history.ids([("a", "b", "c")])
    split = history.run([("a",), ("b", "c")])
    assert [one.id == before for one in split.groups] == [False, True]
    assert split.groups[0].kind is IdKind.NEW
    assert split.groups[0].came_from == (before,)


def test_a_merge_keeps_the_id_of_the_larger_part_and_the_elder_of_equals() -> None:
    held = [
        HeldId("young", frozenset({"a", "b"}), "2026-02"),
        HeldId("old", frozenset({"c", "d"}), "2026-01"),
        HeldId("small", frozenset({"e"}), "2025-01"),
    ]
    assignment = assign_ids([("a", "b", "c", "d", "e")], held, minter(set()))
    assert assignment.groups[0].id == "old"
    assert assignment.groups[0].absorbed == ("small", "young")
    assert assignment.retired == {"young": "old", "small": "old"}


def test_records_that_joined_since_do_not_turn_an_undone_merge_around() -> None:
    held = [
        HeldId("two", frozenset("abcdexy"), "2026-01"),
        HeldId("one", frozenset("ab"), "2026-01", retired=True, successor="two"),
    ]
    assignment = assign_ids([("a", "b", "x", "y"), ("c", "d", "e")], held, minter(set()))
    assert [(one.id, one.kind) for one in assignment.groups] == [("one", IdKind.RESTORED), ("two", IdKind.KEPT)]


def test_a_retired_id_answers_with_the_customer_that_holds_most_of_its_records_now() -> None:
    held = [
        HeldId("big", frozenset("abcde"), "2026-01"),
        HeldId("other", frozenset("fghi"), "2026-01"),
        HeldId("gone", frozenset("cd"), "2026-01", retired=True, successor="big"),
    ]
    assignment = assign_ids([("a", "b", "e"), ("c", "d", "f", "g", "h", "i")], held, minter(set()))
    assert assignment.retired == {"gone": "other"}


def test_an_id_whose_records_are_all_deleted_has_no_successor() -> None:
    assert assign_ids([], [HeldId("c1", frozenset({"a"}), "2026")], minter(set())).retired == {"c1": None}


def test_a_new_id_is_short_stable_and_free() -> None:
    first = mint_id(["crm:2", "crm:1"], ())
    assert re.fullmatch(r"c[a-z2-7]{16}", first)
    assert mint_id(["crm:1"], ()) == first
    assert mint_id(["crm:1"], {first}) != first


def test_a_taken_id_is_refused() -> None:
    with pytest.raises(ConflictError, match="taken"):
        assign_ids([("a",), ("b",)], [], lambda group: "c1")


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [({}, {}, 0.0), ({"a": "1", "b": "1"}, {"a": "1", "b": "2", "c": "3"}, 0.5), ({"a": "1"}, {"b": "2"}, 0.0)],
)
def test_jitter_is_the_share_of_records_with_another_id(
    before: dict[str, str], after: dict[str, str], share: float
) -> None:
    assert jitter(before, after) == share
