"""Columns of several sources meet by the values they share, whatever they are called."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from identity_graph.roles import Role
from identity_graph.sources import SourceReader, open_sources

BRANDS = ["Halden", "Kitoro", "Velmont", "Norvik", "Brisk"]


def _open(folder: Path, **files: dict[str, Sequence[str]]) -> SourceReader:
    for name, columns in files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
    return open_sources(sorted(folder.glob("*.csv")))


def _ids(prefix: str, count: int = 300) -> list[str]:
    return [f"{prefix}{row * 7919 % 100_003:06d}" for row in range(count)]


def test_a_number_nobody_named_takes_the_meaning_of_the_card_it_shares_values_with(tmp_path: Path) -> None:
    cards = _ids("29")
    reader = _open(tmp_path, a={"id": _ids("A"), "loyalty_card": cards}, b={"id": _ids("B"), "x9": cards[::-1]})
    assert reader.files[1].mapping.columns["x9"].role is Role.LOYALTY_CARD
    assert [file.mapping.record_id for file in reader.files] == ["id", "id"]


def test_a_key_of_another_source_s_records_is_an_identifier_of_both(tmp_path: Path) -> None:
    reader = _open(
        tmp_path,
        customers={"customer_ref": _ids("C")},
        orders={"order": _ids("O"), "buyer_code": [_ids("C")[row % 90] for row in range(300)]},
    )
    customers, orders = (file.mapping for file in reader.files)
    assert customers.record_id == "customer_ref"
    assert customers.columns["customer_ref"].role is orders.columns["buyer_code"].role is Role.ACCOUNT_ID
    assert [len(batch.records["identifiers"][0]) for batch in reader.batches()] == [1, 1]


def test_numbers_that_are_equal_by_chance_do_not_meet(tmp_path: Path) -> None:
    count = [str(10_000 + row * 7919 % 10_007) for row in range(3_000)]
    reader = _open(
        tmp_path, a={"id": _ids("A", 3_000), "sold": count}, b={"id": _ids("B", 3_000), "visits": count[::-1]}
    )
    assert {mapped.role for file in reader.files for mapped in file.mapping.columns.values()} <= {
        Role.RECORD_ID, Role.NUMBER, Role.IGNORE,
    }  # fmt: skip


def test_ids_of_two_systems_that_count_alike_do_not_meet(tmp_path: Path) -> None:
    numbers = [str(100_000 + row * 7919 % 900_001) for row in range(300)]
    reader = _open(tmp_path, a={"contract": numbers}, b={"account": numbers})
    assert all(file.mapping.attribute_roles() == {} for file in reader.files)


def test_kinds_under_two_names_meet_and_different_kinds_do_not(tmp_path: Path) -> None:
    states = ["new", "used", "spare"]
    reader = _open(
        tmp_path,
        a={"id": _ids("A"), "brand": BRANDS * 60},
        b={"id": _ids("B"), "maker": [name.upper() for name in BRANDS] * 60, "state_of_it": states * 100},
    )
    assert set(reader.attribute_roles()) == {"brand", "state_of_it"}


def test_files_of_one_layout_keep_what_was_found(tmp_path: Path) -> None:
    reader = _open(tmp_path, a={"id": _ids("A"), "brand": BRANDS * 60}, b={"id": _ids("B"), "brand": BRANDS * 60})
    assert reader.files[0].mapping == reader.files[1].mapping
