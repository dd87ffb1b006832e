"""Shared by the matching tests: one trained model on generated people (`trained`), because training takes seconds."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest

from identity_graph.matching import MatchingOptions, MatchModel
from tests.matching.once import train


def _people_module() -> ModuleType:
    specification = importlib.util.spec_from_file_location("matching_people", Path(__file__).with_name("people.py"))
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["matching_people"] = module
    specification.loader.exec_module(module)
    return module


generated = _people_module()


@pytest.fixture(scope="session")
def small_options() -> MatchingOptions:
    return MatchingOptions(threads=2, sample_pairs=50_000, pairs_floor=50_000, pairs_per_record=20)


@pytest.fixture(scope="session")
def persons() -> tuple[pa.Table, list[int]]:
    table, truth = generated.people(400)
    return table, truth


@pytest.fixture(scope="session")
def roles() -> dict[str, object]:
    return dict(generated.ROLES)


@pytest.fixture(scope="session")
def trained(
    persons: tuple[pa.Table, list[int]], roles: dict[str, object], small_options: MatchingOptions
) -> MatchModel:
    return train(persons[0], roles, small_options)
