"""Train a matching model on a record table; labels help where there are any, and are never needed.

A preparation comes in; agreement of random and of candidate pairs, two rounds of estimation (the second with term
frequencies freed of same-person repeats), then the structure of the sources; a model artefact comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from identity_graph.matching.artefact import MatchModel, SourceStructure
from identity_graph.matching.bounds import learn_bounds
from identity_graph.matching.comparison import Comparison
from identity_graph.matching.estimation import (
    Estimate,
    Patterns,
    count_patterns,
    estimate,
    pattern_weights,
    stranger_shares,
)
from identity_graph.matching.frequencies import ONCE, Frequencies, Repeats, count_values, rarity_bits
from identity_graph.matching.labels import Labels
from identity_graph.matching.model_builder import build_comparisons
from identity_graph.matching.preparation import Prepared
from identity_graph.matching.sampling import Sample, candidate_sample, random_levels
from identity_graph.matching.splink_model import neighbour_bits, splink_settings

__all__ = ["train"]

_SURE_ODDS = 100.0
_LIKELIEST_START = 0.02
"""First guess of the prior in a handful of records: two of them are not one person for want of others."""


def train(prepared: Prepared, labels: Labels | None = None) -> MatchModel:
    """Learn how to weigh two records of a table.

    Args:
        prepared: the table's preparation.
        labels: what people know about pairs of its records; None is nothing.

    Returns:
        The model; the same records, roles, options and labels give the same bytes. With too few records to learn from,
        the defaults of each comparison stand.
    """
    features, roles = prepared.features, prepared.roles
    comparisons = build_comparisons(features, roles)
    frequencies = count_values(features, comparisons)
    observed = stranger_shares(random_levels(prepared, comparisons), comparisons)
    sample = candidate_sample(prepared, comparisons, labels)
    sources = np.asarray(features.column("source").combine_chunks().dictionary_encode().indices)
    names = features.column("source").combine_chunks().dictionary_encode().dictionary.to_pylist()
    estimated, repeats, structure = _learn(sample, observed, comparisons, frequencies, sources, names)
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
                {column: counted.values, f"tf_{column}": counted.among_strangers(repeats.get(column, ONCE))}
            )
            for column, counted in frequencies.items()
        },
        summary={
            "records": float(features.num_rows),
            "candidates": float(len(prepared.candidates)),
            "prior": estimated.prior,
            "neighbours": estimated.neighbours,
            **_label_counts(sample),
        },
    )


def _label_counts(sample: Sample) -> dict[str, float]:
    """Count the labelled pairs, if there are any."""
    said = {"labels matching": sample.told > 0, "labels differing": sample.told < 0}
    return {name: float(sample.counts[pairs].sum()) for name, pairs in said.items() if pairs.any()}


def _learn(
    sample: Sample,
    observed: Sequence[NDArray[np.float64]],
    comparisons: Sequence[Comparison],
    frequencies: Mapping[str, Frequencies],
    sources: NDArray[np.int32],
    names: Sequence[str],
) -> tuple[Estimate, dict[str, Repeats], dict[str, SourceStructure]]:
    """Estimate as the values lie, then with same-person repeats and duplicate-free sources known, then with labels."""
    count = len(sources)
    universe = max(count * (count - 1) / 2.0, 1.0)
    start = min(0.5 / max(count - 1, 1), _LIKELIEST_START)
    repeats: dict[str, Repeats] = {}
    structure: dict[str, SourceStructure] = {}
    current = Estimate((), (), start)
    across = sources[sample.left] != sources[sample.right]
    bounds = learn_bounds(sample.levels, sample.counts, across | (len(names) < 2), comparisons)
    silent = replace(sample, told=np.zeros(len(sample.told)))
    # Labels refine what the data say by themselves: started from there, a few of them cannot lead elsewhere.
    for told in (silent, silent, silent, *([sample] if sample.told.any() else [])):
        patterns = _patterns(told, comparisons, frequencies, repeats)
        excluded = _inside_duplicate_free(told, sources, names, structure)
        patterns = _without(patterns, told, excluded)
        before = current if told is sample else None
        current = estimate(patterns, observed, comparisons, universe, start, before, bounds)
        structure = _structure(told, patterns, current, comparisons, sources, names)
        others = current.prior * (count - 1)
        repeats = _repeats(comparisons, current, patterns, others)
    settled = _with_average_frequencies(current, comparisons, frequencies, repeats)
    return settled, repeats, structure


def _patterns(
    sample: Sample,
    comparisons: Sequence[Comparison],
    frequencies: Mapping[str, Frequencies],
    repeats: Mapping[str, Repeats],
) -> Patterns:
    bits = rarity_bits(frequencies, repeats)
    rarity = np.zeros((len(sample.left), 2))
    for place, comparison in enumerate(comparisons):
        for level, claim in enumerate(comparison.levels):
            if claim.rarity is not None:
                reached = sample.levels[:, place] == level
                column = bits[claim.rarity]
                rarest = np.minimum(column[sample.left[reached]], column[sample.right[reached]])
                rarity[reached, 0 if comparison.personal else 1] += rarest
    return count_patterns(sample.levels, rarity, sample.counts, sample.told)


def _inside_duplicate_free(
    sample: Sample, sources: NDArray[np.int32], names: Sequence[str], structure: Mapping[str, SourceStructure]
) -> NDArray[np.bool_]:
    free = np.array([name in structure and structure[name].duplicate_free for name in names], dtype=bool)
    inside = sources[sample.left] == sources[sample.right]
    unlabelled = sample.told == 0
    return np.asarray(inside & unlabelled & free[sources[sample.left]]) if len(names) else inside


def _without(patterns: Patterns, sample: Sample, excluded: NDArray[np.bool_]) -> Patterns:
    kept = np.where(excluded, 0.0, sample.counts)
    counts = np.bincount(patterns.of_pair, weights=kept, minlength=len(patterns.counts)).astype(np.float64)
    return replace(patterns, counts=counts)


def _repeats(
    comparisons: Sequence[Comparison], current: Estimate, patterns: Patterns, others: float
) -> dict[str, Repeats]:
    """Expect how the records of one person repeat the values of each weighed column.

    What is issued to somebody is shared because it is one person's, so of a contact or an identifier only the share
    of the sharing that is not explained by that counts as strangers'.
    """
    repeats: dict[str, Repeats] = {}
    for place, comparison in enumerate(comparisons):
        for level, claim in enumerate(comparison.levels):
            if claim.rarity is None:
                continue
            share = 0.0
            if (comparison.contact or comparison.proof) and current.taught:
                reached = float(patterns.counts[patterns.levels[:, place] == level].sum())
                share = min(current.taught[place][level] / reached, 1.0) if reached else 0.0
            agreeing = others * sum(current.m[place][: level + 1])
            before = repeats.get(claim.rarity, ONCE)
            repeats[claim.rarity] = Repeats(max(before.others, agreeing), max(before.share, share))
    return repeats


def _structure(
    sample: Sample,
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
    chance = (odds / (1.0 + odds))[patterns.of_pair] * sample.counts
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
    repeats: Mapping[str, Repeats],
) -> Estimate:
    """Give each term-frequency level its average frequency as u: what a value never seen before is worth."""
    u = [list(shares) for shares in current.u]
    for place, comparison in enumerate(comparisons):
        for level, claim in enumerate(comparison.levels):
            if claim.rarity is not None:
                u[place][level] = frequencies[claim.rarity].average(repeats.get(claim.rarity, ONCE))
    return replace(current, u=tuple(tuple(shares) for shares in u))
