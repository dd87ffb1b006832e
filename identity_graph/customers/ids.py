"""Gives each group of records its customer id; the only place where clusters meet history.

Groups and the ids held so far come in; an id per group, the retired ids and the reasons go out. An id names a person,
not a group of rows: a merge keeps one id and retires the other, taking the merge back restores both, and an id once
given always leads to the customer that now holds most of what it last stood for.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from identity_graph.errors import ConflictError

__all__ = ["GroupId", "HeldId", "IdAssignment", "IdKind", "assign_ids", "jitter", "mint_id"]

_ID_LETTERS = 16


class IdKind(StrEnum):
    """How a group came by its id."""

    KEPT = "kept"
    RESTORED = "restored"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class HeldId:
    """A customer id given out earlier.

    Attributes:
        id: the customer id.
        records: keys of the records it stands for now, or stood for last when it is retired.
        since: when it was first given out (ISO-8601 UTC); the smaller is the elder.
        retired: a merge swallowed it.
        successor: the id that answers for it, when retired.
    """

    id: str
    records: frozenset[str]
    since: str
    retired: bool = False
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class GroupId:
    """The id of one group, and why.

    Attributes:
        id: the customer id.
        kind: kept, restored after a merge was taken back, or new.
        absorbed: ids that were active and are swallowed by this group now, ascending.
        came_from: other ids that some of its records carried until now and that did not end here, ascending.
    """

    id: str
    kind: IdKind
    absorbed: tuple[str, ...] = ()
    came_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IdAssignment:
    """Ids of all groups.

    Attributes:
        groups: one entry per group, in the order the groups came.
        retired: every held id that no group carries -> the id that answers for it; None when nothing of it is left.
    """

    groups: tuple[GroupId, ...]
    retired: Mapping[str, str | None] = field(default_factory=dict)


def assign_ids(
    groups: Sequence[tuple[str, ...]], held: Iterable[HeldId], mint: Callable[[tuple[str, ...]], str]
) -> IdAssignment:
    """Give each group an id: one it carries now, else the one it carried before a merge swallowed it, else a new one.

    Where several groups carry one id, it goes to the group with the larger share of its evidence; where one group
    carries several, it keeps the one with most of the group's records; ties go to the elder id and the group with the
    smaller first key. Records that a swallowed id brought along count as evidence of that id, not of the one that
    swallowed it, so that taking a merge back gives each side its own id again. A swallowed id comes back only to the
    group that holds most of what it last stood for.

    Args:
        groups: record keys of each group, ascending; every record in one group.
        held: ids given out earlier that stand or stood for any of these records; in any order.
        mint: makes a new id for a group, never one given out before.

    Returns:
        The assignment; it does not depend on the order of `held`, nor, but for its own order, on that of `groups`.

    Raises:
        ConflictError: `mint` gave an id that is taken.
    """
    group_of = {key: position for position, group in enumerate(groups) for key in group}
    ids = sorted(held, key=lambda one: (one.since, one.id))
    overlap = {one.id: Counter(group_of[key] for key in one.records if key in group_of) for one in ids}
    active = [one for one in ids if not one.retired]
    given = _match(active, overlap, _own_evidence(ids, overlap, group_of), groups)
    kinds = dict.fromkeys(given, IdKind.KEPT)
    for position, name in _restore(ids, overlap, given, groups).items():
        given[position], kinds[position] = name, IdKind.RESTORED
    taken = {one.id for one in ids}
    for position in sorted(set(range(len(groups))) - set(given), key=lambda one: groups[one]):
        name = mint(groups[position])
        if name in taken:
            raise ConflictError(f"The new customer id {name!r} is already taken.", ids=[name])
        taken.add(name)
        given[position], kinds[position] = name, IdKind.NEW
    retired = _successors(ids, overlap, given, groups)
    return IdAssignment(_reasons(active, overlap, given, kinds, retired), retired)


def mint_id(record_keys: Sequence[str], taken: Container[str]) -> str:
    """Make the id of a new customer from its smallest record key, salted until it is free.

    Args:
        record_keys: keys of the group, at least one.
        taken: ids given out before.

    Returns:
        `c` and 16 letters of the base32 alphabet in lower case (80 bits of a hash), the same for the same input.
    """
    smallest, salt = min(record_keys), 0
    while True:
        digest = hashlib.blake2b(f"{salt}\n{smallest}".encode(), digest_size=10).digest()
        name = "c" + base64.b32encode(digest).decode("ascii").lower()[:_ID_LETTERS]
        if name not in taken:
            return name
        salt += 1


def jitter(before: Mapping[str, str], after: Mapping[str, str]) -> float:
    """Return the share (0..1) of records known before and after whose customer id changed; 0 when there are none."""
    both = [after[key] != customer_id for key, customer_id in before.items() if key in after]
    return sum(both) / len(both) if both else 0.0


def _own_evidence(
    ids: Sequence[HeldId], overlap: Mapping[str, Counter[int]], group_of: Mapping[str, int]
) -> dict[str, Counter[int]]:
    """Count each active id's records per group, without those that ids it swallowed brought along."""
    by_id = {one.id: one for one in ids}
    brought: dict[str, set[str]] = defaultdict(set)
    for one in ids:
        end = _end_of_chain(one, by_id)
        if one.retired and end is not None and end in by_id:
            brought[end] |= one.records & by_id[end].records
    evidence = dict(overlap)
    for name, keys in brought.items():
        own = Counter(overlap[name])
        own.subtract(Counter(group_of[key] for key in keys if key in group_of))
        evidence[name] = own
    return evidence


