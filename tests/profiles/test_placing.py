"""Who somebody would be is who they are once the description arrives as a record; asking changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from functools import partial

import pytest

from identity_graph.errors import InvalidSettingError, NotFoundError
from identity_graph.graph.bolt import BoltGraph
from identity_graph.model import Verdict
from identity_graph.profiles import Asked, Placer
from identity_graph.realtime import ResolverThread, ask_standing
from identity_graph.settings import Settings
from tests.facts.batches import edges
from tests.pipeline.company import holdings
from tests.realtime.world import Town, row


def wait_until(done: Callable[[], bool]) -> None:
    """Wait until something is so; gives up after a minute."""
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_resolver_says_what_it_then_does(graph: BoltGraph, engine_settings: Settings) -> None:
    town = Town(graph, engine_settings)
    town.put(*(row(f"crm:{n}", given_name="Ada", family_name="Lee", birth_date=f"1970-01-{10 + n}") for n in range(3)))
    town.put(row("shop:1", ("user_id:u1",), given_name="Bo", family_name="Kaur", birth_date="1971-02-12"))
    town.step()
    placer, freshness = Placer(graph, engine_settings), partial(ask_standing, engine_settings.data_dir)
    described = {"full_name": "Kaur, Bo", "birth_date": "12.02.1971"}
    alone = placer.place([Asked("user_id", "u1")], described)
    assert not alone.complete
    with closing(ResolverThread(graph, engine_settings)):
        wait_until(lambda: freshness().state == "ready")
        before = edges(graph)
        placed = placer.place([Asked("user_id", "u1")], {**described, "title": "Ms"}, "web")
        assert (placed.complete, placed.customer_id) == (True, alone.customer_id)
        assert "share the user id u1" in placed.customers[0].reasons[0]
        assert [(one.name, one.reason) for one in placed.problems] == [("title", "no_record_says_it")]
        new = placer.place([Asked("email", "new@mail.test")], {})
        assert (new.complete, new.customer_id, new.customers) == (True, None, ())
        assert edges(graph) == before
    town.restart()
    town.step()
    town.put(row("web:9", ("user_id:u1",), given_name="Bo", family_name="Kaur", birth_date="1971-02-12"))
    town.step()
    assert holdings(graph)["web:9"] == placed.customer_id
    assert freshness().state == "none"
    with pytest.raises(NotFoundError, match="no source 'fax'"):
        placer.place([Asked("user_id", "u1")], {}, "fax")


def test_a_placement_says_why_and_what_it_could_not_read(graph: BoltGraph, engine_settings: Settings) -> None:
    town = Town(graph, engine_settings)
    ada = {"given_name": "Ada", "family_name": "Lee", "birth_date": "1970-01-11"}
    town.put(row("crm:1", ("user_id:u1",), **ada, email="a@mail.test"))
    town.put(row("crm:2", ("user_id:u2",), given_name="Bo", family_name="Kaur", birth_date="1971-02-12"))
    town.step()
    placer = Placer(graph, engine_settings)
    found = placer.place([Asked("email", " A@MAIL.test")], {"full_name": "Ada Lee", "birth_date": "31.02.1970"})
    (best,) = found.customers
    assert (found.customer_id, best.joins, best.record_key) == (best.customer_id, True, "crm:1")
    assert "share the email a@mail.test" in best.reasons[0]
    assert [(one.name, one.reason) for one in found.problems] == [("birth_date", "impossible_date")]
    rival = placer.place([Asked("user_id", "u9")], ada)
    assert rival.customer_id is None
    assert "crm:1 has another user id" in rival.customers[0].reasons[-1]
    town.decide(Verdict.CANNOT, "crm:1", "crm:2")
    nobody = placer.place([Asked("email", "new@mail.test")], {})
    assert (nobody.customer_id, nobody.customers) == (None, ())


@pytest.mark.parametrize("attributes", [{}, {"shoe": "44"}, {"birth_date": "31.02.1970"}])
def test_what_describes_nobody_is_refused(
    embedded_graph: BoltGraph, embedded_settings: Settings, attributes: dict[str, str]
) -> None:
    placer = Placer(embedded_graph, embedded_settings)
    with pytest.raises(NotFoundError, match="Nothing is resolved yet"):
        placer.place([], attributes)
    Town(embedded_graph, embedded_settings)
    with pytest.raises(InvalidSettingError):
        placer.place([], attributes)
