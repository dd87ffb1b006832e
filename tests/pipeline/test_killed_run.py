"""A run that is killed while it writes customers, and started again, ends like an undisturbed one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from identity_graph.customers import plan
from identity_graph.graph import open_graph
from identity_graph.model import Verdict
from identity_graph.pipeline.resolve import resolve
from identity_graph.pipeline.stages import SilentWatcher
from identity_graph.settings import Settings
from tests.conftest import clear
from tests.pipeline.world import World

_PROGRAM = "import sys; from tests.pipeline.test_killed_run import run_and_wait; run_and_wait(*sys.argv[1:])"


class _Waiting(SilentWatcher):
    """Stops the run at one point of the writing and waits there to be killed."""

    def __init__(self, after: int) -> None:
        self._left = after

    def begin(self, stage: str, total: int | None) -> None:
        if stage == "Write customers" and self._left == 0:
            _wait()

    def advance(self, stage: str, amount: int) -> None:
        if stage == "Write customers":
            self._left -= 1
            if self._left == 0:
                _wait()


def _wait() -> None:
    sys.stdout.write("here\n")
    sys.stdout.flush()
    sys.stdin.read()


def run_and_wait(settings_text: str, after: str) -> None:
    """Resolve in small transactions until `after` of them are written, then wait."""
    plan._RECORDS_AT_ONCE = 1  # so that few records are several change sets
    settings = Settings.model_validate_json(settings_text)
    resolve(open_graph(settings), settings, None, _Waiting(int(after)))


def _killed(world: World, after: int) -> None:
    text = world.settings.model_dump_json(exclude={"password", "api_keys"})
    program = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, text, str(after)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert program.stdout is not None and program.stdin is not None
    assert program.stdout.readline() == b"here\n"
    program.kill()
    program.wait()
    program.stdin.close()
    program.stdout.close()


def _state(world: World) -> tuple[Any, ...]:
    return world.holdings(), world.customers(), Counter(world.lineage())


def _change(world: World) -> None:
    world.decide("d1", Verdict.MUST, "crm:1", "crm:2")
    world.decide("d2", Verdict.CANNOT, "crm:3", "shop:3-0")
    world.company.add_person(20)
    world.load()


def test_a_killed_run_can_be_repeated(embedded_world: World) -> None:
    world = embedded_world
    world.start()
    first = _state(world)
    _change(world)
    world.resolve()
    second = _state(world)

    clear(world.graph)
    shutil.rmtree(world.settings.data_dir / "derived")
    world.company = type(world.company)(12)
    world.load()
    _killed(world, after=2)
    half = world.holdings()
    assert 0 < len(half) < len(first[0])
    world.resolve()
    assert _state(world) == first

    clear(world.graph)
    world.start()
    _change(world)
    for after in (0, 1, 1):
        _killed(world, after)
    world.resolve()
    assert _state(world) == second
    assert world.resolve().changes == {}
