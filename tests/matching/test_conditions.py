"""Conditions of levels claim what they say, whatever shortcut they take."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein, Jaro

from identity_graph.matching.comparison import typed_apart
from identity_graph.matching.options import MatchingOptions
from identity_graph.matching.preparation import prepare
from identity_graph.roles import Role
from tests.matching.once import score, train

_LETTERS = "abc1"


@st.composite
def _mistyped(draw: st.DrawFn) -> tuple[str, str]:
    """A text and what up to three typing errors made of it."""
    text = draw(st.text(_LETTERS, min_size=3, max_size=14))
    wrong = list(text)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, max(len(wrong) - 1, 0)))
        match draw(st.sampled_from(["drop", "add", "change", "swap"])):
            case "drop" if wrong:
                wrong.pop(place)
            case "add":
                wrong.insert(place, draw(st.sampled_from(_LETTERS)))
            case "change" if wrong:
                wrong[place] = draw(st.sampled_from(_LETTERS))
            case "swap" if place + 1 < len(wrong):
                wrong[place], wrong[place + 1] = wrong[place + 1], wrong[place]
    return text, "".join(wrong)


def _claims(pairs: list[tuple[str, str]], edits: int, shortest: int) -> list[bool]:
    """Ask the engine about each pair."""
    rows = range(len(pairs))
    given_pairs = pa.table({"n": rows, "x_l": [left for left, _ in pairs], "x_r": [right for _, right in pairs]})
    with duckdb.connect() as connection:
        connection.register("given_pairs", given_pairs)
        query = f"select {typed_apart('x', edits, shortest)} from given_pairs order by n"
        return [claim for (claim,) in connection.execute(query).fetchall()]


@settings(max_examples=100, deadline=None)
@given(st.lists(_mistyped(), min_size=1, max_size=50), st.sampled_from([(1, 4), (2, 8)]))
def test_typing_errors_are_few_edits_with_most_letters_in_place(
    pairs: list[tuple[str, str]], bounds: tuple[int, int]
) -> None:
    edits, shortest = bounds
    pairs = [pair for pair in pairs if abs(Jaro.similarity(*pair) - 0.8) > 1e-9]  # there the last digit decides
    expected = [
        min(len(left), len(right)) >= shortest
        and DamerauLevenshtein.distance(left, right) <= edits
        and Jaro.similarity(left, right) >= 0.8
        for left, right in pairs
    ]
    assert _claims(pairs, edits, shortest) == expected


@pytest.mark.parametrize(
    ("edits", "shortest", "left", "right", "expected"),
    [
        (1, 4, "katherine", "kathreine", True),
        (1, 4, "meier", "meyer", True),
        (1, 4, "anna", "ana", False),
        (1, 3, "anna", "ana", True),
        (1, 4, "meier", "maier", True),
        (1, 4, "meier", "mayer", False),
        (2, 8, "19840312", "19840231", True),
        (2, 8, "19840312", "19841213", False),
        (2, 9, "ann.meier@mail.test", "ann.meyer@mail.tst", True),
    ],
)
def test_what_a_typing_error_is(edits: int, shortest: int, left: str, right: str, expected: bool) -> None:
    assert _claims([(left, right)], edits, shortest) == [expected]


_NAMESAKES = pa.table(
    {
        "key": [f"crm:{row}" for row in range(4)],
        "source": ["crm"] * 4,
        "given_name": ["Michael", "Michael", "Michael", "Ann"],
        "family_name": ["Weiss", "Weiss", "Weiss", "Weiss"],
        "email": ["michael_weiss1771@a.de", "michaelweiss2217@b.de", "michael.weiss1771@c.de", "bluebird@a.de"],
    }
)


@pytest.mark.parametrize(
    ("left", "right", "says_nothing"),
    [
        pytest.param(0, 1, True, id="alike by the name alone"),
        pytest.param(0, 2, False, id="alike beyond the name"),
        pytest.param(0, 3, False, id="not alike"),
    ],
)
def test_an_address_made_of_the_name_says_nothing_more_than_the_name(left: int, right: int, says_nothing: bool) -> None:
    roles = {"given_name": Role.GIVEN_NAME, "family_name": Role.FAMILY_NAME, "email": Role.EMAIL}
    options = MatchingOptions(threads=1)
    wanted = pa.table({"left": pa.array([left], pa.int32()), "right": pa.array([right], pa.int32())})
    pairs = score(
        _NAMESAKES, roles, train(_NAMESAKES, roles, options), options, extra_pairs=wanted, evidence=True
    ).to_pylist()
    (pair,) = (pair for pair in pairs if (pair["left"], pair["right"]) == (left, right))
    assert (pair["mw_email"] == 0.0) == says_nothing


def test_what_an_address_says_beyond_the_name_is_kept_as_a_feature() -> None:
    roles = {"given_name": Role.GIVEN_NAME, "family_name": Role.FAMILY_NAME, "email": Role.EMAIL}
    with prepare(_NAMESAKES, roles) as prepared:
        assert prepared.features["email_own"].to_pylist() == ["1771", "2217", "1771", "bluebird"]
