"""Who writes to a graph, one after the other, and how a reader knows that what was written can be seen.

A graph and its data folder come in; a lock, or the end of a wait, goes out.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from filelock import FileLock

from identity_graph.graph.port import Graph

__all__ = ["await_writers", "one_writer"]

_LOOK_AGAIN_SECONDS = 0.005
"""Between two looks at a lock that somebody else holds; a batch of events is written in a tenth of a second."""


def one_writer(graph: Graph, folder: Path) -> AbstractContextManager[object]:
    """Queue the writers of an embedded engine, which would else do their work and lose it to a conflict."""
    if not graph.capabilities.embedded:
        return nullcontext()
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "writer.lock", poll_interval=_LOOK_AGAIN_SECONDS)


def await_writers(graph: Graph, folder: Path) -> None:
    """Return when all records up to the counter that was read before can be seen.

    An engine shows a transaction while it is being committed piece by piece: the counter may already say a number whose
    record no index finds yet. A writer lets go of the counter when all of it is there.
    """
    if graph.capabilities.embedded:
        with one_writer(graph, folder):
            return
    graph.write("facts/await_writers")
