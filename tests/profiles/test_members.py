"""What a record said at a moment is told by the versions around it; custom traits keep their senders' names."""

from __future__ import annotations

from typing import Any

import pytest

from identity_graph.profiles.members import external_ids, members_of
from identity_graph.profiles.traits import chosen_traits, stored_traits
from identity_graph.roles import Role


def _row(said: dict[str, Any], later: list[dict[str, Any]] | None = None, certainty: float | None = 1.0) -> Any:
    held = [
        {"key": "email:a@b.c", "namespace": "email", "value": "a@b.c", "status": None, "now": True,
         "first_seen": "2026-01-01", "last_seen": "2026-03-01"},
        {"key": "phone:1", "namespace": "phone", "value": "1", "status": "active", "now": False,
         "first_seen": None, "last_seen": "2026-01-05"},
    ]  # fmt: skip
    record = {"key": "web:1", "source": "web", **said}
    return {"record": record, "later": later or [], "held": held, "certainty": certainty, "since": None,
            "touchpoints": 0, "belongs": []}  # fmt: skip


def test_a_record_without_a_later_version_is_as_it_is_now() -> None:
    (member,) = members_of([_row({"city": "Rome"})], 0)
    assert (member.key, member.said["city"], [one["key"] for one in member.held]) == ("web:1", "Rome", ["email:a@b.c"])


def test_a_version_stands_for_the_record_with_what_it_held() -> None:
    version = {"key": "web:1@4", "record_key": "web:1", "source": "web", "city": "Oslo", "identifiers": ["phone:1"]}
    (member,) = members_of([_row({"city": "Rome"}, [version])], 0)
    assert (member.key, member.said["city"]) == ("web:1", "Oslo")
    (held,) = external_ids([member], "2026-01-03")
    assert (held.key, held.first_seen, held.last_seen, held.sources) == ("phone:1", None, None, ("web",))


@pytest.mark.parametrize(("certainty", "least", "kept"), [(0.5, 0.5, 1), (0.4, 0.5, 0), (None, 0.1, 0), (None, 0, 1)])
def test_a_member_of_unknown_certainty_counts_only_where_none_is_asked_for(
    certainty: float | None, least: float, kept: int
) -> None:
    assert len(members_of([_row({}, certainty=certainty)], least)) == kept


def test_traits_without_a_role_are_told_by_their_senders_name_the_latest_first() -> None:
    times = '{"trait_plan":"2026-02-01","trait_city":"2026-01-01","email":"2026-01-01"}'
    newer = _row({"trait_plan": "pro", "trait_city": "Rome", "email": "a@b.c", "trait_times": times})
    older = _row({"key": "app:1", "source": "app", "trait_plan": "free", "observed_at": "2026-01-09"})
    members = members_of([newer, older], 0)
    found = chosen_traits(members, {"email": Role.EMAIL})
    assert (found["plan"].value, found["plan"].since, found["plan"].rule) == ("pro", "2026-02-01", "most_recent")
    assert [(lost.value, lost.source) for lost in found["plan"].lost] == [("free", "app")]
    # A role is called city, so the sender's city keeps its prefix.
    assert (found["email"].since, found["trait_city"].value, "city" in found) == ("2026-01-01", "Rome", False)
    assert set(stored_traits({"id": "c1"}, members)) == {"plan", "trait_city"}
