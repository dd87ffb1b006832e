"""What a public key sends adds to a customer and joins no two; an alias makes two users one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.clusters import divide
from identity_graph.links import LinkOptions, LinkSet, combine, identifier_links
from identity_graph.model import Decision, Verdict
from tests.clusters.given import groups
from tests.links.builders import ROLES, decision, pairs, record, table

PUBLIC = LinkOptions(public_sources=frozenset({"site", "page"}))
ANN = record("crm:1", "Ann Lee", "email:ann@b.c")
CALLER = record("shop:1", "", "phone:1")
PAGE = record("site:1", "", "email:ann@b.c", "phone:1")


def linked(
    rows: Any, scored: Any = None, decisions: tuple[Decision, ...] = (), options: LinkOptions = PUBLIC
) -> LinkSet:
    return combine(rows, scored, identifier_links(rows, ROLES, options), decisions, options)


def resolved(
    *records: dict[str, Any], scored: Any = None, decisions: tuple[Decision, ...] = (), options: LinkOptions = PUBLIC
) -> tuple[set[frozenset[str]], set[tuple[Any, ...]]]:
    """Who is together, and what is suggested: (left, right, via, reason), by record key."""
    rows = table(*records)
    found = divide(len(rows), linked(rows, scored, decisions, options))
    keys = rows["key"].to_pylist()
    told = {(keys[one.left], keys[one.right], keys[one.via], one.reason) for one in found.suggestions}
    return {frozenset(keys[row] for row in group) for group in groups(found.labels)}, told


def together(*groups_of_keys: str) -> set[frozenset[str]]:
    return {frozenset(keys.split()) for keys in groups_of_keys}


def test_a_public_record_joins_one_known_customer_and_suggests_the_other() -> None:
    assert resolved(ANN, CALLER, PAGE) == (
        together("crm:1 site:1", "shop:1"), {("crm:1", "shop:1", "site:1", "identifiers")},
    )  # fmt: skip
    assert resolved(ANN, CALLER, PAGE, options=LinkOptions()) == (together("crm:1 site:1 shop:1"), set())


def test_a_stronger_word_of_a_page_does_not_part_what_trusted_sources_join() -> None:
    friend = record("shop:1", "Ann Lee", "email:ann@b.c")
    card = record("site:1", "", "user_id:7", "email:ann@b.c")
    member = record("crm:2", "", "user_id:7")
    assert resolved(ANN, friend, card, member) == (
        together("crm:1 shop:1", "crm:2 site:1"), {("crm:1", "crm:2", "site:1", "identifiers")},
    )  # fmt: skip


def test_a_chain_of_public_records_joins_no_two_known_customers_either() -> None:
    one = record("site:1", "", "email:ann@b.c", "anonymous_id:a")
    other = record("page:1", "", "anonymous_id:a", "phone:1")
    assert resolved(ANN, CALLER, one, other) == (
        together("crm:1 site:1", "page:1 shop:1"), {("crm:1", "shop:1", "page:1", "identifiers")},
    )  # fmt: skip


def test_a_visitor_of_a_trusted_source_is_no_known_customer() -> None:
    server = record("api:1", "", "anonymous_id:a")
    login = record("site:1", "", "anonymous_id:a", "email:ann@b.c")
    assert resolved(ANN, server, login) == (together("api:1 crm:1 site:1"), set())
    mail = record("api:1", "", "anonymous_id:a", "email:other@b.c")
    assert resolved(ANN, mail, login)[1] == {("api:1", "crm:1", "site:1", "identifiers")}


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        pytest.param([(Verdict.MUST, "crm:1", "shop:1")], (together("crm:1 shop:1 site:1"), set()), id="must"),
        pytest.param(
            [(Verdict.CANNOT, "crm:1", "shop:1")], (together("crm:1 site:1", "shop:1"), set()), id="cannot",
        ),
        pytest.param(
            [(Verdict.MUST, "crm:1", "site:1"), (Verdict.MUST, "site:1", "shop:1")],
            (together("crm:1 shop:1 site:1"), set()), id="through the public record",
        ),
    ],
)  # fmt: skip
def test_a_steward_answers_a_suggestion(decisions: Any, expected: Any) -> None:
    said = tuple(decision(verdict, left, right, minute) for minute, (verdict, left, right) in enumerate(decisions))
    assert resolved(ANN, CALLER, PAGE, decisions=said) == expected


def test_what_keeps_two_customers_apart_anyway_is_not_suggested() -> None:
    users = [
        record("crm:1", "Ann Lee", "email:ann@b.c", "user_id:1"),
        record("shop:1", "Al Lee", "phone:1", "user_id:2"),
    ]
    assert resolved(*users, PAGE)[1] == set()
    assert resolved(ANN, record("shop:1", "Bob Roy", "phone:1"), PAGE, scored=pairs())[1] == set()


def test_a_named_public_record_that_outweighs_a_doubt_is_a_suggestion() -> None:
    married, page = record("shop:1", "Ann Roy", "phone:1"), record("site:1", "Ann Lee", "email:ann@b.c", "phone:1")
    compared = pairs((0, 1, -3.0), (0, 2, 15.0), (1, 2, 9.0))
    assert resolved(ANN, married, page, scored=compared, options=LinkOptions())[0] == together("crm:1 shop:1 site:1")
    assert resolved(ANN, married, page, scored=compared) == (
        together("crm:1 site:1", "shop:1"), {("crm:1", "shop:1", "site:1", "match")},
    )  # fmt: skip


NEW = record("app:2", "", "user_id:new", "previous_id:old")
OLD = record("app:1", "", "user_id:old")


def test_an_alias_makes_two_users_of_its_source_one() -> None:
    users = [record("crm:1", "Ann Lee", "user_id:old"), record("crm:2", "Ann Lee", "user_id:new")]
    assert resolved(OLD, NEW, *users) == (together("app:1 app:2 crm:1 crm:2"), set())
    elsewhere = record("web:1", "", "user_id:old")
    assert resolved(elsewhere, NEW) == (together("web:1", "app:2"), set())


@pytest.mark.parametrize(
    "old",
    [
        pytest.param(record("app:1", "", "user_id:old", "user_id:third"), id="a device that others used"),
        pytest.param(record("app:1", "", "user_id:other"), id="another user"),
    ],
)
def test_an_alias_ties_nothing_else(old: Any) -> None:
    assert resolved(old, NEW)[0] == together("app:1", "app:2")


def test_a_blocked_or_quarantined_value_is_no_alias() -> None:
    blocked = [record("app:1", "", "user_id:null"), record("app:2", "", "user_id:new", "previous_id:null")]
    assert resolved(*blocked)[0] == together("app:1", "app:2")
    options = LinkOptions(quarantined={"user_id:old"})
    assert resolved(OLD, NEW, options=options)[0] == together("app:1", "app:2")


def test_a_steward_stands_above_an_alias_and_the_alias_is_reported() -> None:
    rows = table(OLD, NEW, record("app:3", "", "user_id:last", "previous_id:new"))
    found = linked(rows, decisions=(decision(Verdict.CANNOT, "app:1", "app:3"),))
    assert [(one.left, one.right) for one in found.conflicts if not hasattr(one, "decision")] == [("app:2", "app:3")]
    assert groups(divide(3, found).labels) == {frozenset({0, 1}), frozenset({2})}


def test_an_alias_of_a_page_is_a_suggestion_between_known_customers_and_followed_otherwise() -> None:
    old, new = record("site:1", "", "user_id:old"), record("site:2", "", "user_id:new", "previous_id:old")
    one, other = record("crm:1", "Ann Lee", "user_id:old"), record("crm:2", "Ann Lee", "user_id:new")
    assert resolved(old, new, one) == (together("crm:1 site:1 site:2"), set())
    divided, told = resolved(old, new, one, other)
    assert divided == together("crm:1 site:1", "crm:2 site:2")
    assert {(left, right, reason) for left, right, _, reason in told} == {("crm:1", "crm:2", "alias")}
    assert resolved(old, new, one, other, decisions=(decision(Verdict.CANNOT, "crm:1", "crm:2"),))[1] == set()
    assert len(resolved(old, new, one, other, decisions=(decision(Verdict.MUST, "crm:1", "crm:2"),))[0]) == 1


HELD = st.sets(
    st.sampled_from(("email:a", "email:b", "phone:1", "phone:2", "user_id:u", "user_id:v", "previous_id:u",
                     "anonymous_id:t", "device_id:d")), max_size=3,
)  # fmt: skip
ROWS = st.lists(
    st.tuples(st.sampled_from(("crm", "shop", "site", "page")), st.sampled_from(("", "Ann Lee", "Bob Roy")), HELD),
    min_size=1, max_size=9,
)  # fmt: skip


@given(ROWS)
def test_public_records_change_nothing_about_who_trusted_ones_are(rows: Any) -> None:
    records = [record(f"{source}:{place}", name, *sorted(held)) for place, (source, name, held) in enumerate(rows)]
    trusted = [one for one in records if one["source"] not in PUBLIC.public_sources]
    known = {str(one["key"]) for one in trusted if one["given_name"] or not _anonymous(one)}
    alone = (
        {frozenset(group & known) for group in resolved(*trusted, scored=_weighed(trusted))[0]} if trusted else set()
    )
    among = {frozenset(group & known) for group in resolved(*records, scored=_weighed(records))[0]}
    assert among - {frozenset()} == alone - {frozenset()}


def _weighed(records: list[dict[str, Any]]) -> Any:
    """Weigh all who say their name by it: whom a page's record makes the model compare, it has compared already."""
    named = [(row, one["given_name"]) for row, one in enumerate(sorted(records, key=lambda one: one["key"]))]
    found = [
        (left, right, 9.0 if one == other else -12.0)
        for left, one in named for right, other in named if left < right and one and other
    ]  # fmt: skip
    return pairs(*found)


def _anonymous(one: dict[str, Any]) -> bool:
    return all(held["namespace"] in ("anonymous_id", "device_id") for held in one["identifiers"])
