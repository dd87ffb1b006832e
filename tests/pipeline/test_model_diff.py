"""What another model would change is told, and nothing is written."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import pytest

from identity_graph.evaluation.changes import ChangeShape
from identity_graph.matching import MatchModel
from identity_graph.pipeline.dedupe import DedupeOptions, dedupe, read_files
from identity_graph.pipeline.graph_input import GraphInput
from identity_graph.pipeline.linking import LinkingOptions
from identity_graph.pipeline.model_diff import ModelDiff, diff_models
from identity_graph.pipeline.stages import Stages
from identity_graph.settings import Settings
from tests.pipeline.company import Company, write_rows

_PEOPLE = 15


@pytest.fixture
def given(tmp_path: Path, settings: Settings) -> tuple[GraphInput, MatchModel]:
    """Records of a company and the model they teach."""
    paths = [
        str(write_rows(tmp_path / f"{name}.csv", rows.values())) for name, rows in Company(_PEOPLE).sources.items()
    ]
    dedupe(paths, tmp_path / "clusters.csv", settings, DedupeOptions(save_model=tmp_path / "model"))
    read = read_files(paths, settings, DedupeOptions(), Stages())
    return GraphInput(read.records, read.roles, ()), MatchModel.load(tmp_path / "model")


def _diff(given: GraphInput, old: MatchModel, new: MatchModel) -> ModelDiff:
    return diff_models(given, (old, new), LinkingOptions(), Stages())


def _doubting(model: MatchModel) -> MatchModel:
    """Return the model with a prior so small that hardly anything is one person."""
    settings = copy.deepcopy(dict(model.settings))
    settings["probability_two_random_records_match"] = 1e-30
    return replace(model, settings=settings)


def test_a_model_changes_nothing_against_itself(given: tuple[GraphInput, MatchModel]) -> None:
    records, model = given
    found = _diff(records, model, model)
    assert (found.unchanged, found.clusters_before, found.clusters_after) == (_PEOPLE, _PEOPLE, _PEOPLE)
    assert (found.changes, found.moved, found.jitter) == ((), (), 0.0)


def test_a_model_that_doubts_everything_splits_what_was_together(given: tuple[GraphInput, MatchModel]) -> None:
    records, model = given
    there = _diff(records, model, _doubting(model))
    assert (there.clusters_before, there.clusters_after) == (_PEOPLE, records.records.num_rows)
    assert (there.split, there.merged, there.regrouped, there.unchanged) == (_PEOPLE, 0, 0, 0)
    assert there.pairs_gained == 0 < there.pairs_lost
    # One record of each person keeps the id.
    assert there.jitter == pytest.approx(1 - _PEOPLE / records.records.num_rows)
    assert [(one.comparison, one.after) for one in there.moved] == [("prior", pytest.approx(-99.66, abs=0.01))]
    most = there.changes[0]
    assert most.shape is ChangeShape.SPLIT
    assert len({one.before for one in most.records}) == 1
    assert len({one.after for one in most.records}) == len(most.records) == 3
    assert all(one.attributes["family_name"] for one in most.records)

    back = _diff(records, _doubting(model), model)
    assert (back.merged, back.pairs_gained, back.pairs_lost) == (there.split, there.pairs_lost, 0)
