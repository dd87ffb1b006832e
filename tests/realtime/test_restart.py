"""A start goes on where the last step ended: what came meanwhile, or was not written, is a step like any other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from identity_graph.customers.store import CustomerStore
from identity_graph.errors import ConflictError, EngineError
from identity_graph.facts import ColumnarCopy
from identity_graph.graph.bolt import BoltGraph
from identity_graph.model import Verdict
from identity_graph.namespaces import DEFAULT_NAMESPACES
from identity_graph.pipeline.linking import LinkingOptions
from identity_graph.pipeline.resolve import ResolveOptions, ResolveSummary, resolve
from identity_graph.pipeline.stages import SilentWatcher
from identity_graph.pipeline.turns import step_turn
from identity_graph.realtime import LiveResolver, LiveSummary, ResolverThread, opening
from identity_graph.realtime.step import StepWriter
from identity_graph.roles import Role
from identity_graph.settings import Settings
from identity_graph.tables import Table
from tests.pipeline.company import holdings
from tests.realtime.world import ROLES, Town, nothing_is_left_for_a_batch, row

_ADA = {"given_name": "Ada", "family_name": "Lee", "birth_date": "1960-01-01", "email": "ada@mail.test"}
_BO = {"given_name": "Bo", "family_name": "Kaur", "birth_date": "1971-02-03", "email": "bo@mail.test"}
_CY = {"given_name": "Cy", "family_name": "Moss", "birth_date": "1980-03-04", "email": "cy@mail.test"}


def _grow(town: Town, key: str, minute: int, *held: str, **said: str) -> None:
    town.put({**row(key, held, minute, **said), "grows": True})


def _seen_again(town: Town) -> None:
    _grow(town, "web:1", 9, "device_id:d1", plan="pro")  # said before too, but less lately than crm:1 then


def _came_and_went(town: Town) -> None:
    town.put(row("web:9", **_BO))
    town.delete("web:9")


def _went_and_came_as_another(town: Town) -> None:
    town.delete("shop:1")
    town.put(row("shop:1", **_BO))


def _fills_a_block(town: Town) -> None:
    town.put(*(row(f"web:{number}", **_ADA) for number in range(3, 9)))


def _four_more_people_on_one_address(town: Town) -> None:
    town.put(row("crm:5", **{**_CY, "email": "ada@mail.test"}), row("crm:6", **{**_BO, "email": "ada@mail.test"}))


_MEANWHILE: dict[str, Callable[[Town], None]] = {
    "a record came": lambda town: town.put(row("crm:3", **_ADA)),
    "a record says something else": lambda town: town.put(row("shop:1", **_BO)),
    "a record holds something else": lambda town: town.put(row("shop:1", ("device_id:d1",), **_ADA)),
    "a record twice": lambda town: (town.put(row("shop:1", **_BO)), town.put(row("shop:1", **_CY)))[0],
    "a record back and forth": lambda town: (town.put(row("shop:1", **_BO)), town.put(row("shop:1", **_ADA)))[0],
    "a record went": lambda town: town.delete("shop:1"),
    "a record came and went": _came_and_went,
    "a record went and came as another": _went_and_came_as_another,
    "a visitor was seen again": _seen_again,
    "a visitor says more": lambda town: _grow(town, "web:1", 9, "device_id:d1", **_BO),
    "a visitor was seen again and says more": lambda town: (_seen_again(town), _grow(town, "web:1", 10, **_ADA))[0],
    "a visitor has one more device": lambda town: _grow(town, "web:1", 9, "device_id:d2"),
    "a block is full": _fills_a_block,
    "an address is everybody's": _four_more_people_on_one_address,
    "an address is everybody's no more": lambda town: town.delete("crm:8"),
    "a steward joined two": lambda town: town.decide(Verdict.MUST, "crm:1", "crm:2"),
    "a steward took back a word": lambda town: town.undo(0),
}


def _settled(town: Town) -> Town:
    """Let a town have people of one, two and three records, a steward's word and a quarantined address."""
    town.put(row("crm:1", (), 5, **_ADA, plan="free"), row("shop:1", **_ADA), row("crm:2", **_BO), row("shop:2", **_CY))
    _grow(town, "web:1", 3, "device_id:d1", plan="pro", email="ada@mail.test")
    _grow(town, "web:2", 3, "device_id:d2")
    many = {"email": "many@mail.test"}
    town.put(row("crm:7", **{**_ADA, **many}), row("crm:8", **{**_BO, **many}), row("shop:8", **{**_CY, **many}))
    town.decide(Verdict.MUST, "crm:2", "shop:2")
    town.step()
    assert CustomerStore(town.graph).marked_identifiers()["email:many@mail.test"][0] == "quarantined"
    return town


