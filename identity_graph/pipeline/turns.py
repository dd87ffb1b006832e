"""Whose turn it is to write customers: one run of all records at a time, and between runs the steps of real time.

Settings come in, a lock in the data folder is held while a block runs. A run waits for the step under way; steps wait
until no run is under way or waits for its turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from identity_graph.errors import ConflictError
from identity_graph.settings import Settings

__all__ = ["sole_run", "step_turn"]

_GLANCE_SECONDS = 1.0
"""A step looks for a run by taking its lock for a moment, which must not look like a run."""
_LONGEST_STEP_SECONDS = 300.0


@contextmanager
def sole_run(settings: Settings) -> Iterator[None]:
    """Be the only one who resolves the graph of a data folder while the block runs; waits for a step to end.

    Raises:
        ConflictError: another run is under way, or a step takes minutes.
    """
    with _held(settings, "run.lock", _GLANCE_SECONDS), _held(settings, "resolve.lock", _LONGEST_STEP_SECONDS):
        yield


@contextmanager
def step_turn(settings: Settings) -> Iterator[None]:
    """Resolve what changed while the block runs.

    Raises:
        ConflictError: a run is under way or waits for its turn.
    """
    with _held(settings, "run.lock", 0):
        pass
    with _held(settings, "resolve.lock", 0):
        yield


@contextmanager
def _held(settings: Settings, name: str, longest: float) -> Iterator[None]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.data_dir / name)
    try:
        lock.acquire(timeout=longest)
    except Timeout as error:
        raise ConflictError(
            f"Another run is resolving {settings.data_dir}.",
            ids=[str(settings.data_dir)],
            next_step="Wait until it has ended and try again.",
        ) from error
    try:
        yield
    finally:
        lock.release()
