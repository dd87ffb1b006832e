"""The command `evaluate`: clusters against a truth, with the worst merges and splits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from identity_graph.cli.edge import JsonOption
from identity_graph.cli.output import print_json, print_pairs, print_rows
from identity_graph.evaluation import Evaluation, GroupError, Scores, evaluate, read_partition

__all__ = ["evaluation_as_json", "print_evaluation", "register"]

_PARTS_SHOWN = 4


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("evaluate")(evaluate_command)


def evaluate_command(
    clusters: Annotated[Path, typer.Argument(help="CSV with record_id,cluster_id: what was found.")],
    truth: Annotated[Path, typer.Argument(help="CSV with record_id,cluster_id: what is true.")],
    worst: Annotated[int, typer.Option(min=0, help="How many of the worst merges and splits to show.")] = 5,
    as_json: JsonOption = False,
) -> None:
    """Compare clusters with the truth: pairwise and B-cubed precision, recall and F1, and the worst errors."""
    result = evaluate(read_partition(clusters), read_partition(truth), shown=worst)
    if as_json:
        print_json(evaluation_as_json(result))
    else:
        print_evaluation(result)


def evaluation_as_json(result: Evaluation) -> dict[str, Any]:
    """Turn an evaluation into plain values, F1 included."""
    plain = asdict(result)
    for name, scores in (("pairwise", result.pairwise), ("b_cubed", result.b_cubed)):
        plain[name]["f1"] = scores.f1
    return plain


def print_evaluation(result: Evaluation) -> None:
    """Show an evaluation as tables."""
    print_rows(
        "Against the truth",
        ("measure", "precision", "recall", "F1"),
        [_scores("pairwise", result.pairwise), _scores("B-cubed", result.b_cubed)],
    )
    print_pairs(
        "",
        {
            "records": result.records,
            "clusters": result.clusters,
            "people": result.people,
            "largest cluster": result.largest,
        },
    )
    _print_errors("Worst merges (one cluster, several people)", "cluster", result.worst_merges)
    _print_errors("Worst splits (one person, several clusters)", "person", result.worst_splits)


def _scores(name: str, scores: Scores) -> tuple[str, str, str, str]:
    return name, f"{scores.precision:.4f}", f"{scores.recall:.4f}", f"{scores.f1:.4f}"


def _print_errors(title: str, kind: str, found: Sequence[GroupError]) -> None:
    if not found:
        return
    rows = [
        (
            error.id,
            error.harm,
            "; ".join(f"{part.size}: {', '.join(part.records[:3])}" for part in error.parts[:_PARTS_SHOWN])
            + (f"; and {len(error.parts) - _PARTS_SHOWN} more" if len(error.parts) > _PARTS_SHOWN else ""),
        )
        for error in found
    ]
    print_rows(title, (kind, "wrong pairs", "parts"), rows)