@pytest.mark.parametrize("meanwhile", _MEANWHILE.values(), ids=_MEANWHILE)
def test_what_came_while_nobody_resolved_is_a_step(embedded_town: Town, meanwhile: Callable[[Town], None]) -> None:
    _is_a_step(embedded_town, meanwhile)


def test_all_that_came_while_nobody_resolved_is_one_step(town: Town) -> None:
    _is_a_step(town, *_MEANWHILE.values())


def _is_a_step(town: Town, *meanwhile: Callable[[Town], None]) -> None:
    _settled(town)
    for one in meanwhile:
        one(town)
    town.restart()
    done = town.step()
    assert done is not None and not done.whole
    assert town.step() is None
    nothing_is_left_for_a_batch(town)


def test_nothing_is_done_when_nothing_came(embedded_town: Town) -> None:
    _settled(embedded_town).restart()
    assert embedded_town.step() is None


def test_a_record_that_was_only_seen_again_says_what_its_customer_is_called(embedded_town: Town) -> None:
    """When it was seen before is kept nowhere, so nothing in memory tells that it comes first now."""
    town = embedded_town
    town.put(row("crm:1", (), 5, **_ADA, plan="old"))
    _grow(town, "web:1", 3, **_ADA, plan="new")
    town.step()
    assert '"plan": "old"' in _customer(town)
    _grow(town, "web:1", 9, **_ADA, plan="new")
    town.restart()
    done = town.step()
    assert done is not None and not done.whole
    assert '"plan": "new"' in _customer(town)
    nothing_is_left_for_a_batch(town)


def _customer(town: Town) -> str:
    return next(str(one[1]) for one in town.derived() if one[0] == "Customer" and "Lee" in str(one[1]))


def _visits(town: Town, *rows: dict[str, Any]) -> ResolveOptions:
    """Let two visits of a day and one of days later share a device; two a day are no crowd."""
    a_day = replace(DEFAULT_NAMESPACES["device_id"], limit=2, window_days=1)
    town.put(*({**one, "grows": True} for one in rows))
    return ResolveOptions(linking=LinkingOptions(rules={**DEFAULT_NAMESPACES, "device_id": a_day}, evidence=True))


_DAYS_LATER = 5 * 24 * 60


def test_a_visit_that_came_late_makes_a_crowd_of_a_window(embedded_town: Town) -> None:
    """It is of another user, but what keeps the first user's visits together is the device no more."""
    town, users = embedded_town, ((1, "u1", 0), (2, "u1", 0), (3, "u2", _DAYS_LATER))
    options = _visits(
        town, *(row(f"web:{number}", ("device_id:d", f"user_id:{user}"), minute) for number, user, minute in users)
    )
    LiveResolver(town.graph, town.settings, options).resolve_changes()
    assert "device_id:d" not in CustomerStore(town.graph).marked_identifiers()
    assert holdings(town.graph)["web:1"] == holdings(town.graph)["web:2"] != holdings(town.graph)["web:3"]
    _grow(town, "web:3", 60, "device_id:d", "user_id:u2")
    done = LiveResolver(town.graph, town.settings, options).resolve_changes()
    assert done is not None and not done.whole
    _is_a_crowd(town, options)


