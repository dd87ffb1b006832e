"""Small links and constraints for the tests of clusters, and what hypothesis draws them from."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from identity_graph.links import Constraints, Links

RECORDS = 9
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71)
Edges = dict[tuple[int, int], float]


def links(edges: Edges, people: list[bool] | None = None) -> Links:
    """Links from {(left, right): weight}."""
    rows = np.array(sorted(edges), dtype=np.int32).reshape(-1, 2)
    weights = np.array([edges[pair] for pair in sorted(edges)], dtype=np.float64)
    known = None if people is None else np.array(people)
    return Links(rows[:, 0], rows[:, 1], weights, np.ones(len(rows), dtype=np.uint8), known)


def shuffled(given: Links, random: Any) -> Links:
    """The same links in another order."""
    order = list(range(len(given.left)))
    random.shuffle(order)
    return Links(given.left[order], given.right[order], given.weight[order], given.kind[order], given.people)


def pairs(*rows: tuple[int, int]) -> Any:
    return np.array(sorted(rows), dtype=np.int32).reshape(-1, 2)


def groups(labels: Any) -> set[frozenset[int]]:
    """A partition as a set of sets."""
    found: dict[int, set[int]] = {}
    for row, label in enumerate(labels.tolist()):
        found.setdefault(label, set()).add(row)
    return {frozenset(group) for group in found.values()}


PAIR = st.tuples(st.integers(0, RECORDS - 1), st.integers(0, RECORDS - 1)).map(sorted).map(tuple).filter(lambda p: p[0] < p[1])  # fmt: skip  # noqa: E501
EDGES = st.dictionaries(PAIR, st.floats(-15, 25), max_size=len(PRIMES))
PEOPLE = st.lists(st.booleans(), min_size=RECORDS, max_size=RECORDS)
CODES = st.lists(st.integers(-1, 2), min_size=RECORDS, max_size=RECORDS)


@st.composite
def constraints(draw: st.DrawFn) -> Constraints:
    """Constraints in which no must contradicts a cannot."""
    must = draw(st.sets(PAIR, max_size=3))
    held = list(range(RECORDS))
    for left, right in must:
        old, new = held[right], held[left]
        held = [new if label == old else label for label in held]
    cannot = {pair for pair in draw(st.sets(PAIR, max_size=4)) if held[pair[0]] != held[pair[1]]}
    exclusive = tuple(np.array(codes, dtype=np.int64) for codes in draw(st.lists(CODES, max_size=2)))
    sources = np.array(draw(CODES), dtype=np.int64) if draw(st.booleans()) else None
    return Constraints(pairs(*must), pairs(*cannot), exclusive, sources)
