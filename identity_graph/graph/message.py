"""Keeps messages to the embedded engine within what it reads: rows in parts, an error for what no part can hold.

A query and its parameters come in, the parameters of one or more runs that do the same go out. The embedded engine
never answers a Bolt message of more than 16 MiB, and no time limit of the driver ends the wait.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from identity_graph.errors import EngineMessageTooLongError
from identity_graph.graph.queries import Query

__all__ = ["MOST_BYTES", "packed_size", "parts"]

MOST_BYTES = 12 * 2**20
"""Of all parameters together. The rest of 16 MiB is for the text of the query, and for what a size may be wrong by."""


def parts(query: Query, parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the parameters of the runs that together do what one run with all of them would, in order.

    Only a query that takes `$rows` one by one is run in parts. Cost: a fifth of what the driver takes to pack the
    same; for what is too long, that for each halving.

    Raises:
        EngineMessageTooLongError: one row, or what is no row, is too long by itself.
    """
    if packed_size(parameters) <= MOST_BYTES:
        yield parameters
        return
    rows = parameters.get("rows", ())
    if not query.takes_rows or len(rows) < 2:
        raise _too_long(query, rows)
    middle = len(rows) // 2
    for some in (rows[:middle], rows[middle:]):
        yield from parts(query, {**parameters, "rows": some})


def packed_size(value: object) -> int:
    """Return about how many bytes a value takes in a Bolt message; too few by a quarter at most, of long numbers.

    The driver packs in Python, and to measure so would double its work. Pickle writes every value in nearly as many
    bytes, many times as fast, and nothing need keep them.
    """
    counter = _Counter()
    pickler = pickle.Pickler(counter, protocol=5)
    pickler.fast = True  # what occurs twice is written two times, as in a message
    pickler.dump(value)
    return counter.bytes


class _Counter:
    """A file that only counts."""

    __slots__ = ("bytes",)

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, data: bytes) -> int:
        """Count what would be written."""
        self.bytes += len(data)
        return len(data)


def _too_long(query: Query, rows: Sequence[Any]) -> EngineMessageTooLongError:
    key = _key(rows[0]) if len(rows) == 1 else None
    what = f"{key} is" if key else "What is asked for is"
    return EngineMessageTooLongError(
        f"{what} too long for one message to the embedded engine, which reads 16 MiB at most, in {query.name}.",
        ids=[query.name] if key is None else [query.name, key],
        next_step="Shorten it, ask for less at once, or use Neo4j (IDENTITY_GRAPH_URI), which reads longer messages.",
    )


def _key(row: object) -> str | None:
    """Return what a row is about, from wherever queries keep it."""
    if not isinstance(row, Mapping):
        return None
    properties = row.get("properties")
    inner = properties if isinstance(properties, Mapping) else {}
    return next((str(one[name]) for one in (row, inner) for name in ("key", "record_key", "id") if name in one), None)
