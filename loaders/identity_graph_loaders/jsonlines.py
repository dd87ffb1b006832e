"""JSON lines: one object per line, gzipped or not; nested objects become columns with dots in their names.

A path comes in, raw batches go out. A line that is no JSON object becomes a reject.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from identity_graph.errors import SourceError
from identity_graph.model import Reject
from identity_graph.sources.batches import RawBatch, text_table
from identity_graph.sources.loader import Loader, ReadOptions
from identity_graph_loaders.streams import has_lost_bytes, line_blocks, printable

__all__ = ["JsonLinesLoader"]


class JsonLinesLoader(Loader):
    """Reads one JSON object per line."""

    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson", ".json")
    fixed_columns: ClassVar[bool] = False

    def get(self, path: Path, options: ReadOptions) -> Iterator[RawBatch]:
        """Read a file of JSON lines in batches; every batch has the columns met so far, in order of appearance.

        Raises:
            SourceError: the file is empty, holds an array instead of lines, or cannot be read.
        """
        names: dict[str, None] = {}
        empty = True
        for block in line_blocks(path, options.encoding, options.progress):
            numbered = [(line, text) for line, text in enumerate(block.lines, block.first_line) if text.strip()]
            for start in range(0, len(numbered), options.batch_rows):
                if empty and _is_array(numbered):
                    raise SourceError(
                        f"{path} holds one JSON array, not one JSON object per line.",
                        ids=[str(path)],
                        next_step=f"Write its objects one per line, for instance: jq -c '.[]' {path.name}",
                    )
                empty = False
                yield _batch(numbered[start : start + options.batch_rows], names, str(path))
        if empty:
            raise SourceError(f"{path} is empty.", ids=[str(path)], next_step="It needs one JSON object per line.")


def _is_array(numbered: list[tuple[int, str]]) -> bool:
    """Say whether the first lines of a file are one array: alone on its line, or over several of them."""
    first = numbered[0][1]
    return first.lstrip().startswith("[") and (len(numbered) == 1 or _row(first) == "unreadable_json")


def _batch(numbered: list[tuple[int, str]], names: dict[str, None], file: str) -> RawBatch:
    rows: list[dict[str, str | None]] = []
    lines: list[int] = []
    rejects: list[Reject] = []
    for line, text in numbered:
        row = _row(text)
        if isinstance(row, str):
            shown = printable(text.rstrip("\r\n"))
            rejects.append(Reject("", file, line, None, shown, row, json.dumps(shown, ensure_ascii=False), False))
            continue
        names.update(dict.fromkeys(row))
        rows.append(row)
        lines.append(line)
    table = text_table(list(names), [[row.get(name) for row in rows] for name in names])
    return RawBatch(table, pa.array(lines, pa.int64()), tuple(rejects), file)


def _row(text: str) -> dict[str, str | None] | str:
    """Read one line as a flat row, or say why it cannot be."""
    if has_lost_bytes(text):
        return "wrong_encoding"
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return "unreadable_json"
    if not isinstance(parsed, dict):
        return "not_an_object"
    flat: dict[str, str | None] = {}
    _flatten(parsed, "", flat)
    if any(value is not None and has_lost_bytes(value) for value in flat.values()) or any(map(has_lost_bytes, flat)):
        return "wrong_encoding"
    return flat


def _flatten(value: dict[str, Any], prefix: str, flat: dict[str, str | None]) -> None:
    for key, item in value.items():
        name = f"{prefix}{key}"
        if isinstance(item, dict):
            _flatten(item, f"{name}.", flat)
        elif item is None or isinstance(item, str):
            flat[name] = item
        else:
            flat[name] = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
