"""The demo's generator: reproducible, true to its own truth, and as awkward as real sources are."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from identity_graph.demo import DemoFiles, generate
from identity_graph.errors import InvalidSettingError
from identity_graph.sources import read_mapping


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return generate(tmp_path_factory.mktemp("demo"), people=2_000, seed=7)


def _truth(demo: DemoFiles) -> dict[str, str]:
    with demo.truth.open(encoding="utf-8", newline="") as file:
        rows = [(row["record_id"], row["cluster_id"]) for row in csv.DictReader(file)]
    assert len(rows) == len(dict(rows)), "a record stands in the truth twice"
    return dict(rows)


def _record_keys(demo: DemoFiles) -> set[str]:
    crm, orders, events, calls, cards = demo.paths
    keys = set()
    for path, encoding, delimiter in ((crm, "utf-8", ","), (orders, "utf-8", ";"), (calls, "cp1252", "\t")):
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            keys |= {f"{path.stem}:{row[0]}" for row in list(csv.reader(file, delimiter=delimiter))[1:] if row[0]}
    keys |= {f"loyalty:{card}" for card in pq.read_table(cards)["card_number"].to_pylist() if card}
    return keys | {f"web_events:{event['anonymous_id']}" for event in _events(events)}


def _events(path: Path) -> list[dict[str, str]]:
    found = []
    for line in gzip.decompress(path.read_bytes()).splitlines():
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            continue
        if "anonymous_id" in event:
            found.append(event)
    return found


def test_same_size_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = generate(tmp_path / "a", 300, 3), generate(tmp_path / "b", 300, 3)
    for left, right in zip((*first.paths, first.truth), (*second.paths, second.truth), strict=True):
        assert left.read_bytes() == right.read_bytes(), left.name


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    first, second = generate(tmp_path / "a", 300, 3), generate(tmp_path / "b", 300, 4)
    assert first.paths[0].read_bytes() != second.paths[0].read_bytes()


def test_every_record_of_the_truth_stands_in_a_file_and_the_others_were_spoiled(demo: DemoFiles) -> None:
    truth, keys = _truth(demo), _record_keys(demo)
    assert set(truth) - keys == set()
    assert len(keys - set(truth)) <= demo.counts["unreadable"]
    assert len(truth) == demo.counts["records"]


def test_people_are_known_to_several_sources(demo: DemoFiles) -> None:
    sources = defaultdict(set)
    for key, cluster in _truth(demo).items():
        sources[cluster].add(key.split(":")[0])
    assert sum(len(found) >= 2 for found in sources.values()) > len(sources) / 2


def test_some_mailboxes_serve_several_people_and_most_one(demo: DemoFiles) -> None:
    truth, holders = _truth(demo), defaultdict(set)
    with demo.paths[0].open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            if row["email"] and row["email"] != "unknown@unknown.com" and f"crm:{row['customer_id']}" in truth:
                holders[row["email"]].add(truth[f"crm:{row['customer_id']}"])
    shared = sum(len(people) > 1 for people in holders.values()) / len(holders)
    assert 0.005 < shared < 0.2


def test_a_tablet_is_used_by_many_and_belongs_to_nobody(demo: DemoFiles) -> None:
    users = defaultdict(set)
    for event in _events(demo.paths[2]):
        if event["user_id"]:
            users[event["anonymous_id"]].add(event["user_id"])
    tablet, seen = max(users.items(), key=lambda item: len(item[1]))
    assert len(seen) >= 12
    assert Counter(_truth(demo).values())[_truth(demo)[f"web_events:{tablet}"]] == 1


def test_mappings_are_valid(demo: DemoFiles) -> None:
    assert {name: read_mapping(path).source for name, path in demo.mappings.items()} == {
        name: name for name in demo.mappings
    }


def test_nobody_is_no_demo(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettingError):
        generate(tmp_path, 0, 1)
