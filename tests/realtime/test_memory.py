"""What a change touches: every record whose links, pairs or certainties it can alter, and every identifier's status."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from identity_graph.matching import MatchingOptions
from identity_graph.model import Verdict
from identity_graph.realtime.known_pairs import weighed_at_once
from identity_graph.realtime.neighbours import Neighbours
from tests.realtime.memory import OTHERS, Memory
from tests.realtime.world import GIVEN, ROLES, SAID, row, town_model

_KEYS = [f"{source}:{number}" for source in ("crm", "shop", "web", "app") for number in range(1, 5)]
_KEY = st.sampled_from(_KEYS)
_PAIR = st.lists(_KEY, min_size=2, max_size=2, unique=True)
_HELD = st.sets(
    st.sampled_from(
        ("device_id:d1", "user_id:u1", "user_id:u2", "previous_id:u1", "loyalty_card:c1", "passport:a", "passport:b")
    ),
    max_size=2,
)
_ROW = st.builds(
    lambda key, held, said, minute: row(key, tuple(sorted(held)), minute, **said),
    _KEY, _HELD, SAID, st.sampled_from((0, 1, 2_000)),
)  # fmt: skip
_ROWS = st.lists(_ROW, min_size=1, max_size=6, unique_by=lambda one: str(one["key"]))
_LEE = {"birth_date": "1960-01-01", "family_name": "Lee"}
_APART = [row("web:0", birth_date="1960-01-01"), row("web:1", birth_date="1961-01-01")]
"""Two records that no block holds together, and that are one person where all pairs are compared."""
_CARD = {"identifiers": [{"namespace": "loyalty_card", "value": "c1"}]}


def _born(*numbers: int) -> list[dict[str, Any]]:
    return [row(f"web:{number}", given_name=GIVEN[number], birth_date="1960-01-01") for number in numbers]


def _tablet(*numbers: int) -> list[dict[str, Any]]:
    return [row(f"web:{number}", ("device_id:d1",), given_name=GIVEN[number], family_name="Lee") for number in numbers]


def _carded(minute: int) -> list[dict[str, Any]]:
    """Return one record more than may share a card within a day; the first was seen so many minutes after noon."""
    at = (minute, 0, 0, 0)
    return [row(f"web:{number}", ("loyalty_card:c1",), at[number], given_name="Ada") for number in range(4)]


_REACHED = [
    pytest.param([row("web:1", email="a@mail.test"), row("web:2", email="a@mail.test")],
                 [row("web:1", email="b@mail.test")], [], {"web:2"}, id="who had a link with the changed record"),
    pytest.param([row("web:1", email="b@mail.test"), row("web:2", email="a@mail.test")],
                 [row("web:1", email="a@mail.test")], [], {"web:2"}, id="who has a link with the changed record"),
    pytest.param([row("web:1", ("user_id:u1",)), row("web:2", ("user_id:u1",))],
                 [row("web:1")], [], {"web:2"}, id="who shared an identifier with the changed record"),
    pytest.param([*OTHERS, row("web:0", ("device_id:d1",), birth_date="1960-01-01"), _APART[1] | _CARD,
                  row("web:2", ("device_id:d1", "loyalty_card:c1"))],
                 [_APART[0]], [], {"web:1"}, id="whom the changed record met at a nameless one"),
    pytest.param([row("web:1", **_LEE), row("web:2", **_LEE)],
                 [], ["web:1"], {"web:2"}, id="who had a link with the deleted record"),
    pytest.param([*OTHERS, *_born(0, 1)], [row("web:1", birth_date="1999-09-09")], [], {"web:0"},
                 id="who was hardly like the changed record, and is alone"),
    pytest.param([*OTHERS, *_carded(2_000)], [_carded(0)[0]], [], {"web:1", "web:2", "web:3"},
                 id="an identifier of too many records within a day, one of them having been seen earlier"),
    pytest.param([*OTHERS, *_born(0, 1, 2, 3)], _born(4), [], {"web:0", "web:1", "web:2", "web:3"},
                 id="a block that grew over its size"),
    pytest.param([*OTHERS, *_born(0, 1, 2, 3, 4)], [], ["web:4"], {"web:0", "web:1", "web:2", "web:3"},
                 id="a block that shrank to its size"),
    pytest.param([*OTHERS, *_born(0, 1, 2, 3, 4)], [row("web:4", email="a@mail.test")], [],
                 {"web:0", "web:1", "web:2", "web:3"}, id="a block that a record left for another"),
    pytest.param([*OTHERS[:4], *_APART], OTHERS[4:], [], {"web:0", "web:1"}, id="too many to compare all"),
    pytest.param([*OTHERS, *_APART], [], [f"else:{number}" for number in range(1, 5)],
                 {"web:0", "web:1"}, id="few enough again"),
    pytest.param([*OTHERS, *_tablet(0, 1)], _tablet(2), [], {"web:0", "web:1"}, id="an identifier of too many people"),
    pytest.param([*OTHERS, *_tablet(0, 1, 2)], [], ["web:2"], {"web:0", "web:1"}, id="an identifier of few again"),
]  # fmt: skip


@pytest.mark.parametrize("restarted", [None, False, True], ids=["held", "read at the start", "weighed at the start"])
@pytest.mark.parametrize(("before", "change", "gone", "reached"), _REACHED)
def test_a_change_touches(
    before: list[Any], change: list[Any], gone: list[str], reached: set[str], restarted: bool | None
) -> None:
    memory = Memory()
    memory.put(*before)
    if restarted is not None:
        memory.restart(at_once=restarted)
    told = memory.said
    assert reached <= memory.put(*change, without=gone)
    assert {key for key in reached if told.place[key] != memory.said.place[key]}
    assert memory.said == memory.at_once()


def test_whom_a_steward_joined_stay_together_when_one_changes() -> None:
    memory = Memory()
    memory.put(row("web:1", birth_date="1960-01-01"), row("web:2", phone="+49301000001"))
    memory.decide(Verdict.MUST, "web:1", "web:2")
    memory.put(row("web:1", birth_date="1971-02-03"))
    assert memory.said.place["web:1"][0] == {"web:1", "web:2"}
    assert memory.said == memory.at_once()
    memory.put(without=["web:1"])
    assert memory.said.place["web:2"][0] == {"web:2"}  # only the word said that it is of a customer that changed
    assert memory.said == memory.at_once()
    memory.put(row("web:1", birth_date="1971-02-03"))  # it comes back, and nothing but the word ties the two
    assert memory.said.place["web:1"][0] == {"web:1", "web:2"}
    assert memory.said == memory.at_once()


def test_a_record_that_came_nearer_counts_when_its_neighbour_is_resolved_next() -> None:
    memory = Memory()
    memory.put(*OTHERS, row("web:1", birth_date="1999-09-09"), *_born(0))
    memory.put(*_born(1))
    memory.decide(Verdict.CANNOT, "web:0", "till:0")
    assert memory.said.place["web:0"][1] < 1
    assert memory.said == memory.at_once()


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(({"given_name": "Ada", "birth_date": "1960-01-01"}, {}), id="who says nothing of a person"),
        pytest.param(({"birth_date": "1960-01-01"}, {"birth_date": "1961-01-01"}), id="whom no block holds with it"),
    ],
)
def test_whom_only_a_constraint_kept_apart_join_when_its_record_goes(said: tuple[Any, Any]) -> None:
    """The one that joins shares an identifier with a record that did not change, and was another customer."""
    memory = Memory()
    memory.put(
        *OTHERS,
        row("web:1", ("user_id:u1", "loyalty_card:c1"), **said[0]),
        row("web:2", ("loyalty_card:c1", "device_id:d1"), **said[0]),
        row("web:3", ("user_id:u2", "device_id:d1"), **said[1]),
    )
    assert memory.said.place["web:2"][0] == {"web:1", "web:2"}
    memory.put(without=["web:1"])
    assert memory.said.place["web:2"][0] == {"web:2", "web:3"}
    assert memory.said == memory.at_once()


def test_an_alias_of_a_public_source_is_followed_when_one_of_two_customers_goes() -> None:
    """The alias ties records of which none changed; one of them only shared a card with the record that went."""
    memory = Memory()
    memory.put(
        *OTHERS,
        row("web:1", ("loyalty_card:c1",), given_name="Ada"),
        row("web:2", ("loyalty_card:c2",), given_name="Bo"),
        row("app:1", ("user_id:new", "previous_id:old", "loyalty_card:c1")),
        row("app:2", ("user_id:old", "loyalty_card:c2")),
    )
    assert memory.said.place["app:1"][0] == {"web:1", "app:1"}
    memory.put(without=["web:1"])
    assert memory.said.place["app:1"][0] == {"web:2", "app:1", "app:2"}
    assert memory.said == memory.at_once()


_ALIKE = {"given_name": "Ada", "family_name": "Lee", "birth_date": "1960-01-01"}
_FOUR = [
    {"given_name": given, "family_name": family, "birth_date": birth_date}
    for given, family, birth_date in (("Nia", "Quist", "1941-02-03"), ("Oda", "Rand", "1942-03-05"),
                                      ("Pia", "Stein", "1943-04-07"), ("Rob", "Toll", "1944-05-09"))
]  # fmt: skip
_ALIAS = row("new:3", ("previous_id:v", "user_id:u"))


@pytest.mark.parametrize(
    ("tied", "tie", "untie"),
    [
        pytest.param([], lambda memory: memory.decide(Verdict.MUST, "new:1", "new:2"), lambda memory: memory.undo(0),
                     id="by a steward"),
        pytest.param([], lambda memory: memory.put(_ALIAS), lambda memory: memory.put(without=["new:3"]),
                     id="by aliases"),
        pytest.param([("new:1", "new:4")], lambda memory: memory.decide(Verdict.MUST, "new:5", "new:2"),
                     lambda memory: memory.undo(1), id="through a third value"),
    ],
)  # fmt: skip
def test_values_that_others_tie_keep_nobody_apart(tied: list[tuple[str, str]], tie: Any, untie: Any) -> None:
    """Two alike hold two passports; so do two strangers to them, and who ties those says that it is one person's."""
    memory = Memory()
    memory.put(
        *OTHERS,
        row("web:1", ("passport:a",), **_ALIKE),
        row("web:2", ("passport:b",), **_ALIKE),
        row("new:1", ("passport:a", "previous_id:u"), **_FOUR[0]),
        row("new:2", ("passport:b", "user_id:v"), **_FOUR[1]),
        row("new:4", ("passport:c",), **_FOUR[2]),
        row("new:5", ("passport:c",), **_FOUR[3]),
    )
    for pair in tied:
        memory.decide(Verdict.MUST, *pair)
    assert memory.said.place["web:1"][0] == {"web:1"}
    tie(memory)
    assert memory.said.place["web:1"][0] == {"web:1", "web:2"}
    assert memory.said == memory.at_once()
    memory.decide(Verdict.CANNOT, "web:1", "till:0")  # the two are resolved again, of the others nothing is new
    assert memory.said.place["web:1"][0] == {"web:1", "web:2"}
    assert memory.said == memory.at_once()
    untie(memory)
    assert memory.said.place["web:1"][0] == {"web:1"}
    assert memory.said == memory.at_once()


