"""The SQL of conditions and keys, written as Python expressions with the same answer.

SQL over feature columns comes in, Python source over variables of the same names goes out; null is None. SQL knows
three truths, so a condition is written in two ways: for when it is true, and for when it is false; where it is null
it is neither. Columns known not to be null are not asked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError

from identity_graph.errors import ModelError

__all__ = ["NOTHING_KNOWN", "ConditionWriter", "known_unless", "known_when", "parse_condition"]

Node: TypeAlias = Any
"""A node of sqlglot's tree; the library has no types."""
Known: TypeAlias = frozenset[str]
NOTHING_KNOWN: Known = frozenset()

_OPERATORS = {
    exp.EQ: "==", exp.NEQ: "!=", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=", exp.Add: "+", exp.Sub: "-",
    exp.Mul: "*", exp.Div: "/",
}  # fmt: skip

_CALLS: Mapping[str, str] = {
    "abs": "abs({0})", "asin": "_math.asin({0})", "cos": "_math.cos({0})", "sin": "_math.sin({0})",
    "sqrt": "_math.sqrt({0})", "pow": "_math.pow({0}, {1})", "radians": "_math.radians({0})",
    "round": "_rounded({0}, {1})", "length": "len({0})", "left": "{0}[:{1}]", "right": "{0}[-{1}:]",
    "substring": "{0}[{1} - 1 : {1} - 1 + {2}]", "startswith": "{0}.startswith({1})",
    "arrayoverlaps": "_has_any({0}, {1})", "jaro_similarity": "_jaro({0}, {1})",
    "jarowinklersimilarity": "_jaro_winkler({0}, {1})", "damerau_levenshtein": "_damerau_levenshtein({0}, {1})",
}  # fmt: skip
"""Functions that answer null when any argument is null, by sqlglot's name for them."""

_WITHOUT_NULLS = (
    exp.And, exp.Or, exp.Not, exp.Is, exp.Case, exp.Coalesce, exp.Least, exp.Greatest, exp.NullSafeEQ, exp.NullSafeNEQ,
)  # fmt: skip
"""What may have a value though a part of it is null."""

_PRESENT = " is not None"
_COSTLY = ("_jaro", "_damerau", "_shared", "_has_any")
"""What is worth remembering when several levels ask it."""


def parse_condition(sql: str) -> Node:
    """Read an SQL expression.

    Raises:
        ModelError: it is no SQL.
    """
    try:
        return _unwrapped(sqlglot.parse_one(sql, read="duckdb"))
    except SqlglotError as error:
        raise ModelError(f"The condition {sql!r} cannot be read.", ids=[sql], next_step="Train it again.") from error


def known_when(node: Node) -> Known:
    """Return the columns that are not null when a condition is true."""
    node = _unwrapped(node)
    if isinstance(node, exp.And):
        return known_when(node.this) | known_when(node.expression)
    if isinstance(node, exp.Or):
        return known_when(node.this) & known_when(node.expression)
    return _required(node)


def _required(node: Node) -> Known:
    """Return the columns without which an expression is null."""
    if isinstance(node, exp.Column):
        return frozenset({node.name})
    if isinstance(node, _WITHOUT_NULLS):
        return NOTHING_KNOWN
    if _is_intersection(node):
        return _required(node.expressions[0])
    return frozenset().union(*(_required(child) for child in node.iter_expressions()))


def known_unless(node: Node) -> Known:
    """Return the columns that are not null when a condition is false or null."""
    node = _unwrapped(node)
    if isinstance(node, exp.Or):
        return known_unless(node.this) | known_unless(node.expression)
    if isinstance(node, exp.Is) and isinstance(node.this, exp.Column) and isinstance(node.expression, exp.Null):
        return frozenset({node.this.name})
    return NOTHING_KNOWN


