"""Generates the demo: the files of one company's systems, and the truth about them.

A folder, a size and a seed come in; files, truth and mappings go out. The same size and seed give the same bytes.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from identity_graph.demo.chances import Chance
from identity_graph.demo.people import households
from identity_graph.demo.sources import CallCentre, Crm, Loyalty, ShopOrders, WebEvents
from identity_graph.errors import InvalidSettingError

__all__ = ["DemoFiles", "generate"]

_SOURCES: tuple[type[Crm | ShopOrders | WebEvents | CallCentre | Loyalty], ...] = (
    Crm, ShopOrders, WebEvents, CallCentre, Loyalty,
)  # fmt: skip
_FILES = ("crm.csv", "shop_orders.csv", "web_events.jsonl.gz", "call_centre.tsv", "loyalty.parquet")

_MAPPINGS = {
    "crm": """\
source: crm
record_id: customer_id
columns:
  first_name: given_name
  last_name: family_name
  birth_date: birth_date
  email: email
  phone: phone
  street: address
  postcode: postcode
  city: city
  country: country
  company: company
""",
    "loyalty": """\
source: loyalty
record_id: card_number
columns:
  card_number: loyalty_card
  given: given_name
  family: family_name
  born: birth_date
  mail: email
  postcode: postcode
  enrolled: observed_at
""",
    "shop_orders": """\
source: shop_orders
record_id: order_id
columns:
  buyer: full_name
  email: email
  phone: phone
  delivery_address: address
  ordered_at: observed_at
  total: ignore
  account: user_id
touchpoint: {id: order_id, at: ordered_at, type: order, channel: shop}
""",
    "web_events": """\
source: web_events
record_id: anonymous_id
grows: true
columns:
  anonymous_id: anonymous_id
  user_id: user_id
  email: email
  at: observed_at
  page: ignore
  device: ignore
touchpoint: {id: message_id, at: at, type: event, type_column: type, channel: web}
""",
    "call_centre": """\
source: call_centre
record_id: call_id
columns:
  caller_number: phone
  caller_name: full_name
  date_of_birth: birth_date
  called_at: observed_at
  notes: ignore
touchpoint: {id: call_id, at: called_at, type: call, channel: telephone}
""",
}


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """What was generated.

    Attributes:
        paths: the files to load, one per source.
        truth: CSV with record_id (the record's key in the graph) and cluster_id.
        mappings: source -> mapping file; with them the record ids are the truth's, whatever the rows hold.
        counts: people, records, rows of each source, and `unreadable`: rows spoiled on purpose.
    """

    paths: tuple[Path, ...]
    truth: Path
    mappings: Mapping[str, Path]
    counts: Mapping[str, int]


def generate(folder: Path, people: int, seed: int) -> DemoFiles:
    """Write the demo's files into a folder; those of an earlier time are replaced.

    Args:
        folder: made when it is not there.
        people: at least 1; some of them leave no trace in any system. About 2.6 records each.
        seed: any whole number.

    Raises:
        InvalidSettingError: `people` is below 1.
    """
    if people < 1:
        raise InvalidSettingError(f"The demo needs at least one person, not {people}.", next_step="Give 1 or more.")
    (folder / "mappings").mkdir(parents=True, exist_ok=True)
    truth_path = folder / "truth.csv"
    name = f"{seed}/{people}"
    with ExitStack() as open_files:
        truth_file = open_files.enter_context(truth_path.open("w", encoding="utf-8", newline=""))
        truth = csv.writer(truth_file, lineterminator="\n")
        truth.writerow(("record_id", "cluster_id"))
        records = [0]

        def tell(record_key: str, cluster: str) -> None:
            truth.writerow((record_key, cluster))
            records[0] += 1

        sources = [
            kind(
                open_files.enter_context(kind.open(folder, Chance(f"order/{kind.stem}/{name}"))),
                Chance(f"{kind.stem}/{name}"),
                tell,
            )
            for kind in _SOURCES
        ]
        _write_everybody(people, Chance(f"people/{name}"), sources)
    counts = {"people": people, "records": records[0], "unreadable": sum(source.spoiled for source in sources)}
    counts |= {source.stem: source.file.rows for source in sources}
    paths = tuple(folder / file for file in _FILES)
    return DemoFiles(paths, truth_path, _write_mappings(folder / "mappings"), counts)


def _write_everybody(
    people: int, chance: Chance, sources: list[Crm | ShopOrders | WebEvents | CallCentre | Loyalty]
) -> None:
    for household in households(people, chance):
        for source in sources:
            for person in household.people:
                source.write(person)
            if household.company is not None:
                source.write_company(household.company, household.people)
    for source in sources:
        source.spoil()


def _write_mappings(folder: Path) -> dict[str, Path]:
    paths = {}
    for source, text in _MAPPINGS.items():
        paths[source] = folder / f"{source}.yaml"
        paths[source].write_text(text, encoding="utf-8")
    return paths
