"""Lends a graph of a given size on an engine, resolved, with its past: built once and copied for each measurement.

An engine and a number of records come in, settings that reach a running copy go out; the copy is gone afterwards.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from pydantic import SecretStr

from benchmarks.dedupe import WORK
from benchmarks.live_events import SOURCE, Population
from identity_graph.customers.store import CustomerStore
from identity_graph.errors import ModelError
from identity_graph.events import event_facts
from identity_graph.facts import ColumnarCopy, FactStore
from identity_graph.graph import open_graph, stop_engine
from identity_graph.ingest.event_sources import EventSources
from identity_graph.matching import MatchModel
from identity_graph.modelling import model_folder
from identity_graph.normalise import NormaliseContext
from identity_graph.pipeline.load import load
from identity_graph.pipeline.resolve import ResolveOptions, resolve
from identity_graph.settings import Settings
from tests.neo4j.server import RELEASES, Neo4jServer

__all__ = ["lent_graph"]

_EVENTS_AT_ONCE = 5_000
_JAVA_OPTIONS = ("-Xms1g", "-Xmx1g")


@contextmanager
def lent_graph(engine: str, records: int, touchpoints: int | None = None) -> Iterator[Settings]:
    """Run a copy of a graph with a past.

    Args:
        engine: one of `benchmarks.engines.ENGINES`.
        records: of the graph, a multiple of five.
        touchpoints: of the graph; None is two for each record.
    """
    kept = WORK / (f"live-{engine}-{records}" + ("" if touchpoints is None else f"-{touchpoints}"))
    if not kept.exists():
        WORK.mkdir(exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix="live-", dir=WORK))
        with _running(engine, building) as settings:
            _build(settings, records, touchpoints)
        building.rename(kept)
    else:
        with _running(engine, kept) as settings:
            _renew(settings)
    folder = Path(tempfile.mkdtemp(prefix="live-", dir=WORK))
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        with _running(engine, folder) as settings:
            yield settings
    finally:
        shutil.rmtree(folder)


@contextmanager
def _running(engine: str, folder: Path) -> Iterator[Settings]:
    if engine == "embedded":
        settings = Settings(data_dir=folder / "data", uri=None)
        try:
            with open_graph(settings):
                yield settings
        finally:
            stop_engine(settings)
        return
    (folder / "server").mkdir(exist_ok=True)
    server = Neo4jServer(folder / "server", RELEASES[engine], _JAVA_OPTIONS)
    try:
        server.start()
        yield Settings(uri=server.uri, password=SecretStr(""), data_dir=folder / "data")
    finally:
        server.stop()


def _renew(settings: Settings) -> None:
    """Bring what is kept of another version of this library to this one, as its first start does for a user."""
    with open_graph(settings) as graph:
        last = CustomerStore(graph).last_run()
        assert last is not None  # it was resolved when it was built
        try:
            MatchModel.load(model_folder(settings, last.model_version))
        except ModelError:
            resolve(graph, settings, ResolveOptions(retrain=True))
        else:
            if "roles" not in last.summary:  # a resolver would resolve everything before it starts
                resolve(graph, settings)
        ColumnarCopy(settings.data_dir, graph).catch_up()


def _build(settings: Settings, records: int, touchpoints: int | None) -> None:
    """Load the CRM, write the past and resolve all of it."""
    started = time.perf_counter()
    population, context = Population(records), NormaliseContext()
    with open_graph(settings) as graph:
        load(graph, settings, [str(population.write_crm(settings.data_dir / "crm.parquet"))])
        store = FactStore(graph, settings)
        sources = EventSources(store)
        past = population.past(touchpoints)
        while events := list(islice(past, _EVENTS_AT_ONCE)):
            facts = event_facts(events, context, sources.custom)
            sources.learn(facts, {SOURCE: False}, datetime.now(UTC))
            store.write(facts.batch, sources.roles)
        resolve(graph, settings)
    print(f"built a graph of {records:,} records in {time.perf_counter() - started:.0f} s", flush=True)
