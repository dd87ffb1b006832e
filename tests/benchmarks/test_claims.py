"""How claims are judged: bins, errors and shares follow from what was said and what was so."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from benchmarks.people import truth_path, write_people
from benchmarks.quality.claims import claims, reliability, shares
from benchmarks.quality.sets import LabelledSet
from identity_graph.evaluation import evaluate, read_partition
from identity_graph.pipeline.dedupe import dedupe
from identity_graph.settings import Settings


def test_probabilities_are_compared_with_what_happened_in_bins() -> None:
    claim = reliability(np.array([0.6, 0.6, 1.0, 0.999]), np.array([True, False, True, True]))
    assert claim.bins[1] == (2, pytest.approx(0.6), 0.5)
    assert claim.bins[-1] == (2, pytest.approx(0.9995), 1.0)
    assert sum(count for count, _, _ in claim.bins) == 4
    assert claim.error == pytest.approx((2 * 0.1 + 2 * 0.0005) / 4)
    assert claim.brier == pytest.approx((0.16 + 0.36 + 0.0 + 0.001**2) / 4)
    nothing = reliability(np.zeros(0), np.zeros(0, dtype=np.bool_))
    assert (nothing.brier, nothing.error) == (None, None)


def test_claims_are_about_the_clusters_that_dedupe_finds(tmp_path: Path, settings: Settings) -> None:
    people = tmp_path / "people.csv"
    write_people(people, 400, seed=5)
    found = claims(LabelledSet("people", (people,), truth_path(people)))
    dedupe([str(people)], tmp_path / "out.csv", settings)
    truth = evaluate(read_partition(tmp_path / "out.csv"), read_partition(truth_path(people)))
    expected = (
        truth.pairwise.precision,
        truth.pairwise.recall,
        truth.b_cubed.precision,
        truth.b_cubed.recall,
    )
    assert found["truth"] == found["minima"]["0.0"] == pytest.approx(expected)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        clusters = [row["cluster_id"] for row in csv.DictReader(file)]
    counted = sum(bin[0] for name in ("membership", "alone") for bin in found[name]["bins"])
    assert counted == len(clusters)
    assert sum(bin[0] for name in ("cluster", "alone") for bin in found[name]["bins"]) == len(set(clusters))


def test_a_perfect_partition_has_perfect_shares() -> None:
    labels = np.array([0, 0, 2, 3])
    assert shares(labels, np.array([0, 0, 1, 2])) == (1.0, 1.0, 1.0, 1.0)
    assert shares(labels, np.array([0, 1, 1, 2])) == (0.0, 0.0, 0.75, 0.75)
