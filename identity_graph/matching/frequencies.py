"""How common each value is among strangers: the term frequencies behind "a rare name says more".

A value shared by the several records of one person looks commoner than it is, so the records expected to be the same
person are taken off; a small table says little, so frequencies lean towards a default there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from identity_graph.matching.comparison import Comparison
from identity_graph.tables import Table

__all__ = ["ONCE", "Frequencies", "Repeats", "count_values", "rarity_bits"]

_LEAN = 200.0
"""Records' worth of belief in the default frequency."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """How the records of one person repeat a value.

    Attributes:
        others: other records of a person expected to repeat it, 0 or more.
        share: of two records that share a value, how often they are one person, 0..1; 0 where values are shared by
            chance, as names are.
    """

    others: float = 0.0
    share: float = 0.0


ONCE = Repeats()
"""No record repeats another."""


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Values of one feature column seen at least twice, with how often.

    Attributes:
        values: the distinct values, sorted.
        counts: records with each value.
        codes: for each record of the table the position of its value; -1 for a value seen once or none.
        present: records with any value.
        default: how often strangers agree where the data say nothing, 0..1.
    """

    values: pa.Array
    counts: NDArray[np.int64]
    codes: NDArray[np.int64]
    present: int
    default: float

    def among_strangers(self, repeats: Repeats) -> NDArray[np.float64]:
        """Return the share of strangers with each value, without the records that are expected to repeat it."""
        others = self.counts - 1
        counts = np.maximum(others - repeats.others, 0.5)
        if repeats.share:
            counts = np.minimum(counts, others * (1.0 - repeats.share))
        return np.asarray((counts + _LEAN * self.default) / (self.present + _LEAN), dtype=np.float64)

    def average(self, repeats: Repeats) -> float:
        """Return how often two strangers agree exactly, over all values."""
        if self.present == 0:
            return self.default
        agreeing = float((self.counts * self.among_strangers(repeats)).sum())
        alone = (self.present - int(self.counts.sum())) * self.default * _LEAN / (self.present + _LEAN)
        return min(max((agreeing + alone) / self.present, 1e-9), 0.95)


def count_values(features: Table, comparisons: Sequence[Comparison]) -> dict[str, Frequencies]:
    """Count the values of every column that some level weighs by rarity."""
    wanted = {level.rarity: level.default_u for c in comparisons for level in c.levels if level.rarity}
    counted: dict[str, Frequencies] = {}
    for column, default in sorted(wanted.items()):
        encoded = features.column(column).combine_chunks().dictionary_encode()
        indices = np.asarray(pc.fill_null(encoded.indices, -1)).astype(np.int64)
        counts = np.bincount(indices[indices >= 0], minlength=len(encoded.dictionary))
        repeated = np.flatnonzero(counts > 1)
        values = encoded.dictionary.take(pa.array(repeated))
        order = np.asarray(pc.sort_indices(values)).astype(np.int64)
        place = np.full(len(counts) + 1, -1, dtype=np.int64)
        place[repeated[order]] = np.arange(len(order))
        counted[column] = Frequencies(
            values.take(pa.array(order)), counts[repeated[order]], place[indices], int((indices >= 0).sum()), default
        )
    return counted


def rarity_bits(
    frequencies: Mapping[str, Frequencies], repeats: Mapping[str, Repeats]
) -> dict[str, NDArray[np.float64]]:
    """Return for each column and record -log2 of its value's share among strangers (0 where it is seen once)."""
    bits: dict[str, NDArray[np.float64]] = {}
    for column, counted in frequencies.items():
        shares = -np.log2(counted.among_strangers(repeats.get(column, ONCE)))
        bits[column] = np.concatenate((shares, [0.0]))[counted.codes]
    return bits