def test_a_question_does_not_answer_for_the_step_whether_a_window_has_a_crowd(
    embedded_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A visit came late while a start resolved everything; before the step that takes it somebody asks."""
    town, tablet = embedded_town, ("device_id:d",)
    bo = {name: _BO[name] for name in ("given_name", "family_name", "birth_date")}
    first, second = row("web:1", tablet, given_name="Ada", family_name="Lee"), row("web:2", tablet, given_name="Ada")
    options = _visits(town, first, second, row("web:3", tablet, _DAYS_LATER, **bo))
    resolved = opening._resolved

    def with_a_late_visit(*given: Any) -> Any:
        done = resolved(*given)
        _grow(town, "web:3", 60, *tablet, **bo)
        return done

    monkeypatch.setattr(opening, "_resolved", with_a_late_visit)
    live = LiveResolver(town.graph, town.settings, options, anew=True)
    done = live.resolve_changes()
    assert done is not None and done.whole
    assert holdings(town.graph)["web:1"] == holdings(town.graph)["web:2"] != holdings(town.graph)["web:3"]
    said = {"key": "crm:9", "source": "crm", "record_id": "9", "observed_at": "2026-03-01T12:00:00+00:00"}
    assert live.preview(({**said, "seq": 0, "deleted": False}, (("device_id", "d"),))) is not None
    assert live.resolve_changes() is not None
    _is_a_crowd(town, options)


def _is_a_crowd(town: Town, options: ResolveOptions) -> None:
    assert CustomerStore(town.graph).marked_identifiers()["device_id:d"][0] == "quarantined"
    before = town.derived()
    assert resolve(town.graph, town.settings, options).changes == {}
    assert town.derived() == before


def test_a_status_that_is_not_what_the_records_give_is_put_right_with_the_next_change(embedded_town: Town) -> None:
    town = _settled(embedded_town)
    wrong = {"key": "email:many@mail.test", "status": "active", "reason": None}
    CustomerStore(town.graph).mark_identifiers([wrong], "2026-03-01T12:00:00Z", 1)
    town.restart()
    town.put(row("web:9"))
    done = town.step()
    assert done is not None and not done.whole
    assert CustomerStore(town.graph).marked_identifiers()["email:many@mail.test"][0] == "quarantined"
    nothing_is_left_for_a_batch(town)


def test_a_step_that_failed_is_taken_again(embedded_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town = _settled(embedded_town)
    town.put(row("shop:1", **_BO))
    with monkeypatch.context() as failing:

        def fail(*_: Any) -> None:
            raise EngineError("The engine went away.")

        failing.setattr(StepWriter, "write", fail)
        with pytest.raises(EngineError):
            town.step()
    done = town.step()
    assert done is not None and not done.whole
    nothing_is_left_for_a_batch(town)


def test_where_steps_fail_for_no_known_reason_everything_is_resolved(
    embedded_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = _settled(embedded_town)

    def fail(*_: Any) -> None:
        raise ValueError("nobody expected this")

    monkeypatch.setattr(StepWriter, "write", fail)
    with closing(ResolverThread(town.graph, town.settings)):
        town.put(row("crm:3", **_ADA))
        for _ in range(600):
            if "crm:3" in holdings(town.graph):
                break
            time.sleep(0.1)
    assert "crm:3" in holdings(town.graph)
    nothing_is_left_for_a_batch(town)


def test_what_comes_while_a_run_of_all_is_under_way_is_a_step_after_it(embedded_town: Town) -> None:
    town = _settled(embedded_town)
    run = _run_with(town, lambda: town.put(row("shop:1", **_BO)))
    assert run.records == 10
    done = town.step()
    assert done is not None and not done.whole
    nothing_is_left_for_a_batch(town)


def _run_with(town: Town, meanwhile: Callable[[], None]) -> ResolveSummary:
    """Resolve everything while something comes after the records were read."""

    class Watching(SilentWatcher):
        def begin(self, stage: str, total: int | None) -> None:
            if stage == "Write customers":
                meanwhile()

    return resolve(town.graph, town.settings, watcher=Watching())


def test_a_start_ends_though_others_write_without_a_pause(embedded_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town = _settled(embedded_town)
    numbers: Iterator[int] = iter(range(20))

    class Busy(ColumnarCopy):
        """A copy of a graph to which a record is written whenever its records are read."""

        def records(self) -> Table:
            found = super().records()
            town.put(row("shop:1", (), next(numbers), **_BO), row(f"crm:2{next(numbers)}", **_ADA))
            return found

    monkeypatch.setattr(opening, "ColumnarCopy", Busy)
    town.restart()
    while (done := town.step()) is not None:
        assert not done.whole
    nothing_is_left_for_a_batch(town)


def _another_model(town: Town) -> None:
    town.settings.data_dir.joinpath("models").rename(town.settings.data_dir / "elsewhere")


def _half_a_run(town: Town) -> None:
    CustomerStore(town.graph).start_run("2026-03-01T12:00:00Z", _last(town).model_version)


def _last(town: Town) -> Any:
    last = CustomerStore(town.graph).last_run()
    assert last is not None
    return last


def _without(name: str) -> Callable[[Town], None]:
    def forget(town: Town) -> None:
        last = _last(town)
        kept = {key: value for key, value in last.summary.items() if key != name}
        CustomerStore(town.graph).finish_run(last.number, "2026-03-01T12:00:00Z", kept)

    return forget


def _far_ahead(town: Town) -> None:
    last = _last(town)
    CustomerStore(town.graph).finish_run(last.number, "2026-03-01T12:00:00Z", {**last.summary, "last_seq": 10_000})


def _another_meaning(town: Town) -> None:
    for role in (Role.CATEGORY, Role.CITY):
        town.step()
        town.store.put_source("till", "{}", {**ROLES, "place": role}, row("crm:1")["observed_at"])
        town.put(row("till:1", **_ADA, place="Ulm"))


_OTHERWISE: dict[str, Callable[[Town], None]] = {
    "a model that is not here": _another_model,
    "a run that died half-way": _half_a_run,
    "a run of a version that kept no roles": _without("roles"),
    "a run of a version that kept no number": _without("last_seq"),
    "a graph put back to an earlier state": _far_ahead,
    "an attribute that means something else": _another_meaning,
    "a source that is public now": lambda town: town.store.put_source(
        "shop", "columns: {}", ROLES, row("crm:1")["observed_at"], "public"
    ),
}


@pytest.mark.parametrize("otherwise", _OTHERWISE.values(), ids=_OTHERWISE)
def test_customers_made_otherwise_are_made_anew(embedded_town: Town, otherwise: Callable[[Town], None]) -> None:
    town = _settled(embedded_town)
    otherwise(town)
    town.restart()
    done = town.step()
    assert done is not None and done.whole
    assert town.step() is None
    nothing_is_left_for_a_batch(town)


def test_very_many_changes_are_resolved_with_everything(embedded_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town = _settled(embedded_town)
    town.put(*(row(f"web:{number}", **_CY) for number in range(20, 25)))
    monkeypatch.setattr(opening, "_FEW", 4)
    town.restart()
    done = town.step()
    assert done is not None and done.whole
    nothing_is_left_for_a_batch(town)


@pytest.mark.parametrize(
    ("name", "trust"), [("till", None), ("blog", "public")], ids=["with new attributes", "that is public"]
)
def test_a_new_source_touches_nobody_else(embedded_town: Town, name: str, trust: str | None) -> None:
    town = _settled(embedded_town)
    town.store.put_source(name, "{}", {**ROLES, "city": Role.CITY}, row("crm:1")["observed_at"], trust)
    town.put(row(f"{name}:1", **_ADA, city="Ulm"))
    done = town.step()
    assert done is not None and not done.whole
    assert f"{name}:1" in holdings(town.graph)
    nothing_is_left_for_a_batch(town)


def test_a_run_of_all_waits_for_the_step_under_way(embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    town = _settled(Town(embedded_graph, embedded_settings))
    begun, ended = threading.Event(), threading.Event()

    def step() -> None:
        with step_turn(embedded_settings):
            begun.set()
            ended.wait(60)

    stepping = threading.Thread(target=step)
    stepping.start()
    assert begun.wait(60)
    threading.Timer(0.5, ended.set).start()
    assert town.batch().changes == {}
    assert ended.is_set()
    stepping.join()


def test_steps_wait_for_a_run_that_waits_for_its_turn(embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    town = _settled(Town(embedded_graph, embedded_settings))
    runs: list[LiveSummary | Any] = []
    with step_turn(embedded_settings):
        running = threading.Thread(target=lambda: runs.append(town.batch()))
        running.start()
        while True:  # until the run has said that it waits
            try:
                with step_turn(embedded_settings):
                    raise AssertionError("one step was under way")
            except ConflictError as error:
                if "run.lock" in str(error.__cause__):
                    break
    running.join()
    assert len(runs) == 1
