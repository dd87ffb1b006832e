"""What events become: records that grow, identifiers, traits with roles, touchpoints, and what is set aside."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from identity_graph.events import CUSTOM_TRAITS, EventFacts, event_facts
from identity_graph.journal import JournalEvent
from identity_graph.normalise import NormaliseContext
from identity_graph.roles import Role
from tests.events.messages import NOON, at, event


def facts_of(*events: JournalEvent) -> EventFacts:
    return event_facts(events, NormaliseContext(), {})


def records(facts: EventFacts) -> dict[str, dict[str, Any]]:
    fixed = ("key", "source", "record_id", "raw", "grows", "identifiers", "observed_at", "trait_times")
    return {
        row["record_id"]: {name: value for name, value in row.items() if name not in fixed and value is not None}
        for row in facts.batch.records.to_pylist()
    }


def held(facts: EventFacts) -> dict[str, set[str]]:
    return {
        row["record_id"]: {f"{one['namespace']}:{one['value']}" for one in row["identifiers"]}
        for row in facts.batch.records.to_pylist()
    }


def touchpoints(facts: EventFacts) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = facts.batch.touchpoints.to_pylist()
    return found


def test_a_user_and_a_visitor_are_records_of_their_source() -> None:
    facts = facts_of(event("m1", userId="u1"), event("m2", anonymousId="a1"), event("m3", userId=7))
    assert facts.batch.records["key"].to_pylist() == ["site:user_id=u1", "site:anonymous_id=a1", "site:user_id=7"]
    assert facts.batch.records["grows"].to_pylist() == [True] * 3
    assert held(facts) == {
        "user_id=u1": {"user_id:u1"}, "anonymous_id=a1": {"anonymous_id:a1"}, "user_id=7": {"user_id:7"},
    }  # fmt: skip


def test_an_event_with_both_ids_ties_them_on_the_visitor_and_leaves_the_person_to_the_user() -> None:
    facts = facts_of(event("m1", "identify", userId="u1", anonymousId="a1", traits={"email": "jane@mail.test"}))
    assert held(facts) == {
        "user_id=u1": {"user_id:u1", "email:jane@mail.test"}, "anonymous_id=a1": {"anonymous_id:a1", "user_id:u1"},
    }  # fmt: skip
    assert records(facts) == {"user_id=u1": {"email": "jane@mail.test"}, "anonymous_id=a1": {}}
    (point,) = touchpoints(facts)
    assert point["record_key"] == "site:user_id=u1"
    assert [(one["record_key"], [held["value"] for held in one["identifiers"]]) for one in point["seen_with"]] == [
        ("site:user_id=u1", ["jane@mail.test", "u1"]), ("site:anonymous_id=a1", ["a1", "u1"]),
    ]  # fmt: skip
    seen = {f"{one['namespace']}:{one['value']}" for one in point["identifiers"]}
    assert seen == {"user_id:u1", "anonymous_id:a1", "email:jane@mail.test"}


@pytest.mark.parametrize(
    ("traits", "attributes"),
    [
        ({"firstName": "Jane", "lastName": "Doe"}, {"given_name": "Jane", "family_name": "Doe"}),
        ({"first_name": "Jane", "last_name": "Doe"}, {"given_name": "Jane", "family_name": "Doe"}),
        ({"name": "Jane Doe"}, {"full_name": "Jane Doe"}),
        ({"birthday": "1980-05-01T00:00:00.000Z"}, {"birth_date": "1980-05-01"}),
        ({"email": "Jane@Mail.test"}, {"email": "jane@mail.test"}),
        ({"phone": "+33 1 42 68 53 00", "mobile": "+33 6 12 34 56 78"},
         {"phone": "+33142685300", "trait_mobile": "+33612345678"}),
        ({"address": {"street": "6th St", "city": "Paris", "postalCode": "75001", "country": "France"}},
         {"address": "6th St", "city": "Paris", "postcode": "75001", "country": "FR"}),
        ({"address": "12 High Street"}, {"address": "12 High Street"}),
        ({"company": {"name": "Acme", "industry": "Tools"}}, {"company": "Acme", "trait_company_industry": "Tools"}),
        ({"company": "Acme"}, {"company": "Acme"}),
        ({"plan": "pro", "logins": 7, "vip": True, "tags": ["a", "b"]},
         {"trait_plan": "pro", "trait_logins": "7", "trait_vip": "true", "trait_tags": '["a","b"]'}),
        ({"username": "jd", "title": "CEO"}, {"trait_username": "jd", "trait_title": "CEO"}),
        ({"status": "vip", "Certainty": 1}, {"trait_status": "vip", "trait_certainty": "1"}),
        ({"email": "", "plan": "  "}, {}),
        ({"email": {"no": "text"}}, {}),
        ({"bio": "a\x00b\ud800"}, {"trait_bio": "ab\ufffd"}),
        ({"essay": "x" * 1001}, {}),
    ],
)  # fmt: skip
def test_traits_are_attributes_by_what_their_names_say(traits: dict[str, Any], attributes: dict[str, str]) -> None:
    for message in ({"traits": traits}, {"context": {"traits": traits}}):
        assert records(facts_of(event("m1", "identify", userId="u1", **message))) == {"user_id=u1": attributes}


def test_what_attributes_mean_is_told_apart_from_traits_nobody_knows() -> None:
    facts = facts_of(event("m1", "identify", userId="u1", traits={"mobile": "+33612345678", "plan": "pro"}))
    assert facts.roles == {"site": {"trait_mobile": Role.PHONE}}
    assert facts.custom == {"site": frozenset({"trait_plan"})}
    assert held(facts)["user_id=u1"] == {"user_id:u1", "phone:+33612345678"}


def test_the_traits_of_a_group_are_not_the_persons() -> None:
    facts = facts_of(event("m1", "group", userId="u1", groupId="g1", traits={"name": "Acme", "email": "i@acme.test"}))
    assert records(facts) == {"user_id=u1": {}} and held(facts) == {"user_id=u1": {"user_id:u1"}}
    told = json.loads(touchpoints(facts)[0]["properties"])
    assert (told["groupId"], told["traits"]["name"]) == ("g1", "Acme")


def test_a_source_has_so_many_traits_of_its_own_and_no_more() -> None:
    traits = {f"t{number:04}": "x" for number in range(CUSTOM_TRAITS + 20)}
    facts = facts_of(event("m1", "identify", userId="u1", traits=traits))
    assert len(records(facts)["user_id=u1"]) == len(facts.custom["site"]) == CUSTOM_TRAITS
    assert json.loads(touchpoints(facts)[0]["properties"])["traits"] == traits


def test_null_removes_a_trait_at_its_time_and_an_earlier_value_does_not_bring_it_back() -> None:
    said = event("m1", "identify", userId="u1", timestamp=at(1), traits={"plan": "pro", "city": "Rome"})
    removed = event("m2", "identify", userId="u1", timestamp=at(2), traits={"plan": None, "address": None})
    again = event("m3", "identify", userId="u1", timestamp=at(3), traits={"plan": "free"})
    for order in ((said, removed), (removed, said)):
        assert records(facts_of(*order)) == {"user_id=u1": {}}
    for order in ((said, removed, again), (again, removed, said), (removed, again, said)):
        assert records(facts_of(*order)) == {"user_id=u1": {"trait_plan": "free"}}


def test_devices_belong_to_the_visitor_where_there_is_one() -> None:
    device = {"id": "D-1", "type": "ios", "advertisingId": "AD-1", "adTrackingEnabled": True, "token": "tok"}
    context = {"device": device, "integrations": {"Google Analytics": {"clientId": "ga.1"}}}
    ids = {"device_id:D-1", "advertising_id:AD-1", "ios_push_token:tok", "ga_client_id:ga.1"}
    assert held(facts_of(event("m1", userId="u1", context=context)))["user_id=u1"] == ids | {"user_id:u1"}
    both = held(facts_of(event("m1", userId="u1", anonymousId="a1", context=context)))
    assert both["user_id=u1"] == {"user_id:u1"}
    assert both["anonymous_id=a1"] == ids | {"user_id:u1", "anonymous_id:a1"}
    device["adTrackingEnabled"] = False
    assert "advertising_id:AD-1" not in held(facts_of(event("m1", userId="u1", context=context)))["user_id=u1"]


def test_external_ids_count_when_they_are_whole() -> None:
    whole = {"id": "Jane@Mail.test", "type": "email", "collection": "users", "encoding": "none"}
    stated = [
        whole, {**whole, "id": "L1", "type": "loyaltyCard"}, {**whole, "id": "x", "collection": "accounts"},
        {**whole, "id": "y", "encoding": "hash"}, {"id": "z", "type": "email"}, "no",
    ]  # fmt: skip
    facts = facts_of(event("m1", userId="u1", context={"externalIds": stated}))
    assert held(facts)["user_id=u1"] == {"user_id:u1", "email:jane@mail.test", "loyalty_card:L1"}


def test_alias_and_merge_tie_two_ids() -> None:
    alias = facts_of(event("m1", "alias", userId="u1", previousId="a0"))
    assert held(alias) == {"user_id=u1": {"user_id:u1", "anonymous_id:a0", "previous_id:a0"}}
    pair = [{"type": "userId", "value": "u1"}, {"type": "email", "value": "JANE@mail.test"}]
    merge = facts_of(event("m2", "merge", mergeProperties=pair))
    assert list(held(merge).values()) == [{"user_id:u1", "email:jane@mail.test"}]
    assert held(merge).keys() == held(facts_of(event("m3", "merge", mergeProperties=pair[::-1]))).keys()
    users = [{"type": "userId", "value": "u2"}, {"type": "user_id", "value": "u1"}]
    for order in (users, users[::-1]):
        merge = facts_of(event("m4", "merge", mergeProperties=order))
        assert list(held(merge).values()) == [{"previous_id:u1", "user_id:u2"}]


@pytest.mark.parametrize(
    ("message", "type", "channel"),
    [
        ({"type": "track", "event": " Order Completed "}, "Order Completed", "unknown"),
        ({"type": "page", "context": {"library": {"name": "analytics.js"}}}, "page", "web"),
        ({"type": "screen", "context": {"device": {"type": "Android"}}}, "screen", "mobile"),
        ({"type": "identify", "context": {"library": {"name": "analytics-python"}}}, "identify", "server"),
        ({"type": "page", "channel": "Sources"}, "page", "sources"),
    ],
)
def test_a_touchpoint_says_what_happened_and_where(message: dict[str, Any], type: str, channel: str) -> None:
    (point,) = touchpoints(facts_of(event("m1", userId="u1", **message)))
    assert (point["key"], point["type"], point["channel"]) == ("site:m1", type, channel)


def test_a_touchpoint_keeps_the_message_as_it_was() -> None:
    said = {"total": 9.5, "text": "a\ud800b", "deep": {"list": [1, None]}}
    (point,) = touchpoints(facts_of(event("m1", "track", userId="u1", event="e", properties=said, name="n")))
    assert json.loads(point["properties"]) == {"name": "n", "properties": {**said, "text": "a\ufffdb"}}
    point["properties"].encode()


@pytest.mark.parametrize(
    ("times", "minutes"),
    [
        ({}, 60),
        ({"timestamp": at(10)}, 10),
        ({"originalTimestamp": at(10), "timestamp": at(20)}, 10),
        ({"timestamp": at(10), "sentAt": at(30)}, 40),
        ({"timestamp": at(1000), "sentAt": at(1010)}, 50),
        ({"timestamp": at(1000)}, 60),
        ({"timestamp": at(30), "sentAt": at(10)}, 60),
        ({"timestamp": "soon", "sentAt": at(10)}, 60),
        ({"timestamp": at(10), "sentAt": "soon"}, 10),
        ({"timestamp": "0001-01-01T00:00:00Z", "sentAt": "9999-12-31T00:00:00Z"}, 60),
        ({"timestamp": int((NOON + timedelta(minutes=5)).timestamp() * 1000)}, 5),
        ({"timestamp": True}, 60),
    ],
)
def test_the_time_is_corrected_for_the_senders_clock(times: dict[str, Any], minutes: int) -> None:
    (point,) = touchpoints(facts_of(event("m1", userId="u1", **times)))
    found: datetime = point["at"]
    assert found == NOON + timedelta(minutes=minutes)


def test_words_for_nobody_are_no_ids() -> None:
    facts = facts_of(event("m1", userId="null", anonymousId="a1"), event("m2", userId="anonymous"))
    assert held(facts) == {"anonymous_id=a1": {"anonymous_id:a1"}}
    (refused,) = facts.refused
    assert (refused.event.message_id, refused.reason, refused.applied) == ("m2", "placeholder_user", False)


def test_an_unreadable_value_is_named_and_the_rest_is_stored() -> None:
    said = event("m1", "identify", userId="u1", traits={"birthday": "1980-02-31", "firstName": "Jane"})
    facts = facts_of(said)
    assert records(facts) == {"user_id=u1": {"given_name": "Jane"}}
    (refused,) = facts.refused
    assert (refused.reason, refused.applied) == ("unreadable_value", True)
    assert "birth_date (impossible_date)" in refused.detail
    assert "1980" not in refused.detail, "reasons quote no values"


@pytest.mark.parametrize(
    ("message", "group_id", "traits"),
    [
        ({"type": "group", "groupId": "acme", "traits": {"plan": "pro", "seats": 5}}, "acme",
         {"plan": '"pro"', "seats": "5"}),
        ({"type": "group", "groupId": 7, "traits": {"plan": None}}, "7", {"plan": None}),
        ({"type": "group", "groupId": "acme"}, "acme", {}),
        ({"type": "group", "groupId": "acme", "traits": {"note": "x" * 1_001, " ": 1}}, "acme", {}),
        ({"type": "page", "context": {"groupId": "acme"}, "traits": {"plan": "pro"}}, "acme", {}),
        ({"type": "group", "groupId": "null", "traits": {"plan": "pro"}}, None, None),
        ({"type": "page", "context": {"groupId": {"id": "acme"}}}, None, None),
        ({"type": "page", "groupId": "acme"}, None, None),
    ],
)  # fmt: skip
def test_a_group_call_and_a_context_name_the_organisation(
    message: dict[str, Any], group_id: str | None, traits: dict[str, Any] | None
) -> None:
    (point,) = touchpoints(facts_of(event("m1", userId="u1", **message)))
    assert point["group_id"] == group_id
    assert traits is None or json.loads(point["group_traits"]) == traits


def test_a_trait_removed_before_the_year_1000_was_removed_before_all_that_is_said_of_it_since() -> None:
    # Clocks that were never set, and times that were never given, say such years.
    (row,) = facts_of(
        event("m1", "identify", userId="u1", timestamp="0999-01-01T00:00:00Z", traits={"plan": None})
    ).batch.records.to_pylist()
    assert json.loads(row["trait_times"]) == {"trait_plan": "0999-01-01T00:00:00.000000Z"}
