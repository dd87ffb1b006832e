"""Replaying rejected rows: what can be read now is stored, what is newer stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from identity_graph.facts import FactStore
from identity_graph.pipeline.load import LoadOptions, load
from identity_graph.pipeline.retry import RetrySummary, retry_rejected
from identity_graph.sources import SourceMapping, mapping_from_text
from tests.pipeline.company import write_rows
from tests.pipeline.world import World

_COLUMNS = ("id", "name", "phone")
_NO_REGION = mapping_from_text("source: crm\nrecord_id: id\ncolumns: {name: full_name, phone: phone}")
_GERMAN = replace(_NO_REGION, default_region="DE")
_JANE = {"id": "1", "name": "Jane Doe", "phone": "12345"}
_JOHN = {"id": "2", "name": "John Doe", "phone": "+33142685301"}


def _load(world: World, rows: list[Mapping[str, str]], mapping: SourceMapping, file: str = "a.csv") -> None:
    path = write_rows(world.folder / file, rows, _COLUMNS)
    load(world.graph, world.settings, [str(path)], LoadOptions(mapping=mapping))


def _correct(world: World, mapping: SourceMapping) -> None:
    """Give the source another mapping, as loading any file with it does."""
    _load(world, [{"id": "900", "name": "Somebody Else"}], mapping, "other.csv")


@pytest.fixture
def waiting(embedded_world: World) -> World:
    """Return a world where the phone of crm:1 waits, because it is too short for any country but one nobody named."""
    _load(embedded_world, [_JANE, _JOHN], _NO_REGION)
    assert "phone" not in embedded_world.reader.record("crm:1").attributes
    return embedded_world


def _open(world: World) -> int:
    return len(FactStore(world.graph, world.settings).rejected())


def test_a_corrected_mapping_lets_the_value_in(waiting: World) -> None:
    _correct(waiting, _GERMAN)
    assert retry_rejected(waiting.graph, waiting.settings) == RetrySummary(tried=1, replayed=1)
    record = waiting.reader.record("crm:1")
    assert record.attributes["phone"] == "+4912345"
    assert [one.key for one in record.identifiers] == ["phone:+4912345"]
    assert _open(waiting) == 0
    assert retry_rejected(waiting.graph, waiting.settings) == RetrySummary()


def test_without_a_correction_everything_keeps_waiting(waiting: World) -> None:
    before = waiting.derived()
    assert retry_rejected(waiting.graph, waiting.settings) == RetrySummary(tried=1, still_rejected=1)
    assert _open(waiting) == 1
    assert waiting.derived() == before


def test_a_newer_version_is_never_overwritten(waiting: World) -> None:
    _load(waiting, [{**_JANE, "name": "Jane Roe", "phone": "+33142685999"}], _GERMAN)
    summary = retry_rejected(waiting.graph, waiting.settings)
    assert (summary.tried, summary.superseded, summary.still_rejected) == (1, 1, 0)
    attributes = waiting.reader.record("crm:1").attributes
    assert (attributes["full_name"], attributes["phone"]) == ("Jane Roe", "+33142685999")


def test_only_the_source_asked_for_is_replayed(waiting: World) -> None:
    _correct(waiting, _GERMAN)
    assert retry_rejected(waiting.graph, waiting.settings, "shop") == RetrySummary()
    assert _open(waiting) == 1


def test_a_rejected_row_becomes_a_record_when_the_id_column_is_corrected(embedded_world: World) -> None:
    _load(embedded_world, [{"id": "", "name": "Jane Doe", "phone": "+33142685300"}, _JOHN], _NO_REGION)
    assert _open(embedded_world) == 1
    _load(
        embedded_world,
        [{"id": "9", "name": "Somebody", "phone": "+33142685304"}],
        replace(_NO_REGION, record_id="phone"),
    )
    assert retry_rejected(embedded_world.graph, embedded_world.settings).replayed == 1
    record = embedded_world.reader.record("crm:+33142685300")
    assert record.raw["name"] == "Jane Doe"
