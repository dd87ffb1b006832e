"""What sources say of themselves while changes are resolved: a new one, or a new attribute, costs nobody a wait."""

from __future__ import annotations

import logging

import pytest

from identity_graph.customers.store import CustomerStore
from identity_graph.roles import Role
from tests.pipeline.company import holdings
from tests.realtime.world import ROLES, Town, nothing_is_left_for_a_batch, row

_ADA = {"given_name": "Ada", "family_name": "Lee", "birth_date": "1960-01-01"}
_BO = {"given_name": "Bo", "family_name": "Kaur"}
_NEW = {
    "a source": ("till", {}, {}, None),
    "a source that anybody can write to": ("blog", {}, {}, "public"),
    "an attribute that is only shown": ("till", {"city": Role.CITY}, {"city": "Ulm"}, None),
    "an attribute that is compared": ("till", {"mobile": Role.PHONE}, {"mobile": "+49301000001"}, None),
    "an attribute of a person": ("till", {"gender": Role.GENDER}, {"gender": "female"}, None),
    "an attribute of a known source": ("shop", {"mobile": Role.PHONE}, {"mobile": "+49301000001"}, None),
}


@pytest.fixture(autouse=True)
def _told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "identity_graph.realtime")


def _settled(town: Town, caplog: pytest.LogCaptureFixture) -> Town:
    town.put(row("crm:1", **_ADA, phone="+49301000001"), row("crm:2", **_BO, phone="+49301000001"), row("web:1"))
    town.step()
    caplog.clear()
    return town


@pytest.mark.parametrize(("name", "meanings", "said", "trust"), _NEW.values(), ids=_NEW)
def test_what_no_record_said_is_learnt_without_reading_all_records(
    embedded_town: Town,
    caplog: pytest.LogCaptureFixture,
    name: str,
    meanings: dict[str, Role],
    said: dict[str, str],
    trust: str | None,
) -> None:
    town = _settled(embedded_town, caplog)
    town.store.put_source(name, "{}", {**ROLES, **meanings}, row("crm:1")["observed_at"], trust)
    town.put(row(f"{name}:1", **_ADA, **said))
    done = town.step()
    assert done is not None and not done.whole
    assert f"{name}:1" in holdings(town.graph)
    nothing_is_left_for_a_batch(town)
    assert "read into memory" not in caplog.text


def test_what_was_learnt_is_known_to_every_later_step_and_to_a_start(
    embedded_town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town = _settled(embedded_town, caplog)
    town.store.put_source("till", "{}", {**ROLES, "mobile": Role.PHONE}, row("crm:1")["observed_at"])
    town.put(row("till:1", given_name="Bo", mobile="+49301000009"))
    town.step()
    town.put(row("till:2", **_BO, mobile="+49301000009"), row("till:1", **_BO, mobile="+49301000009"))
    town.step()
    assert holdings(town.graph)["till:1"] == holdings(town.graph)["till:2"]
    town.put(row("till:2", given_name="Flo", mobile="+49301000008"))
    town.delete("crm:2")
    town.step()
    assert "read into memory" not in caplog.text
    assert holdings(town.graph)["till:1"] != holdings(town.graph)["till:2"]
    town.restart()
    town.put(row("till:1", given_name="Dee", mobile="+49301000008"))
    done = town.step()
    assert done is not None and not done.whole
    nothing_is_left_for_a_batch(town)


def test_an_attribute_and_its_record_that_come_while_a_step_begins_are_learnt_together(
    embedded_town: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = _settled(embedded_town, caplog)
    look, came = town.live._counter, list[str]()

    def come_first() -> tuple[str, int]:
        if not came:
            came.append("till:1")
            town.store.put_source("till", "{}", {**ROLES, "mobile": Role.PHONE}, row("crm:1")["observed_at"])
            town.put(row("till:1", **_ADA, mobile="+49301000001"))
        return look()

    monkeypatch.setattr(town.live, "_counter", come_first)
    done = town.step()
    assert done is not None and not done.whole and "till:1" in holdings(town.graph)
    nothing_is_left_for_a_batch(town)
    assert "read into memory" not in caplog.text


def test_people_whose_names_come_in_new_attributes_crowd_an_address(
    embedded_town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town = _settled(embedded_town, caplog)
    names = {"vorname": Role.GIVEN_NAME, "nachname": Role.FAMILY_NAME}
    town.store.put_source("till", "{}", {**ROLES, **names}, row("crm:1")["observed_at"])
    people = (("Ada", "Lee"), ("Bo", "Kaur"), ("Cy", "Moss"))
    for number, (given, family) in enumerate(people):
        town.put(row(f"till:{number}", vorname=given, nachname=family, email="many@mail.test"))
        town.step()
    assert CustomerStore(town.graph).marked_identifiers()["email:many@mail.test"][0] == "quarantined"
    nothing_is_left_for_a_batch(town)
    assert "read into memory" not in caplog.text


@pytest.mark.parametrize(
    ("name", "meanings", "trust"),
    [("shop", {"mobile": Role.PHONE}, None), ("web", {}, "public")],
    ids=["an attribute gets a role", "a source may be trusted no more"],
)
def test_what_records_said_otherwise_is_resolved_with_everything(
    embedded_town: Town, caplog: pytest.LogCaptureFixture, name: str, meanings: dict[str, Role], trust: str | None
) -> None:
    town = _settled(embedded_town, caplog)
    town.put(row("shop:1", **_BO, mobile="+49301000001"))
    town.step()
    caplog.clear()
    town.store.put_source(name, "columns: {}", {**ROLES, **meanings}, row("crm:1")["observed_at"], trust)
    done = town.step()
    assert done is not None and done.whole
    assert "read into memory" in caplog.text
    nothing_is_left_for_a_batch(town)
