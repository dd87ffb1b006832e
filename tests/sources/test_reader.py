"""Files to facts: nothing is lost, rejects say where, events tie identifiers, rejected rows come back."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity_graph.errors import InvalidMappingError, SourceError, SourceNotFoundError
from identity_graph.sources import FactBatch, OpenOptions, mapping_from_text, open_sources, replay
from identity_graph.tables import RECORD_SCHEMA, TOUCHPOINT_SCHEMA, require

CRM = mapping_from_text(
    "record_id: id\ncolumns: {given: given_name, born: birth_date, mail: email}\ndefault_region: DE\n"
)
HEADER = "id,given,born,mail\n"


def _read(path: Path, **arguments: object) -> list[FactBatch]:
    return list(open_sources([path], mapping=CRM, **arguments).batches())  # type: ignore[arg-type]


def _written(folder: Path, content: bytes | str, name: str = "crm.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("rows", "rejected"),
    [
        (b"1,Anna,1980-01-01,a@b.de\n2,Bob\n", [(3, "ragged_row", False)]),
        (b"1,Anna,1980-01-01,a@b.de,x\n", [(2, "ragged_row", False)]),
        (b",Anna,1980-01-01,a@b.de\n", [(2, "missing_id", False)]),
        (b'1,"An\nna",1980-01-01,\n2,Bob,1980-02-31,\n', [(4, "impossible_date", True)]),
        (b'1,"Anna,1980-01-01,\n2,Bob,1980-01-01,\n', [(2, "unclosed_quote", False)]),
        ("1,Zoë,1980-01-01,\n".encode() + b"2,Ren\xe9,1980-01-01,\n", [(3, "wrong_encoding", False)]),
    ],
)
def test_what_cannot_be_read_is_kept_with_its_place(
    tmp_path: Path, rows: bytes, rejected: list[tuple[int, str, bool]]
) -> None:
    batches = _read(_written(tmp_path, HEADER.encode() + rows))
    found = [reject for batch in batches for reject in batch.rejects]
    assert [(reject.line, reject.reason, reject.kept_record) for reject in found] == rejected
    for batch in batches:
        assert batch.rows_read == batch.records.num_rows + batch.rows_merged + batch.rows_rejected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found(tmp_path: Path, encoding: str) -> None:
    (batch,) = _read(_written(tmp_path, (HEADER + "1,Zoë,,\n").encode(encoding)))
    assert batch.records["given_name"].to_pylist() == ["Zoë"]


def test_gzip_json_lines_and_csv_give_the_same_records(tmp_path: Path) -> None:
    row = {"id": "1", "given": "Anna", "born": "1980-01-01", "mail": "a@b.de"}
    plain = _written(tmp_path, HEADER + ",".join(row.values()) + "\n")
    packed = _written(tmp_path, gzip.compress(json.dumps(row).encode()), "crm.jsonl.gz")
    assert _read(plain)[0].records.equals(_read(packed)[0].records)


def test_a_later_row_replaces_the_record(tmp_path: Path) -> None:
    (batch,) = _read(_written(tmp_path, HEADER + "1,Anna,,a@b.de\n1,Anne,,\n"))
    assert (batch.records["given_name"].to_pylist(), batch.records["email"].to_pylist()) == (["Anne"], [None])
    assert (batch.rows_read, batch.rows_merged) == (2, 1)


def test_events_add_up_and_tie_their_identifiers(tmp_path: Path) -> None:
    mapping = mapping_from_text(
        "source: web\nrecord_id: anon\ngrows: true\ncolumns: {anon: anonymous_id, user: user_id}\n"
        "touchpoint: {id: message, at: at, type_column: event, channel: web}\n"
    )
    rows = (
        "message,anon,user,at,event,url\nm1,a1,,2024-01-01T10:00:00Z,view,/x\nm2,a1,u7,2024-01-02T10:00:00Z,login,/y\n"
    )
    (batch,) = open_sources([_written(tmp_path, rows, "web.csv")], mapping=mapping).batches()
    require(batch.records, RECORD_SCHEMA, "record")
    require(batch.touchpoints, TOUCHPOINT_SCHEMA, "touchpoint")
    (identifiers,) = batch.records["identifiers"].to_pylist()
    assert {(item["namespace"], item["value"]) for item in identifiers} == {("anonymous_id", "a1"), ("user_id", "u7")}
    assert batch.touchpoints.select(["key", "type", "channel", "properties"]).to_pylist() == [
        {"key": "web:m1", "type": "view", "channel": "web", "properties": '{"url":"/x"}'},
        {"key": "web:m2", "type": "login", "channel": "web", "properties": '{"url":"/y"}'},
    ]


def test_rejected_rows_come_back_with_a_corrected_mapping(tmp_path: Path) -> None:
    rows = HEADER.encode() + "1,Zoë,,\n".encode() + b"2,Ren\xe9,,\n"
    rejects = [reject for batch in _read(_written(tmp_path, rows)) for reject in batch.rejects]
    again = replay(rejects, replace(CRM, encoding="cp1252"))
    assert (again.records["key"].to_pylist(), again.records["given_name"].to_pylist()) == (["crm:2"], ["René"])
    assert replay(rejects, CRM).rejects == tuple(rejects)


def test_ids_made_from_content_are_the_same_every_time(tmp_path: Path) -> None:
    path = _written(tmp_path, HEADER + "1,Anna,,\n1,Anna,,\n2,Bob,,\n")
    reads = [next(open_sources([path], mapping=replace(CRM, record_id=None)).batches()) for _ in range(2)]
    assert reads[0].records.equals(reads[1].records)
    assert len(set(reads[0].records["key"].to_pylist())) == 3


@pytest.mark.parametrize(
    ("name", "error"), [("nothing.csv", SourceNotFoundError), ("picture.png", SourceNotFoundError)]
)
def test_files_nobody_reads_are_named(tmp_path: Path, name: str, error: type[Exception]) -> None:
    (tmp_path / "picture.png").write_bytes(b"x")
    with pytest.raises(error, match=name):
        open_sources([tmp_path / name])


def test_an_empty_file_and_an_absent_column_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="empty"):
        open_sources([_written(tmp_path, b"")], mapping=CRM)
    with pytest.raises(InvalidMappingError, match="Did you mean 'givn'"):
        open_sources([_written(tmp_path, "id,givn,born,mail\n")], mapping=CRM)


_FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\x1e"), max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.one_of(st.lists(_FIELD, min_size=1, max_size=6).map(",".join), st.binary(max_size=12)), max_size=20
    )
)
def test_every_row_is_a_record_or_a_reject(tmp_path: Path, lines: list[str | bytes]) -> None:
    body = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    for batch in _read(_written(tmp_path, HEADER.encode() + body), options=OpenOptions(batch_rows=7)):
        assert batch.rows_read == batch.records.num_rows + batch.rows_merged + batch.rows_rejected


def _json_lines(folder: Path, rows: list[dict[str, str]], name: str = "web.jsonl") -> Path:
    return _written(folder, "".join(json.dumps(row) + "\n" for row in rows), name)


def test_a_key_absent_from_the_first_lines_is_null_there(tmp_path: Path) -> None:
    mapping = mapping_from_text("record_id: anon\ncolumns: {anon: anonymous_id, user: user_id}\n")
    rows = [{"anon": "a1"}, {"anon": "a2"}, {"user": "u7", "anon": "a3"}]
    path = _json_lines(tmp_path, rows)
    for batch_rows in (1, 2, 10):
        reader = open_sources([path], mapping=mapping, options=OpenOptions(batch_rows=batch_rows))
        records = [row for batch in reader.batches() for row in batch.records.to_pylist()]
        assert [row["user_id"] for row in records] == [None, None, "u7"]
        assert [row["raw"] for row in records] == ['{"anon":"a1"}', '{"anon":"a2"}', '{"anon":"a3","user":"u7"}']


@pytest.mark.parametrize("text", ['[{"id": 1}, {"id": 2}]', '\n[\n {"id": 1},\n {"id": 2}\n]\n', "[]"])
def test_a_json_array_is_named_as_such(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match="one JSON array") as caught:
        open_sources([_written(tmp_path, text, "crm.json")])
    assert "jq -c '.[]' crm.json" in str(caught.value.next_step)


def test_a_line_that_is_an_array_is_a_reject_among_objects(tmp_path: Path) -> None:
    path = _written(tmp_path, '[1]\n{"id": 1, "name": "Ann Lee"}\n[{"id": 2}]\n', "crm.jsonl")
    assert [(batch.rows_read, batch.rows_rejected) for batch in _read(path)] == [(3, 2)]


def test_ids_made_from_content_do_not_depend_on_the_lines_around(tmp_path: Path) -> None:
    row = {"city": "Rome", "name": "Anna"}
    alone = _json_lines(tmp_path, [row], "alone.jsonl")
    among = _json_lines(tmp_path, [{"name": "Bob", "phone": "1"}, row], "among.jsonl")
    ids = [
        [key for batch in open_sources([path], mapping=mapping_from_text("columns: {name: full_name}\n")).batches()
         for key in batch.records["record_id"].to_pylist()]
        for path in (alone, among)
    ]  # fmt: skip
    assert ids[0][0] == ids[1][1]


def test_the_user_may_name_an_id_column_that_the_first_lines_lack(tmp_path: Path) -> None:
    path = _json_lines(tmp_path, [{"name": "Anna"}, {"name": "Bob", "id": "7"}])
    reader = open_sources([path], id_column="id", options=OpenOptions(sample_rows=1))
    batches = list(reader.batches())
    assert [key for batch in batches for key in batch.records["record_id"].to_pylist()] == ["7"]
    assert [reject.reason for batch in batches for reject in batch.rejects] == ["missing_id"]


@pytest.mark.parametrize(
    ("names", "sources"),
    [
        (["a/crm.csv", "b/crm.csv", "b/shop.csv"], ["a_crm", "b_crm", "shop"]),
        (["x/a/crm.csv", "y/a/crm.csv"], ["x_a_crm", "y_a_crm"]),
        (["a/crm.csv", "a/crm.tsv"], ["crm.csv", "crm.tsv"]),
        (["a/crm.csv", "b/crm.csv", "a_crm.csv"], None),
        (["a/c d.csv", "a/c_d.csv"], None),
    ],
)
def test_files_named_alike_are_sources_of_their_own(
    tmp_path: Path, names: list[str], sources: list[str] | None
) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        _written(tmp_path, HEADER + "1,Anna,,\n", name)
    found = {file.path: file.source for file in open_sources([tmp_path / name for name in names], mapping=CRM).files}
    assert len(set(found.values())) == len(names)
    assert sources is None or list(found.values()) == sources
    again = open_sources([tmp_path / name for name in reversed(names)], mapping=CRM).files
    assert {file.path: file.source for file in again} == found


EITHER = mapping_from_text(
    "source: web\nrecord_id: [anon, user]\ngrows: true\ncolumns: {anon: anonymous_id, user: user_id}\n"
)


def test_the_first_id_column_with_a_value_is_the_id(tmp_path: Path) -> None:
    rows = "anon,user\n7,\n,7\n8,7\n,\n"
    (batch,) = open_sources([_written(tmp_path, rows, "web.csv")], mapping=EITHER).batches()
    held = {
        row["key"]: sorted((item["namespace"], item["value"]) for item in row["identifiers"])
        for row in batch.records.to_pylist()
    }
    assert held == {
        "web:anon=7": [("anonymous_id", "7")],
        "web:user=7": [("user_id", "7")],
        "web:anon=8": [("anonymous_id", "8"), ("user_id", "7")],
    }
    assert [(reject.line, reject.column, reject.reason) for reject in batch.rejects] == [(5, "anon", "missing_id")]
    again = replay(batch.rejects, replace(EITHER, record_id=None))
    assert again.records.num_rows == 1


@pytest.mark.parametrize(("year", "born"), [(2026, "1930-02-01"), (2031, "2030-02-01")])
def test_two_digit_years_are_read_by_the_year_the_caller_says(tmp_path: Path, year: int, born: str) -> None:
    path = _written(tmp_path, HEADER + "1,Anna,01.02.30,\n")
    (batch,) = _read(path, options=OpenOptions(reference_year=year))
    assert batch.records["birth_date"].to_pylist() == [born]
    bad = _written(tmp_path, HEADER + "1,Anna,31.02.30,\n")
    rejects = [reject for batch in _read(bad) for reject in batch.rejects]
    assert [reject.reason for reject in replay(rejects, CRM, reference_year=year).rejects] == ["impossible_date"]


def test_a_row_read_again_is_written_as_it_came(tmp_path: Path) -> None:
    rows = [
        {"mail": "a@b.de", "born": "1980-02-31", "id": "1"},
        {"mail": "a@b.de", "given": "Bo", "born": "x", "id": "2"},
    ]
    (batch,) = _read(_json_lines(tmp_path, rows, "crm.jsonl"))
    assert replay(batch.rejects, CRM).records["raw"].to_pylist() == batch.records["raw"].to_pylist()
