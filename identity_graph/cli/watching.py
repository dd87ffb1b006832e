"""The commands that watch: `changes` tells what happened to customers, and what happens."""

from __future__ import annotations

import json
import sys
import time
from typing import Annotated

import typer

from identity_graph.cli.edge import JsonOption, graph_open, read_settings
from identity_graph.cli.output import note, out, print_rows, visible
from identity_graph.feed import LONGEST_PAGE, ChangeFeed, CloudEvent, say_event

__all__ = ["register"]

_LOOK_AGAIN_SECONDS = 0.5


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("changes")(changes_command)


def changes_command(
    since: Annotated[
        str | None, typer.Option(metavar="CURSOR", help="Only what came after this cursor; `now` is the end.")
    ] = None,
    types: Annotated[
        list[str] | None, typer.Option("--type", help="Only this type, such as customer.merged; repeat it.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=LONGEST_PAGE, help="Events at most.")] = 100,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what happens, until stopped.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell what happened to customers, oldest first: created, updated, merged, split, retired."""
    with graph_open(read_settings()) as graph:
        feed = ChangeFeed(graph)
        page = feed.page(feed.position(since), limit, types or ())
        if not follow:
            if as_json:
                for event in page.events:
                    _print_line(event)
            else:
                rows = [(event.time, event.type, event.subject, say_event(event)) for event in page.events]
                print_rows("Changes", ("at", "what", "to", ""), rows)
            note(f"{'There is more' if page.more else 'That is all'}: go on with --since {page.cursor}")
            return
        while True:
            for event in page.events:
                if as_json:
                    _print_line(event)
                else:
                    out.print(visible(f"{event.time}  {event.type}  {event.subject}  {say_event(event)}"), markup=False)
            if not page.more:
                time.sleep(_LOOK_AGAIN_SECONDS)
            page = feed.page(page.seq, limit, types or ())


def _print_line(event: CloudEvent) -> None:
    sys.stdout.write(json.dumps(event.as_json(), ensure_ascii=False) + "\n")
    sys.stdout.flush()
