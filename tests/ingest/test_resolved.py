"""After a resolve the facts of events are part of customers, like those of files."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

from identity_graph.customers.organisations import OrganisationReader
from identity_graph.customers.read import CustomerReader
from identity_graph.customers.store import CustomerStore
from identity_graph.graph.bolt import BoltGraph
from identity_graph.ingest import apply_all
from identity_graph.journal import Submission, open_journal
from identity_graph.matching import MatchModel
from identity_graph.matching.blocking import ALL_PAIRS
from identity_graph.modelling import model_folder
from identity_graph.pipeline.load import load
from identity_graph.pipeline.resolve import resolve
from identity_graph.settings import Settings
from tests.events.messages import at, event
from tests.pipeline.company import Company


def test_a_visitor_a_user_and_a_customer_of_a_file_are_one_customer_after_a_resolve(
    graph: BoltGraph, engine_settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "crm.csv"
    file.write_text(
        "id,first_name,last_name,email\n1,Jane,Doe,jane@mail.test\n2,Bo,Czerny,bo@b.test\n", encoding="utf-8"
    )
    load(graph, engine_settings, [str(file)])
    told = {"email": "jane@mail.test", "plan": "pro", "mobile": "+33612345678"}
    with closing(open_journal(engine_settings)) as journal:
        journal.append([Submission((
            event("m1", anonymousId="a1", timestamp=at(1)),
            event("m2", "identify", anonymousId="a1", userId="u1", timestamp=at(2), traits=told),
            event("m3", "track", userId="u1", event="Order Completed", timestamp=at(3)),
            event("m4", anonymousId="a2", timestamp=at(4)),
            event("m5", "group", userId="u1", groupId="acme", timestamp=at(5), traits={"seats": 5, "plan": "pro"}),
            event("m6", anonymousId="a1", timestamp=at(0), context={"groupId": "acme"}),
            event("m7", "group", anonymousId="a2", groupId="acme", timestamp=at(6), traits={"plan": None}),
        ))])  # fmt: skip
    apply_all(graph, engine_settings, threading.Event(), until_empty=True)
    resolve(graph, engine_settings)
    reader = CustomerReader(graph, None)
    jane = reader.profile_by_identifier("anonymous_id", "a1")
    assert {record.key for record in jane.records} == {"crm:1", "site:user_id=u1", "site:anonymous_id=a1"}
    types = [point.type for point in reader.touchpoints(jane.customer.id, ()).items]
    assert types == ["group", "Order Completed", "identify", "page", "page"]
    assert jane.customer.attributes["given_name"] == "Jane"
    other = reader.profile_by_identifier("anonymous_id", "a2")
    assert {record.key for record in other.records} == {"site:anonymous_id=a2"}
    (acme,) = OrganisationReader(graph).of_customer(jane.customer.id).items
    assert (acme.organisation.key, acme.organisation.traits, acme.count) == ("site:acme", {"seats": 5}, 2)
    assert acme.first_seen is not None and acme.first_seen < "2026-01-01T12:01" and acme.last_seen is not None
    assert acme.record_keys == ("site:anonymous_id=a1", "site:user_id=u1") and acme.last_seen > "2026-01-01T12:04"
    members = OrganisationReader(graph).members("site", "acme").items
    assert {member.customer.id for member in members} == {jane.customer.id, other.customer.id}


def test_a_visitor_who_signs_in_is_with_the_customer_whose_user_id_files_name(
    embedded_graph: BoltGraph, embedded_settings: Settings, tmp_path: Path
) -> None:
    company = Company(12)
    for order, row in company.sources["shop"].items():
        row["account"] = f"u{order.split('-')[0]}"
    company.load(embedded_graph, embedded_settings, tmp_path)
    with closing(open_journal(embedded_settings)) as journal:
        journal.append([Submission((
            event("m1", anonymousId="a1", timestamp=at(1)),
            event("m2", "identify", anonymousId="a1", userId="u3", timestamp=at(2)),
        ))])  # fmt: skip
    apply_all(embedded_graph, embedded_settings, threading.Event(), until_empty=True)
    resolve(embedded_graph, embedded_settings)
    last = CustomerStore(embedded_graph).last_run()
    assert last is not None
    model = MatchModel.load(model_folder(embedded_settings, last.model_version))
    assert (
        "user_id" in model.columns and embedded_graph.read("facts/read_counter")[0]["value"] < model.blocking[ALL_PAIRS]
    )
    found = CustomerReader(embedded_graph, None).profile_by_identifier("anonymous_id", "a1")
    assert {one.key for one in found.records} == company.members(3) | {"site:user_id=u3", "site:anonymous_id=a1"}


def test_two_users_of_a_tablet_stay_two_customers_and_each_has_what_it_did_there(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    with closing(open_journal(embedded_settings)) as journal:
        journal.append([Submission((
            event("m0", anonymousId="a1", timestamp=at(0)),
            event("m1", "identify", anonymousId="a1", userId="u1", timestamp=at(1), traits={"email": "a@mail.test"}),
            event("m2", anonymousId="a1", timestamp=at(2)),
            event("m3", "track", event="Signed Out", anonymousId="a1", userId="u1", timestamp=at(3)),
            event("m4", anonymousId="a1", timestamp=at(4)),
            event("m5", "identify", anonymousId="a1", userId="u2", timestamp=at(5), traits={"email": "b@mail.test"}),
            event("m6", "screen", anonymousId="a1", timestamp=at(6)),
        ))])  # fmt: skip
    apply_all(embedded_graph, embedded_settings, threading.Event(), until_empty=True)
    resolve(embedded_graph, embedded_settings)
    reader = CustomerReader(embedded_graph, None)
    tablet = reader.record("site:anonymous_id=a1").memberships[0].customer_id
    users = [reader.record(f"site:user_id={user}").memberships[0].customer_id for user in ("u1", "u2")]
    assert len({tablet, *users}) == 3
    done = [[point.key.removeprefix("site:") for point in reader.touchpoints(id, ()).items] for id in (*users, tablet)]
    assert done == [["m3", "m2", "m1"], ["m6", "m5"], ["m4", "m0"]]
    for user, customer in zip(("u1", "u2"), users, strict=True):
        assert reader.profile_by_identifier("user_id", user).customer.id == customer
