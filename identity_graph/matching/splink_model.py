"""The one place that speaks Splink: settings from an estimate, and match weights of given pairs.

Comparisons with their probabilities come in, Splink's settings document comes out; features, a model and candidate
pairs come in, Splink's match weights come out.
"""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from splink import DuckDBAPI, Linker

from identity_graph.matching.artefact import MatchModel
from identity_graph.matching.comparison import Comparison
from identity_graph.matching.engine import Connection
from identity_graph.matching.estimation import Estimate, contact_bits
from identity_graph.matching.weights import (
    CONTACTS,
    SAME_WEIGHT,
    compared_levels,
    first_weight,
    near_bits,
    relatives_bits,
)
from identity_graph.tables import Table

__all__ = ["Scorer", "neighbour_bits", "splink_settings"]

_NUMBERS = itertools.count()
"""Splink wants a new name for everything it is shown."""


def splink_settings(comparisons: Sequence[Comparison], estimated: Estimate) -> dict[str, Any]:
    """Write comparisons and their probabilities as a Splink settings document."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "row",
        "probability_two_random_records_match": estimated.prior,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": [],
        "comparisons": [
            {
                "output_column_name": comparison.name,
                "comparison_description": comparison.label,
                "comparison_levels": _levels(comparison, estimated.m[place], estimated.u[place]),
            }
            for place, comparison in enumerate(comparisons)
        ],
    }


def _levels(comparison: Comparison, m: Sequence[float], u: Sequence[float]) -> list[dict[str, Any]]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.missing, "label_for_charts": "nothing to compare", "is_null_level": True}
    ]
    for place, level in enumerate(comparison.levels):
        written: dict[str, Any] = {
            "sql_condition": level.condition,
            "label_for_charts": level.label,
            "m_probability": m[place],
            "u_probability": u[place],
        }
        if level.rarity is not None:
            # The level's own u is the average frequency, also where the level is no plain equality.
            written |= {
                "tf_adjustment_column": level.rarity,
                "tf_adjustment_weight": 1.0,
                "disable_tf_exact_match_detection": True,
            }
        levels.append(written)
    otherwise = {"sql_condition": "ELSE", "label_for_charts": f"{comparison.label} differs"}
    return [*levels, otherwise | {"m_probability": m[-1], "u_probability": u[-1]}]


class Scorer:
    """Splink set up once for a feature table and a model, weighing as many lists of pairs as are asked for.

    Args:
        connection: an open engine.
        features: feature table with `row` and every column the model reads.
        model: the trained model.
    """

    def __init__(self, connection: Connection, features: Table, model: MatchModel) -> None:
        self._connection, self._model = connection, model
        name = f"scored_{next(_NUMBERS)}"
        connection.register(f"{name}_given", features.drop_columns(["source"]))
        connection.execute(f"create table {name} as select * from {name}_given")
        connection.unregister(f"{name}_given")
        with _quiet():
            self._database = DuckDBAPI(connection=connection)
            settings = {**model.settings, "retain_intermediate_calculation_columns": True}
            registered = self._database.register(connection.table(name), dataset_display_name=f"records_{name}")
            self._linker = Linker(registered, settings, log_level=None)
            for column, table in sorted(model.frequencies.items()):
                connection.register(f"frequency_{name}_{column}", table)
                lookup = self._database.register(
                    connection.table(f"frequency_{name}_{column}"), dataset_display_name=f"tf_{name}_{column}"
                )
                self._linker.table_management.register_term_frequency_lookup(lookup, column)

    def weigh(self, pairs: Table, lowest: float | None, evidence: bool) -> Table:
        """Let Splink weigh pairs.

        Args:
            pairs: table with int32 `left` and `right` rows.
            lowest: pairs below this match weight are left out; None keeps all.
            evidence: add `mw_<comparison>` columns and `mw_neighbours`.

        Returns:
            `left`, `right`, `match_weight` and the evidence, in no particular order. Splink weighs one person against
            strangers; the weight here is against strangers or neighbours: w - log2(1 + 2^n), where n is the weight of
            neighbours against strangers.
        """
        name = f"pairs_{next(_NUMBERS)}"
        self._connection.register(f"{name}_given", pairs)
        self._connection.execute(
            f'create table {name} as select "left" as join_key_l, "right" as join_key_r, '
            f"'0' as match_key from {name}_given"
        )
        with _quiet():
            blocked = self._database.register(self._connection.table(name), dataset_display_name=f"blocked_{name}")
            self._linker.table_management.register_blocked_pairs_for_predict(blocked)
            predicted = self._linker.inference.predict(threshold_match_weight=lowest, warning_mode="never")
            weighed = self._connection.sql(self._query(predicted.physical_name, lowest, evidence)).to_arrow_table()
            predicted.drop_table_from_database_and_remove_from_cache()
        self._connection.execute(f"drop table {name}")
        return weighed

    def _query(self, predicted: str, lowest: float | None, evidence: bool) -> str:
        model = self._model
        either = f"log2(1 + pow(2, least({_neighbour_weight(model)}, 500)))"
        columns = ['row_l as "left"', 'row_r as "right"', f"match_weight - {either} as match_weight"]
        if evidence:
            columns += [f"{_bits(name, model)} as mw_{name}" for name in model.comparisons]
            columns.append(f"-{either} as mw_neighbours")
        kept = "" if lowest is None else f" where match_weight - {either} >= {lowest}"
        return f"select {', '.join(columns)} from {predicted}{kept}"


def neighbour_bits(comparisons: Sequence[Comparison], estimated: Estimate) -> dict[str, tuple[float, ...]]:
    """Return what turns the weight of one person into that of neighbours: the bits of each level, in its order."""
    if estimated.neighbours <= 0:
        return {}
    bits: dict[str, tuple[float, ...]] = {"(prior)": (math.log2(estimated.neighbours),)}
    for place, comparison in enumerate(comparisons):
        if not comparison.personal:
            levels = zip(estimated.shared[place], estimated.m[place], strict=True)
            bits[comparison.name] = tuple(math.log2(shared / m) for shared, m in levels)
    if sum(comparison.contact for comparison in comparisons) > 1:
        bits[CONTACTS] = (contact_bits(comparisons, estimated),)
    return bits


def _neighbour_weight(model: MatchModel) -> str:
    """Write the weight of neighbours against strangers as SQL over a scored pair."""
    if not model.neighbours:
        return "-500.0"
    terms = [str(model.neighbours["(prior)"][0])]
    for name in model.neighbours:
        if name not in ("(prior)", CONTACTS):
            cases = " ".join(f"when {_weighs(name, w)} then {bits}" for w, bits in near_bits(name, model).items())
            terms.append(f"{_bits(name, model)} + case {cases} else 0.0 end")
    if CONTACTS in model.neighbours:
        every = " and ".join(_weighs(name, first_weight(name, model)) for name in model.contacts)
        terms.append(f"case when {every} then {model.neighbours[CONTACTS][0]} else 0.0 end")
    return " + ".join([*terms, *(_relatives_term(name, model) for name in model.relatives)])


def _relatives_term(name: str, model: MatchModel) -> str:
    """Write how much more often than strangers relatives agree on a personal trait; the rarer its value the more."""
    weight, more = relatives_bits(name, model)
    return f"case when {_weighs(name, weight)} then greatest(0.0, {_bits(name, model)} + {more}) else 0.0 end"


def _weighs(name: str, weight: float) -> str:
    return f"abs(mw_{name} - ({weight})) < {SAME_WEIGHT}"


def _bits(name: str, model: MatchModel) -> str:
    """Add the term-frequency part to a comparison's weight, where it has one."""
    adjusted = any("tf_adjustment_column" in level for level in compared_levels(name, model))
    return f"(mw_{name} + mw_tf_adj_{name})" if adjusted else f"mw_{name}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Splink's progress lines out of the caller's log; failures are exceptions and pass."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
