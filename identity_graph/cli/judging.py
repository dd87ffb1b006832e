"""The command `quality`, and how a quality report is shown after a run.

A report as plain values comes in, of a run just done or of the last one on the graph; tables or a JSON file go out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from identity_graph.cli.edge import JsonOption, graph_open, read_settings
from identity_graph.cli.output import note, print_json, print_pairs, print_rows
from identity_graph.customers.store import CustomerStore

__all__ = ["ReportOption", "print_estimates", "register", "write_report"]

ReportOption = Annotated[Path | None, typer.Option(help="File for the whole quality report (JSON).")]

_FIRST = 5


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("quality")(quality_command)


def quality_command(as_json: JsonOption = False) -> None:
    """Show what the last run is worth: estimated precision and recall, clusters to look at, what carried nothing."""
    with graph_open(read_settings()) as graph:
        report = CustomerStore(graph).last_quality()
    if as_json:
        print_json(report)
    else:
        _print_report(report)


def print_estimates(report: Mapping[str, Any]) -> None:
    """Show the estimates, the clusters to look at first and what carried nothing."""
    rows = [
        (f"{name} {measure}", *(report["estimates"][key][measure][end] for end in ("estimate", "low", "high")))
        for key, name in (("pairwise", "pairs"), ("b_cubed", "B-cubed"))
        for measure in ("precision", "recall")
    ]
    print_rows("Estimated without labels", ("measure", "estimate", "from", "to"), _as_text(rows))
    _print_weakest(report, _FIRST)
    idle = [(row["comparison"], f"{row['bits']:g} bits") for row in report["comparisons"] if row["nothing"]]
    idle += [(row["column"], row["reason"]) for row in report["columns"]]
    if idle:
        print_rows("Carried nothing", ("column or comparison", "why"), idle)


def write_report(report: Mapping[str, Any], path: Path | None) -> None:
    """Write the whole report to a file, if one is wanted."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        note(f"Quality report written to {path}")


def _print_report(report: Mapping[str, Any]) -> None:
    print_estimates(report)
    shapes = report["shapes"]
    print_rows("Clusters by size", ("records", "clusters"), list(shapes["sizes"].items()))
    print_pairs(
        "Shapes",
        {
            "share of pairs that speak for one person": shapes["density"],
            "records held by one link": shapes["hanging"],
            "clusters less certain than 0.5": shapes["doubtful"],
        },
    )
    names = ("source", "records", "records_with_duplicates", "each_person_once")
    print_rows("Sources", [name.replace("_", " ") for name in names], _columns(report["sources"], names))
    print_rows("Comparisons", ("comparison", "bits"), _columns(report["comparisons"], ("comparison", "bits")))
    if report["quarantined"]:
        print_rows("Quarantined", ("identifier", "why"), _columns(report["quarantined"], ("identifier", "reason")))


def _print_weakest(report: Mapping[str, Any], shown: int) -> None:
    names = ("cluster", "records", "certainty", "reason")
    if report["weakest"]:
        print_rows("Look at first", names, _columns(report["weakest"][:shown], names))


def _columns(rows: list[dict[str, Any]], names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def _as_text(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Write shares with four digits; more than two matter here."""
    return [(name, *(f"{share:.4f}" for share in shares)) for name, *shares in rows]