def test_whom_a_value_of_too_many_people_is_shared_with_is_not_resolved_too() -> None:
    memory = Memory()
    memory.put(*(one | {"identifiers": [{"namespace": "passport", "value": "a"}]} for one in OTHERS))
    assert len(memory.index.sharing_unique("else:1")) == len(OTHERS)
    memory.put(row("web:1", ("passport:a",), **_FOUR[0]), row("web:2", ("passport:a",), **_FOUR[1]))
    assert memory.said.status["passport:a"][0] == "quarantined"
    assert memory.index.sharing_unique("web:1") == set()
    assert memory.said == memory.at_once()


def test_what_only_a_public_record_says_is_a_suggestion() -> None:
    memory = Memory()
    memory.put(row("crm:1", ("loyalty_card:c1",)), row("shop:1", ("loyalty_card:c2",)))
    memory.put(row("app:1", ("loyalty_card:c1", "loyalty_card:c2")))
    assert memory.said.suggested.keys() == {("crm:1", "shop:1")}
    memory.put(without=["app:1"])
    assert memory.said.suggested == {}


def test_an_identifier_that_the_graph_shows_otherwise_is_judged_anew_with_the_next_change() -> None:
    memory = Memory()
    memory.put(*(one | {"identifiers": [{"namespace": "passport", "value": "a"}]} for one in OTHERS))
    memory.put(row("web:1", ("passport:a",), **_FOUR[0]), row("web:2", ("passport:a",), **_FOUR[1]))
    crowd = memory.said.status["passport:a"]
    assert crowd[0] == "quarantined"
    index = memory.index
    index.recall({"passport:a": crowd})
    assert index.put([], lambda _: False).touched == set()
    for marked in ({}, {"passport:a": crowd, "passport:b": crowd}):
        index.recall(marked)
        assert set(index.left_out) == marked.keys()
        reach = index.put([], lambda _: False)
        assert set(index.left_out) == {"passport:a"}
        assert reach.touched == ({"web:1", "web:2", *(one["key"] for one in OTHERS)} if not marked else set())
        assert reach.status == ({"passport:b": ("active", None)} if marked else {"passport:a": crowd})


