"""SQL written as Python answers what DuckDB answers, nulls and short texts included."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.matching.comparison import typed_apart
from identity_graph.matching.conditions import NOTHING_KNOWN, ConditionWriter, known_unless, known_when, parse_condition
from identity_graph.matching.sql_functions import FUNCTIONS

_CONDITIONS = (
    "a_l = a_r", "a_l <> a_r", "a_l is distinct from a_r", "a_l is not distinct from a_r", "a_l is null",
    "a_l is null or a_r is null", "not a_l is null and a_l = a_r", "not (a_l = a_r)", "not (a_l = a_r or a_l is null)",
    "a_l = a_r and b_l = b_r", "a_l = a_r or b_l = b_r", "not (a_l = a_r and b_l = b_r)",
    "coalesce(a_l = b_r and not (b_l = a_r), false)", "not coalesce(a_l = a_r, false)",
    "case when a_l = a_r then b_l = b_r when a_l is null then true else b_l is null end",
    "case when a_l = a_r then b_l = b_r end", "not (case when a_l = a_r then b_l = b_r end)",
    "coalesce(a_l, b_l) = coalesce(a_r, b_r)", "least(a_l, b_l) = a_r", "greatest(length(a_l), length(a_r)) >= 3",
    "(a_l = a_r)::int + (b_l = b_r)::int >= 1", "(a_l = a_r or b_l is null)::int + 1 = 2",
    "starts_with(a_l, a_r) or starts_with(b_r, b_l)", "left(a_l, 2) = left(a_r, 2)", "left(a_l, -1) = left(a_r, -1)",
    "right(a_l, 2) = right(a_r, 2)", "substr(a_l, 2, 2) = substr(a_r, 1, 2)", "length(a_l) = length(a_r)",
    "jaro_winkler_similarity(a_l, a_r) >= 0.88", "jaro_similarity(a_l, a_r) >= 0.7",
    "damerau_levenshtein(a_l, a_r) <= 1", typed_apart("a", 2, 3),
    "list_has_any(x_l, x_r)", "len(list_intersect(x_l, x_r)) >= 2", "len(x_l) = 0",
    "len(list_intersect(x_l, x_r)) = least(len(x_l), len(x_r))", "abs(n_l - n_r) <= 0.2 * greatest(abs(n_l), abs(n_r))",
    "6371 * 2 * asin(sqrt(least(1.0, pow(sin(radians(n_r - n_l) / 2), 2) + cos(radians(n_l))))) <= 9000",
)  # fmt: skip
_VALUES = (
    "least(a_l, b_l) || ' ' || greatest(a_l, b_l)", "round(n_l, 2) || ' ' || round(n_r, 2)", "coalesce(a_l, a_r)",
    "case when length(a_l) >= 3 then left(a_l, -3) else a_l end", "right(a_l, 4)", "substr(a_l, 2, 1)",
)  # fmt: skip
_TEXT = st.none() | st.text("ab1", min_size=1, max_size=6)
_LIST = st.none() | st.lists(st.sampled_from("abcd"), unique=True)
_NUMBER = st.none() | st.integers(-700, 700).map(lambda n: n / 8) | st.floats(-90, 90)
_KINDS = {
    "a": (_TEXT, pa.string()), "b": (_TEXT, pa.string()), "x": (_LIST, pa.list_(pa.string())),
    "n": (_NUMBER, pa.float64()),
}  # fmt: skip
_ROWS = st.lists(
    st.fixed_dictionaries({f"{name}_{side}": kind for name, (kind, _) in _KINDS.items() for side in "lr"}),
    min_size=1,
    max_size=12,
)


def _duckdb(expressions: tuple[str, ...], rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    columns = {name: pa.array([row[name] for row in rows], _KINDS[name[0]][1]) for name in rows[0]}
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("given_rows", pa.table(columns))
        return connection.execute(f"select {', '.join(expressions)} from given_rows").fetchall()


_NODES = [parse_condition(sql) for sql in _CONDITIONS]
_TRUE = [compile(ConditionWriter().true(node, NOTHING_KNOWN), "true", "eval") for node in _NODES]
_FALSE = [compile(ConditionWriter().false(node, NOTHING_KNOWN), "false", "eval") for node in _NODES]
_VALUE = [compile(ConditionWriter().value(parse_condition(sql), NOTHING_KNOWN), "value", "eval") for sql in _VALUES]


@given(rows=_ROWS)
def test_conditions_are_true_and_false_as_in_duckdb(rows):
    for row, answers in zip(rows, _duckdb(_CONDITIONS, rows), strict=True):
        names = {**FUNCTIONS, **row}
        for place, expected in enumerate(answers):
            assert bool(eval(_TRUE[place], names)) is (expected is True), _CONDITIONS[place]
            assert bool(eval(_FALSE[place], names)) is (expected is False), _CONDITIONS[place]
            known = known_when(_NODES[place]) if expected is True else known_unless(_NODES[place])
            assert all(row[name] is not None for name in known), _CONDITIONS[place]


@given(rows=_ROWS)
def test_values_are_those_of_duckdb(rows):
    for row, answers in zip(rows, _duckdb(_VALUES, rows), strict=True):
        assert [eval(value, {**FUNCTIONS, **row}) for value in _VALUE] == list(answers)


def test_a_costly_call_that_levels_repeat_is_made_once():
    node = parse_condition("jaro_winkler_similarity(a_l, a_r) >= 0.9 or jaro_winkler_similarity(a_l, a_r) <= 0.1")
    counting = ConditionWriter()
    counting.true(node, frozenset({"a_l", "a_r"}))
    assert dict(counting.calls) == {"_jaro_winkler(a_l, a_r)": 2}
    calls: list[tuple[str, str]] = []
    remembered = ConditionWriter({"_jaro_winkler(a_l, a_r)": "_m0"}).true(node, frozenset({"a_l", "a_r"}))
    names = {"_jaro_winkler": lambda left, right: calls.append((left, right)) or 0.5, "a_l": "x", "a_r": "y"}
    assert eval(f"(lambda _m0=None: {remembered})()", names) is False
    assert calls == [("x", "y")]
