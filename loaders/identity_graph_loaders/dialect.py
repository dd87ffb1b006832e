"""How a delimited file is written: its separator and its column names, found from the first lines."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

__all__ = ["find_delimiter", "unique_names"]

_BY_SUFFIX = {".tsv": "\t", ".tab": "\t", ".psv": "|"}
_CANDIDATES = (",", ";", "\t", "|", "^")
_SAMPLE_LINES = 200


def find_delimiter(path: Path, lines: Sequence[str]) -> str:
    """Find the field separator.

    Args:
        path: its ending decides for `.tsv`, `.tab` and `.psv`, when the header has such a separator at all.
        lines: the first lines, header first.

    Returns:
        The separator that gives the most rows as many fields as the header has, more fields first; a comma when
        there is only one column.
    """
    name = path.name.lower().removesuffix(".gz")
    header = next((line for line in lines if line.strip()), "")
    told = next((mark for suffix, mark in _BY_SUFFIX.items() if name.endswith(suffix)), None)
    if told is not None and told in header:
        return told
    return max(_CANDIDATES, key=lambda mark: _fit(mark, header, lines))


def _fit(mark: str, header: str, lines: Sequence[str]) -> tuple[bool, float, int]:
    if mark not in header:
        return False, 0.0, 0
    try:
        rows = [row for row in csv.reader(lines[:_SAMPLE_LINES], delimiter=mark) if row]
    except csv.Error:
        return False, 0.0, 0
    width = len(rows[0])
    agreeing = sum(len(row) == width for row in rows) / len(rows)
    return width > 1, round(agreeing, 1), width


def unique_names(header: Sequence[str]) -> list[str]:
    """Give every column a name: outer blanks off, `column_3` for an empty one, `name_2` for the second of a name."""
    names: list[str] = []
    taken = {text.strip() for text in header}
    for number, text in enumerate(header, start=1):
        plain = text.strip() or f"column_{number}"
        name, repeat = plain, 1
        while name in names or (repeat > 1 and name in taken):
            repeat += 1
            name = f"{plain}_{repeat}"
        names.append(name)
    return names
