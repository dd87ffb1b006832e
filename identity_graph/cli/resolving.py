"""The commands that decide who is who: `resolve` on the graph, `dedupe` on files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from identity_graph.cli.edge import JsonOption, graph_open, read_settings
from identity_graph.cli.files import print_mappings, save_mappings, tell_merged
from identity_graph.cli.judging import ReportOption, print_estimates, write_report
from identity_graph.cli.output import note, print_json, print_pairs, print_rows, print_stages, watching
from identity_graph.pipeline.dedupe import DedupeOptions, dedupe
from identity_graph.pipeline.resolve import ResolveOptions, ResolveSummary, resolve
from identity_graph.sources import read_mapping

__all__ = ["LabelsOption", "print_resolve", "register"]

MinCertaintyOption = Annotated[
    float, typer.Option(help="Probability (0 to 1) each record needs to stay in its cluster; 0 cuts nothing.")
]

LabelsOption = Annotated[
    Path | None,
    typer.Option(help="CSV of what is known, to train with: record_id,cluster_id or left,right with a verdict."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("resolve")(resolve_command)
    app.command("dedupe")(dedupe_command)


def resolve_command(
    retrain: Annotated[bool, typer.Option("--retrain", help="Train a new model instead of reusing the last.")] = False,
    model: Annotated[str | None, typer.Option(help="Use this model (version or folder) from now on.")] = None,
    labels: LabelsOption = None,
    min_certainty: MinCertaintyOption = 0.0,
    report: ReportOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide which records are one person and write the customers; trains the model when there is none."""
    settings = read_settings()
    options = ResolveOptions(retrain=retrain, model=model, labels=labels, minimum_certainty=min_certainty)
    with graph_open(settings) as graph, watching() as watcher:
        summary = resolve(graph, settings, options, watcher)
    write_report(summary.quality.as_json(), report)
    if as_json:
        print_json(summary.as_json())
    else:
        print_resolve(summary)


def print_resolve(summary: ResolveSummary) -> None:
    """Show what a run found and did."""
    print_rows("Links", ("kind", "count"), sorted(summary.links.items()))
    print_pairs("Resolved", summary.counts())
    print_estimates(summary.quality.as_json())
    print_stages(summary.stages)


def dedupe_command(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, folders or globs; each file a source.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write record_id,cluster_id.")],
    mapping: Annotated[Path | None, typer.Option(help="Mapping (YAML); without it the columns are recognised.")] = None,
    id_column: Annotated[str | None, typer.Option(help="Column of the record id.")] = None,
    source_column: Annotated[str | None, typer.Option(help="Column of the source name.")] = None,
    save_mapping: Annotated[Path | None, typer.Option(help="Folder to save the mappings used, for editing.")] = None,
    min_weight: Annotated[float | None, typer.Option(help="Mean bits a cluster needs; more is stricter.")] = None,
    model: Annotated[str | None, typer.Option(help="Use this model (version or folder), do not train one.")] = None,
    save_model: Annotated[Path | None, typer.Option(help="Folder to keep the model in.")] = None,
    labels: LabelsOption = None,
    min_certainty: MinCertaintyOption = 0.0,
    with_certainty: Annotated[bool, typer.Option("--with-certainty", help="Write a column `certainty`.")] = False,
    report: ReportOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find which rows of files are one person; no graph is needed."""
    options = DedupeOptions(
        mapping=read_mapping(mapping) if mapping else None,
        id_column=id_column,
        source_column=source_column,
        minimum_weight=min_weight,
        model=model,
        save_model=save_model,
        labels=labels,
        minimum_certainty=min_certainty,
        with_certainty=with_certainty,
    )
    with watching() as watcher:
        summary = dedupe(files, output, read_settings(), options, watcher)
    write_report(summary.quality.as_json(), report)
    if save_mapping is not None:
        save_mappings(summary.files, save_mapping)
    if as_json:
        print_json(summary.as_json())
        return
    print_mappings(summary.files)
    print_pairs("Found", summary.counts())
    print_estimates(summary.quality.as_json())
    print_stages(summary.stages)
    tell_merged(summary.counts()["rows merged"], summary.files)
    note(f"Written to {output}")
    if save_model is not None:
        note(f"The model {summary.model_version} is kept in {save_model}.")