_PERSON = {"given_name": "Ada", "birth_date": "1960-01-01"}


@pytest.mark.parametrize(
    ("change", "touched", "paired"),
    [
        pytest.param(row("web:0", plan="pro", **_PERSON), {"web:0"}, False, id="a value that no comparison reads"),
        pytest.param(row("web:0", ("device_id:d1",), plan="pro", **_PERSON), {"web:0", "web:1"}, False,
                     id="an identifier besides"),
        pytest.param(row("web:0", **_PERSON | {"birth_date": "1955-05-05"}), {"web:0", "web:1"}, True,
                     id="a value that is compared"),
        pytest.param(row("web:0", given_name="Ada"), {"web:0", "web:1"}, True, id="a value that tells people apart"),
    ],
)  # fmt: skip
def test_what_is_compared_as_before_is_not_weighed_again(change: Any, touched: set[str], paired: bool) -> None:
    memory = Memory()
    memory.put(*OTHERS, row("web:0", plan="free", **_PERSON), row("web:1", **_PERSON))
    reach = memory.reach(change)
    assert {key for key in reach.touched if key.startswith("web:")} == touched
    assert ("web:0" in reach.paired) == paired
    assert memory.said == memory.at_once()


def test_of_very_many_records_the_neighbours_of_few_are_held() -> None:
    memory = Memory()
    memory.put(*OTHERS)
    neighbours = Neighbours(memory.index.matcher, most=3)
    for _ in range(2):
        for one in OTHERS:
            assert neighbours.of(one["key"]) == memory.index.matcher.weights(one["key"])
            assert len(neighbours) <= 3


