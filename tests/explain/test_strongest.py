"""The strongest chain: no other chain has a stronger weakest step."""

from __future__ import annotations

from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from identity_graph.explain.evidence import Evidence, Link, LinkKind, SharedIdentifier
from identity_graph.explain.strongest import strongest_path, strongest_tree

_RECORDS = ["a", "b", "c", "d", "e"]


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    ends = st.tuples(st.sampled_from(_RECORDS), st.sampled_from(_RECORDS)).filter(lambda pair: pair[0] < pair[1])
    weights = draw(st.dictionaries(ends, st.floats(-20, 20, allow_nan=False), max_size=8))
    holders = draw(st.lists(st.sets(st.sampled_from(_RECORDS), min_size=2), max_size=3))
    strengths = draw(st.lists(st.floats(1, 30), min_size=3, max_size=3))
    return Evidence(
        shared=tuple(
            SharedIdentifier(f"email:{n}", "email", "active", "", strengths[n], dict.fromkeys(sorted(keys), ""))
            for n, keys in enumerate(holders)
        ),
        unique_values={},
        pairs=tuple(Link(left, right, LinkKind.SCORED_PAIR, weight) for (left, right), weight in weights.items()),
        decisions=(),
    )


def _best_bottleneck(evidence: Evidence) -> float | None:
    """Try every chain from the first record to the last."""
    strength: dict[tuple[str, str], float] = {}

    def put(left: str, right: str, bits: float) -> None:
        for pair in ((left, right), (right, left)):
            strength[pair] = max(bits, strength.get(pair, bits))

    for link in evidence.pairs:
        put(link.left, link.right, link.strength)
    for shared in evidence.shared:
        for left, right in permutations(shared.first_seen, 2):
            put(left, right, shared.strength)
    chains = [
        [strength.get(step) for step in pairwise(("a", *middle, "e"))]
        for size in range(4)
        for middle in permutations(_RECORDS[1:-1], size)
    ]
    return max((min(chain) for chain in chains if None not in chain), default=None)  # type: ignore[type-var]


@given(evidences())
def test_the_weakest_step_is_as_strong_as_any_chain_allows(evidence: Evidence) -> None:
    chain = strongest_path(evidence, "a", "e")
    assert min((step.strength for step in chain), default=None) == _best_bottleneck(evidence)
    if chain:
        assert (chain[0].left, chain[-1].right) == ("a", "e")
        assert all(before.right == after.left for before, after in pairwise(chain))
        assert all(step.links for step in chain)


@given(evidences())
def test_the_tree_joins_what_the_links_join_with_one_step_less_than_records(evidence: Evidence) -> None:
    linked = {link.left for link in evidence.pairs} | {link.right for link in evidence.pairs}
    linked |= {key for shared in evidence.shared for key in shared.first_seen}
    tree = strongest_tree(evidence)
    assert len(tree) < max(len(linked), 1)
    assert [step.strength for step in tree] == sorted(step.strength for step in tree)
