"""What a model holds, in the words and numbers people ask for.

A MatchModel comes in, a ModelDescription goes out: roles, comparisons with their levels in bits, what taught them, the
most and least telling values, the sources. Charts, pages, tables and JSON are made of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from identity_graph.matching import DEFAULT_PAIRS, FEATURES_VERSION, MatchModel
from identity_graph.normalise import NORMALISER_VERSION
from identity_graph.tables import Table

__all__ = [
    "ComparisonDescription", "LevelDescription", "ModelDescription", "SourceDescription", "TellingValue",
    "ValuesDescription", "describe_model",
]  # fmt: skip

_SHOWN_VALUES = 5


@dataclass(frozen=True, slots=True)
class LevelDescription:
    """One claim of a comparison and what it is worth.

    Attributes:
        label: the claim in words.
        m: how often records of one person satisfy it, 0..1.
        u: how often strangers do, 0..1; where values are weighed by rarity, on average.
        bits: log2(m / u): for one person when positive, against when negative.
        lowest_bits, highest_bits: the same for the commonest and the rarest value; equal to `bits` for others.
        by_rarity: feature column whose rarity counts; None when every value counts alike.
        pairs: pairs of one person, as expected, that taught m.
    """

    label: str
    m: float
    u: float
    bits: float
    lowest_bits: float
    highest_bits: float
    by_rarity: str | None
    pairs: float


@dataclass(frozen=True, slots=True)
class ComparisonDescription:
    """One aspect.

    Attributes:
        name: its name in evidence.
        label: in words.
        levels: strongest claim first, "differs" last.
        pairs: pairs of one person, as expected, that taught it.
        learnt: share of its m that the data taught, 0..1; the rest is the default.
    """

    name: str
    label: str
    levels: tuple[LevelDescription, ...]
    pairs: float
    learnt: float


@dataclass(frozen=True, slots=True)
class TellingValue:
    """A value and what it is worth when two records share it: share among strangers (0..1), and bits."""

    value: str
    share: float
    bits: float


@dataclass(frozen=True, slots=True)
class ValuesDescription:
    """The values of a feature column that are weighed by rarity.

    Attributes:
        column: feature column.
        values: how many values have a weight of their own (those seen at least twice).
        most_telling, least_telling: rarest and commonest values, at most five each, the extreme first.
    """

    column: str
    values: int
    most_telling: tuple[TellingValue, ...]
    least_telling: tuple[TellingValue, ...]


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """What was learnt about a source.

    Attributes:
        name: the source.
        records: its records in training.
        duplicate_free: it holds each person once, as far as the data tell.
        expected_duplicates: matches expected inside it.
    """

    name: str
    records: int
    duplicate_free: bool
    expected_duplicates: float


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """A whole model.

    Attributes:
        version: hash of its content.
        features, normaliser: versions of the feature and normalising code it belongs to.
        prior: chance that two random records are one person.
        prior_bits: the same as log2 odds.
        training: figures of the training (records, candidates, labels, ...).
        thresholds: bits the run that trained it worked with.
        roles: attribute -> role.
        comparisons: in evidence order.
        values: what rarity says, by column.
        sources: by name.
        relatives: comparison -> how often two people of one household agree on it, 0..1.
        blocking: rule that finds candidates -> the most records that may share a key of it.
    """

    version: str
    features: str
    normaliser: str
    prior: float
    prior_bits: float
    training: Mapping[str, float]
    thresholds: Mapping[str, float]
    roles: Mapping[str, str]
    comparisons: tuple[ComparisonDescription, ...]
    values: tuple[ValuesDescription, ...]
    sources: tuple[SourceDescription, ...]
    relatives: Mapping[str, float]
    blocking: Mapping[str, int]


def describe_model(model: MatchModel) -> ModelDescription:
    """Say what a model holds."""
    written = {one["output_column_name"]: one["comparison_levels"] for one in model.settings["comparisons"]}
    comparisons = tuple(_comparison(name, model, written[name]) for name in model.comparisons)
    return ModelDescription(
        version=model.version,
        features=FEATURES_VERSION,
        normaliser=NORMALISER_VERSION,
        prior=model.prior,
        prior_bits=math.log2(model.prior / (1.0 - model.prior)),
        training=dict(model.summary),
        thresholds=dict(model.thresholds),
        roles={attribute: role.value for attribute, role in model.roles.items()},
        comparisons=comparisons,
        values=tuple(_values(column, table, comparisons) for column, table in sorted(model.frequencies.items())),
        sources=tuple(
            SourceDescription(name, found.records, found.duplicate_free, found.expected_duplicates)
            for name, found in sorted(model.structure.items())
        ),
        relatives=dict(model.relatives),
        blocking=dict(model.blocking),
    )


def _comparison(name: str, model: MatchModel, written: Sequence[Mapping[str, Any]]) -> ComparisonDescription:
    levels = [level for level in written if not level.get("is_null_level")]
    taught = model.taught[name]
    pairs = sum(taught)
    described = tuple(_level(level, reached, model) for level, reached in zip(levels, taught, strict=True))
    return ComparisonDescription(name, model.labels[name], described, pairs, pairs / (pairs + DEFAULT_PAIRS))


def _level(level: Mapping[str, Any], pairs: float, model: MatchModel) -> LevelDescription:
    m, u = float(level["m_probability"]), float(level["u_probability"])
    column = level.get("tf_adjustment_column")
    shares = [u]
    if column is not None and model.frequencies[column].num_rows:
        own = _shares(column, model.frequencies[column])
        shares = [u, float(own.min()), float(own.max())]  # a value never seen before counts as the average
    bits = [math.log2(m / share) for share in shares]
    return LevelDescription(level["label_for_charts"], m, u, bits[0], min(bits), max(bits), column, pairs)


def _values(column: str, table: Table, comparisons: Sequence[ComparisonDescription]) -> ValuesDescription:
    """Pick the ends of a frequency table; a value is worth what the first level that weighs it makes of it."""
    m = next(level.m for one in comparisons for level in one.levels if level.by_rarity == column)
    shares, texts = _shares(column, table), table.column(column)
    order = np.argsort(shares, kind="stable")
    described = [
        TellingValue(str(texts[place].as_py()), float(shares[place]), math.log2(m / float(shares[place])))
        for place in (*order[:_SHOWN_VALUES].tolist(), *order[::-1][:_SHOWN_VALUES].tolist())
    ]
    ends = min(_SHOWN_VALUES, table.num_rows)
    return ValuesDescription(column, table.num_rows, tuple(described[:ends]), tuple(described[ends:]))


def _shares(column: str, table: Table) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(table.column(f"tf_{column}").to_numpy(), dtype=np.float64)
