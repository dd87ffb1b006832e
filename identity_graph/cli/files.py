"""The commands that bring files in: `load`, `mapping` and `rejected`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from identity_graph.cli.edge import JsonOption, graph_open, read_settings
from identity_graph.cli.output import note, out, print_json, print_pairs, print_rows, print_stages, watching
from identity_graph.facts import FactStore
from identity_graph.pipeline.load import LoadOptions, LoadSummary, load
from identity_graph.pipeline.retry import retry_rejected
from identity_graph.sources import SourceFile, describe_mapping, open_sources, read_mapping, write_mapping

__all__ = ["print_load", "print_mappings", "register", "save_mappings", "tell_merged"]

_MAPPING_COLUMNS = ("column", "role", "attribute", "sure", "because")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("load")(load_command)
    app.command("mapping")(mapping_command)
    app.command("rejected")(rejected_command)


def load_command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders or globs.")],
    mapping: Annotated[Path | None, typer.Option(help="Mapping (YAML); without it the columns are recognised.")] = None,
    source: Annotated[str | None, typer.Option(help="Source name; without it the file's name.")] = None,
    id_column: Annotated[str | None, typer.Option(help="Column of the record id.")] = None,
    source_column: Annotated[str | None, typer.Option(help="Column of the source name.")] = None,
    save_mapping: Annotated[Path | None, typer.Option(help="Folder to save the mappings used, for editing.")] = None,
    delete_missing: Annotated[
        bool, typer.Option("--delete-missing", help="The files are full extracts: records not in them are deleted.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Load files into the graph; a row sent again unchanged changes nothing, a changed row replaces its record."""
    settings = read_settings()
    options = LoadOptions(
        mapping=read_mapping(mapping) if mapping else None,
        source=source,
        id_column=id_column,
        source_column=source_column,
        delete_missing=delete_missing,
    )
    with graph_open(settings) as graph, watching() as watcher:
        summary = load(graph, settings, paths, options, watcher)
    if save_mapping is not None:
        save_mappings(summary.files, save_mapping)
    if as_json:
        print_json(summary.as_json())
    else:
        print_load(summary)


def print_load(summary: LoadSummary) -> None:
    """Show what a load did, with the mapping of each file."""
    print_mappings(summary.files)
    print_pairs("Loaded", summary.counts())
    print_stages(summary.stages)
    tell_merged(summary.merged_rows, summary.files)
    if summary.rejected_rows or summary.rejected_values:
        note("Nothing is lost: `identity-graph rejected` lists what could not be read, `--retry` replays it.")


def tell_merged(rows: int, files: Sequence[SourceFile]) -> None:
    """Tell that ids repeat where a record is one row, so that nobody takes a wrong id column for a right one."""
    if rows and not all(file.mapping.grows for file in files):
        note(f"Repeated record ids: rows replaced by a later one with the same id: {rows:,}. Is another column the id?")


def print_mappings(files: Sequence[SourceFile]) -> None:
    """Show what each column was taken for, once per mapping."""
    shown: list[object] = []
    for file in files:
        if file.mapping in shown:
            continue
        shown.append(file.mapping)
        print_rows(f"Mapping of {file.source}", _MAPPING_COLUMNS, describe_mapping(file.mapping))


def save_mappings(files: Sequence[SourceFile], folder: Path) -> None:
    """Write the mapping of each source as YAML that can be edited and given back with --mapping."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        path = folder / f"{file.source}.yaml"
        write_mapping(file.mapping, path)
        note(f"Saved {path}")


def mapping_command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders or globs.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder to write the mappings to.")] = None,
) -> None:
    """Show what each column is taken for, without loading anything; `-o` saves it as YAML to edit."""
    reader = open_sources(paths, default_region=read_settings().default_region)
    print_mappings(reader.files)
    if output is not None:
        save_mappings(reader.files, output)


def rejected_command(
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many to list.")] = 50,
    retry: Annotated[bool, typer.Option("--retry", help="Replay them through the mapping of their source.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List rows and values that could not be read, or replay them."""
    settings = read_settings()
    with graph_open(settings) as graph:
        if retry:
            counts = asdict(retry_rejected(graph, settings, source))
            print_json(counts) if as_json else print_pairs("Replayed", counts)
            return
        found = FactStore(graph, settings).rejected(source=source, limit=limit + 1)
    more, found = len(found) > limit, found[:limit]
    if as_json:
        print_json([{"key": one.key, "status": one.status, **asdict(one.reject)} for one in found])
        return
    if not found:
        out.print("Nothing is rejected.")
        return
    columns = ("source", "file", "line", "column", "value", "reason", "kept_record")
    rejects = sorted((one.reject for one in found), key=lambda one: (one.source, one.file, one.line, one.column or ""))
    print_rows("Rejected", columns, [tuple(asdict(one)[column] for column in columns) for one in rejects])
    if more:
        note("There are more: --limit N lists N of them, --source NAME those of one source, `status` counts all.")
