"""Lines of delimited text to rows of fields, with the line each row starts at and the lines that are no rows.

Blocks of lines come in, blocks of rows go out. A block of simple lines is parsed by Arrow, one whose lines are all
rows in one call; only blocks with quotes over lines, ragged rows or broken quotes are walked row by row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from identity_graph_loaders.streams import LineBlock

__all__ = ["BadLine", "ParsedBlock", "parsed_blocks"]

_SENTINEL = "\x1e\n"
_SENTINEL_ROW = ["\x1e"]
_ROW_LINES_LIMIT = 1_000
"""Lines that one quoted field may cross a block's end with; beyond that its quote was never meant to open."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no row, and why."""

    line: int
    text: str
    reason: str


@dataclass(slots=True)
class ParsedBlock:
    """Rows of equal width, the 1-based line each starts at, and the lines that are no rows.

    The rows are in `columns`, or where that is None in `rows`.
    """

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    columns: list[pa.ChunkedArray] | None = None


def parsed_blocks(blocks: Iterable[LineBlock], delimiter: str) -> Iterator[ParsedBlock]:
    """Parse blocks of lines; the first row (the header) says how many fields every row has.

    Args:
        blocks: consecutive blocks of whole lines.
        delimiter: one character.

    Returns:
        One parsed block per block with anything in it; blank lines are nothing. A row that crosses the end of a
        block comes with the next one.
    """
    parser = _Parser(delimiter)
    for block in blocks:
        parsed = parser.parse(block, final=False)
        if parsed.lines or parsed.bad:
            yield parsed
    parsed = parser.parse(LineBlock(parser.next_line, []), final=True)
    if parsed.rows or parsed.bad:
        yield parsed


class _Parser:
    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        # Lines that every reader of delimited text reads alike; RE2 checks them in one pass.
        field = rf'(?:"(?:[^"\r\n]|"")*"|[^"\r\n{re.escape(delimiter)}]*)'
        line = f"{field}(?:{re.escape(delimiter)}{field})*"
        self._simple_lines = rf"^(?:{line}\r?\n)*(?:{line})?$"
        self._width: int | None = None
        self._pending: list[str] = []
        self.next_line = 1

    def parse(self, block: LineBlock, final: bool) -> ParsedBlock:
        first = block.first_line - len(self._pending)
        lines = [*self._pending, *block.lines] if self._pending else block.lines
        self._pending = []
        self.next_line = first + len(lines)
        return self._simple(lines, first) or self._at_once(lines, first) or self._row_by_row(lines, first, final)

    def _simple(self, lines: list[str], first: int) -> ParsedBlock | None:
        """Parse lines that are each one row of the known width, with quotes around whole fields only; else None."""
        if self._width is None or not lines or max(map(len, lines)) > csv.field_size_limit():
            return None
        text = "".join(lines)
        try:
            if not pc.match_substring_regex(pa.scalar(text), self._simple_lines).as_py():
                return None
            table = _arrow_rows(text.encode(), self._delimiter, self._width)
        except (UnicodeEncodeError, pa.ArrowInvalid):
            return None
        if table.num_columns != self._width or table.num_rows != len(lines):
            return None
        return ParsedBlock(lines=list(range(first, first + len(lines))), columns=table.columns)

    def _at_once(self, lines: list[str], first: int) -> ParsedBlock | None:
        """Parse lines that are each one row of the right width; None when they are not."""
        try:
            rows = list(csv.reader([*lines, _SENTINEL], delimiter=self._delimiter))
        except csv.Error:
            return None
        if len(rows) != len(lines) + 1 or rows.pop() != _SENTINEL_ROW:
            return None
        widths = set(map(len, rows)) - {0}
        if self._width is None and len(widths) == 1:
            (self._width,) = widths
        if not widths <= {self._width}:
            return None
        numbers = list(range(first, first + len(rows)))
        if not all(rows):
            numbers = [number for number, row in zip(numbers, rows, strict=True) if row]
            rows = [row for row in rows if row]
        return ParsedBlock(rows, numbers)

    def _row_by_row(self, lines: list[str], first: int, final: bool) -> ParsedBlock:
        parsed = ParsedBlock()
        position = 0
        while position < len(lines):
            position = self._until_bad(lines, position, first, final, parsed)
        return parsed

    def _until_bad(self, lines: list[str], start: int, first: int, final: bool, parsed: ParsedBlock) -> int:
        """Take rows from `start` until one is bad; return where to go on, behind the bad row's first line."""
        reader = csv.reader(lines[start:], delimiter=self._delimiter)
        while True:
            begin = start + reader.line_num
            try:
                row = next(reader)
            except StopIteration:
                return len(lines)
            except csv.Error:
                reason: str | None = "field_too_long"
            else:
                end = start + reader.line_num
                reason = self._fault(row, lines[begin:end], at_end=end == len(lines))
                if reason == "unclosed_quote" and end == len(lines) and not final and end - begin <= _ROW_LINES_LIMIT:
                    self._pending = lines[begin:]
                    return len(lines)
            if reason is not None:
                parsed.bad.append(BadLine(first + begin, lines[begin].rstrip("\r\n"), reason))
                return begin + 1
            if row:
                parsed.rows.append(row)
                parsed.lines.append(first + begin)

    def _fault(self, row: list[str], lines: list[str], at_end: bool) -> str | None:
        """Say what is wrong with a row; None when nothing is."""
        if at_end and self._is_open(lines):
            return "unclosed_quote"
        if not row:
            return None
        if self._width is None:
            self._width = len(row)
        if len(lines) > 1 and not self._is_clean(lines):
            return "unclosed_quote"
        return None if len(row) == self._width else "ragged_row"

    def _is_open(self, lines: list[str]) -> bool:
        """Say whether a quote is open at the end of the lines: then another line does not start a row."""
        rows = list(csv.reader([*lines, _SENTINEL], delimiter=self._delimiter))
        return rows[-1] != _SENTINEL_ROW

    def _is_clean(self, lines: list[str]) -> bool:
        """Say whether the quotes of a row over several lines stand where quotes belong.

        A stray quote swallows the next lines up to a quote that opens another field; only the strict reading tells.
        """
        try:
            return len(list(csv.reader(lines, delimiter=self._delimiter, strict=True))) == 1
        except csv.Error:
            return False


def _arrow_rows(data: bytes, delimiter: str, width: int) -> pa.Table:
    """Split lines at the delimiter; no nulls, every field text as it stands."""
    return pa.csv.read_csv(
        pa.py_buffer(data),
        pa.csv.ReadOptions(use_threads=False, block_size=len(data) + 1, autogenerate_column_names=True),
        pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=False),
        pa.csv.ConvertOptions(column_types={f"f{number}": pa.string() for number in range(width)}, null_values=[]),
    )
