"""What a measurement ran on and what a process cost: machine facts, wall and processor seconds, peak memory.

Nothing that identifies the machine (names, paths) goes out.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

__all__ = ["PRODUCT", "VERSIONS_OF", "Cost", "machine", "run_process"]

PRODUCT = str(Path(sys.executable).with_name("identity-graph"))
"""The installed command."""

VERSIONS_OF = ("identity-graph", "splink", "duckdb", "pyarrow", "numpy", "arcadedb-embedded", "neo4j")

_SAMPLE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Cost:
    """What a whole process cost, its children included.

    Attributes:
        wall, cpu: seconds.
        peak_mib: highest sum of resident memory over the process and its children (sampled), in MiB.
        output: what it printed.
    """

    wall: float
    cpu: float
    peak_mib: float
    output: str


def machine() -> dict[str, str]:
    """Return what the machine is, for the reader of a table."""
    facts = {
        "processors": str(psutil.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
    }
    return facts | {name: version(name) for name in VERSIONS_OF}


def run_process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end and measure it.

    Args:
        command: program and arguments; `python` stands for the one that runs this.
        environment: added to the present one.

    Raises:
        CalledProcessError: it failed; what it said goes with the error.
    """
    if command[0] == "python":
        command = [sys.executable, *command[1:]]
    before = os.times()
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, **(environment or {})},
    )
    peak = _PeakMemory(process.pid)
    output, errors = process.communicate()
    wall = time.perf_counter() - started
    peak_mib = peak.stop()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output, errors)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(wall, cpu, peak_mib, output)


class _PeakMemory:
    """Samples the resident memory of a process and its children until stopped."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def _sample(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            try:
                family = [self._process, *self._process.children(recursive=True)]
            except psutil.Error:
                return
            self._peak = max(self._peak, sum(_resident(one) for one in family))

    def stop(self) -> float:
        self._done.set()
        self._thread.join()
        return self._peak / 2**20


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it ended meanwhile
        return 0
