"""A trained model compiled to Python: the weight of one pair in microseconds, equal to that of bulk scoring.

A model comes in, functions over the feature values of two records go out. The source is made from the model's own
conditions and probabilities; comparisons are judged as Splink judges them, and neighbours are weighed as in bulk.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.matching.artefact import MatchModel
from identity_graph.matching.columns import flat
from identity_graph.matching.conditions import (
    NOTHING_KNOWN,
    ConditionWriter,
    known_unless,
    parse_condition,
)
from identity_graph.matching.sql_functions import FUNCTIONS
from identity_graph.matching.weights import (
    CONTACTS,
    SAME_WEIGHT,
    compared_levels,
    first_weight,
    level_weight,
    missing_condition,
    near_bits,
    relatives_bits,
)
from identity_graph.tables import Table

__all__ = ["CompiledModel", "RecordValues", "compile_model", "record_values"]

RecordValues: TypeAlias = tuple[Any, ...]
"""The feature values of one record: text, number, tuple of texts or None; the model's columns first, in their order."""


@dataclass(frozen=True, slots=True)
class CompiledModel:
    """A model as functions.

    Attributes:
        columns: the feature columns of a record's values, in order.
        names: what `explain` says bits for: the comparisons, then `neighbours`.
        weigh: values of two records -> match weight in bits, prior included.
        explain: the same -> match weight, and the bits of each name; bits and prior add up to the weight.
        source: the Python text of both, for the curious.
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    weigh: Callable[[RecordValues, RecordValues], float]
    explain: Callable[[RecordValues, RecordValues], tuple[float, tuple[float, ...]]]
    source: str


def compile_model(model: MatchModel) -> CompiledModel:
    """Compile a model.

    Raises:
        ModelError: a condition uses a function that has no Python form.
    """
    counting = ConditionWriter()
    _bodies(model, counting)
    repeated = {call: f"_m{place}" for place, (call, uses) in enumerate(counting.calls.items()) if uses > 1}
    source = "\n\n".join(
        _function(model, name, _bodies(model, ConditionWriter(repeated), explained), repeated)
        for name, explained in (("weigh", False), ("explain", True))
    )
    names: dict[str, Any] = {**FUNCTIONS, "__builtins__": {"abs": abs, "int": int, "len": len, "max": max, "min": min}}
    for column, table in model.frequencies.items():
        values, shares = table[column].to_pylist(), table[f"tf_{column}"].to_pylist()
        names[f"_f_{column}"] = {value: math.log2(share) for value, share in zip(values, shares, strict=True)}
    exec(compile(source, f"<model {model.version}>", "exec"), names)  # the source is made of parsed conditions only
    return CompiledModel(model.columns, (*model.comparisons, "neighbours"), names["weigh"], names["explain"], source)


def record_values(features: Table, columns: Sequence[str]) -> list[RecordValues]:
    """Return the values of each record of a feature table, in the order of the columns; equal values are one object."""
    held = [_shared_values(flat(features.column(name))) for name in columns]
    return list(zip(*held, strict=True)) if held else [()] * features.num_rows


def _shared_values(column: pa.Array) -> list[Any]:
    if pa.types.is_list(column.type):
        known: dict[tuple[str, ...], tuple[str, ...]] = {}
        tuples = (None if texts is None else tuple(texts) for texts in column.to_pylist())
        return [texts and known.setdefault(texts, texts) for texts in tuples]
    encoded = column.dictionary_encode()
    distinct = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    shared: list[Any] = distinct[np.asarray(pc.fill_null(encoded.indices, len(distinct) - 1))].tolist()
    return shared


def _function(model: MatchModel, name: str, bodies: Sequence[str], repeated: Mapping[str, str]) -> str:
    lines = [f"def {name}(left, right):"]
    for side, argument in (("l", "left"), ("r", "right")):
        if model.columns:
            lines.append(f"    ({', '.join(f'{column}_{side}' for column in model.columns)}, *_) = {argument}")
    lines += [f"    {memory} = None" for memory in repeated.values()]
    lines.append(f"    weight = {math.log2(model.prior / (1.0 - model.prior))!r}")
    lines.append(f"    near = {model.neighbours['(prior)'][0] if model.neighbours else -500.0!r}")
    lines.append("    contacts = 0")
    lines += bodies
    if CONTACTS in model.neighbours:
        lines.append(f"    if contacts == {len(model.contacts)}:")
        lines.append(f"        near += {model.neighbours[CONTACTS][0]!r}")
    lines.append("    either = _math.log2(1.0 + 2.0 ** (near if near < 500.0 else 500.0))")
    if name == "weigh":
        lines.append("    return weight - either")
    else:
        bits = "".join(f"bits_{place}, " for place in range(len(model.comparisons)))
        lines.append(f"    return weight - either, ({bits}-either,)")
    return "\n".join(lines)


def _bodies(model: MatchModel, writer: ConditionWriter, explained: bool = False) -> list[str]:
    """Write one chain of levels for each comparison."""
    lines: list[str] = []
    for place, name in enumerate(model.comparisons):
        missing = parse_condition(missing_condition(name, model))
        known = known_unless(missing)
        lines.append(f"    if {writer.true(missing, NOTHING_KNOWN)}:")
        lines.append(f"        bits_{place} = 0.0" if explained else "        pass")
        for level in compared_levels(name, model):
            if level["sql_condition"] == "ELSE":
                lines.append("    else:")
            else:
                lines.append(f"    elif {writer.true(parse_condition(level['sql_condition']), known)}:")
            lines += [f"        {line}" for line in _level(name, level, model)]
            if explained:
                lines.append(f"        bits_{place} = bits")
    return lines


def _level(name: str, level: Mapping[str, Any], model: MatchModel) -> list[str]:
    """Write what reaching a level adds: its bits, and what neighbours or relatives make of them."""
    weight, column = level_weight(level), level.get("tf_adjustment_column")
    bits = repr(weight)
    if column is not None:
        average = math.log2(level["u_probability"])
        bits += f" + _frequency_bits(_f_{column}, {average!r}, {column}_l, {column}_r)"
    lines = [f"bits = {bits}", "weight += bits"]
    if name in model.neighbours:
        near = next((value for one, value in near_bits(name, model).items() if abs(weight - one) < SAME_WEIGHT), 0.0)
        lines.append(f"near += bits + {near!r}")
    if name in model.contacts and abs(weight - first_weight(name, model)) < SAME_WEIGHT:
        lines.append("contacts += 1")
    if model.neighbours and name in model.relatives:
        first, more = relatives_bits(name, model)
        if abs(weight - first) < SAME_WEIGHT:
            lines.append(f"near += max(0.0, bits + {more!r})")
    return lines
