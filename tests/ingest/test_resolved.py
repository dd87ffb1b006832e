"""After a resolve the facts of events are part of customers, like those of files."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

from identity_graph.customers.read import CustomerReader
from identity_graph.graph.bolt import BoltGraph
from identity_graph.ingest import apply_all
from identity_graph.journal import Submission, open_journal
from identity_graph.pipeline.load import load
from identity_graph.pipeline.resolve import resolve
from identity_graph.settings import Settings
from tests.events.messages import at, event


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
        ))])  # fmt: skip
    apply_all(graph, engine_settings, threading.Event(), until_empty=True)
    resolve(graph, engine_settings)
    reader = CustomerReader(graph, None)
    jane = reader.profile_by_identifier("anonymous_id", "a1")
    assert {record.key for record in jane.records} == {"crm:1", "site:user_id=u1", "site:anonymous_id=a1"}
    types = [point.type for point in reader.touchpoints(jane.customer.id, ()).items]
    assert types == ["Order Completed", "identify", "page"]
    assert jane.customer.attributes["given_name"] == "Jane"
    other = reader.profile_by_identifier("anonymous_id", "a2")
    assert {record.key for record in other.records} == {"site:anonymous_id=a2"}


def test_two_users_of_one_device_stay_two_customers(embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    with closing(open_journal(embedded_settings)) as journal:
        journal.append([Submission((
            event("m1", "identify", anonymousId="a1", userId="u1", timestamp=at(1), traits={"email": "a@mail.test"}),
            event("m2", "identify", anonymousId="a1", userId="u2", timestamp=at(2), traits={"email": "b@mail.test"}),
        ))])  # fmt: skip
    apply_all(embedded_graph, embedded_settings, threading.Event(), until_empty=True)
    resolve(embedded_graph, embedded_settings)
    reader = CustomerReader(embedded_graph, None)
    users = [reader.record(f"site:user_id={user}") for user in ("u1", "u2")]
    assert len({user.memberships[0].customer_id for user in users}) == 2
