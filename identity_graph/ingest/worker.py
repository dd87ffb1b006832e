"""Keeps applying events: as a thread of the service or until the backlog is empty, one applier per data folder.

Settings and a graph come in. Who holds the lease applies; others wait for it, so that an applier that dies is replaced.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

from filelock import FileLock, Timeout

from identity_graph.errors import ConflictError, EngineError, JournalError
from identity_graph.facts.handover import RowTaker
from identity_graph.graph.port import Graph
from identity_graph.ingest.applier import Applied, Applier
from identity_graph.journal import open_journal
from identity_graph.settings import Settings

__all__ = ["ApplierThread", "apply_all", "hold_lease"]

_log = logging.getLogger("identity_graph.ingest")

_LOOK_AGAIN_SECONDS = 0.1
_ASK_FOR_LEASE_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 30.0


@contextmanager
def hold_lease(settings: Settings) -> Iterator[None]:
    """Be the one applier of a data folder while the block runs.

    Raises:
        ConflictError: another process is.
    """
    lock = _lease(settings)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ConflictError(
            "Another process applies the events of this data folder.", ids=[str(settings.data_dir)],
            next_step="Nothing is to be done: the service applies them, or `identity-graph apply` elsewhere.",
        ) from None  # fmt: skip
    try:
        yield
    finally:
        lock.release()


def apply_all(
    graph: Graph,
    settings: Settings,
    stop: threading.Event,
    until_empty: bool = False,
    watcher: Callable[[Applied], None] | None = None,
    handover: RowTaker | None = None,
) -> None:
    """Apply events until told to stop, waiting out an engine that is away; needs the lease.

    Args:
        graph: where the facts go.
        settings: data folder and phone region.
        stop: set from elsewhere.
        until_empty: stop by itself when nothing waits, and raise what goes wrong instead of waiting.
        watcher: hears of every batch.
        handover: takes the stored records, for whoever resolves them.

    Raises:
        EngineError, JournalError: with `until_empty` only.
    """
    wait = _LOOK_AGAIN_SECONDS
    with closing(open_journal(settings)) as journal, ExitStack() as opened:
        applier: Applier | None = None
        while not stop.is_set():
            try:
                applier = applier or opened.enter_context(closing(Applier(graph, settings, journal, handover)))
                applied = applier.apply_next()
            except (EngineError, JournalError) as error:
                if until_empty:
                    raise
                _log.warning("events wait: %s; trying again in %.1f s", error.code, wait)
                opened.close()
                applier = None  # what it knew of the graph may have changed meanwhile
                stop.wait(wait)
                wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
                continue
            wait = _LOOK_AGAIN_SECONDS
            if applied is not None and watcher is not None:
                watcher(applied)
            if applied is None:
                if until_empty:
                    return
                stop.wait(_LOOK_AGAIN_SECONDS)


class ApplierThread:
    """Applies events inside the service, whenever no other process of the data folder does.

    Args:
        graph: where the facts go.
        settings: data folder and phone region.
        handover: takes the stored records, for whoever resolves them.
    """

    def __init__(self, graph: Graph, settings: Settings, handover: RowTaker | None = None) -> None:
        self._graph, self._handover = graph, handover
        self._settings = settings
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="applier", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish the batch under way and stop."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with hold_lease(self._settings):
                    _log.info("applying events")
                    apply_all(self._graph, self._settings, self._stop, handover=self._handover)
            except ConflictError:
                self._stop.wait(_ASK_FOR_LEASE_SECONDS)
            except Exception as error:  # noqa: BLE001 - the thread must live as long as the service
                # Without the message, which may quote personal data.
                places = "".join(traceback.format_tb(error.__traceback__))
                _log.error("the applier failed with %s and starts again\n%s", type(error).__name__, places)
                self._stop.wait(_LONGEST_WAIT_SECONDS)


def _lease(settings: Settings) -> FileLock:
    folder = settings.data_dir / "events"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "applier.lock")