class ConditionWriter:
    """Writes Python for SQL, and keeps count of costly calls.

    Args:
        repeated: costly calls that are made more than once; each is made when first needed and remembered in a
            variable, which starts as None.
    """

    def __init__(self, repeated: Mapping[str, str] | None = None) -> None:
        self._repeated = repeated or {}
        self._temporaries = 0
        self.calls: Counter[str] = Counter()

    def true(self, node: Node, known: Known) -> str:
        """Write what is true in Python exactly when the condition is true in SQL."""
        node = _unwrapped(node)
        match node:
            case exp.And():
                then = known | known_when(node.this)
                return f"({self.true(node.this, known)} and {self.true(node.expression, then)})"
            case exp.Or():
                then = known | known_unless(node.this)
                return f"({self.true(node.this, known)} or {self.true(node.expression, then)})"
            case exp.Not():
                return self.false(node.this, known)
            case exp.Case():
                return self._case(node, known, self.true)
            case exp.Coalesce() if _is_false(node.expressions[0]):
                return self.true(node.this, known)
            case exp.Is() if isinstance(node.expression, exp.Null):
                return f"{self.value(node.this, known)} is None"
            case exp.Boolean():
                return str(node.this)
        asked, code = self.parts(node, known)
        return f"({' and '.join([*asked, code])})" if asked else code

    def false(self, node: Node, known: Known) -> str:
        """Write what is true in Python exactly when the condition is false in SQL."""
        node = _unwrapped(node)
        match node:
            case exp.And():
                return f"({self.false(node.this, known)} or {self.false(node.expression, known)})"
            case exp.Or():
                then = known | known_unless(node.this)
                return f"({self.false(node.this, known)} and {self.false(node.expression, then)})"
            case exp.Not():
                return self.true(node.this, known)
            case exp.Case():
                return self._case(node, known, self.false)
            case exp.Coalesce() if _is_false(node.expressions[0]):
                return f"not {self.true(node.this, known)}"
            case exp.Is() | exp.NullSafeEQ() | exp.NullSafeNEQ() | exp.Boolean():
                return f"not ({self.true(node, known)})"
        asked, code = self.parts(node, known)
        return f"({' and '.join([*asked, f'not ({code})'])})"

    def value(self, node: Node, known: Known) -> str:
        """Write the value of an expression; None where it is null."""
        node = _unwrapped(node)
        if isinstance(node, exp.Column):
            return str(node.name)
        asked, code = self.parts(node, known)
        return f"({code} if {' and '.join(asked)} else None)" if asked else code

    def parts(self, node: Node, known: Known) -> tuple[list[str], str]:
        """Write when an expression is not null, as conditions to be asked in order, and its value then."""
        node = _unwrapped(node)
        match node:
            case exp.Column():
                return ([] if node.name in known else [f"{node.name}{_PRESENT}"]), node.name
            case exp.Boolean():
                return [], str(node.this)
            case exp.Literal():
                return [], repr(node.this) if node.is_string else node.this
            case exp.Neg():
                asked, code = self.parts(node.this, known)
                return asked, f"-{code}"
            case exp.NullSafeNEQ() | exp.NullSafeEQ():
                sign = "!=" if isinstance(node, exp.NullSafeNEQ) else "=="
                return [], f"({self.value(node.this, known)} {sign} {self.value(node.expression, known)})"
            case exp.Least() | exp.Greatest() | exp.Coalesce():
                return self._passing_over_nulls(node, known)
            case exp.Case():
                name = self._temporary()
                return [f"({name} := {self._case(node, known, self.value, 'None')}){_PRESENT}"], name
            case exp.And() | exp.Or() | exp.Not() | exp.Is():
                name = self._temporary()
                truth = f"True if {self.true(node, known)} else False if {self.false(node, known)} else None"
                return [f"({name} := ({truth})){_PRESENT}"], name
        return self._strict(node, known)

    def _strict(self, node: Node, known: Known) -> tuple[list[str], str]:
        """Write an expression that is null when any part of it is."""
        name = node.name.lower() if isinstance(node, exp.Anonymous) else node.key
        children = [child for child in node.iter_expressions() if not isinstance(child, exp.DataType)]
        if name == "length" and _is_intersection(children[0]):
            return self._shared(children[0].expressions, known)
        written = [self.parts(child, known) for child in children]
        asked = list(dict.fromkeys(one for conditions, _ in written for one in conditions))
        codes = [code for _, code in written]
        if isinstance(node, exp.GTE) and isinstance(children[0], exp.Least) and not asked:
            # What is too short fails at the first comparison, and nothing is called.
            least = [self.parts(child, known)[1] for child in (children[0].this, *children[0].expressions)]
            return asked, f"({' and '.join(f'{code} >= {codes[1]}' for code in least)})"
        if type(node) in _OPERATORS:
            return asked, f"({codes[0]} {_OPERATORS[type(node)]} {codes[1]})"
        if isinstance(node, exp.DPipe):
            numbers = [isinstance(child, exp.Round) for child in children]
            return asked, " + ".join(
                f"str({code})" if number else code for code, number in zip(codes, numbers, strict=True)
            )
        if isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.INT:
            return asked, f"int({codes[0]})"
        if name not in _CALLS:
            raise ModelError(
                f"The condition part {node.sql('duckdb')!r} has no Python form.",
                ids=[name],
                next_step="Use the functions that other comparisons use.",
            )
        return asked, self._remembered(_CALLS[name].format(*codes))

    def _shared(self, lists: Sequence[Node], known: Known) -> tuple[list[str], str]:
        """Write how many items two lists share; null for a first list that is null, 0 for a second."""
        asked, first = self.parts(lists[0], known)
        second = self.value(lists[1], known)
        return asked, self._remembered(f"_shared({first}, {second})")

    def _remembered(self, code: str) -> str:
        if not code.startswith(_COSTLY):
            return code
        self.calls[code] += 1
        name = self._repeated.get(code)
        return code if name is None else f"({name} if {name}{_PRESENT} else ({name} := {code}))"

    def _passing_over_nulls(self, node: Node, known: Known) -> tuple[list[str], str]:
        children = [node.this, *node.expressions]
        written = [self.parts(child, known) for child in children]
        function = {exp.Least: "least", exp.Greatest: "greatest", exp.Coalesce: "first"}[type(node)]
        if not any(asked for asked, _ in written) and function != "first":
            return [], f"{'min' if function == 'least' else 'max'}({', '.join(code for _, code in written)})"
        name = self._temporary()
        values = ", ".join(self.value(child, known) for child in children)
        return [f"({name} := _{function}({values})){_PRESENT}"], name

    def _case(self, node: Node, known: Known, write: Callable[[Node, Known], str], otherwise: str = "False") -> str:
        """Write a CASE; without ELSE the rest is null, which is neither true nor false."""
        default = node.args.get("default")
        written = otherwise if default is None else write(default, known)
        for branch in reversed(node.args["ifs"]):
            then = known | known_when(branch.this)
            written = f"({write(branch.args['true'], then)} if {self.true(branch.this, known)} else {written})"
        return written

    def _temporary(self) -> str:
        self._temporaries += 1
        return f"_t{self._temporaries}"


def _unwrapped(node: Node) -> Node:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _is_false(node: Node) -> bool:
    return isinstance(node, exp.Boolean) and not node.this


def _is_intersection(node: Node) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.lower() == "list_intersect"
