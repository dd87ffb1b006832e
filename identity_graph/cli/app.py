"""The commands of `identity-graph`, put together from one module per group of commands."""

from __future__ import annotations

import typer

from identity_graph.cli import (
    asking,
    demonstrating,
    events,
    exporting,
    files,
    judging,
    measuring,
    modelling,
    resolving,
    reviewing,
    ruling,
    serving,
    watching,
)

__all__ = ["app"]

app = typer.Typer(
    name="identity-graph",
    help="Scattered customer records become customers on a graph: loaded, resolved, explained, taken back.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

for module in (
    files,
    resolving,
    judging,
    modelling,
    asking,
    reviewing,
    ruling,
    exporting,
    measuring,
    events,
    watching,
    serving,
    demonstrating,
):
    module.register(app)
