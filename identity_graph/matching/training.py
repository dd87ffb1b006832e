"""Train a matching model on a record table, without labels.

A preparation comes in; agreement of random and of candidate pairs, two rounds of estimation (the second with term
frequencies freed of same-person repeats), then the structure of the sources; a model artefact comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from identity_graph.matching.artefact import MatchModel, SourceStructure
from identity_graph.matching.blocking import unpack
from identity_graph.matching.comparison import Comparison
from identity_graph.matching.engine import compare_pairs, pair_table
from identity_graph.matching.estimation import (
    Estimate,
    Patterns,
    count_patterns,
    estimate,
    pattern_weights,
    stranger_shares,
)
from identity_graph.matching.frequencies import Frequencies, count_values, rarity_bits
from identity_graph.matching.model_builder import build_comparisons
from identity_graph.matching.options import MatchingOptions
from identity_graph.matching.preparation import Prepared
from identity_graph.matching.splink_model import neighbour_bits, splink_settings

__all__ = ["train"]

_SURE_ODDS = 100.0


@dataclass(frozen=True, slots=True)
class _Sample:
    """Candidate pairs used for training and the levels they reach."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    levels: NDArray[np.int8]
    scale: float


def train(prepared: Prepared) -> MatchModel:
    """Learn how to weigh two records of a table.

    Args:
        prepared: the table's preparation.

    Returns:
        The model; the same records, roles and options give the same bytes. With too few records to learn from, the
        defaults of each comparison stand.
    """
    features, roles, options = prepared.features, prepared.roles, prepared.options
    comparisons = build_comparisons(features, roles)
    frequencies = count_values(features, comparisons)
    observed = stranger_shares(_levels(prepared, comparisons, *_random_pairs(prepared.count, options)), comparisons)
    chosen, scale = _spread(prepared.candidates, options.sample_pairs)
    left, right = unpack(chosen)
    levels = _levels(prepared, comparisons, left, right)
    sample = _Sample(left, right, levels, scale)
    sources = np.asarray(features.column("source").combine_chunks().dictionary_encode().indices)
    names = features.column("source").combine_chunks().dictionary_encode().dictionary.to_pylist()
    estimated, same_person, structure = _learn(sample, observed, comparisons, frequencies, sources, names)
    return MatchModel(
        settings=splink_settings(comparisons, estimated),
        neighbours=neighbour_bits(comparisons, estimated),
        relatives={comparison.name: comparison.relatives for comparison in comparisons if comparison.relatives},
        contacts=tuple(comparison.name for comparison in comparisons if comparison.contact),
        taught={
            comparison.name: tuple(round(pairs, 1) for pairs in estimated.taught[place])
            for place, comparison in enumerate(comparisons)
        },
        roles={attribute: roles[attribute] for attribute in sorted(roles)},
        labels={comparison.name: comparison.label for comparison in comparisons},
        blocking=dict(prepared.blocking),
        columns=tuple(sorted({column for comparison in comparisons for column in comparison.columns})),
        vocabulary=prepared.vocabulary,
        structure=structure,
        frequencies={
            column: pa.table(
                {column: counted.values, f"tf_{column}": counted.among_strangers(same_person.get(column, 0.0))}
            )
            for column, counted in frequencies.items()
        },
        summary={
            "records": float(features.num_rows),
            "candidates": float(len(prepared.candidates)),
            "prior": estimated.prior,
            "neighbours": estimated.neighbours,
        },
    )


def _levels(
    prepared: Prepared, comparisons: Sequence[Comparison], left: NDArray[np.int32], right: NDArray[np.int32]
) -> NDArray[np.int8]:
    return compare_pairs(prepared.connection, prepared.features, comparisons, pair_table(left, right))


