"""Appends to the change log, the outbox that the change feed reads: what happened, with numbers in order of commit.

Changes come in, inside the transaction that makes them true, so that the log has one exactly when it happened. The
counter of the numbers is held until the end of the transaction: whoever reads in order of numbers misses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from identity_graph.graph.port import Transaction

__all__ = ["append_changes"]


def append_changes(transaction: Transaction, changes: Sequence[Mapping[str, Any]]) -> None:
    """Append changes, in order; one that is there already, by its id, stays where it is.

    Args:
        transaction: the one that makes the changes.
        changes: {id, properties} without `seq`; an id is the same when the transaction runs again.
    """
    if not changes:
        return
    last = int(transaction.run("facts/reserve_changes", count=len(changes))[0]["last"])
    first = last - len(changes) + 1
    rows = [
        {"id": change["id"], "properties": {**change["properties"], "seq": first + place}}
        for place, change in enumerate(changes)
    ]
    transaction.run("facts/create_changes", rows=rows)
