"""Loading files: nothing twice, nothing lost, and what is missing from a full extract goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from identity_graph.errors import InvalidMappingError, SourceError, SourceNotFoundError
from identity_graph.facts import FactStore
from identity_graph.pipeline.load import LoadOptions, LoadSummary, load
from identity_graph.sources import SourceMapping, mapping_from_text
from tests.pipeline.company import load_rows
from tests.pipeline.world import World

_SPOILED = """id,given,family,born
1,Anna,Abendroth,1980-02-03
,Nobody,Known,1980-02-03
2,Bruno,Bielefeld,31/02/1980
3,Torn
4,Clara,Czerny,1975-12-01
"""
_MAPPING = mapping_from_text("record_id: id\ncolumns: {given: given_name, family: family_name, born: birth_date}")


def _records(summary: LoadSummary) -> tuple[int, int, int, int]:
    return (*summary.records, summary.deleted)


def test_a_file_loaded_twice_changes_nothing(world: World) -> None:
    first = world.load()
    before = world.derived()
    second = world.load()
    assert _records(first) == (first.rows_read, 0, 0, 0)
    assert _records(second) == (0, 0, first.rows_read, 0)
    assert world.derived() == before


def test_a_changed_row_replaces_its_record_and_keeps_the_earlier_version(embedded_world: World) -> None:
    embedded_world.load()
    embedded_world.company.sources["crm"]["1"]["family"] = "Neumann"
    assert _records(embedded_world.load())[:2] == (0, 1)
    record = embedded_world.reader.record("crm:1")
    assert record.attributes["family_name"] == "Neumann"
    assert [version["raw"]["family"] for version in record.earlier_versions] == ["Bielefeld"]


def test_what_a_full_extract_lacks_is_deleted_in_its_source_only(embedded_world: World) -> None:
    embedded_world.load()
    del embedded_world.company.sources["crm"]["1"]
    assert _records(embedded_world.load())[3] == 0
    assert _records(embedded_world.load(delete_missing=True))[3] == 1
    counts = FactStore(embedded_world.graph, embedded_world.settings).counts()
    assert (counts.records["crm"], counts.deleted["crm"]) == (11, 1)
    assert "shop" not in counts.deleted or counts.deleted["shop"] == 0
    assert embedded_world.reader.record("crm:1").deleted


@pytest.mark.parametrize(
    ("mapping", "whole", "spoiled", "gone"),
    [
        (_MAPPING, ["1,A,B,", "2,C,D,", "3,E,F,"], ["1,A,B,", "2,C"], "crm:3"),
        (_MAPPING, ["1,A,B,", "2,C,D,", "3,E,F,"], ['"2",C', "1,A,B,"], "crm:3"),
        (
            mapping_from_text("record_id: [id, family]\nsource_column: born\ncolumns: {given: given_name}"),
            ["1,A,,web", ",C,D,app", "3,E,,app"],
            [",C,D", "1,A,,web", "4,G,,app"],
            "app:id=3",
        ),
    ],
    ids=["ragged", "quoted", "several sources and id columns"],
)
def test_a_row_that_cannot_be_read_is_not_missing_from_a_full_extract(
    embedded_world: World, mapping: SourceMapping, whole: list[str], spoiled: list[str], gone: str
) -> None:
    path = embedded_world.folder / "crm.csv"
    path.parent.mkdir()
    graph, settings = embedded_world.graph, embedded_world.settings
    for rows in (whole, spoiled):
        path.write_text("\n".join(["id,given,family,born", *rows]), encoding="utf-8")
        summary = load(graph, settings, [str(path)], LoadOptions(mapping=mapping, delete_missing=rows is spoiled))
    assert (summary.rejected_rows, summary.deleted) == (1, 1)
    assert embedded_world.reader.record(gone).deleted


def test_every_row_is_a_record_or_listed_as_rejected(embedded_world: World) -> None:
    path = embedded_world.folder / "crm.csv"
    path.parent.mkdir()
    path.write_text(_SPOILED, encoding="utf-8")
    graph, settings = embedded_world.graph, embedded_world.settings
    options = LoadOptions(mapping=_MAPPING)
    summary = load(graph, settings, [str(path)], options)
    assert summary.rows_read == 5 == sum(summary.records) + summary.rejected_rows
    assert (summary.rejected_rows, summary.rejected_values) == (2, 1)
    listed = FactStore(graph, settings).rejected()
    assert len(listed) == summary.rejected_rows + summary.rejected_values
    lines = sorted((one.reject.line, one.reject.column, one.reject.kept_record) for one in listed)
    assert [(line, kept) for line, _, kept in lines] == [(3, False), (4, True), (5, False)]
    assert [column for line, column, _ in lines if line == 4] == ["born"]
    assert "Nobody" in next(one.reject.raw for one in listed if one.reject.line == 3)
    again = load(graph, settings, [str(path)], options)
    assert again.rejected_rows == 2
    assert len(FactStore(graph, settings).rejected()) == len(listed)


@pytest.mark.parametrize(
    ("text", "options", "error"),
    [
        (None, LoadOptions(), SourceNotFoundError),
        ("", LoadOptions(), SourceError),
        ("id,name\n1,Anna\n", LoadOptions(id_column="nummer"), InvalidMappingError),
        ("id,name\n1,Anna\n", LoadOptions(source="a:b"), InvalidMappingError),
        ("id,name\n1,Anna\n", LoadOptions(mapping=_MAPPING), InvalidMappingError),
    ],
    ids=["no file", "empty file", "unknown id column", "source with a colon", "mapping of another file"],
)
def test_what_cannot_be_loaded_says_so_and_leaves_nothing(
    embedded_world: World, tmp_path: Path, text: str | None, options: LoadOptions, error: type[SourceError]
) -> None:
    path = tmp_path / "crm.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(error) as raised:
        load(embedded_world.graph, embedded_world.settings, [str(path)], options)
    assert raised.value.message
    assert FactStore(embedded_world.graph, embedded_world.settings).counts().records == {}


def test_a_file_without_rows_loads_nothing(embedded_world: World) -> None:
    summary = load_rows(embedded_world.graph, embedded_world.settings, embedded_world.folder / "crm.csv", [])
    assert (summary.rows_read, summary.records) == (0, (0, 0, 0))
