"""How the command line shows things: tables and progress bars for people, JSON for machines.

Rows and reports come in. Results go to standard output; progress, notes and errors go to standard error, so that
output can be piped.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from identity_graph.pipeline.stages import StageReport

__all__ = [
    "BarWatcher", "errors", "note", "out", "print_json", "print_pairs", "print_rows", "print_stages", "visible",
    "watching",
]  # fmt: skip

_PIPED_WIDTH = 120
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

out = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)
errors = Console(stderr=True, highlight=False)


def visible(text: str) -> str:
    """Write control characters as codes, so that nothing in a file can steer the terminal of who looks at it."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def note(text: str) -> None:
    """Tell the person something that is not the result."""
    errors.print(visible(text), markup=False)


def print_json(value: Any) -> None:
    """Print one JSON document, keys as given, other types (times are ISO-8601 in UTC) as text."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_in_words) + "\n")


def print_rows(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table; numbers are set to the right, None is left blank."""
    table = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold", box=None)
    for position, column in enumerate(columns):
        values = [row[position] for row in rows]
        numeric = bool(values) and all(isinstance(value, int | float | None) for value in values)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    out.print(table)


def print_pairs(title: str, pairs: Mapping[str, Any]) -> None:
    """Print names and values, one pair a line."""
    table = Table(title=title or None, title_justify="left", title_style="bold", show_header=False, box=None)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in pairs.items():
        table.add_row(name, _cell(value))
    out.print(table)


def print_stages(reports: Sequence[StageReport]) -> None:
    """Print seconds and memory of each stage."""
    rows = [(report.name, report.rows or None, report.seconds, report.peak_mib) for report in reports]
    rows.append(("in all", None, sum(report.seconds for report in reports), max(r.peak_mib for r in reports)))
    print_rows("", ("stage", "rows", "seconds", "peak MiB"), rows)


def _in_words(value: Any) -> str:
    """Return a value as a person reads it: lists by commas, names before their values, times in UTC."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_in_words(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(f"({_in_words(one)})" if isinstance(one, Mapping) else _in_words(one) for one in value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 0.1 else f"{value:.2f}"
    return visible(_in_words(value)).replace("[", r"\[")


class BarWatcher:
    """Shows each stage as a bar while it runs and as a line when it is over; on a pipe only the lines."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def begin(self, stage: str, total: int | None) -> None:
        """Show a new bar."""
        self._tasks[stage] = self._progress.add_task(stage, total=total)

    def advance(self, stage: str, amount: int) -> None:
        """Move the bar on."""
        self._progress.advance(self._tasks[stage], amount)

    def end(self, report: StageReport) -> None:
        """Replace the bar by a line that stays."""
        self._progress.remove_task(self._tasks.pop(report.name))
        rows = f"{report.rows:>12,} rows" if report.rows else " " * 17
        self._progress.console.print(f"  {report.name:<28}{rows}{report.seconds:>9.1f} s", markup=False)


@contextmanager
def watching() -> Iterator[BarWatcher]:
    """Show progress on standard error while the block runs."""
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=errors, transient=True) as progress:
        yield BarWatcher(progress)
