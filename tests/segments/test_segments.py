"""Segments: the list, their parameters, who is in them and how many, on both engines."""

from __future__ import annotations

import pytest

from identity_graph.errors import InvalidSettingError, NotFoundError
from identity_graph.graph import Graph
from identity_graph.segments import count_members, find_segment, list_segments, page_members
from tests.customers.seed import fill

_MEMBERS = [
    ("known_in_several_sources", {}, {"c1": {"sources": ["crm", "shop", "web"]}}),
    ("known_in_several_sources", {"sources": "4"}, {}),
    (
        "households",
        {},
        {
            "c1": {"shared": ["jane@mail.test"], "others": ["c2"]},
            "c2": {"shared": ["jane@mail.test"], "others": ["c1"]},
        },
    ),
    ("households", {"namespace": "device_id"}, {}),
    ("did_but_did_not", {"did": "view", "did_not": "order"}, {"c2": {"times": 1}}),
    ("did_but_did_not", {"did": "order", "did_not": "return", "since": "2026-03-02"}, {"c1": {"times": 1}}),
    ("active_on_channel_without", {}, {"c2": {"times": 1}}),
    ("several_identifiers", {}, {"c1": {"found": ["jane@mail.test", "jd@work.test"]}}),
    ("unreachable", {}, {"c3": {"record_count": 1}}),
    ("uncertain_customers", {}, {"c1": {"certainty": 0.7}}),
]


@pytest.mark.parametrize(
    ("name", "given", "members"), _MEMBERS, ids=[f"{m[0]}-{len(m[2])}-{n}" for n, m in enumerate(_MEMBERS)]
)
def test_each_segment_finds_its_members_with_the_facts_that_matched(
    graph: Graph, name: str, given: dict[str, str], members: dict[str, dict[str, object]]
) -> None:
    fill(graph)
    found = {member.customer_id: dict(member.facts) for member in page_members(graph, name, given).items}
    assert list(found) == list(members)
    for customer_id, facts in members.items():
        shown = {key: sorted(value) if isinstance(value, list) else value for key, value in found[customer_id].items()}
        assert shown.items() >= facts.items()
    assert count_members(graph, name, given) == len(members)


def test_every_segment_is_tried_here() -> None:
    assert {name for name, _, _ in _MEMBERS} == {segment.name for segment in list_segments()}


def test_pages_of_members_follow_each_other(graph: Graph) -> None:
    fill(graph)
    first = page_members(graph, "households", {}, limit=1)
    second = page_members(graph, "households", {}, cursor=first.next_cursor, limit=1)
    assert [page.items[0].customer_id for page in (first, second)] == ["c1", "c2"]
    assert second.next_cursor is None


def test_segments_describe_themselves() -> None:
    segment = find_segment("did_but_did_not")
    assert segment.title == "Did one thing but not another"
    assert [(parameter.name, parameter.default) for parameter in segment.parameters] == [
        ("did", "order"), ("did_not", "call"), ("since", "2000-01-01"),
    ]  # fmt: skip
    assert all(parameter.description for parameter in segment.parameters)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("known_in_several_sources", {"sources": "many"}),
        ("known_in_several_sources", {"sources": "2.5"}),
        ("known_in_several_sources", {"colour": "red"}),
        ("uncertain_customers", {"certainty": "NaN"}),
    ],
)
def test_a_wrong_parameter_says_what_is_right(name: str, given: dict[str, str]) -> None:
    with pytest.raises(InvalidSettingError) as caught:
        find_segment(name).values(given)
    assert caught.value.next_step


def test_parameters_are_read_as_the_type_of_their_default() -> None:
    assert find_segment("unreachable").values({"namespaces": "email, phone ,"}) == {"namespaces": ["email", "phone"]}
    assert find_segment("uncertain_customers").values({"certainty": "1"}) == {"certainty": 1.0}


def test_there_is_no_such_segment() -> None:
    with pytest.raises(NotFoundError, match="no segment"):
        find_segment("nobody")
