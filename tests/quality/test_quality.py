"""The report without labels: what its numbers follow from, and that they hold where the truth is known."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.people import truth_path, write_people
from identity_graph.clusters import Certainty, ClusterPolicy, certainty, outside, partition
from identity_graph.evaluation import evaluate, read_partition
from identity_graph.links import Constraints, Links
from identity_graph.pipeline.dedupe import dedupe
from identity_graph.quality import Estimates, Interval, estimate, unseen_pairs
from identity_graph.quality.shapes import shapes, weakest
from identity_graph.settings import Settings
from tests.clusters.given import EDGES, PEOPLE, RECORDS, Edges, constraints, links, pairs, shuffled

POLICY = ClusterPolicy()


def found(edges: Edges, rules: Constraints | None = None, count: int = RECORDS) -> tuple[Certainty, Links]:
    given_links = links(edges)
    return certainty(partition(count, given_links, rules), given_links, rules), given_links


def estimated(edges: Edges, rules: Constraints | None = None, unseen: float = 0.0) -> Estimates:
    sure, given_links = found(edges, rules)
    return estimate(sure, outside(sure.labels, given_links, rules or Constraints(), POLICY), unseen)


def every(result: Estimates) -> tuple[Interval, ...]:
    return result.pair_precision, result.pair_recall, result.b_cubed_precision, result.b_cubed_recall


def test_a_pair_in_doubt_is_half_wrong_and_a_link_left_out_is_half_missed() -> None:
    result = estimated({(0, 1): 0.0, (2, 3): 20.0})
    assert (result.pairs, round(result.wrong, 4), round(result.missed, 4)) == (2, 0.5, 0.0)
    assert result.pair_precision.estimate == pytest.approx(0.75, abs=1e-4)
    assert result.b_cubed_precision.estimate == pytest.approx(1 - 0.5 / RECORDS * 1.0, abs=1e-4)
    apart = Constraints(cannot=pairs((0, 2)))
    lost = estimated({(0, 1): 20.0, (0, 2): 20.0, (1, 2): -3.0}, apart)
    assert lost.missed == pytest.approx(1 / 9)
    assert lost.pair_recall.estimate == pytest.approx(1 / (1 + 1 / 9), abs=1e-4)


def test_what_nobody_weighed_lowers_recall_only() -> None:
    edges = {(0, 1): 9.0, (2, 3): 9.0}
    seen, unseen = estimated(edges), estimated(edges, unseen=2.0)
    assert unseen.pair_precision == seen.pair_precision
    assert unseen.pair_recall.estimate == pytest.approx(seen.pair_recall.estimate / 2, abs=0.01)
    assert unseen.b_cubed_recall.estimate < seen.b_cubed_recall.estimate


def test_nothing_is_found_and_nothing_missed_without_links() -> None:
    result = estimated({})
    assert [one.estimate for one in every(result)] == [1.0] * 4


@example({}, [True] * RECORDS, Constraints(), 5e-324, Random(1))
@given(EDGES, PEOPLE, constraints(), st.floats(0, 50), st.randoms(use_true_random=False))
def test_estimates_lie_in_their_intervals_and_know_no_order(
    edges: Edges, people: list[bool], rules: Constraints, unseen: float, random: Any
) -> None:
    results = []
    for some in (links(edges, people), shuffled(links(edges, people), random)):
        sure = certainty(partition(RECORDS, some, rules), some, rules)
        results.append(estimate(sure, outside(sure.labels, some, rules, POLICY), unseen))
    for one, other in zip(every(results[0]), every(results[1]), strict=True):
        assert 0 <= one.low <= one.estimate <= one.high <= 1
        assert (one.low, one.estimate, one.high) == pytest.approx((other.low, other.estimate, other.high))


def test_pairs_that_agree_on_one_column_only_tell_of_those_that_agree_on_none() -> None:
    records = pa.table({"name": ["a", "a", "b", "c", "d", "d"], "city": ["x", "x", "y", "y", "z", "w"]})
    left, right = np.array([0, 2, 4], np.int32), np.array([1, 3, 5], np.int32)  # two columns, one, one
    assert unseen_pairs(records, ("name", "city"), left, right) == 2 * 1 / (2 * 2)
    assert unseen_pairs(records, ("name", "city", "street"), left[:1], right[:1]) == 0.0
    beyond = np.array([0, 0, 1], np.int32), np.array([4, 5, 5], np.int32)  # found although they agree on none
    assert unseen_pairs(records, ("name", "city"), np.r_[left, beyond[0]], np.r_[right, beyond[1]]) == 0.0


def test_shapes_count_what_hangs_and_the_weakest_come_first_with_their_reason() -> None:
    strong = {(0, 1): 9.0, (0, 2): 9.0, (1, 2): 9.0, (3, 4): 9.0, (5, 6): 0.5}
    sure, given_links = found({**strong, (2, 7): 9.0, (0, 7): -4.0, (1, 7): -2.0})
    seen = shapes(sure, given_links)
    assert seen.sizes == {"1": 1, "2": 2, "3 to 5": 1}
    assert (seen.hanging, seen.density) == (1, round(6 / 8, 4))
    records = pa.table({"key": [f"crm:{row}" for row in range(RECORDS)]})
    first, second = weakest(sure, records, 2)
    assert (first.cluster, first.records) == ("crm:5", 2)
    assert first.reason.startswith("its records are one person with probability 0.5")
    assert (second.cluster, second.records) == ("crm:0", 4)
    assert second.reason.startswith("crm:7 belongs to the rest with probability 0.86 only")


def test_the_truth_about_generated_people_lies_in_the_intervals_for_precision_and_recall_is_not_overrated(
    tmp_path: Path, settings: Settings
) -> None:
    people = tmp_path / "people.csv"
    write_people(people, 3000, seed=5)
    summary = dedupe([str(people)], tmp_path / "out.csv", settings)
    truth = evaluate(read_partition(tmp_path / "out.csv"), read_partition(truth_path(people)))
    estimates = summary.quality.estimates
    assert estimates.pair_precision.low <= truth.pairwise.precision <= estimates.pair_precision.high
    assert estimates.b_cubed_precision.low <= truth.b_cubed.precision <= estimates.b_cubed_precision.high
    assert estimates.pair_recall.low <= truth.pairwise.recall
    assert estimates.b_cubed_recall.low <= truth.b_cubed.recall


def test_a_column_that_tells_nothing_is_named(tmp_path: Path, settings: Settings) -> None:
    people = tmp_path / "people.csv"
    write_people(people, 300, seed=5)
    with people.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with people.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "gender"])
        writer.writeheader()
        writer.writerows({**row, "gender": "f" if place == 7 else ""} for place, row in enumerate(rows))
    report = dedupe([str(people)], tmp_path / "out.csv", settings).quality
    assert {row["column"] for row in report.columns if row["reason"] == "hardly ever filled"} == {"gender"}
    assert [row["source"] for row in report.sources] == ["people"]
    assert report.comparisons[0]["bits"] > 1
