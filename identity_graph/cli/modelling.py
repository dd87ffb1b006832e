"""The commands about matching models: `model list`, `model show`, `model train` and `model diff`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from identity_graph.cli.edge import JsonOption, graph_open, read_settings
from identity_graph.cli.output import note, print_json, print_pairs, print_rows, watching
from identity_graph.cli.resolving import LabelsOption
from identity_graph.customers.store import CustomerStore
from identity_graph.errors import InvalidSettingError, NotFoundError
from identity_graph.modelling import (
    ModelDescription,
    TellingValue,
    describe_model,
    draw_chart,
    find_model,
    kept_models,
    write_page,
)
from identity_graph.pipeline.dedupe import DedupeOptions, read_files
from identity_graph.pipeline.graph_input import GraphInput, read_graph, within
from identity_graph.pipeline.linking import LinkingOptions
from identity_graph.pipeline.model_diff import ModelDiff, diff_models
from identity_graph.pipeline.model_training import train_on_graph
from identity_graph.pipeline.stages import Stages
from identity_graph.settings import Settings
from identity_graph.sources import read_mapping

__all__ = ["register"]

_RECORDS_SHOWN = 12
_WRITERS = {".svg": draw_chart, ".html": write_page}


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    models = typer.Typer(help="List, show and compare matching models.", no_args_is_help=True)
    models.command("list")(list_command)
    models.command("show")(show_command)
    models.command("train")(train_command)
    models.command("diff")(diff_command)
    app.add_typer(models, name="model")


def list_command(as_json: JsonOption = False) -> None:
    """List the models kept in the data folder; the one in use is marked."""
    settings = read_settings()
    with graph_open(settings) as graph:
        store = CustomerStore(graph)
        used, run = store.models(), store.last_run()
    kept = kept_models(settings, used, "" if run is None else run.model_version)
    if as_json:
        print_json([asdict(one) for one in kept])
        return
    rows = [
        (one.version, "in use" if one.current else "", one.created_at, one.records, one.labels, one.comparisons)
        for one in kept
    ]
    print_rows("Models", ("version", "", "first used", "records", "labels", "comparisons"), rows)
    for one in kept:
        if one.problem:
            note(one.problem)


def show_command(
    model: Annotated[
        str | None, typer.Argument(metavar="[MODEL]", help="Version or folder; without it the model in use.")
    ] = None,
    chart: Annotated[
        Path | None, typer.Option(help="Draw the match weights into this file: .svg, or .html with all tables.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a model holds: roles, prior, comparisons with their levels in bits, what taught them, sources."""
    if chart is not None and chart.suffix not in _WRITERS:
        raise InvalidSettingError(
            f"{chart.name!r} does not end in .svg or .html.", ids=[str(chart)], next_step="Rename it."
        )
    settings = read_settings()
    described = describe_model(find_model(settings, model or _in_use(settings)))
    if as_json:
        print_json(asdict(described))
    else:
        print_model(described)
    if chart is not None:
        chart.parent.mkdir(parents=True, exist_ok=True)
        chart.write_text(_WRITERS[chart.suffix](described), encoding="utf-8")
        note(f"Drawn into {chart}")


def train_command(labels: LabelsOption = None, as_json: JsonOption = False) -> None:
    """Train a model on the records of the graph and keep it; `resolve --model VERSION` takes it up."""
    settings = read_settings()
    with graph_open(settings) as graph, watching() as watcher:
        model = train_on_graph(graph, settings, labels, watcher)
    if as_json:
        print_json({"version": model.version, "training": dict(model.summary)})
        return
    print_pairs(f"Model {model.version}", model.summary)
    note(f"It is kept, and not in use. Take it up with: identity-graph resolve --model {model.version}")


