"""Profiles by identifier and by customer id: traits with provenance, external ids, and who else is meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from identity_graph.errors import ConflictError, InvalidSettingError, NotFoundError
from identity_graph.facts import FactStore
from identity_graph.graph import Graph
from identity_graph.profiles import Asked, LostValue, ProfileReader, Question
from identity_graph.roles import Role
from identity_graph.settings import Settings
from tests.customers.seed import AT, fill

JANE = Asked("email", " JANE@Mail.test")


@pytest.fixture
def reader(graph: Graph, engine_settings: Settings) -> ProfileReader:
    fill(graph)
    return ProfileReader(graph, engine_settings)


def test_each_trait_says_where_it_comes_from(reader: ProfileReader) -> None:
    profile = reader.profile(JANE)
    assert (profile.id, profile.requested, profile.redirected) == ("c1", "email:jane@mail.test", False)
    name = profile.traits["family_name"]
    assert (name.value, name.record_key, name.source, name.since, name.rule) == (
        "Doe", "crm:1", "crm", AT, "most_frequent",
    )  # fmt: skip
    assert (profile.certainty, profile.other_ids) == (0.7, ("c2",))
    assert (profile.counts.records, profile.counts.external_ids, profile.counts.touchpoints) == (3, 5, 4)


def test_external_ids_say_when_and_by_whom_they_were_seen(reader: ProfileReader) -> None:
    held = {one.key: one for one in reader.profile(JANE).external_ids}
    assert held["email:jane@mail.test"].sources == ("crm", "shop")
    assert (held["email:jd@work.test"].first_seen, held["email:jd@work.test"].last_seen) == (AT, AT)
    assert held["device_id:tablet"].status == "quarantined"


def test_a_customer_id_is_asked_for_in_its_own_namespace_and_a_retired_one_is_followed(reader: ProfileReader) -> None:
    profile = reader.profile(Asked("customer_id", "c0"))
    assert (profile.id, profile.requested, profile.redirected) == ("c1", "c0", True)
    assert not reader.profile(Asked("customer_id", "c1")).redirected


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (Asked("email", "nobody@mail.test"), NotFoundError),
        (Asked("customer_id", "nobody"), NotFoundError),
        (Asked("device_id", "tablet"), ConflictError),
        (Asked("a:b", "c"), InvalidSettingError),
    ],
)
def test_what_stands_for_nobody_says_why_alone_and_among_others(
    reader: ProfileReader, asked: Asked, error: type[Exception]
) -> None:
    with pytest.raises(error):
        reader.profile(asked)
    first, second, third = reader.profiles([JANE, asked, JANE])
    assert isinstance(second.error, error) and second.profile is None
    assert first.profile == third.profile == reader.profile(JANE)


def test_many_answers_are_those_of_each_alone(reader: ProfileReader) -> None:
    asked = [JANE, Asked("customer_id", "c0"), Asked("user_id", "u-2"), Asked("email", "jd@work.test")]
    assert [answer.profile for answer in reader.profiles(asked)] == [reader.profile(one) for one in asked]
    with pytest.raises(InvalidSettingError, match="1001 profiles"):
        reader.profiles([JANE] * 1001)


def test_only_records_that_are_certain_enough_make_the_profile(
    graph: Graph, engine_settings: Settings, reader: ProfileReader
) -> None:
    rows = [
        {"record_key": key, "customer_id": "c1", "certainty": certainty}
        for key, certainty in {"crm:1": 0.95, "shop:1": 0.6, "web:1": 0.3}.items()
    ]
    graph.write("customers/grade_memberships", rows=rows)
    roles = {"given_name": Role.GIVEN_NAME, "family_name": Role.FAMILY_NAME}
    FactStore(graph, engine_settings).put_source("crm", "{}", roles, datetime(2026, 1, 1, tzinfo=UTC))
    half = reader.profile(JANE, Question(min_certainty=0.5))
    assert half.record_keys == ("crm:1", "shop:1")
    assert (half.traits["family_name"].value, half.traits["family_name"].lost) == (
        "Doe", (LostValue("Do", "shop:1", "shop"),),
    )  # fmt: skip
    sure = reader.profile(JANE, Question(min_certainty=0.95))
    assert (sure.record_keys, sure.traits["family_name"].lost, sure.certainty) == (("crm:1",), (), None)
    assert {one.sources for one in sure.external_ids} == {("crm",)}
    with pytest.raises(NotFoundError, match=r"certainty of 0\.99; the surest has 0\.95"):
        reader.profile(JANE, Question(min_certainty=0.99))
    with pytest.raises(InvalidSettingError):
        Question(min_certainty=1.5)
