"""Applies and resolves in processes of their own beside the service, so that accepting never waits for them.

The service starts an `applier_process` and stops it; that one applies, and starts the process that resolves. One that
dies is started again. Each reads its settings from the environment, as the service did, and ends when its standard
input does: also when the one before it is killed.

Threads of one process share one interpreter: a request would wait for the applier's turns, and the applier for the
resolver's.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

from identity_graph.cli.child_process import ChildProcess
from identity_graph.cli.edge import graph_open, read_settings
from identity_graph.errors import IdentityGraphError
from identity_graph.facts import Handover
from identity_graph.facts.handover_pipe import HandoverSender, receive_rows
from identity_graph.ingest import ApplierThread
from identity_graph.realtime import ResolverThread

__all__ = ["applier_process", "run_applier", "run_resolver"]

_log = logging.getLogger("identity_graph.ingest")

_NICE = 5
"""Who sends an event waits for the answer; who applies it can wait, and catches up. The resolver gives way no more than
the applier: events would be stored sooner, and seen later."""

_RESOLVER_STOP_SECONDS = 45.0
"""A resolver in the midst of a run of all is ended before the service loses patience with the applier that waits."""

_PROGRAM = "from identity_graph.cli.applying import run_{0}; run_{0}()"


def applier_process() -> ChildProcess:
    """Start the process that applies, and by it the one that resolves; to be closed."""
    return ChildProcess(_PROGRAM.format("applier"), "applier")


def run_applier() -> None:
    """Be the child of the service: apply until standard input ends, with a child that resolves."""
    with _child_of_the_service():
        settings = read_settings()
        with (
            graph_open(settings) as graph,
            closing(ChildProcess(_PROGRAM.format("resolver"), "resolver", _RESOLVER_STOP_SECONDS)) as resolver,
            closing(HandoverSender(resolver.send)) as handover,
            closing(ApplierThread(graph, settings, handover)),
        ):
            while os.read(sys.stdin.fileno(), 1024):
                pass


def run_resolver() -> None:
    """Be the child of the applier: resolve until standard input ends, which says what was stored."""
    with _child_of_the_service():
        settings, handover = read_settings(), Handover()
        with graph_open(settings) as graph, closing(ResolverThread(graph, settings, handover)):
            receive_rows(sys.stdin.buffer, handover)


@contextmanager
def _child_of_the_service() -> Iterator[None]:
    """Log what a child has to say, and end with status 1 when it cannot work."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    logging.getLogger("identity_graph").setLevel(logging.INFO)
    if hasattr(os, "nice"):
        os.nice(max(0, _NICE - os.nice(0)))  # the resolver has the applier's already
    gc.freeze()  # what was imported stays, and the garbage collector need not look through it again and again
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keyboard interrupts the service, which closes the pipe
    try:
        yield
    except IdentityGraphError as error:
        _log.error("%s: %s", error.code, error.message)
        sys.exit(1)
    finally:
        gc.unfreeze()  # libraries complain at the end of what was never collected
