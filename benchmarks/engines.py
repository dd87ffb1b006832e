"""Lends a fresh, empty graph engine to a measurement: the embedded one, or a Neo4j started as the tests start it.

The name of an engine comes in, settings that reach it go out; engine and data are gone afterwards.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from benchmarks.dedupe import WORK
from benchmarks.resolve_growth import data_folder
from identity_graph.settings import Settings
from tests.neo4j.server import RELEASES, Neo4jServer, why_not

__all__ = ["ENGINES", "lent", "measured_here"]

ENGINES = ("embedded", *RELEASES)

_MEASURED = ("embedded", "neo4j")
"""One engine of each kind; the newest Neo4j is measured when it is asked for by name."""

_JAVA_OPTIONS = ("-Xms1g", "-Xmx1g")
"""One GiB of heap, and the full compiler where tests take the quick one."""


def measured_here() -> tuple[str, ...]:
    """Return the engines that `benchmarks.run` measures and that can run on this machine; says which cannot."""
    missing = {name: why_not(RELEASES[name]) for name in _MEASURED if name in RELEASES}
    for name, reason in missing.items():
        if reason is not None:
            print(f"{name} is NOT MEASURED: {reason}", flush=True)
    return tuple(name for name in _MEASURED if missing.get(name) is None)


@contextmanager
def lent(engine: str) -> Iterator[Settings]:
    """Start an engine with nothing in it.

    Args:
        engine: one of `ENGINES`.

    Raises:
        RuntimeError: it did not start.
    """
    if engine == "embedded":
        with data_folder() as settings:
            yield settings
        return
    WORK.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="neo4j-", dir=WORK))
    server = Neo4jServer(folder / "server", RELEASES[engine], _JAVA_OPTIONS)
    (folder / "server").mkdir()
    try:
        server.start()
        yield Settings(uri=server.uri, password=SecretStr(""), data_dir=folder / "data")
    finally:
        server.stop()
        shutil.rmtree(folder)
