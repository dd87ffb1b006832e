"""Which queries cost more in a larger graph: each of the catalogue at two sizes, in time.

An engine and two sizes come in; for each query and each middle of the graph (`tests/graph/grown.py`), milliseconds at
both sizes go out, those that grow first. A keyed query answers the same at both, and should cost the same; one that
grows is marked. The engines tell what a query reads only in part, so the clock has the last word here.

    python -m benchmarks.query_growth --engine embedded --sizes 2000 20000
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.engines import ENGINES, lent
from identity_graph.graph import Query, all_queries, open_graph
from identity_graph.graph.bolt import BoltGraph
from tests.graph.grown import MIDDLES, examples, grow, set_middle, undone

__all__ = ["Growth", "measure"]

_ROUNDS = 5
_ENOUGH_SECONDS = 0.5
"""Spent on one case, it is not run again: its time is long enough to be compared."""

_GROWS = 3.0
"""A ratio above it is growth; below, the noise of a busy machine."""

_LONG_MS = 30.0
"""What takes less in the large graph is left out: to read a label of 20,000 nodes takes more, noise seldom."""

Case = tuple[str, str, int]
"""Name of a query, middle of the graph, number of its example."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What a query costs at two sizes.

    Attributes:
        query: its name.
        middle: what of it was there.
        keyed: it starts from an index.
        small, large: milliseconds, the best of up to five rounds.
        rows: of the answer in the large graph.
    """

    query: str
    middle: str
    keyed: bool
    small: float
    large: float
    rows: int

    @property
    def grows(self) -> bool:
        """It costs much more in the large graph."""
        return self.large >= _LONG_MS and self.large > _GROWS * self.small


def measure(graph: BoltGraph, small: int, large: int) -> list[Growth]:
    """Run every query at both sizes, the writes without effect; cost: linear in the large size.

    Args:
        graph: empty.
        small, large: records, and as much of everything else.
    """
    grow(graph, 0, small)
    before = {case: milliseconds for case, milliseconds, _ in _times(graph)}
    grow(graph, small, large)
    keyed = {found.name for found in all_queries() if found.header.index}
    found = [
        Growth(case[0], case[1], case[0] in keyed, before[case], milliseconds, rows)
        for case, milliseconds, rows in _times(graph)
    ]
    return sorted(found, key=lambda one: (not one.grows, one.small / one.large))


def _times(graph: BoltGraph) -> Iterator[tuple[Case, float, int]]:
    """Yield each case with its milliseconds and rows."""
    queries = [found for found in all_queries() if found.header.access != "schema" and found.name != "graph/indexes"]
    for middle in MIDDLES:
        set_middle(graph, middle)
        for found in queries:
            for number, example in enumerate(examples(found)):
                yield ((found.name, middle, number), *_best(graph, found, example))


def _best(graph: BoltGraph, found: Query, parameters: dict[str, Any]) -> tuple[float, int]:
    best, rows, began = float("inf"), 0, time.perf_counter()
    for _ in range(_ROUNDS):
        if time.perf_counter() - began > _ENOUGH_SECONDS:
            break
        with undone(graph) as transaction:
            start = time.perf_counter()
            rows = len(list(transaction.run(found.text, parameters)))
            best = min(best, time.perf_counter() - start)
    return 1000 * best, rows


def main() -> None:
    """Measure one engine and print what grows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=ENGINES, default="embedded")
    parser.add_argument("--sizes", type=int, nargs=2, default=(2_000, 20_000), metavar=("SMALL", "LARGE"))
    arguments = parser.parse_args()
    small, large = arguments.sizes
    with lent(arguments.engine) as settings, open_graph(settings) as graph:
        found = measure(graph, small, large)
    print(f"| query | middle | keyed | {small:,}: ms | {large:,}: ms | ratio | rows |\n|---|---|---|---|---|---|---|")
    for one in found:
        if one.grows:
            keyed = "**yes**" if one.keyed else "no"
            print(f"| {one.query} | {one.middle} | {keyed} | {one.small:.1f} | {one.large:.1f} "
                  f"| {one.large / one.small:.1f} | {one.rows} |")  # fmt: skip
    print(f"\n{sum(not one.grows for one in found)} of {len(found)} do not grow.")


if __name__ == "__main__":
    main()
