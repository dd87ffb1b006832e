"""Bytes of a file in blocks of whole lines, gunzipped and decoded: what every text loader starts from.

A path comes in, blocks of lines go out, one block in memory at a time. Bytes that are no text in the encoding
survive as lone surrogates, so that the loader can reject their row and show them.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from identity_graph.errors import SourceError

__all__ = ["LineBlock", "has_lost_bytes", "line_blocks", "printable", "text_encoding"]

BLOCK_BYTES = 1 << 20
LINE_LIMIT = 8 << 20
"""Characters a line may have before it is cut: a file without line ends must not fill the memory."""

_SAMPLE_BYTES = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Some whole lines, with their line ends, and the 1-based number of the first."""

    first_line: int
    lines: list[str]


def line_blocks(
    path: Path, encoding: str | None, progress: Callable[[int], None] | None, block_bytes: int = BLOCK_BYTES
) -> Iterator[LineBlock]:
    """Read a text file, gzipped or not, as blocks of whole lines.

    Args:
        path: the file.
        encoding: None finds it from the byte order mark or the first bytes.
        progress: called with the bytes of the file as it lies on disk taken in since the last call.
        block_bytes: bytes per block, about.

    Raises:
        SourceError: the file cannot be opened, or its gzip data is damaged.
    """
    with _opened(path) as (stored, stream):
        start = stream.read(_SAMPLE_BYTES)
        encoding = encoding or text_encoding(start)
        decoder = _decoder(encoding)
        pending, line, reported = "", 1, 0
        data = start
        while data:
            if progress is not None:
                progress(stored.tell() - reported)
                reported = stored.tell()
            pending += decoder.decode(data)
            if line == 1:
                pending = pending.removeprefix("\ufeff")
            whole = _whole_lines(pending)
            if whole:
                lines = list(io.StringIO(pending[:whole], newline=""))
                yield LineBlock(line, lines)
                line += len(lines)
                pending = pending[whole:]
            data = stream.read(block_bytes)
        pending += decoder.decode(b"", final=True)
        if pending:
            yield LineBlock(line, list(io.StringIO(pending, newline="")))


def text_encoding(start: bytes) -> str:
    """Find the encoding of a text from its first bytes.

    Returns:
        What the byte order mark says; else UTF-16 when every other byte is zero; else UTF-8, unless the bytes
        outside ASCII are mostly not UTF-8: then Windows-1252.
    """
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    zeros_even, zeros_odd = start[0::2].count(0), start[1::2].count(0)
    if zeros_odd > len(start) * 0.3 and zeros_even < zeros_odd / 10:
        return "utf-16-le"
    if zeros_even > len(start) * 0.3 and zeros_odd < zeros_even / 10:
        return "utf-16-be"
    text = start.decode("utf-8", "surrogateescape")
    lost = sum("\udc80" <= character <= "\udcff" for character in text)
    good = sum(character > "\x7f" for character in text) - lost
    # A cut at the sample's end loses up to three bytes of one good character.
    return "cp1252" if lost > max(3, good) or (lost and not good) else "utf-8"


def has_lost_bytes(text: str) -> bool:
    """Say whether a text holds bytes that could not be decoded."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def printable(text: str) -> str:
    """Show bytes that could not be decoded as backslash escapes, such as `\\xe9`."""
    shown = text.encode("utf-8", "surrogateescape") if _only_escapes(text) else text.encode("utf-8", "backslashreplace")
    return shown.decode("utf-8", "backslashreplace")


def _only_escapes(text: str) -> bool:
    return all(not "\ud800" <= character <= "\udfff" or "\udc80" <= character <= "\udcff" for character in text)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open a file; yields the stream of stored bytes (its position is the progress) and the stream of content."""
    try:
        with path.open("rb") as stored:
            if path.name.lower().endswith(".gz"):
                with gzip.GzipFile(fileobj=stored) as content:
                    yield stored, cast(IO[bytes], content)
            else:
                yield stored, stored
    except (OSError, EOFError, zlib.error) as problem:
        raise SourceError(f"{path} cannot be read: {problem}.", ids=[str(path)]) from problem


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    try:
        errors = "backslashreplace" if "16" in encoding or "32" in encoding else "surrogateescape"
        return codecs.getincrementaldecoder(encoding)(errors)
    except LookupError as problem:
        raise SourceError(
            f"There is no text encoding called {encoding!r}.", ids=[encoding], next_step="Use utf-8, cp1252 or utf-16."
        ) from problem


def _whole_lines(text: str) -> int:
    """Return how much of a text is whole lines; a carriage return at its end may be half a line end."""
    end = max(text.rfind("\n"), text.rfind("\r", 0, len(text) - 1)) + 1
    return end if end or len(text) < LINE_LIMIT else len(text)
