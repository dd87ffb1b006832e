"""Keeps resolving what changes, as a thread of the service; one per data folder.

A graph and settings come in. It sees changes by their sequence numbers, so it does not matter who wrote them: the
applier, a load or a steward. Whoever holds the lease resolves, and deletes what the change feed need not keep any more;
others wait for it, and may ask it whom a record would be with.
"""

from __future__ import annotations

import logging
import threading
import traceback

from filelock import FileLock, Timeout

from identity_graph.errors import ConflictError, IdentityGraphError
from identity_graph.facts.handover import Handover
from identity_graph.feed import ChangePruner
from identity_graph.graph.port import Graph
from identity_graph.realtime.answering import Answering
from identity_graph.realtime.resolver import LiveResolver
from identity_graph.settings import Settings

__all__ = ["ResolverThread"]

_log = logging.getLogger("identity_graph.realtime")

_LOOK_AGAIN_SECONDS = 0.2
_ASK_FOR_LEASE_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 30.0
_MOST_FAILURES = 2
"""In a row; after so many that nobody expected, everything is resolved instead, which takes another way."""


class ResolverThread:
    """Resolves changes inside the service, whenever no other process of the data folder does.

    Args:
        graph: facts are read from it, customers are written to it.
        settings: data folder, threads and memory.
        handover: rings when this process stores something; what others store is looked for now and then.
    """

    def __init__(self, graph: Graph, settings: Settings, handover: Handover | None = None) -> None:
        self._graph, self._settings, self._handover = graph, settings, handover or Handover()
        self._stop = threading.Event()
        self._failures = 0
        self._thread = threading.Thread(target=self._run, name="resolver", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish the step under way and stop."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        self._settings.data_dir.mkdir(parents=True, exist_ok=True)
        lease = FileLock(self._settings.data_dir / "resolver.lock")
        while not self._stop.is_set():
            try:
                with lease.acquire(timeout=0):
                    resolver = LiveResolver(
                        self._graph, self._settings, handover=self._handover, anew=self._failures >= _MOST_FAILURES
                    )
                    folder = self._settings.data_dir
                    with Answering(folder, lambda: resolver.standing, self._handover.ring) as answering:  # noqa: B023
                        self._resolve(resolver, answering)
            except Timeout:
                self._stop.wait(_ASK_FOR_LEASE_SECONDS)
            except Exception as error:  # noqa: BLE001 - the thread must live as long as the service
                # Without the message, which may quote personal data.
                places = "".join(traceback.format_tb(error.__traceback__))
                _log.error("the resolver failed with %s and starts again\n%s", type(error).__name__, places)
                self._failures += 1
                self._stop.wait(min(2.0**self._failures, _LONGEST_WAIT_SECONDS))

    def _resolve(self, resolver: LiveResolver, answering: Answering) -> None:
        wait = _LOOK_AGAIN_SECONDS
        pruner = ChangePruner(self._graph, self._settings.change_days)
        while not self._stop.is_set():
            try:
                answering.give(resolver.preview)
                done = resolver.resolve_changes()
                pruner.prune_when_due()
            except ConflictError:
                self._stop.wait(_ASK_FOR_LEASE_SECONDS)  # a run resolves everything meanwhile
                continue
            except IdentityGraphError as error:
                _log.warning("changes wait: %s; trying again in %.1f s", error.code, wait)
                self._stop.wait(wait)
                wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
                continue
            wait = _LOOK_AGAIN_SECONDS
            self._failures = 0
            if done is None:
                self._handover.wait(_LOOK_AGAIN_SECONDS)
