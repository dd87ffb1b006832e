"""A load that is killed in the middle and started again gives the graph of an undisturbed load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from identity_graph.facts import FactStore
from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from tests.conftest import clear
from tests.facts.batches import batch, edges, record, touchpoint

BATCHES = [
    batch(
        [
            record(f"crm:{number}", f"email:{number % 7}@mail.test", f"phone:{number}", city=f"c{number}")
            for number in range(start, start + 40)
        ],
        [touchpoint(f"m{number}", f"crm:{number}", f"phone:{number}") for number in range(start, start + 40)],
    )
    for start in range(0, 400, 40)
]


def load(store: FactStore) -> None:
    """Store all batches, saying so after each."""
    for _ in store.write_stream(BATCHES, {}):
        sys.stdout.write("stored\n")
        sys.stdout.flush()


PROGRAM = """
import sys
from identity_graph.facts import FactStore
from identity_graph.graph import open_graph
from identity_graph.settings import Settings
from tests.facts.test_crash import load
settings = Settings.model_validate_json(sys.argv[1])
load(FactStore(open_graph(settings), settings))
"""


def test_a_killed_load_can_be_repeated(graph: BoltGraph, engine_settings: Settings) -> None:
    store = FactStore(graph, engine_settings)
    load(store)
    undisturbed, table = edges(graph), store.copy.records()
    clear(graph)
    for kill_after in (1, 4):
        program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, engine_settings.model_dump_json(exclude={"password", "api_keys"})],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert program.stdout is not None
        for _ in range(kill_after):
            assert program.stdout.readline() == b"stored\n"
        program.kill()
        program.wait()
        program.stdout.close()
    load(store)
    assert edges(graph) == undisturbed
    assert store.copy.records().equals(table)
