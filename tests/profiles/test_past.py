"""A profile as of a time is the profile that was answered at that time, whatever came since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from identity_graph.errors import NotFoundError
from identity_graph.graph.bolt import BoltGraph
from identity_graph.model import Verdict
from identity_graph.profiles import Asked, ProfileReader, ProfileView, Question
from identity_graph.settings import Settings
from tests.conftest import clear
from tests.realtime.world import Town, row

_PEOPLE = (("Ada", "Lee"), ("Bo", "Kaur"))
_KEYS = ("crm:1", "crm:2", "shop:1", "web:1")
_ASKED = (Asked("email", "a@mail.test"), Asked("email", "b@mail.test"), Asked("phone", "+493012345"))

_rows = st.builds(
    lambda key, person, email, phone: row(
        key, given_name=_PEOPLE[person][0], family_name=_PEOPLE[person][1], birth_date=f"198{person}-01-01",
        email=f"{email}@mail.test", **({"phone": "+493012345"} if phone else {}),
    ) | {"grows": key.startswith("web")},
    st.sampled_from(_KEYS), st.integers(0, 1), st.sampled_from("ab"), st.booleans(),
)  # fmt: skip
_actions = st.one_of(
    st.builds(lambda one: lambda town: town.put(one), _rows),
    st.builds(lambda key: lambda town: town.delete(key), st.sampled_from(_KEYS)),
    st.just(lambda town: town.decide(Verdict.CANNOT, "crm:1", "crm:2")),
)


# An example takes seconds, so that looking for a smaller one takes minutes; the failing one is small enough.
_WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)


def _known(reader: ProfileReader, question: Question) -> list[ProfileView | None]:
    """Return what an earlier time can tell: all but certainties, counts of touchpoints and who was seen since."""
    return [
        None if one.profile is None else replace(
            one.profile, certainty=None, updated_at=None, as_of=None, counts=replace(one.profile.counts, touchpoints=0),
            external_ids=tuple(replace(held, last_seen=None, status="") for held in one.profile.external_ids),
        )
        for one in reader.profiles(_ASKED, question)
    ]  # fmt: skip


@settings(max_examples=5, phases=_WITHOUT_SHRINKING, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.lists(_actions, min_size=1, max_size=3), min_size=2, max_size=5))
def test_every_earlier_profile_is_found_again(
    embedded_graph: BoltGraph, embedded_settings: Settings, steps: list[list[Callable[[Town], Any]]]
) -> None:
    clear(embedded_graph)
    town = Town(embedded_graph, embedded_settings)
    reader = ProfileReader(embedded_graph, embedded_settings)
    remembered = []
    for step in steps:
        for act in step:
            act(town)
        town.step()
        remembered.append((datetime.now(UTC), _known(reader, Question())))
    for moment, known in remembered:
        assert _known(reader, Question(as_of=moment)) == known


def test_a_merge_and_its_undoing_are_seen_at_their_times(graph: BoltGraph, engine_settings: Settings) -> None:
    town = Town(graph, engine_settings)
    reader = ProfileReader(graph, engine_settings)
    said = {"given_name": "Ada", "family_name": "Lee", "birth_date": "1980-01-01"}
    town.put(row("crm:1", **said, email="a@mail.test"), row("shop:1", given_name="Bo", email="b@mail.test"))
    town.step()
    before = datetime.now(UTC)
    ids = [reader.profile(Asked("email", name)).id for name in ("a@mail.test", "b@mail.test")]
    town.put(row("shop:1", **said, email="a@mail.test", phone="+493012345"))
    town.step()
    (survivor,) = {reader.profile(Asked("customer_id", name)).id for name in ids}
    absorbed = next(name for name in ids if name != survivor)
    then = reader.profile(Asked("customer_id", absorbed), Question(as_of=before))
    assert (then.id, then.redirected, len(then.record_keys)) == (absorbed, False, 1)
    now = reader.profile(Asked("customer_id", absorbed))
    assert (now.id, now.redirected, now.record_keys) == (survivor, True, ("crm:1", "shop:1"))
    assert reader.profile(Asked("email", "b@mail.test"), Question(as_of=before)).traits["given_name"].value == "Bo"
    with pytest.raises(NotFoundError, match="Nobody holds"):
        reader.profile(Asked("email", "b@mail.test"))
    with pytest.raises(NotFoundError, match="Nobody held the identifier phone"):
        reader.profile(Asked("phone", "+493012345"), Question(as_of=before))
    with pytest.raises(NotFoundError, match="stands for no record at"):
        reader.profile(Asked("customer_id", survivor), Question(as_of=datetime(2020, 1, 1, tzinfo=UTC)))
