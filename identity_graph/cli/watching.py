"""The commands that watch, `changes` and `tail`, and `prune`, which keeps what they tell of from growing for ever."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.text import Text

from identity_graph.cli.edge import JsonOption, graph_open, read_settings
from identity_graph.cli.output import note, out, print_json, print_pairs, print_rows, visible
from identity_graph.errors import IdentityGraphError
from identity_graph.feed import LONGEST_PAGE, ChangeFeed, prune_changes, say_event
from identity_graph.journal import open_journal
from identity_graph.live import LiveFrame, LiveState, LiveWatch

__all__ = ["register"]

_LOOK_AGAIN_SECONDS = 0.5
_STATE_SECONDS = 10.0
_COLOURS = {
    "customer.created": "green", "customer.merged": "bold magenta", "customer.split": "bold yellow",
    "customer.retired": "dim", "customer.updated": "cyan",
}  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("changes")(changes_command)
    app.command("prune")(prune_command)
    app.command("tail")(tail_command)


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
                    _print_line(event.as_json())
            else:
                rows = [(event.time, event.type, event.subject, say_event(event)) for event in page.events]
                print_rows("Changes", ("at", "what", "to", ""), rows)
            note(f"{'There is more' if page.more else 'That is all'}: go on with --since {page.cursor}")
            return
        with suppress(KeyboardInterrupt):
            while True:
                for event in page.events:
                    if as_json:
                        _print_line(event.as_json())
                    else:
                        line = f"{event.time}  {event.type}  {event.subject}  {say_event(event)}"
                        out.print(visible(line), markup=False, soft_wrap=True)
                if not page.more:
                    time.sleep(_LOOK_AGAIN_SECONDS)
                page = feed.page(page.seq, limit, types or ())


def prune_command(
    days: Annotated[
        int | None, typer.Option(min=1, help="Keep this many days; without it, IDENTITY_GRAPH_CHANGE_DAYS.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Delete what the change feed need not keep any more; the service does so by itself."""
    settings = read_settings()
    days = days or settings.change_days
    passed = deleted = 0
    if not days:
        note("IDENTITY_GRAPH_CHANGE_DAYS is 0: everything is kept. Say how many days to keep: --days N")
    else:
        before = datetime.now(UTC) - timedelta(days=days)
        with graph_open(settings) as graph:
            while (pruned := prune_changes(graph, before)) is not None:
                passed, deleted = passed + pruned.passed, deleted + pruned.deleted
    if as_json:
        print_json({"passed": passed, "deleted": deleted})
    else:
        print_pairs("Changes", {"no longer in the feed": passed, "deleted": deleted})


def tail_command(
    source: Annotated[str | None, typer.Option(help="Only events of this source, and no changes.")] = None,
    types: Annotated[
        list[str] | None, typer.Option("--type", help="Only events or changes of this type; repeat it.")
    ] = None,
    lines: Annotated[int, typer.Option(min=0, max=100, help="Events and changes before now to begin with.")] = 10,
    once: Annotated[bool, typer.Option("--once", help="Stop after these.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show events as they are applied, with whom they resolve to, what changes, and how far everything is behind."""
    settings = read_settings()
    show = _print_line if as_json else _print_plain
    with suppress(KeyboardInterrupt), graph_open(settings) as graph, closing(open_journal(settings)) as journal:
        watch = LiveWatch(graph, journal)
        shown: LiveState | None = None
        told_at = time.monotonic() - _STATE_SECONDS
        for frame in _frames(watch, lines, once):
            found = [*_lines(frame, source, types or ())]
            for line in found:
                show(line)
            # The state follows what it came with, and now and then when it is another one.
            if time.monotonic() - told_at >= _STATE_SECONDS and frame.state != shown:
                show({"kind": "state", "at": frame.at, **asdict(frame.state)})
                shown, told_at = frame.state, time.monotonic()


def _frames(watch: LiveWatch, lines: int, once: bool) -> Iterator[LiveFrame]:
    """Look until stopped, also while the engine or the journal is away."""
    yield watch.look(history=lines)
    while not once:
        time.sleep(_LOOK_AGAIN_SECONDS)
        try:
            yield watch.look()
        except IdentityGraphError as error:
            if not error.retryable:
                raise
            note(f"{error.message} Looking again.")
            time.sleep(10 * _LOOK_AGAIN_SECONDS)


def _lines(frame: LiveFrame, source: str | None, types: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield what a frame brings, as plain values with their `kind`; a flood's events that are not shown as a number."""
    if frame.passed_over:
        yield {"kind": "passed_over", "at": frame.at, "events": frame.passed_over}
    for event in frame.events:
        if source in (None, event.source) and (not types or event.type in types):
            yield {"kind": "event", **asdict(event)}
    for change in frame.changes:
        if (not types or change.type in types) and source is None:
            yield {"kind": "change", **asdict(change)}


def _print_line(values: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _print_plain(values: Mapping[str, Any]) -> None:
    """Show a line to a person; colours are left out where the output is no terminal."""
    said = {name: visible(str(value)) for name, value in values.items() if value is not None}
    line = Text()
    match values["kind"]:
        case "event":
            who = said.get("problem") or f"{said.get('name', '')} {said.get('customer_id', 'not resolved yet')}".strip()
            line.append(f"{_clock(said['applied_at'])}  ", "dim")
            line.append(f"{said['source']:<12}  {said.get('type', 'dead letter'):<20}  ")
            line.append(who, "red" if "problem" in said else "bold" if "customer_id" in said else "dim")
        case "change":
            line.append(f"{_clock(said.get('at', ''))}  ", "dim")
            line.append(f"{said['type']:<34}  ", _COLOURS.get(said["type"], ""))
            line.append(f"{said.get('name', '')} {said['customer_id']} {said['text']}".strip())
        case "passed_over":
            line.append(f"          {said['events']} more events that are not shown", "dim")
        case _:
            line.append(f"          {_state_line(values)}", "dim")
    out.print(line, soft_wrap=True)


def _state_line(state: Mapping[str, Any]) -> str:
    oldest = "" if state["oldest_seconds"] is None else f", the oldest for {state['oldest_seconds']:,.1f} s"
    behind = "" if not state["unresolved"] else f"; {state['unresolved']:,} changed records to resolve"
    letters = "" if not state["dead_letters"] else f"; {state['dead_letters']:,} dead letters"
    rates = (f"{state[f'{name}_per_second']:,.0f}/s {name}" for name in ("accepted", "applied", "resolved"))
    return f"{state['waiting']:,} events wait{oldest}{behind}{letters}; {', '.join(rates)}"


def _clock(at: str) -> str:
    """Return the time of day of an ISO-8601 time, to the second."""
    return at[11:19]
