"""What shared identifiers, scored pairs and decisions come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.clusters import divide, partition
from identity_graph.errors import InvalidSettingError
from identity_graph.facts.segments import record_table
from identity_graph.links import (
    LinkKind,
    LinkOptions,
    LinkSet,
    QuarantinedIdentifier,
    combine,
    identifier_links,
    identifier_table,
    people_limits,
    quarantined,
)
from identity_graph.model import Decision, Verdict
from identity_graph.namespaces import DEFAULT_NAMESPACES, NamespaceRule, rule_for
from tests.links.builders import ROLES, decision, pairs, record, table


def linked(
    records: Any, scored: Any = None, decisions: tuple[Decision, ...] = (), options: LinkOptions | None = None
) -> LinkSet:
    options = options or LinkOptions()
    return combine(records, scored, identifier_links(records, ROLES, options), decisions, options)


def weights(found: LinkSet) -> dict[tuple[int, int], float]:
    rows = zip(found.links.left.tolist(), found.links.right.tolist(), found.links.weight.tolist(), strict=True)
    return {(left, right): weight for left, right, weight in rows}


def labels(found: LinkSet, count: int) -> list[int]:
    return [int(label) for label in divide(count, found).labels]


def test_identifiers_are_flattened_once_each() -> None:
    found = identifier_table(table(record("a:1", "", "email:x", "email:x", "phone:1"), record("a:2", "", "email:x")))
    assert found.namespaces == ("email", "phone")
    assert list(zip(found.row.tolist(), found.code.tolist(), strict=True)) == [(0, 0), (1, 0), (0, 1)]
    assert found.value.to_pylist() == ["x", "1"]
    assert found.counts().tolist() == [2, 1]


def test_a_table_without_identifiers_links_nothing() -> None:
    assert weights(linked(table(record("a:1", "Ann Lee"), record("a:2")))) == {}
    assert weights(linked(table())) == {}


@pytest.mark.parametrize(
    ("one", "other", "weight"),
    [
        pytest.param(record("a:1", "", "email:a@b.c"), record("a:2", "", "email:a@b.c"), 12.0, id="cookies"),
        pytest.param(record("a:1", "Ann Lee", "email:a@b.c"), record("a:2", "", "email:a@b.c"), 12.0, id="one cookie"),
        pytest.param(
            record("a:1", "", "email:a@b.c", "phone:1"),
            record("a:2", "", "email:a@b.c", "phone:1"), 22.0, id="two namespaces add up",
        ),
        pytest.param(record("a:1", "", "email:info@b.c"), record("a:2", "", "email:info@b.c"), None, id="blocked"),
        pytest.param(record("a:1", "", "user_id:null"), record("a:2", "", "user_id:null"), None, id="null text"),
    ],
)  # fmt: skip
def test_identifiers_alone_weigh_their_strength(one: Any, other: Any, weight: float | None) -> None:
    expected = {} if weight is None else {(0, 1): weight}
    assert weights(linked(table(one, other), pairs())) == expected


ANN, BOB = ("a:1", "Ann Lee", "email:f@b.c"), ("a:2", "Bob Lee", "email:f@b.c")


@pytest.mark.parametrize(
    ("scored", "extra", "weight", "kind"),
    [
        pytest.param([(0, 1, 4.0)], (), 4.0, LinkKind.MATCH, id="the model judges what it compares"),
        pytest.param([(0, 1, -9.0)], (), -9.0, LinkKind.MATCH, id="names overrule a shared e-mail"),
        pytest.param([], (), -10.0, LinkKind.MATCH, id="a pair the model left out contradicts"),
        pytest.param([(0, 1, 1.0)], ("loyalty_card:7",), 21.0, LinkKind.MATCH | LinkKind.IDENTIFIER, id="a card adds"),
        pytest.param([], ("loyalty_card:7",), -10.0, LinkKind.MATCH, id="but does not outweigh a contradiction"),
        pytest.param([], ("user_id:7",), 20.0, LinkKind.MATCH | LinkKind.IDENTIFIER, id="as one user id does"),
    ],
)
def test_people_are_judged_by_the_model_and_by_what_it_cannot_see(
    scored: list[tuple[int, int, float]], extra: tuple[str, ...], weight: float, kind: LinkKind
) -> None:
    found = linked(table(record(*ANN, *extra), record(*BOB, *extra)), pairs(*scored))
    assert weights(found) == {(0, 1): weight}
    if weight != -10.0 and scored:
        assert found.links.kind.tolist() == [kind]


_USER = ("user_id:7",)
_JUDGES_USERS = LinkOptions(compared={"email": ("email",), "user_id": ("account", "user_id")})


@pytest.mark.parametrize(
    ("one", "other", "scored", "weight"),
    [
        pytest.param(
            {**record("a:1", "Ann Lee", *_USER), "account": "7"}, {**record("a:2", "Ann Lee", *_USER), "user_id": "7"},
            [(0, 1, 9.0)], 9.0, id="what both say the model has judged",
        ),
        pytest.param(
            {**record("a:1", "Ann Lee", *_USER), "account": "7"}, record("a:2", "Ann Lee", *_USER),
            [(0, 1, 9.0)], 39.0, id="what one only holds, as events do, adds its strength",
        ),
        pytest.param(
            {**record("a:1", "Ann Lee", *_USER), "account": "7"}, record("a:2", "", *_USER),
            [(0, 1, -8.6)], 21.4, id="a visitor who signed in is with the user also where everybody is compared",
        ),
        pytest.param(
            {**record("a:1", "Ann Lee", *_USER), "account": "7"}, record("a:2", "", *_USER),
            [], 30.0, id="as where not",
        ),
    ],
)  # fmt: skip
def test_only_what_both_records_say_is_judged_by_the_model(
    one: dict[str, Any], other: dict[str, Any], scored: list[tuple[int, int, float]], weight: float
) -> None:
    found = linked(table(one, other), pairs(*scored), options=_JUDGES_USERS)
    assert weights(found) == {(0, 1): pytest.approx(weight)}


def test_without_a_model_other_names_outweigh_a_shared_email() -> None:
    assert weights(linked(table(record(*ANN), record(*BOB)))) == {(0, 1): -8.0}
    assert weights(linked(table(record(*ANN), record("a:2", "Anne Lee", "email:f@b.c")))) == {(0, 1): 12.0}


def test_a_shared_tablet_glues_nobody_and_is_of_nobody() -> None:
    records = table(
        record("crm:1", "Ann Lee", "email:a@b.c", "user_id:u1"),
        record("crm:2", "Bob Roy", "email:b@b.c", "user_id:u2"),
        record("web:1", "", "user_id:u1", "anonymous_id:t"),
        record("web:2", "", "user_id:u2", "anonymous_id:t"),
        record("web:3", "", "anonymous_id:t"),
    )
    assert labels(linked(records, pairs()), 5) == [0, 1, 0, 1, 4]


def test_people_who_meet_through_nameless_records_are_worth_comparing() -> None:
    records = table(
        record("crm:1", "Ann Lee", "email:a@b.c"),
        record("crm:2", "Ann Lee", "phone:1"),
        record("web:1", "", "email:a@b.c", "anonymous_id:t"),
        record("web:2", "", "phone:1", "anonymous_id:t"),
    )
    found = identifier_links(records, ROLES, LinkOptions())
    met = [(int(left), int(right)) for left, right, row in zip(found.left, found.right, found.shared, strict=True) if not row.any()]  # fmt: skip  # noqa: E501
    assert met == [(0, 1)]
    assert labels(linked(records, pairs((0, 1, 5.0))), 4) == [0, 0, 0, 0]
    assert len(set(labels(linked(records, pairs((0, 1, -9.0))), 4))) == 2


def test_many_records_of_one_value_make_few_pairs_and_stay_connected() -> None:
    count = 300
    records = table(*(record(f"web:{number:03}", "", "user_id:u") for number in range(count)))
    found = linked(records, pairs())
    assert len(found.links.left) <= 5 * count
    assert labels(found, count) == [0] * count


def desk(people: int, value: str = "email:desk@hotel.it") -> list[Any]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [record(f"crm:{number:03}", f"{letters[number % 26]} {letters[number // 26]}", value) for number in range(people)]  # fmt: skip  # noqa: E501


def kept_out_of(
    records: pa.Table, rules: Mapping[str, NamespaceRule] = DEFAULT_NAMESPACES
) -> tuple[QuarantinedIdentifier, ...]:
    """Quarantine by what the same records teach."""
    return quarantined(records, ROLES, rules, people_limits(records, ROLES, rules))


@pytest.mark.parametrize(("people", "kept_out"), [(2, False), (5, False), (40, True)])
def test_a_family_shares_an_email_but_a_reception_desk_is_quarantined(people: int, kept_out: bool) -> None:
    others = [record(f"shop:{number:03}", "Ann Lee", f"email:{number // 2}@b.c") for number in range(60)]
    found = kept_out_of(table(*desk(people), *others))
    assert [one.key for one in found] == (["email:desk@hotel.it"] if kept_out else [])
    for one in found:
        assert one.records == people
        assert 0.9 * people <= one.people <= people
        assert "different people" in one.reason


def test_a_quarantined_identifier_links_nothing() -> None:
    records = table(*desk(2))
    assert weights(linked(records, pairs(), options=LinkOptions(quarantined={"email:desk@hotel.it"}))) == {}


def test_typing_errors_do_not_make_one_person_many() -> None:
    names = ["Jon Smith", "John Smyth", "Smith John", "J. Smith", "JOHN SMITTH"] * 6
    records = table(*(record(f"crm:{number:02}", name, "phone:1") for number, name in enumerate(names)))
    assert kept_out_of(records) == ()


def test_a_limit_counts_records_inside_its_window() -> None:
    rules = {"device_id": NamespaceRule("device_id", 1, 8.0, limit=3, window_days=2)}
    busy = [record(f"web:{day}", "", "device_id:busy", day=day) for day in range(4)]
    slow = [record(f"app:{day}", "", "device_id:slow", day=2 * day) for day in range(9)]
    found = kept_out_of(table(*busy, *slow), rules)
    assert found == ()
    packed = [record(f"web:{number}", "", "device_id:busy", day=number // 2) for number in range(4)]
    assert [one.value for one in kept_out_of(table(*packed, *slow), rules)] == ["busy"]


@pytest.mark.parametrize(
    ("days", "kept_out"),
    [
        ((0, 3, 6, 9), False),
        ((0, 1, 1, 9), False),
        ((0, 1, 1, 2), True),
        ((0, 9, None, None), False),
        ((0, 1, None, None), True),
    ],
)
def test_a_window_is_about_when_each_record_came_to_a_value(days: tuple[int | None, ...], kept_out: bool) -> None:
    rules = {"device_id": NamespaceRule("device_id", 1, 8.0, limit=3, window_days=2)}
    rows: list[Any] = [
        ({"key": f"web:{number}", "seq": number, "source": "web", "record_id": str(number), "deleted": False,
          "observed_at": "2026-03-01T00:00:00.000000Z",
          "identifier_times": (None if day is None else f"2026-01-1{day}T00:00:00.000000Z", "2026-01-01T00:00:00Z")},
         (("device_id", "kiosk"), ("email", "kiosk")))
        for number, day in enumerate(days)
    ]  # fmt: skip
    found = quarantined(record_table(rows), {}, rules, {})
    assert [one.key for one in found] == (["device_id:kiosk"] if kept_out else [])


def test_who_is_over_a_limit_is_told_the_same_however_many_there_are() -> None:
    rules = {"email": NamespaceRule("email", 5, 12.0, limit=3)}
    hub = [record(f"web:{number:02}", "", "email:hub@b.c") for number in range(20)]
    assert kept_out_of(table(*hub[:3]), rules) == ()
    reasons = {one.reason for count in (4, 20) for one in kept_out_of(table(*hub[:count]), rules)}
    assert reasons == {"It is on more than 3 records, the most that email allows."}
    assert [one.records for one in kept_out_of(table(*hub), rules)] == [20]


def test_every_namespace_has_a_limit_also_one_that_nobody_configured() -> None:
    assert {rule_for(name).limit is None for name in (*DEFAULT_NAMESPACES, "till_number")} == {False}


def test_many_user_ids_behind_a_cookie_quarantine_it_where_nobody_is_named() -> None:
    records = [record(f"web:{number:02}", "", f"user_id:u{number}", "anonymous_id:kiosk") for number in range(30)]
    assert [one.key for one in kept_out_of(table(*records))] == ["anonymous_id:kiosk"]


def test_an_identifier_is_judged_by_its_own_records_once_the_limits_are_known() -> None:
    known = people_limits(table(*desk(3)), ROLES, DEFAULT_NAMESPACES)
    others = [record(f"shop:{number:03}", f"Ann Lee{number}", "email:many@b.c") for number in range(900)]
    everything = quarantined(table(*desk(40), *others), ROLES, DEFAULT_NAMESPACES, known)
    assert quarantined(table(*desk(40)), ROLES, DEFAULT_NAMESPACES, known) == everything
    assert [one.key for one in quarantined(table(*desk(9)), ROLES, DEFAULT_NAMESPACES, {})] == ["email:desk@hotel.it"]
    assert quarantined(table(*desk(8)), ROLES, DEFAULT_NAMESPACES, {}) == ()


def test_pairs_of_a_large_group_do_not_depend_on_names_elsewhere() -> None:
    desk_records = desk(12)
    elsewhere = [record("app:1", "Lars Abel", "email:l@b.c"), record("app:2", "Zoe Abel", "email:z@b.c")]
    pairs_of = [
        {(keys[left], keys[right]) for left, right in zip(found.left, found.right, strict=True)}
        for records in (table(*desk_records), table(*desk_records, *elsewhere))
        for keys in [records["key"].to_pylist()]
        for found in [identifier_links(records, ROLES, LinkOptions())]
    ]
    assert pairs_of[0] == pairs_of[1]


def test_two_values_of_a_unique_namespace_keep_apart_but_blocked_ones_and_several_do_not() -> None:
    records = table(
        record("a:1", "Ann Lee", "user_id:u1"),
        record("a:2", "Ann Lee", "user_id:u2"),
        record("a:3", "Ann Lee", "user_id:guest-0", "user_id:u2"),
        record("a:4", "Ann Lee", "user_id:unknown"),
    )
    (codes,) = linked(records, pairs()).constraints.exclusive
    assert codes[0] != codes[1]
    assert codes[2:].tolist() == [-1, -1]


RECORDS = table(*(record(f"a:{number}", "Ann Lee") for number in range(4)))


def test_decisions_become_constraints_unless_undone_or_undecided() -> None:
    found = linked(
        RECORDS,
        pairs(),
        (
            decision(Verdict.MUST, "a:1", "a:0", 1),
            decision(Verdict.CANNOT, "a:2", "a:3", 2),
            decision(Verdict.MUST, "a:1", "a:2", 3, undone_by="d9"),
            decision(Verdict.UNDECIDED, "a:1", "a:3", 4),
            decision(Verdict.MUST, "a:1", "b:1", 5),
        ),
    )
    assert found.constraints.must.tolist() == [[0, 1]]
    assert found.constraints.cannot.tolist() == [[2, 3]]
    assert found.conflicts == ()


@pytest.mark.parametrize(
    ("verdicts", "refused"),
    [
        ([(Verdict.MUST, 0, 1), (Verdict.MUST, 1, 2), (Verdict.CANNOT, 0, 2)], ["d2"]),
        ([(Verdict.CANNOT, 0, 2), (Verdict.MUST, 0, 1), (Verdict.MUST, 1, 2)], ["d2"]),
        ([(Verdict.CANNOT, 0, 3), (Verdict.MUST, 0, 1), (Verdict.MUST, 2, 3), (Verdict.MUST, 1, 2)], ["d3"]),
    ],
)
def test_the_earlier_of_two_contradicting_decisions_holds(
    verdicts: list[tuple[Verdict, int, int]], refused: list[str]
) -> None:
    decisions = tuple(
        decision(verdict, f"a:{left}", f"a:{right}", minute) for minute, (verdict, left, right) in enumerate(verdicts)
    )
    found = linked(RECORDS, pairs(), decisions)
    assert [conflict.decision.id for conflict in found.conflicts] == refused
    partition(4, found.links, found.constraints)


DECISIONS = st.lists(st.tuples(st.sampled_from(Verdict), st.integers(0, 3), st.integers(0, 3)), max_size=8)


@given(DECISIONS, st.randoms(use_true_random=False))
def test_decisions_in_any_order_of_arrival_never_contradict(rows: list[tuple[Verdict, int, int]], random: Any) -> None:
    decisions = [
        decision(verdict, f"a:{left}", f"a:{right}", minute)
        for minute, (verdict, left, right) in enumerate(rows)
        if left != right
    ]
    found = linked(RECORDS, pairs(), tuple(decisions))
    partition(4, found.links, found.constraints)
    random.shuffle(decisions)
    again = linked(RECORDS, pairs(), tuple(decisions))
    assert again.constraints.must.tolist() == found.constraints.must.tolist()
    assert [one.decision.id for one in again.conflicts] == [one.decision.id for one in found.conflicts]


def test_sources_free_of_duplicates_are_numbered_and_at_most_63() -> None:
    records = table(record("crm:1"), record("shop:1"), record("web:1"))
    found = linked(records, pairs(), options=LinkOptions(single_sources=("shop", "crm"))).constraints.single_sources
    assert found is not None and found.tolist() == [0, 1, -1]
    with pytest.raises(InvalidSettingError, match="63"):
        linked(records, pairs(), options=LinkOptions(single_sources=[f"s{number}" for number in range(64)]))
