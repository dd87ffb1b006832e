"""Who carries an identifier, and whether anybody carries one of a namespace, whatever came and went."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from identity_graph.facts.segments import record_table
from identity_graph.realtime.holders import Holders

_PAIR = st.tuples(st.sampled_from(("user_id", "previous_id")), st.sampled_from("12"))
_MOVES = st.lists(st.tuples(st.sampled_from("abc"), st.sets(_PAIR, max_size=2)), max_size=12)


@given(moves=_MOVES)
def test_holders_are_those_of_the_last_state_of_each_record(moves: list[tuple[str, set[tuple[str, str]]]]) -> None:
    holders, held = Holders(record_table([])), dict[str, set[tuple[str, str]]]()
    for key, pairs in moves:
        holders.remove(key, held.get(key, ()))
        holders.add(key, pairs)
        held[key] = pairs
    for namespace in ("user_id", "previous_id"):
        assert holders.any_of(namespace) == any(pair[0] == namespace for pairs in held.values() for pair in pairs)
        for value in "12":
            expected = {key for key, pairs in held.items() if (namespace, value) in pairs}
            assert holders.of((namespace, value)) == expected
