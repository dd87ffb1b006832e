"""Delimited text: every line comes out somewhere, lines are counted right, memory stays flat."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity_graph.errors import SourceError
from identity_graph.sources import ReadOptions, find_loader
from identity_graph_loaders.dialect import find_delimiter, unique_names
from identity_graph_loaders.rows import ParsedBlock, parsed_blocks
from identity_graph_loaders.streams import LineBlock

_TAILS = st.text(st.sampled_from('ab,"\r\x00 é'), max_size=8)


def _rows(block: ParsedBlock) -> list[tuple[str, ...]]:
    if block.columns is None:
        return [tuple(row) for row in block.rows]
    return list(zip(*(column.to_pylist() for column in block.columns), strict=True))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tails=st.lists(_TAILS, min_size=1, max_size=25))
def test_every_line_comes_out_as_a_row_or_a_reject(tmp_path: Path, tails: list[str]) -> None:
    path = tmp_path / "rows.csv"
    body = "".join(f"<{number}>,{tail}\n" for number, tail in enumerate(tails))
    path.write_bytes(("id,value\n" + body).encode())
    seen = ""
    for raw in find_loader(path).get(path, ReadOptions()):
        seen += "".join(str(row) for row in raw.columns.to_pylist()) + "".join(reject.raw for reject in raw.rejects)
    assert [number for number in range(len(tails)) if f"<{number}>" not in seen] == []


@settings(max_examples=100, deadline=None)
@given(
    values=st.lists(st.text(st.sampled_from('ab",\n é'), max_size=8), min_size=1, max_size=20), cut=st.integers(1, 9)
)
def test_block_borders_change_nothing(values: list[str], cut: int) -> None:
    quoted = [f'{number},"{value.replace(chr(34), chr(34) * 2)}"\n' for number, value in enumerate(values)]
    lines = "".join(["id,value\n", *quoted]).splitlines(keepends=True)
    blocks = [LineBlock(start + 1, lines[start : start + cut]) for start in range(0, len(lines), cut)]
    parsed = list(parsed_blocks(blocks, ","))
    assert [list(row) for block in parsed for row in _rows(block)][1:] == [
        [str(n), value] for n, value in enumerate(values)
    ]
    starts = [line for block in parsed for line in block.lines][1:]
    assert [lines[line - 1].split(",")[0] for line in starts] == [str(number) for number in range(len(values))]
    assert not any(block.bad for block in parsed)


@pytest.mark.parametrize(
    ("name", "line", "mark"),
    [
        ("a.csv", "x,y", ","),
        ("a.csv", "x;y", ";"),
        ("a.txt", "x|y", "|"),
        ("a.tsv", "x\ty,z", "\t"),
        ("a.csv", "x", ","),
    ],
)
def test_separators_are_found(name: str, line: str, mark: str) -> None:
    assert find_delimiter(Path(name), [line, line]) == mark


def test_every_column_gets_a_name_of_its_own() -> None:
    assert unique_names(["a", "a", "", "a_2"]) == ["a", "a_3", "column_3", "a_2"]


def test_damaged_gzip_is_a_source_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.csv.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00broken")
    with pytest.raises(SourceError, match="broken"):
        list(find_loader(path).get(path, ReadOptions()))


_STREAM = """
import resource, sys
from identity_graph.sources import mapping_from_text, open_sources
mapping = mapping_from_text("record_id: id\\ncolumns: {given: given_name, mail: email}")
for batch in open_sources([sys.argv[1]], mapping=mapping).batches():
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is read from the resource module")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for rows in (20_000, 200_000):
        path = tmp_path / f"people{rows}.csv"
        with path.open("w", encoding="utf-8") as text:
            text.write("id,given,mail\n")
            text.writelines(f"{n},Name {n % 977},person{n % 40_000}@mail.org\n" for n in range(rows))
        done = subprocess.run([sys.executable, "-c", _STREAM, str(path)], capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < 80


@settings(max_examples=300, deadline=None)
@given(
    lines=st.lists(
        st.text(st.sampled_from('ab,,""\r\x00 \té\u2028\x1e\'\\\ud800'), max_size=8), min_size=1, max_size=12
    ),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_lines_are_the_same_rows_at_once_and_one_by_one(lines: list[str], end: str) -> None:
    text = list(io.StringIO("".join(line + end for line in ["id,value", *lines]), newline=""))
    seen = []
    # The block with the header is never parsed by Arrow, the ones behind it are.
    for blocks in ([LineBlock(1, text)], [LineBlock(1, text[:1]), LineBlock(2, text[1:])]):
        rows: list[tuple[str, ...]] = []
        places: list[int] = []
        bad: list[tuple[int, str, str]] = []
        for block in parsed_blocks(blocks, ","):
            rows += _rows(block)
            places += block.lines
            bad += [(line.line, line.text, line.reason) for line in block.bad]
        seen.append((rows, places, bad))
    assert seen[0] == seen[1]