def _end_of_chain(one: HeldId, by_id: Mapping[str, HeldId]) -> str | None:
    """Follow successors to the id that is not retired, or as far as is known."""
    seen = {one.id}
    name = one.successor
    while name is not None and name in by_id and by_id[name].retired and name not in seen:
        seen.add(name)
        name = by_id[name].successor
    return name


def _match(
    ids: Sequence[HeldId],
    overlap: Mapping[str, Counter[int]],
    evidence: Mapping[str, Counter[int]],
    groups: Sequence[tuple[str, ...]],
) -> dict[int, str]:
    """Match ids to groups so that no id and group both would rather have each other (group -> id).

    Source: deferred acceptance, Gale and Shapley (1962); preferences are strict, so the result is unique.
    """
    rank = {one.id: position for position, one in enumerate(ids)}
    wishes = {one.id: _best_last(overlap[one.id], evidence[one.id], groups) for one in ids}
    given: dict[int, str] = {}
    waiting = [one.id for one in reversed(ids)]
    while waiting:
        name = waiting.pop()
        if not wishes[name]:
            continue
        group = wishes[name].pop()
        rival = given.get(group)
        if rival is None:
            given[group] = name
        elif (-overlap[name][group], rank[name]) < (-overlap[rival][group], rank[rival]):
            given[group] = name
            waiting.append(rival)
        else:
            waiting.append(name)
    return given


def _best_last(shared: Counter[int], evidence: Counter[int], groups: Sequence[tuple[str, ...]]) -> list[int]:
    """Order the groups that hold records of one id, the one with the larger share of its evidence last."""
    return sorted(shared, key=lambda group: (-evidence[group], -shared[group], groups[group]), reverse=True)


def _restore(
    ids: Sequence[HeldId],
    overlap: Mapping[str, Counter[int]],
    given: Mapping[int, str],
    groups: Sequence[tuple[str, ...]],
) -> dict[int, str]:
    """Give groups without an id the swallowed one they hold most of; where several, the one with most records."""
    found: dict[int, str] = {}
    for one in ids:
        if not one.retired or not overlap[one.id]:
            continue
        best = max(overlap[one.id].values())
        free = [group for group, count in overlap[one.id].items() if count == best and group not in given]
        if not free:
            continue
        group = min(free, key=lambda position: groups[position])
        if group not in found or best > overlap[found[group]][group]:
            found[group] = one.id
    return found


def _successors(
    ids: Sequence[HeldId],
    overlap: Mapping[str, Counter[int]],
    given: Mapping[int, str],
    groups: Sequence[tuple[str, ...]],
) -> dict[str, str | None]:
    """Name who answers for each id that no group carries: the holder of most of its records."""
    carried = set(given.values())
    answers: dict[str, str | None] = {}
    for one in ids:
        if one.id in carried:
            continue
        if overlap[one.id]:
            group = min(overlap[one.id], key=lambda position: (-overlap[one.id][position], groups[position]))
            answers[one.id] = given[group]
        else:
            answers[one.id] = one.successor
    for name in answers:
        seen = {name}
        end = answers[name]
        while end is not None and end in answers and end not in seen:
            seen.add(end)
            end = answers[end]
        answers[name] = None if end in answers else end
    return answers


def _reasons(
    active: Sequence[HeldId],
    overlap: Mapping[str, Counter[int]],
    given: Mapping[int, str],
    kinds: Mapping[int, IdKind],
    retired: Mapping[str, str | None],
) -> tuple[GroupId, ...]:
    """Say of each group which ids it swallowed and from which it took records."""
    absorbed: dict[str, list[str]] = defaultdict(list)
    came_from: dict[int, list[str]] = defaultdict(list)
    for one in active:
        successor = retired.get(one.id)
        if successor is not None:
            absorbed[successor].append(one.id)
        for group in overlap[one.id]:
            if given[group] not in (one.id, successor):
                came_from[group].append(one.id)
    return tuple(
        GroupId(
            given[position],
            kinds[position],
            tuple(sorted(absorbed.get(given[position], ()))),
            tuple(sorted(came_from.get(position, ()))),
        )
        for position in range(len(given))
    )
