"""The commands of a data steward: `review`, `suggestions`, `decide`, `undo` and `decisions`."""

from __future__ import annotations

import getpass
import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from identity_graph.cli.edge import JsonOption, graph_open, read_settings
from identity_graph.cli.output import note, print_json, print_rows
from identity_graph.facts import FactStore
from identity_graph.model import Verdict
from identity_graph.review import current_band, suggested_pairs, uncertain_pairs

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("review")(review_command)
    app.command("suggestions")(suggestions_command)
    app.command("decide")(decide_command)
    app.command("undo")(undo_command)
    app.command("decisions")(decisions_command)


def review_command(
    limit: Annotated[int, typer.Option(min=1, max=200, help="Pairs at most.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the links the model is least sure of, with their evidence in bits."""
    with graph_open(read_settings()) as graph:
        page = uncertain_pairs(graph, current_band(graph), limit=limit)
    if as_json:
        print_json([asdict(pair) for pair in page.items])
        return
    rows = [
        (
            pair.left.key,
            pair.right.key,
            pair.match_weight,
            "together" if pair.together else "apart",
            ", ".join(f"{name} {bits:+.1f}" for name, bits in pair.evidence.items()),
        )
        for pair in page.items
    ]
    print_rows("To review", ("record", "record", "bits", "now", "evidence"), rows)
    note("Decide with: identity-graph decide must|cannot RECORD RECORD --reason '...'")


def suggestions_command(
    limit: Annotated[int, typer.Option(min=1, max=200, help="Suggestions at most.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the customers that only what public keys sent would join, the surest first."""
    with graph_open(read_settings()) as graph:
        page = suggested_pairs(graph, limit=limit)
    if as_json:
        print_json([asdict(pair) for pair in page.items])
        return
    rows = [(pair.left.key, pair.right.key, pair.weight, pair.reason, pair.via_key) for pair in page.items]
    print_rows("Suggested", ("record", "record", "bits", "reason", "via"), rows)
    note("Decide with: identity-graph decide must|cannot RECORD RECORD --reason '...'")


def decide_command(
    verdict: Annotated[Verdict, typer.Argument(help="must, cannot or undecided.")],
    left: Annotated[str, typer.Argument(help="Record key (source:id).")],
    right: Annotated[str, typer.Argument(help="Another record key.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the decision.")],
    author: Annotated[str | None, typer.Option(help="Who decides; without it your login name.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Decide that two records are one person, or are not; every later resolve keeps to it."""
    settings = read_settings()
    with graph_open(settings) as graph:
        decision = FactStore(graph, settings).add_decision(
            verdict, left, right, author or getpass.getuser(), reason, datetime.now(UTC), f"d{uuid.uuid4().hex[:12]}"
        )
    if as_json:
        print_json(asdict(decision))
    else:
        note(
            f"Decision {decision.id} is stored: `identity-graph resolve` or a running service carries it out, "
            "`undo` takes it back."
        )


def undo_command(
    decision: Annotated[str, typer.Argument(help="Id of the decision.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the decision.")],
    author: Annotated[str | None, typer.Option(help="Who decides; without it your login name.")] = None,
) -> None:
    """Take a decision back; the next resolve restores what was before it, ids included."""
    settings = read_settings()
    with graph_open(settings) as graph:
        FactStore(graph, settings).undo_decision(decision, author or getpass.getuser(), reason, datetime.now(UTC))
    note(f"Decision {decision} is taken back; identity-graph resolve carries it out.")


def decisions_command(
    everything: Annotated[bool, typer.Option("--all", help="Also those that were taken back.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List stewards' decisions, oldest first."""
    settings = read_settings()
    with graph_open(settings) as graph:
        found = FactStore(graph, settings).decisions(active_only=not everything)
    if as_json:
        print_json([asdict(decision) for decision in found])
        return
    columns = ("id", "verdict", "left", "right", "author", "reason", "at", "undone_by")
    print_rows("Decisions", columns, [tuple(asdict(decision)[column] for column in columns) for decision in found])
