"""Traits of organisations: the same in any order, the latest counts, null removes."""

from __future__ import annotations

import functools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.facts import organisations
from identity_graph.facts.organisations import Traits, united_traits

_SAID = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(st.sampled_from(("t1", "t2", "t3")), st.sampled_from(('"x"', '"y"', None)))
)


@given(st.lists(_SAID, max_size=6), st.randoms(use_true_random=False))
def test_any_order_and_repeats_give_the_same_traits(said: list[Traits], chance: random.Random) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(organisations, "MOST_TRAITS", 3)
        once = functools.reduce(united_traits, said, {})
        again = chance.sample(said, len(said)) + chance.sample(said, len(said) // 2)
        assert functools.reduce(united_traits, again, {}) == once
        together = functools.reduce(united_traits, said[1:], {})
        assert united_traits(together, said[0] if said else {}) == once
    assert len(once) <= 3


@pytest.mark.parametrize(
    ("known", "arrived", "kept"),
    [
        (("t1", '"x"'), ("t2", None), ("t2", None)),
        (("t2", '"x"'), ("t1", None), ("t2", '"x"')),
        (("t1", '"x"'), ("t1", None), ("t1", '"x"')),
        (("t1", '"x"'), ("t1", '"y"'), ("t1", '"y"')),
    ],
)
def test_the_latest_counts_and_null_removes(
    known: tuple[str, str | None], arrived: tuple[str, str | None], kept: tuple[str, str | None]
) -> None:
    assert united_traits({"plan": known}, {"plan": arrived}) == {"plan": kept}
