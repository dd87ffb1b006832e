"""A small company with two sources, written as CSV: who is who is plain to see, so that tests can name customers.

`Company` holds the rows; `write` makes the files. Person `n` is `crm:n` and `shop:n-0`, every third also `shop:n-1`.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from identity_graph.graph import Graph
from identity_graph.pipeline.load import LoadOptions, LoadSummary, load
from identity_graph.settings import Settings
from identity_graph.sources import SourceMapping, mapping_from_text

__all__ = ["MAPPING", "Company", "groups_of", "holdings", "load_rows", "write_rows"]

Row = dict[str, str]

MAPPING = """
record_id: id
columns: {given: given_name, family: family_name, born: birth_date, mail: email, phone: phone, account: user_id,
          tablet: device_id}
"""
_COLUMNS = ("id", "given", "family", "born", "mail", "phone", "account", "tablet")
_GIVEN = (
    "Anna", "Bruno", "Clara", "David", "Elsa", "Frank", "Greta", "Hugo", "Irma", "Jonas", "Karla", "Lukas", "Marta",
    "Niels", "Olga", "Peter",
)  # fmt: skip
_FAMILY = (
    "Abendroth", "Bielefeld", "Czerny", "Dornbusch", "Eisenhauer", "Falkenberg", "Grünwald", "Himmelreich", "Isenburg",
    "Jablonski", "Kaltenbach", "Lindenthal", "Morgenstern", "Niederhaus", "Oberländer", "Petersdorf", "Quandt",
    "Rosenbaum", "Steinmetz", "Tannenberg", "Ulrichs", "Vogelsang", "Wittgenstein", "Zimmermann",
)  # fmt: skip


@dataclass(slots=True)
class Company:
    """The rows of both sources, by source and id; edit them and load again."""

    people: int = 20
    sources: dict[str, dict[str, Row]] = field(default_factory=lambda: {"crm": {}, "shop": {}})

    def __post_init__(self) -> None:
        for number in range(self.people):
            self.add_person(number)

    def add_person(self, number: int) -> None:
        """Add the rows of one more person."""
        chance = random.Random(number)
        given = _GIVEN[number * 5 % len(_GIVEN)]
        family = _FAMILY[number % len(_FAMILY)]
        row = {
            "given": given,
            "family": family,
            "born": f"{1950 + chance.randrange(50)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}",
            "mail": f"{given}.{family}{number}@mail.test".lower().replace("ü", "ue").replace("ä", "ae"),
            "phone": f"+49301{chance.randrange(10**6, 10**7)}",
        }
        self.add("crm", str(number), **row)
        for order in range(2 if number % 3 == 0 else 1):
            self.add("shop", f"{number}-{order}", **{**row, "phone": ""} if order else row)

    def add(self, source: str, record_id: str, **values: str) -> None:
        """Add or replace one row."""
        self.sources[source][record_id] = {"id": record_id, **values}

    def members(self, number: int) -> frozenset[str]:
        """Return the record keys of one person."""
        own = (key for source in self.sources for key in self.sources[source] if key.split("-")[0] == str(number))
        return frozenset(f"{'shop' if '-' in key else 'crm'}:{key}" for key in own)

    def load(self, graph: Graph, settings: Settings, folder: Path, delete_missing: bool = False) -> LoadSummary:
        """Write both files and load them."""
        paths = self.write(folder)
        options = LoadOptions(mapping=mapping_from_text(MAPPING), delete_missing=delete_missing)
        return load(graph, settings, [str(path) for path in paths], options)

    def write(self, folder: Path) -> list[Path]:
        """Write both files."""
        return [write_rows(folder / f"{source}.csv", rows.values()) for source, rows in self.sources.items()]


def write_rows(path: Path, rows: Iterable[Mapping[str, str]], columns: Iterable[str] = _COLUMNS) -> Path:
    """Write rows as CSV; absent values are empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def load_rows(
    graph: Graph,
    settings: Settings,
    path: Path,
    rows: Iterable[Mapping[str, str]],
    mapping: SourceMapping | None = None,
) -> LoadSummary:
    """Write rows to a file and load it, with the mapping of the company unless another is given."""
    write_rows(path, rows)
    return load(graph, settings, [str(path)], LoadOptions(mapping=mapping or mapping_from_text(MAPPING)))


def holdings(graph: Graph) -> dict[str, str]:
    """Return record key -> customer id, of all records that resolve to one now."""
    return {row["record_key"]: row["customer_id"] for row in graph.stream("customers/export_records")}


def groups_of(members: Mapping[str, str]) -> set[frozenset[str]]:
    """Return the groups of a membership."""
    groups: dict[str, set[str]] = {}
    for key, customer in members.items():
        groups.setdefault(customer, set()).add(key)
    return {frozenset(keys) for keys in groups.values()}
