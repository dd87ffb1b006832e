"""The command `demo`: generated sources of one company become customers, and one of them is shown.

Everything is made in a folder of its own, anew each time; the user's data are never touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from identity_graph.cli.asking import print_explanation, print_profile
from identity_graph.cli.edge import graph_open, read_settings
from identity_graph.cli.measuring import print_evaluation
from identity_graph.cli.output import errors, note, out, print_rows, watching
from identity_graph.cli.resolving import print_resolve
from identity_graph.customers.read import CustomerReader
from identity_graph.demo import DemoFiles, generate
from identity_graph.errors import ConflictError
from identity_graph.evaluation import PARTITION_SCHEMA, evaluate, read_partition
from identity_graph.explain import explain
from identity_graph.facts import FactStore
from identity_graph.graph import stop_engine
from identity_graph.graph.port import Graph
from identity_graph.namespace_file import namespace_rules
from identity_graph.pipeline.load import LoadOptions, LoadSummary, load
from identity_graph.pipeline.resolve import resolve
from identity_graph.settings import Settings
from identity_graph.sources import read_mapping

__all__ = ["register"]

_FOLDER = Path("identity-graph-demo")
_MADE_HERE = "made-by-the-demo"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo")(demo_command)


def demo_command(
    people: Annotated[int, typer.Option(min=10, max=1_000_000, help="How many people the company knows.")] = 2_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
    folder: Annotated[Path, typer.Option(help="Where the demo lives; replaced each time.")] = _FOLDER,
) -> None:
    """Generate the sources of one company, load and resolve them, and show a customer."""
    settings = _fresh_folder(read_settings(folder))
    errors.print(f"Generating {people:,} people in five systems of one company...")
    files = generate(folder / "files", people, seed)
    with graph_open(settings) as graph:
        _refuse_foreign(graph, settings, files)
        with watching() as watcher:
            loaded = {
                path.name: load(graph, settings, [str(path)], _options(path, files.mappings), watcher)
                for path in files.paths
            }
            resolved = resolve(graph, settings, None, watcher)
        _print_loaded(loaded, FactStore(graph, settings).counts().records)
        print_resolve(resolved)
        customers = _customers(graph)
        print_evaluation(evaluate(_partition(customers), read_partition(files.truth), shown=0))
        out.print("\nOne of them, and why these records are one person:\n")
        shown = CustomerReader(graph).profile(_interesting(customers))
        print_profile(shown)
        print_explanation(explain(graph, shown.customer.id, shown.customer.id, namespace_rules(settings)))
    _say_what_next(settings, shown.customer.id)


def _fresh_folder(settings: Settings) -> Settings:
    """Empty the demo's folder if the demo made it; a folder of somebody else is refused."""
    folder, mark = settings.data_dir, settings.data_dir / _MADE_HERE
    if folder.exists() and any(folder.iterdir()):
        if not mark.exists():
            raise ConflictError(
                f"The folder {folder} holds something that the demo did not make.",
                ids=[str(folder)],
                next_step="Choose another: identity-graph demo --folder NAME",
            )
        if settings.uri is None:
            stop_engine(settings)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
    return settings


def _refuse_foreign(graph: Graph, settings: Settings, files: DemoFiles) -> None:
    """On a Neo4j of the user's, go on only where nothing but the demo's own sources is stored."""
    foreign = {source.name for source in FactStore(graph, settings).sources()} - set(files.mappings)
    if foreign:
        raise ConflictError(
            f"The database holds other sources ({', '.join(sorted(foreign))}).",
            ids=sorted(foreign),
            next_step="Point IDENTITY_GRAPH_URI at an empty database, or unset it for the embedded engine.",
        )


def _options(path: Path, mappings: Mapping[str, Path]) -> LoadOptions:
    mapping = mappings.get(path.name.split(".")[0])
    return LoadOptions(mapping=None if mapping is None else read_mapping(mapping))


def _print_loaded(loaded: Mapping[str, LoadSummary], stored: Mapping[str, int]) -> None:
    """Show what became of each file; a record that grew over several rows counts once."""
    rows = [
        (
            name,
            summary.rows_read,
            sum(stored[file.source] for file in summary.files),
            summary.identifiers,
            summary.touchpoints,
            summary.rejected_rows,
            summary.rejected_values,
            sum(stage.seconds for stage in summary.stages),
        )
        for name, summary in loaded.items()
    ]
    columns = ("file", "rows", "records", "identifiers", "touchpoints", "rows rejected", "values rejected", "seconds")
    print_rows("Loaded", columns, rows)


def _customers(graph: Graph) -> dict[str, str]:
    """Return record key -> customer id."""
    rows = graph.stream("customers/export_records")
    return {row["record_key"]: row["customer_id"] for row in rows}


def _partition(customers: Mapping[str, str]) -> pa.Table:
    return pa.table([list(customers), list(customers.values())], schema=PARTITION_SCHEMA)


def _interesting(customers: Mapping[str, str]) -> str:
    """Choose a customer to show: from as many sources as possible, with few enough records for a screen."""
    keys: dict[str, list[str]] = {}
    for key, customer in customers.items():
        keys.setdefault(customer, []).append(key)
    few = {customer: found for customer, found in keys.items() if len(found) <= 7} or keys
    return min(few, key=lambda one: (-len({key.split(":")[0] for key in few[one]}), -len(few[one]), one))


def _say_what_next(settings: Settings, customer: str) -> None:
    out.print()
    note("Look further:" if settings.uri else "Look further (the engine stops by itself when nobody uses it):")
    note(f"  export IDENTITY_GRAPH_DATA_DIR={settings.data_dir}")
    note(f"  .venv/bin/identity-graph customer {customer}")
    note("  .venv/bin/identity-graph review")
    note("  .venv/bin/identity-graph rejected")
    note("  .venv/bin/identity-graph serve      # then open http://127.0.0.1:8000/docs")
