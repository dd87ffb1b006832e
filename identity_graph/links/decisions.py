"""Turns stewards' decisions into constraints, in the order in which they were taken, and aliases after them.

A later decision that contradicts earlier ones is reported and not followed; whoever takes decisions should refuse it
before it is stored. An alias against them is reported and not followed either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.links.types import AliasConflict, DecisionConflict, Rows, empty_pairs
from identity_graph.model import Decision, Verdict

__all__ = ["Followed", "follow"]


@dataclass(frozen=True, slots=True)
class Followed:
    """What stewards and aliases say.

    Attributes:
        must: rows of must pairs (n x 2, left < right, ascending).
        cannot: rows of cannot pairs, in the same form.
        aliases: rows of aliases that are followed, in the same form; none of them among the musts.
        conflicts: decisions by time, then aliases by rows, that contradict earlier decisions.
    """

    must: Rows
    cannot: Rows
    aliases: Rows
    conflicts: tuple[DecisionConflict | AliasConflict, ...]


def follow(keys: Any, decisions: Iterable[Decision], aliases: Rows | None = None) -> Followed:
    """Follow decisions in order of time, then aliases, as far as they do not contradict.

    Args:
        keys: record keys, ascending (Arrow text array); decisions about other records are passed over.
        decisions: in any order; undone and undecided ones are passed over.
        aliases: rows that aliases tie (n x 2, left < right, ascending); None is none.
    """
    active = sorted(
        (one for one in decisions if one.undone_by is None and one.verdict is not Verdict.UNDECIDED),
        key=lambda one: (one.at, one.id),
    )
    rows = _rows(keys, active)
    leader: dict[int, int] = {}
    apart: dict[int, set[int]] = {}
    must: set[tuple[int, int]] = set()
    cannot: set[tuple[int, int]] = set()
    conflicts: list[DecisionConflict | AliasConflict] = []
    for decision in active:
        if decision.left not in rows or decision.right not in rows:
            continue
        pair = (min(rows[decision.left], rows[decision.right]), max(rows[decision.left], rows[decision.right]))
        one, other = _leader(leader, pair[0]), _leader(leader, pair[1])
        if decision.verdict is Verdict.CANNOT:
            if one == other:
                conflicts.append(DecisionConflict(decision, "Earlier decisions say that the two are one person."))
                continue
            apart.setdefault(one, set()).add(other)
            apart.setdefault(other, set()).add(one)
            cannot.add(pair)
        elif other in apart.get(one, ()):
            conflicts.append(DecisionConflict(decision, "Earlier decisions say that the two are different people."))
        else:
            _join(leader, apart, one, other)
            must.add(pair)
    tied: set[tuple[int, int]] = set()
    for left, right in [] if aliases is None else aliases.tolist():
        one, other = _leader(leader, left), _leader(leader, right)
        if other in apart.get(one, ()):
            reason = "A steward says that the two users of this alias are different people."
            conflicts.append(AliasConflict(keys[left].as_py(), keys[right].as_py(), reason))
        elif (left, right) not in must:
            _join(leader, apart, one, other)
            tied.add((left, right))
    return Followed(_pairs(must), _pairs(cannot), _pairs(tied), tuple(conflicts))


def _rows(keys: Any, decisions: Iterable[Decision]) -> Mapping[str, int]:
    wanted = sorted({key for decision in decisions for key in (decision.left, decision.right)})
    found = pc.index_in(pa.array(wanted, pa.string()), value_set=keys).to_pylist()
    return {key: row for key, row in zip(wanted, found, strict=True) if row is not None}


def _leader(leader: dict[int, int], row: int) -> int:
    while leader.get(row, row) != row:
        row = leader[row]
    return row


def _join(leader: dict[int, int], apart: dict[int, set[int]], one: int, other: int) -> None:
    """Let two groups become one that stays apart from whatever either stayed apart from."""
    if one == other:
        return
    leader[max(one, other)] = keep = min(one, other)
    for foe in apart.pop(max(one, other), set()):
        apart[foe].discard(max(one, other))
        apart[foe].add(keep)
        apart.setdefault(keep, set()).add(foe)


def _pairs(pairs: set[tuple[int, int]]) -> Rows:
    return np.array(sorted(pairs), dtype=np.int32) if pairs else empty_pairs()
