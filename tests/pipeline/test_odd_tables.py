"""Odd tables go through the whole of `dedupe`: out come clusters, or an error that says what is wrong."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from identity_graph.errors import IdentityGraphError
from identity_graph.evaluation import read_partition
from identity_graph.pipeline.dedupe import dedupe
from identity_graph.settings import Settings

_PEOPLE = {"name": ["Ann Lee", "Ann Lee", "Bo Roy"], "dob": ["1980-02-03", "1980-02-03", "1971-05-06"]}

_TEXTS = {
    "one row": "id,name\n1,Ann Lee\n",
    "one column": "email\na@b.de\na@b.de\nc@d.fr\n",
    "a header alone and one blank row": "id,name\n,\n7,\n",
    "all columns empty but the id": "id,name,email,dob\n" + "".join(f"{row},,,\n" for row in range(30)),
    "all rows equal": "name,city\n" + "Ann Lee,Rome\n" * 60,
    "impossible years": "id,name,birth_date\n1,Ann,0000-00-00\n2,Ann,0000-01-01\n3,Bo,99999-12-31\n4,Bo,-5\n",
    "the same header twice": "id,name,name,email,email\n1,Ann,Lee,a@b.de,\n2,Ann,Lee,,a@b.de\n3,Bo,Roy,c@d.fr,c@d.fr\n",
    "headers without names": ",,\n1,Ann,Lee\n2,Ann,Lee\n",
    "headers of blanks and signs": "id, ,#,?,😀\n1,a,b,c,d\n2,a,b,c,d\n",
    "headers that are words of SQL": "id,select,order,group,by,row,source,key\n1,a,b,c,d,e,f,g\n2,a,b,c,d,e,f,g\n",
    "headers that records use themselves": "id,raw,seq,content_hash,observed_at,grows\n1,a,b,c,d,e\n2,a,b,c,d,e\n",
    "emoji and other scripts": "id,name,city\n1,😀🎉,東京\n2,😀🎉,東京\n3,\u202eاسم,القاهرة\n4,é́́́,Ω\n",
    "null characters": "id,name,email\n1,An\0n,a@b.de\n2,Ann\0,a@b.de\n",
    "short and long rows": "id,name,email\n1\n2,Ann,a@b.de,x,y\n3,Bo,c@d.fr\n",
    "numbers as no number": "id,latitude,longitude,amount\n1,NaN,inf,1e999\n2,-0,1e-400,--5\n3,91,181,1.2.3\n",
    "formulas": "id,name,phone\n1,=1+1,+\n2,@SUM(A1),-\n3,\"=cmd|'x'!A1\",0\n",
}  # fmt: skip


def _run(paths: Sequence[Path], output: Path, settings: Settings) -> int:
    """Dedupe; returns how many records have a cluster."""
    summary = dedupe([str(path) for path in paths], output, settings)
    assert read_partition(output).num_rows == summary.records
    return summary.records


@pytest.mark.parametrize("name", sorted(_TEXTS))
def test_an_odd_file_of_text_has_clusters_or_an_error(name: str, tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(_TEXTS[name], encoding="utf-8")
    try:
        assert _run([path], tmp_path / "clusters.csv", settings) > 0
    except IdentityGraphError as error:
        assert error.message and error.next_step


def test_three_hundred_columns(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "wide.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", *(f"q{number}" for number in range(300))])
        writer.writerows([row, f"Ann {row % 40}", *((row * number) % 7 for number in range(300))] for row in range(80))
    assert _run([path], tmp_path / "clusters.csv", settings) == 80


def test_a_value_of_a_million_characters(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "long.jsonl"
    rows = [{"id": row, "name": "Ann Lee", "notes": ("word " * 200_000) + str(row % 2)} for row in range(4)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert _run([path], tmp_path / "clusters.csv", settings) == 4


_TYPED: dict[str, Sequence[Any]] = {
    "date": [date(1980, 2, 3), None, date(1, 1, 1)],
    "time": [datetime(2020, 1, 1, 12), None, datetime(1970, 1, 1)],
    "number": [1.5, None, float("nan")],
    "decimal": [Decimal("1.50"), None, Decimal("-0.01")],
    "yes or no": [True, None, False],
    "bytes": [b"\xff\xfe", None, b"Ann"],
    "list": [["a", "b"], None, []],
    "object": [{"a": 1}, None, {"a": 2}],
    "nothing": [None, None, None],
}


@pytest.mark.parametrize("kind", sorted(_TYPED))
@pytest.mark.parametrize("header", ["birth_date", "email", "amount", "name"])
def test_typed_columns(kind: str, header: str, tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "typed.parquet"
    pq.write_table(pa.table({"id": ["1", "2", "3"], "full": _PEOPLE["name"], header: _TYPED[kind]}), path)
    assert _run([path], tmp_path / "clusters.csv", settings) == 3


def test_lines_of_json_with_mixed_types_and_nested_objects(tmp_path: Path, settings: Settings) -> None:
    rows: list[Mapping[str, Any]] = [
        {"id": 1, "name": "Ann Lee", "born": {"year": 1980, "month": 2}, "tags": ["a", {"b": 1}]},
        {"id": "2", "name": ["Ann", "Lee"], "born": "1980-02", "email": None},
        {"id": 3.0, "name": 17, "born": [], "email": {"home": "a@b.de", "work": {"main": "c@d.fr"}}},
        {"id": True, "name": {}, "": "no key", "a.b": 1, "a": {"b": 2}},
        {},
    ]
    path = tmp_path / "mixed.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "[1]\n{bad\n", encoding="utf-8")
    assert _run([path], tmp_path / "clusters.csv", settings) >= 3


def test_files_of_any_layout_beside_each_other(tmp_path: Path, settings: Settings) -> None:
    for number, name in enumerate(("one row", "all rows equal", "emoji and other scripts", "short and long rows")):
        (tmp_path / f"f{number}.csv").write_text(_TEXTS[name], encoding="utf-8")
    assert _run(sorted(tmp_path.glob("f*.csv")), tmp_path / "clusters.csv", settings) > 60


_HEADERS = ("id", "name", "first_name", "dob", "year", "month", "day", "email", "phone", "title", "isbn", "website",
            "zip", "x", "Q1. What is your name?", "customer", "nom", "authors")  # fmt: skip
_CELLS = st.one_of(
    st.sampled_from(["", "Ann", "Lee, Ann", "1980-02-03", "3", "1,5", "a@b.de", "+49 30 1234", "www.a.de", "n/a", "0"]),
    st.text(max_size=12),
)


@given(
    headers=st.lists(st.sampled_from(_HEADERS), min_size=1, max_size=5, unique=True),
    rows=st.lists(st.lists(_CELLS, min_size=5, max_size=5), min_size=1, max_size=12),
)
@hypothesis_settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table(headers: list[str], rows: list[list[str]], tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "any.jsonl"
    lines = (json.dumps(dict(zip(headers, row, strict=False))) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    try:
        _run([path], tmp_path / "clusters.csv", settings)
    except IdentityGraphError as error:
        assert error.message