def test_who_was_weighed_at_the_start_has_those_who_came_and_no_more_those_who_went() -> None:
    memory = Memory()
    memory.put(*OTHERS, *_born(0, 1))
    memory.restart(at_once=True)
    matcher, neighbours = memory.index.matcher, memory.index.neighbours
    assert "web:1" in neighbours.of("web:0")
    memory.put(*_born(2), without=["web:1"])
    assert neighbours.of("web:0").keys() == matcher.weights("web:0").keys()
    assert "web:2" in neighbours.of("web:0")
    memory.put(*_born(1))
    assert neighbours.of("web:0").keys() == matcher.weights("web:0").keys() >= {"web:1", "web:2"}


def test_records_that_have_outgrown_the_model_are_weighed_as_they_are_asked_for() -> None:
    memory = Memory()
    couples = ({"birth_date": f"19{day}-01-01", "family_name": "Lee", "given_name": "Ada"} for day in range(10, 50, 2))
    rows = [row(f"web:{day}-{number}", **said) for day, said in enumerate(couples) for number in range(4)]
    memory.put(*rows)
    records = memory.index.records.table(list(memory.rows))
    narrow = MatchingOptions(threads=1, pairs_floor=0, pairs_per_record=1, pairs_growth=1)
    assert weighed_at_once(town_model(), records, ROLES, narrow, None) is None
    assert weighed_at_once(town_model(), records, ROLES, MatchingOptions(threads=1), None) is not None


class Steps(RuleBasedStateMachine):
    """Changes and decisions in any order; each step must leave what is said of all facts at once."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()

    @rule(rows=_ROWS)
    def put(self, rows: list[dict[str, Any]]) -> None:
        self.memory.put(*rows)

    @rule(keys=st.sets(_KEY, min_size=1, max_size=4))
    def delete(self, keys: set[str]) -> None:
        self.memory.put(without=sorted(keys))

    @rule(
        verdict=st.sampled_from((Verdict.MUST, Verdict.CANNOT)),
        pair=st.lists(_KEY, min_size=2, max_size=2, unique=True),
    )
    def decide(self, verdict: Verdict, pair: list[str]) -> None:
        self.memory.decide(verdict, *pair)

    @rule(place=st.integers(0, 5))
    def undo(self, place: int) -> None:
        self.memory.undo(place)

    @rule(at_once=st.booleans())
    def restart(self, at_once: bool) -> None:
        self.memory.restart(at_once)

    @invariant()
    def as_said_of_all_at_once(self) -> None:
        assert self.memory.said == self.memory.at_once()

    @invariant()
    def as_weighed_anew(self) -> None:
        index = self.memory.index
        visitors = {key for key in self.memory.rows if not index.names_somebody(key)}
        assert index.model.compares_people
        for key in self.memory.rows:
            anew = index.matcher.weights(key)
            if key in visitors:  # two who say nothing of a person are not compared
                anew = {other: weight for other, weight in anew.items() if other not in visitors}
            # All at once and one by one differ by the noise of the calculation.
            assert dict(index.neighbours.of(key)) == pytest.approx(anew, abs=1e-9)


TestSteps = Steps.TestCase
TestSteps.settings = settings(max_examples=20, stateful_step_count=10)


@settings(max_examples=6)
@given(first=_ROWS, second=_ROWS, third=_ROWS)
def test_steps_say_what_a_batch_says(first: list[Any], second: list[Any], third: list[Any]) -> None:
    memory = Memory()
    for rows in (first, second, third):
        memory.put(*rows)
    assert memory.said == memory.batch()