def diff_command(
    old: Annotated[str, typer.Argument(help="Version or folder of the old model.")],
    new: Annotated[str, typer.Argument(help="Version or folder of the new model.")],
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="Compare on these files; without any on the graph.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="Mapping of the files (YAML).")] = None,
    shown: Annotated[int, typer.Option(min=0, help="How many changed clusters and levels to show.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Show which clusters would change if the new model took the place of the old one; nothing is written."""
    settings = read_settings()
    models = find_model(settings, old), find_model(settings, new)
    options = DedupeOptions(mapping=read_mapping(mapping) if mapping else None)
    with watching() as watcher:
        stages = Stages(watcher)
        if files:
            read = read_files(files, settings, options, stages)
            given = GraphInput(read.records, read.roles, ())
        else:
            with graph_open(settings) as graph:
                given = read_graph(graph, settings, stages)
        found = diff_models(given, models, within(settings, LinkingOptions()), stages, shown)
    if as_json:
        print_json(asdict(found))
    else:
        print_diff(found)


def print_diff(found: ModelDiff) -> None:
    """Show what another model would change."""
    counts = {
        "records": found.records,
        "clusters before": found.clusters_before,
        "clusters after": found.clusters_after,
        "clusters unchanged": found.unchanged,
        "merged": found.merged,
        "split": found.split,
        "regrouped": found.regrouped,
        "pairs gained": found.pairs_gained,
        "pairs lost": found.pairs_lost,
        "jitter if applied": found.jitter,
    }
    print_pairs(f"{found.old} replaced by {found.new}", counts)
    moved = [(one.comparison, one.level, _signed(one.before), _signed(one.after)) for one in found.moved]
    print_rows("Bits that moved most", ("comparison", "level", "before", "after"), moved)
    for change in found.changes:
        title = f"{change.shape.value}: {change.pairs_gained:,} pairs gained, {change.pairs_lost:,} lost"
        rows = [
            (one.key, one.before + 1, one.after + 1, ", ".join(one.attributes.values()))
            for one in change.records[:_RECORDS_SHOWN]
        ]
        print_rows(title, ("record", "cluster before", "after", "values"), rows)
        if len(change.records) > _RECORDS_SHOWN:
            note(f"... and {len(change.records) - _RECORDS_SHOWN:,} more records (--json shows all)")


def _signed(bits: float | None) -> str:
    return "" if bits is None else f"{bits:+.1f}"


def print_model(described: ModelDescription) -> None:
    """Show a model as tables."""
    head = {
        "prior": described.prior,
        **{name: value for name, value in described.training.items() if name != "prior"},
        **{f"threshold {name} (bits)": bits for name, bits in described.thresholds.items()},
        **{f"relatives agree on {name.replace('_', ' ')}": share for name, share in described.relatives.items()},
        "features version": described.features,
        "normaliser version": described.normaliser,
    }
    print_pairs(f"Model {described.version}", head)
    print_rows("Roles", ("attribute", "role"), list(described.roles.items()))
    for one in described.comparisons:
        title = f"{one.label} ({one.learnt:.0%} learnt, from {one.pairs:,.0f} pairs)"
        rows = [
            (level.label, level.m, level.u, f"{level.bits:+.1f}", _range(level.lowest_bits, level.highest_bits))
            for level in one.levels
        ]
        print_rows(title, ("level", "m", "u", "bits", "by rarity"), rows)
    values = [(one.column, one.values, _told(one.most_telling), _told(one.least_telling)) for one in described.values]
    print_rows("What rarity says (bits)", ("column", "values", "most telling", "least telling"), values)
    sources = [(one.name, one.records, one.expected_duplicates, one.duplicate_free) for one in described.sources]
    print_rows("Sources", ("source", "records", "duplicates expected", "each person once"), sources)
    blocking = ", ".join(f"{rule} {most:,}" for rule, most in described.blocking.items())
    print_pairs("", {"candidates by (records that may share a key)": blocking})


def _range(low: float, high: float) -> str:
    return f"{low:+.1f} to {high:+.1f}" if high > low else ""


def _told(values: tuple[TellingValue, ...]) -> str:
    return ", ".join(f"{one.value} {one.bits:+.1f}" for one in values)


def _in_use(settings: Settings) -> str:
    """Ask the graph which model is in use."""
    with graph_open(settings) as graph:
        run = CustomerStore(graph).last_run()
    if run is None:
        raise NotFoundError(
            "No model is in use: nothing is resolved yet.", next_step="Train one: identity-graph resolve"
        )
    return run.model_version
