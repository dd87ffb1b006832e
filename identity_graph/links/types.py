"""What link making hands to clustering: links with their weights, and the constraints no cluster may break.

Rows are positions in the record table sorted by key, so the same number means the same record in every stage.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from identity_graph.model import Decision

__all__ = [
    "AliasConflict", "Bits", "Codes", "Constraints", "DecisionConflict", "Flags", "LinkKind", "LinkSet", "Links",
    "Rows", "Standing", "ascending", "empty_pairs",
]  # fmt: skip

Rows: TypeAlias = npt.NDArray[np.int32]
Codes: TypeAlias = npt.NDArray[np.int64]
Bits: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]


class LinkKind(IntFlag):
    """Where the weight of a link comes from; both when a scored pair also shares a proof the model does not see."""

    MATCH = 1
    IDENTIFIER = 2


def ascending(values: Codes) -> Codes:
    """Return the distinct values, ascending; on millions of numbers sorting is far quicker than NumPy's hashing."""
    ordered = np.sort(values)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if len(ordered) else ordered


def empty_pairs() -> Rows:
    """Return no pairs, in the shape of `Constraints.must`."""
    return np.empty((0, 2), dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Links:
    """Reasons for and against two records being one person.

    Attributes:
        left: row; below `right`.
        right: row. Each pair once, ascending by (left, right).
        weight: match weight in bits, positive for, negative against.
        kind: LinkKind of each link.
        people: per record row, whether it says who somebody is; a cookie does not. None means all do.
    """

    left: Rows
    right: Rows
    weight: Bits
    kind: npt.NDArray[np.uint8]
    people: Flags | None = None

    def where(self, wanted: Flags) -> Links:
        """Keep some links."""
        return Links(self.left[wanted], self.right[wanted], self.weight[wanted], self.kind[wanted], self.people)


@dataclass(frozen=True, slots=True)
class Constraints:
    """What holds whatever the weights say.

    Attributes:
        must: n x 2 rows that stay together.
        cannot: n x 2 rows that never meet in one cluster.
        exclusive: one array per unique namespace: the code of each record's value, -1 for none. Two codes never
            meet in one cluster, unless a must joins them; then the two codes count as one.
        single_sources: the code (0..62) of each record's source when that source holds every person once, -1
            otherwise; None when no source does. Two records of one such source meet only through a must.
    """

    must: Rows = field(default_factory=empty_pairs)
    cannot: Rows = field(default_factory=empty_pairs)
    exclusive: tuple[Codes, ...] = ()
    single_sources: Codes | None = None


@dataclass(frozen=True, slots=True)
class DecisionConflict:
    """A steward's decision that contradicts earlier ones and is therefore not followed.

    Attributes:
        decision: the later decision.
        reason: one sentence.
    """

    decision: Decision
    reason: str


@dataclass(frozen=True, slots=True)
class AliasConflict:
    """An alias that stewards' decisions contradict and that is therefore not followed.

    Attributes:
        left: record key; below `right`.
        right: record key.
        reason: one sentence.
    """

    left: str
    right: str
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far records are trusted, where some are of a source whose keys are public.

    Attributes:
        public: per record, whether it is of such a source.
        known: per record, whether it says who somebody is or carries an identifier that is given to a person.
        aliases: n x 2 rows that aliases of public sources tie; followed only where no two known customers meet.
    """

    public: Flags
    known: Flags
    aliases: Rows = field(default_factory=empty_pairs)


@dataclass(frozen=True, slots=True)
class LinkSet:
    """All links of a record table, and what holds whatever they say.

    Attributes:
        links: reasons for and against.
        constraints: what holds; its musts are those of stewards, then those of aliases.
        conflicts: decisions and aliases that could not be followed.
        aliases: how many of the musts are aliases.
        standing: how far records are trusted; None when all are.
    """

    links: Links
    constraints: Constraints
    conflicts: tuple[DecisionConflict | AliasConflict, ...] = ()
    aliases: int = 0
    standing: Standing | None = None