def _random_pairs(count: int, options: MatchingOptions) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Draw pairs of different rows; every pair once where there are few."""
    if count * (count - 1) // 2 <= options.sample_pairs:
        left, right = np.triu_indices(count, 1)
        return left.astype(np.int32), right.astype(np.int32)
    generator = np.random.default_rng(options.seed)
    left = generator.integers(0, count, options.sample_pairs)
    right = (left + generator.integers(1, count, options.sample_pairs)) % count
    return np.minimum(left, right).astype(np.int32), np.maximum(left, right).astype(np.int32)


def _spread(packed: NDArray[np.int64], limit: int) -> tuple[NDArray[np.int64], float]:
    """Take every n-th pair of a sorted list, and say how many pairs each stands for."""
    step = max(1, -(-len(packed) // limit))
    chosen = packed[::step]
    return chosen, len(packed) / max(len(chosen), 1)


def _learn(
    sample: _Sample,
    observed: Sequence[NDArray[np.float64]],
    comparisons: Sequence[Comparison],
    frequencies: Mapping[str, Frequencies],
    sources: NDArray[np.int32],
    names: Sequence[str],
) -> tuple[Estimate, dict[str, float], dict[str, SourceStructure]]:
    """Estimate twice: first as the values lie, then with same-person repeats and duplicate-free sources known."""
    count = len(sources)
    universe = max(count * (count - 1) / 2.0, 1.0)
    start = 0.5 / max(count - 1, 1)
    same_person: dict[str, float] = {}
    structure: dict[str, SourceStructure] = {}
    current = Estimate((), (), start)
    for _ in range(3):
        patterns = _patterns(sample, comparisons, frequencies, same_person)
        excluded = _inside_duplicate_free(sample, sources, names, structure)
        patterns = _without(patterns, excluded, sample.scale)
        current = estimate(patterns, observed, comparisons, universe, start)
        structure = _structure(sample, patterns, current, comparisons, sources, names)
        others = current.prior * (count - 1)
        same_person = _repeats(comparisons, current, others)
    settled = _with_average_frequencies(current, comparisons, frequencies, same_person)
    return settled, same_person, structure


def _patterns(
    sample: _Sample,
    comparisons: Sequence[Comparison],
    frequencies: Mapping[str, Frequencies],
    same_person: Mapping[str, float],
) -> Patterns:
    bits = rarity_bits(frequencies, same_person)
    rarity = np.zeros((len(sample.left), 2))
    for place, comparison in enumerate(comparisons):
        for level, claim in enumerate(comparison.levels):
            if claim.rarity is not None:
                reached = sample.levels[:, place] == level
                column = bits[claim.rarity]
                rarest = np.minimum(column[sample.left[reached]], column[sample.right[reached]])
                rarity[reached, 0 if comparison.personal else 1] += rarest
    return count_patterns(sample.levels, rarity, sample.scale)


def _inside_duplicate_free(
    sample: _Sample, sources: NDArray[np.int32], names: Sequence[str], structure: Mapping[str, SourceStructure]
) -> NDArray[np.bool_]:
    free = np.array([name in structure and structure[name].duplicate_free for name in names], dtype=bool)
    inside = sources[sample.left] == sources[sample.right]
    return np.asarray(inside & free[sources[sample.left]]) if len(names) else inside


def _without(patterns: Patterns, excluded: NDArray[np.bool_], scale: float) -> Patterns:
    counts = np.bincount(patterns.of_pair[~excluded], minlength=len(patterns.counts)).astype(np.float64) * scale
    return Patterns(patterns.levels, patterns.rarity, counts, patterns.of_pair)


def _repeats(comparisons: Sequence[Comparison], current: Estimate, others: float) -> dict[str, float]:
    """Expect how many other records of the person repeat a value, for each weighed column."""
    repeats: dict[str, float] = {}
    for place, comparison in enumerate(comparisons):
        for level, claim in enumerate(comparison.levels):
            if claim.rarity is not None:
                agreeing = others * sum(current.m[place][: level + 1])
                repeats[claim.rarity] = max(repeats.get(claim.rarity, 0.0), agreeing)
    return repeats


def _structure(
    sample: _Sample,
    patterns: Patterns,
    current: Estimate,
    comparisons: Sequence[Comparison],
    sources: NDArray[np.int32],
    names: Sequence[str],
) -> dict[str, SourceStructure]:
    """Find the sources that hold each person once: hardly any sure match inside, many across.

    Only sure matches are counted: pairs in doubt are few per record, but inside a large source they add up.
    """
    odds = np.exp2(np.clip(pattern_weights(patterns, current, comparisons), -200, 200))
    chance = (odds / (1.0 + odds))[patterns.of_pair] * sample.scale
    sure = np.where(odds[patterns.of_pair] > _SURE_ODDS, chance, 0.0)
    left, right = sources[sample.left], sources[sample.right]
    inside = left == right
    sizes = np.bincount(sources, minlength=len(names))

    def sums(of: NDArray[np.int32], among: NDArray[np.bool_], values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(of[among], weights=values[among], minlength=len(names)).astype(np.float64)

    within = sums(left, inside, sure)
    across = sums(left, ~inside, sure) + sums(right, ~inside, sure)
    expected = sums(left, inside, chance)
    found = {}
    for place, name in enumerate(names):
        few = within[place] <= 0.02 * sizes[place] and within[place] <= 0.1 * across[place]
        free = len(names) > 1 and sizes[place] >= 20 and across[place] >= 0.05 * sizes[place] and few
        found[str(name)] = SourceStructure(bool(free), int(sizes[place]), round(float(expected[place]), 3))
    return dict(sorted(found.items()))


def _with_average_frequencies(
    current: Estimate,
    comparisons: Sequence[Comparison],
    frequencies: Mapping[str, Frequencies],
    same_person: Mapping[str, float],
) -> Estimate:
    """Give each term-frequency level its average frequency as u: what a value never seen before is worth."""
    u = [list(shares) for shares in current.u]
    for place, comparison in enumerate(comparisons):
        for level, claim in enumerate(comparison.levels):
            if claim.rarity is not None:
                u[place][level] = frequencies[claim.rarity].average(same_person.get(claim.rarity, 0.0))
    return replace(current, u=tuple(tuple(shares) for shares in u))
