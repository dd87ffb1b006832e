"""Generations are told from what else stands behind a name."""

from __future__ import annotations

import pytest

from identity_graph.normalise import generation, without_generation


@pytest.mark.parametrize(
    ("suffix", "expected"),
    [("Jr.", "2"), ("JR", "2"), ("II", "2"), ("Senior", "1"), ("III, PhD", "3"), ("M.D.", None), ("", None)],
)
def test_a_suffix_may_name_a_generation(suffix: str, expected: str | None) -> None:
    assert generation(suffix) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("smith jr", ("smith", "2")),
        ("de la cruz iii", ("de la cruz", "3")),
        ("smith", ("smith", None)),
        ("junior", ("junior", None)),
        ("mary senior", ("mary senior", None)),
        ("van dyke senior", ("van dyke", "1")),
        ("", ("", None)),
    ],
)
def test_a_generation_behind_a_name_is_taken_off(name: str, expected: tuple[str, str | None]) -> None:
    assert without_generation(name) == expected
